"""Files on disk, as a command is given them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def files_under(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named, and every .xml file below a folder, in order of name."""
    for path in paths:
        if path.is_dir():
            yield from map(Path, sorted(_xml_below(path)))
        else:
            yield path


def _xml_below(folder: str | Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _xml_below(entry.path)
            elif entry.name.lower().endswith(".xml") and entry.is_file():
                yield entry.path
