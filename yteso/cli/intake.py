"""`yteso intake`"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click
import orjson
import psycopg

from yteso.config import application, database
from yteso.config.postgres import DatabaseError
from yteso.intake.paths import files_under


if TYPE_CHECKING:
    from yteso.intake.process import Totals


REFUSED, UNREADABLE, NO_DATABASE, INTERRUPTED = 1, 2, 3, 130
UNRECEIVED = {"too-large": "quá lớn / too large", "unreadable": "không đọc được / unreadable"}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--facility", default="", metavar="CODE", help="The sender; without it, the facility each file names.")
@click.option("--processes", type=int, help="Processes to use.  [default: one per core]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file, then one with the totals.")
def command(paths: tuple[Path, ...], facility: str, processes: int | None, as_json: bool) -> None:
    """Store, check, map and save envelopes (files or folders).

    Each file gets a receipt. A file that is already there is not taken in twice; after an interruption, run the same
    command again.

    \b
    Exit code: 0 all accepted; 1 a file or dossier was refused; 2 a path could not be read; 3 the database failed;
    130 stopped.

    \b
    Example: yteso intake folder-of-xml/
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        click.echo(f"Không có tệp hoặc thư mục / no such file or folder: {', '.join(missing)}", err=True)
        sys.exit(UNREADABLE)
    with stopping_clearly(), database.running() as url:
        os.environ["DATABASE_URL"] = url
        application.migrate()
        totals, unreadable = run(paths, facility=facility, processes=processes, report=_json if as_json else _text)
        refresh_figures()
    click.echo(orjson.dumps({"totals": asdict(totals)}) if as_json else summary(totals))
    sys.exit(UNREADABLE if unreadable else REFUSED if totals.refused or totals.files_refused else 0)


def run(
    paths: Iterable[Path],
    *,
    facility: str = "",
    processes: int | None = None,
    report: Callable[[dict], None] = lambda receipt: None,
) -> tuple["Totals", int]:
    """Take in files with a progress bar; the totals, and how many files could not be read."""
    from yteso.intake import bulk
    from yteso.intake.process import Totals

    totals, unreadable = Totals(), 0
    files = list(files_under(paths))
    with bulk.Crew(processes) as crew:
        for group in progress(crew.take_in(bulk.grouped(files), facility=facility), len(files)):
            totals.add(group.totals)
            for receipt in group.receipts:
                unreadable += "receipt" not in receipt
                report(receipt)
    return totals, unreadable


def refresh_figures() -> None:
    """Count what came in into the monthly figures of its facilities."""
    from yteso import quality

    with database.connect(autocommit=True) as conn:
        quality.refresh(conn)


def _json(receipt: dict) -> None:
    click.echo(orjson.dumps(receipt))


def _text(receipt: dict) -> None:
    click.echo(line(receipt))


@contextmanager
def stopping_clearly() -> Iterator[None]:
    """Turn a database that fails into one clear sentence and an exit code."""
    try:
        yield
    except psycopg.errors.DiskFull:
        code, reason = NO_DATABASE, "Máy chủ dữ liệu hết chỗ trên đĩa / the database's disk is full"
    except psycopg.OperationalError as error:
        reason = f"Cơ sở dữ liệu không trả lời / the database does not answer ({type(error).__name__})"
        code = NO_DATABASE
    except DatabaseError as error:
        code, reason = NO_DATABASE, str(error)
    except KeyboardInterrupt:
        code, reason = INTERRUPTED, "Đã dừng theo yêu cầu / stopped"
    else:
        return
    click.echo(
        f"{reason}.\nNhững gì đã nhận vẫn còn nguyên; khắc phục xong hãy chạy lại đúng lệnh này / "
        "what was committed is safe; mend it and run the same command again.",
        err=True,
    )
    sys.exit(code)


def progress(groups: Iterable, total: int) -> Iterator:
    """A bar on the terminal's error stream: files, visits per second, and how the dossiers fared."""
    start = monotonic()
    seen = {"accepted": 0, "with_warnings": 0, "refused": 0, "dossiers": 0}
    with click.progressbar(
        length=total, file=sys.stderr, label="Tiếp nhận", item_show_func=lambda text: text or "", show_eta=True
    ) as bar:
        for group in groups:
            for name in seen:
                seen[name] += getattr(group.totals, name)
            rate = seen["dossiers"] / max(monotonic() - start, 0.001)
            fared = f"đạt {seen['accepted']} · cảnh báo {seen['with_warnings']} · bị từ chối {seen['refused']}"
            bar.update(len(group.receipts), f"{rate:,.0f} lượt/s · {fared}")
            yield group


def line(receipt: dict) -> str:
    """One receipt in words."""
    file = receipt["file"]
    if "receipt" not in receipt:
        return f"{file}: " + (
            "quá lớn / too large" if receipt["status"] == "too-large" else "không đọc được / unreadable"
        )
    return "".join(
        (
            f"{receipt['receipt']}  {file}: ",
            "TỆP BỊ TỪ CHỐI / FILE REFUSED; " if receipt["status"] == "refused" else "",
            _counts(receipt["dossiers"], receipt["accepted"], receipt["with_warnings"], receipt["refused"]),
            "" if receipt["new"] else " (đã nhận trước đó / already received)",
        )
    )


def summary(totals: "Totals") -> str:
    counts = _counts(totals.dossiers, totals.accepted, totals.with_warnings, totals.refused)
    return f"Tổng cộng / total: {totals.files} tệp, {counts}; {totals.files_refused} tệp bị từ chối / files refused"


def _counts(dossiers: int, accepted: int, with_warnings: int, refused: int) -> str:
    return f"{dossiers} hồ sơ: {accepted} đạt, {with_warnings} có cảnh báo, {refused} bị từ chối"
