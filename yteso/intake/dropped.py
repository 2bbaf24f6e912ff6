"""A folder into which files are dropped: which of them are complete, and where each goes when it has been looked at.

The move into `done/` or `refused/` is the last thing that happens to a file, after all that is known of it was written
beside its new place. So a file that is still in the folder is one still to be taken in, whatever was interrupted.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from time import monotonic


UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp")
"""Names that programs give to files they are still writing."""

Stamp = tuple[int, int, int]
"""Tells whether a file changed: its number on the disk, its size, the time of its last change."""


class Folder:
    """Raises OSError when `done/` and `refused/` cannot be made inside."""

    def __init__(self, path: Path, *, quiet: float) -> None:
        self.path, self.quiet = path, quiet
        self.done, self.refused = path / "done", path / "refused"
        self.done.mkdir(exist_ok=True)
        self.refused.mkdir(exist_ok=True)
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._touched: set[str] = set()
        self._left: dict[str, Stamp] = {}

    def touched(self, name: str) -> None:
        """Somebody writes to this file right now; its size alone may not tell. Called from any thread."""
        self._touched.add(name)

    def ready(self) -> dict[Path, Stamp]:
        """Files in which nothing changed for `quiet` seconds of this program's watching, by name."""
        now = monotonic()
        touched, self._touched = self._touched, set()
        earlier, self._seen = self._seen, {}
        for name, stamp in self._files():
            before, since = earlier.get(name, (stamp, now))
            still = before == stamp and name not in touched
            self._seen[name] = stamp, since if still else now
        return {
            self.path / name: stamp
            for name, (stamp, since) in sorted(self._seen.items())
            if now - since >= self.quiet and self._left.get(name) != stamp
        }

    @property
    def settling(self) -> bool:
        """Whether files are there that may become ready without another sign."""
        return any(self._left.get(name) != stamp for name, (stamp, _) in self._seen.items())

    def leave(self, path: Path, stamp: Stamp) -> None:
        """Do not offer this file again until it changes."""
        self._left[path.name] = stamp

    def hand_back(self, path: Path, stamp: Stamp, target: Path, reports: Mapping[str, bytes]) -> Path | None:
        """Move the file into `target` with a report per ending beside it; its new path.

        A name that is taken gets a number. None when the file has changed since `stamp`: it is then another file, and
        stays. Raises OSError.
        """
        place = _free(target / path.name)
        beside = {place.with_name(place.name + ending): data for ending, data in reports.items()}
        for report, data in beside.items():
            _write(report, data)
        try:
            if _stamp(path.stat()) == stamp:
                path.rename(place)
                return place
        except FileNotFoundError:
            pass
        for report in beside:
            report.unlink()
        return None

    def _files(self) -> Iterator[tuple[str, Stamp]]:
        """Links are not followed: they could lead to what the sender may not read."""
        with os.scandir(self.path) as entries:
            for entry in entries:
                hidden = entry.name.startswith((".", "~")) or entry.name.lower().endswith(UNFINISHED)
                if not hidden and entry.is_file(follow_symlinks=False):
                    try:
                        yield entry.name, _stamp(entry.stat(follow_symlinks=False))
                    except FileNotFoundError:
                        continue


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _free(path: Path) -> Path:
    """The path, or the first of `name-2.xml`, `name-3.xml` … that is not taken."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    unfinished = path.with_name(f".{path.name}.tmp")
    unfinished.write_bytes(data)
    unfinished.replace(path)
