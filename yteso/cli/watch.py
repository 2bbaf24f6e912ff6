"""`yteso watch`"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click
import orjson
import psycopg

from yteso.cli.intake import NO_DATABASE, REFUSED, UNREADABLE, line
from yteso.config import application, collector, database
from yteso.config.errors import SettingError
from yteso.config.postgres import DatabaseError


if TYPE_CHECKING:
    from yteso.intake.dropped import Folder, Stamp

LOOK_SECONDS = 5.0
"""How often the folder is looked through when nothing tells of a change: on network shares nothing ever does."""

GROUP = 50
"""Files taken in before the folder is looked at again, and before Ctrl-C is obeyed."""

Say = Callable[[dict], None]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--facility", default="", metavar="CODE", help="The sender; without it, the facility each file names.")
@click.option("--once", is_flag=True, help="Take in what is there now, then end (for cron).")
@click.option("--quiet", default=3.0, show_default=True, help="Seconds a file must rest before it is taken.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
def command(folder: Path, facility: str, once: bool, quiet: float, as_json: bool) -> None:
    """Take in visit files dropped into FOLDER, until Ctrl-C.

    A file goes to done/ when a dossier of it entered the record, else to refused/, with what was found beside it:
    NAME.findings.json, and NAME.findings.csv for Excel. Half-copied files wait; subfolders and links are left alone;
    a name that is taken gets a number. When the database is away, the files wait where they are.

    \b
    Exit code: 0 ended; with --once 1 a file or dossier was refused, 3 the database does not answer; 2 no such folder.

    \b
    Example: yteso watch /srv/hoso
             yteso watch /srv/hoso --once --json
    """
    from yteso.intake.dropped import Folder

    try:
        watched = Folder(folder, quiet=quiet)
    except OSError as error:
        click.echo(f"{folder}: không dùng được / cannot be used ({error.strerror})", err=True)
        sys.exit(UNREADABLE)
    collector.settle()
    watcher = Watcher(watched, facility, _json if as_json else _text)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, watcher.end)
    sys.exit(watcher.once() if once else watcher.forever())


class Watcher:
    """Takes in the files of one folder; `say` is told of each."""

    def __init__(self, folder: "Folder", facility: str, say: Say) -> None:
        self.folder, self.facility, self.say = folder, facility, say
        self.refused = self.ended = False
        self._sign = threading.Event()

    def end(self, *_: object) -> None:
        """After the files in hand. A flag, not an event: a signal may come while the lock of an event is held."""
        self.ended = True

    def once(self) -> int:
        self.folder.ready()
        self._wait(self.folder.quiet)
        if not self._try(self._take_ready):
            return NO_DATABASE
        return REFUSED if self.refused else 0

    def forever(self) -> int:
        observer = self._observer()
        while not self.ended:
            if not self._try(self._work):
                self._wait(LOOK_SECONDS)
        if observer:
            observer.stop()
        return 0

    def _try(self, work: Callable[[psycopg.Connection], None]) -> bool:
        """Work with the database; when it, or the folder, is away, say so and be False."""
        try:
            with _connected() as conn:
                work(conn)
        except (psycopg.OperationalError, DatabaseError, OSError) as error:
            self.say({"event": "waiting", "reason": type(error).__name__})
            return False
        return True

    def _work(self, conn: psycopg.Connection) -> None:
        while not self.ended:
            self._take_ready(conn)
            self._wait(min(LOOK_SECONDS, self.folder.quiet) if self.folder.settling else LOOK_SECONDS)

    def _wait(self, seconds: float) -> None:
        """Until something happens in the folder, or for so long."""
        until = monotonic() + seconds
        while not self.ended and monotonic() < until and not self._sign.wait(0.2):
            pass
        self._sign.clear()

    def _take_ready(self, conn: psycopg.Connection) -> None:
        ready = list(self.folder.ready().items())
        for start in range(0, len(ready), GROUP):
            if not self.ended:
                self._take(conn, dict(ready[start : start + GROUP]))

    def _take(self, conn: psycopg.Connection, files: dict[Path, "Stamp"]) -> None:
        """Take in these files; one that breaks the program must not hold up the others, nor be lost."""
        from yteso.intake import bulk

        try:
            receipts = bulk.take_in(conn, list(files), self.facility, from_store=True).receipts
        except Exception as error:
            if isinstance(error, psycopg.OperationalError | SettingError) or conn.closed:
                raise
            if len(files) == 1:
                (path, stamp), *_ = files.items()
                self.folder.leave(path, stamp)
                self.say({"event": "left", "file": str(path), "reason": type(error).__name__})
                return
            for path, stamp in files.items():
                self._take(conn, {path: stamp})
            return
        for receipt in receipts:
            path = Path(receipt["file"])
            self._hand_back(conn, path, files[path], receipt)

    def _hand_back(self, conn: psycopg.Connection, path: Path, stamp: "Stamp", receipt: dict) -> None:
        entered = bool(receipt.get("accepted") or receipt.get("with_warnings"))
        target = self.folder.done if entered else self.folder.refused
        self.refused |= not entered or receipt.get("refused", 0) > 0
        try:
            moved = self.folder.hand_back(path, stamp, target, _reports(conn, receipt))
        except OSError as error:
            self.folder.leave(path, stamp)
            self.say(receipt | {"event": "left", "reason": error.strerror})
            return
        if moved:
            self.say(receipt | {"event": target.name, "moved_to": str(moved)})

    def _observer(self):
        """Who tells at once of a change; None where the system has no watches left, and looking now and then must do.

        On a network share the observer stays silent, which is the same: the folder is looked through anyway.
        """
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        handler = FileSystemEventHandler()
        handler.on_created = handler.on_modified = handler.on_closed = self._touched
        handler.on_moved = lambda event: self._sign.set()
        observer = Observer()
        observer.schedule(handler, str(self.folder.path))
        with suppress(OSError):
            observer.start()
            return observer
        return None

    def _touched(self, event) -> None:
        if not event.is_directory:
            self.folder.touched(Path(os.fsdecode(event.src_path)).name)
        self._sign.set()


@contextmanager
def _connected() -> Iterator[psycopg.Connection]:
    """A connection to a database brought up to date. Raises psycopg.OperationalError, DatabaseError."""
    from django.db import OperationalError, connections

    given = os.environ.get("DATABASE_URL", "")
    with database.running() as url:
        os.environ["DATABASE_URL"] = url
        try:
            application.migrate()
            connections.close_all()
            with database.connect(autocommit=True) as conn:
                yield conn
        except OperationalError as error:
            connections.close_all()
            raise psycopg.OperationalError(*error.args) from error
        finally:
            os.environ["DATABASE_URL"] = given


def _reports(conn: psycopg.Connection, receipt: dict) -> dict[str, bytes]:
    from yteso.intake import report
    from yteso.intake.receipt import number

    told = report.of(conn, number(receipt["receipt"])) if "receipt" in receipt else report.not_received(receipt)
    return {
        ".findings.json": orjson.dumps(told.as_json(), option=orjson.OPT_INDENT_2),
        ".findings.csv": told.as_csv(),
    }


def _json(event: dict) -> None:
    click.echo(orjson.dumps(event))


def _text(event: dict) -> None:
    match event["event"]:
        case "waiting":
            click.echo(
                f"Cơ sở dữ liệu không trả lời, các tệp chờ tại chỗ / the database does not answer, files wait "
                f"({event['reason']})",
                err=True,
            )
        case "left":
            click.echo(f"{event['file']}: để lại tại chỗ / left where it is ({event['reason']})", err=True)
        case where:
            click.echo(f"{line(event)} → {where}/{Path(event['moved_to']).name}")
