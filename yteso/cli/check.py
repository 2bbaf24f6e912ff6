"""`yteso check`"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from yteso.config import collector
from yteso.intake import causes, checking, facility_lists, messages, sheet
from yteso.intake.causes import Cause
from yteso.intake.dossier import Dossier
from yteso.intake.envelope import Envelope
from yteso.intake.facility_lists import NONE, FacilityLists, ListError
from yteso.intake.findings import Finding
from yteso.intake.paths import files_under
from yteso.intake.policy import DEFAULT, Policy, SettingError, read_csv
from yteso.intake.signature import Signature, examine
from yteso.intake.spreadsheet import Book


CLEAN, CRITICAL_FOUND, UNREADABLE = 0, 1, 2

TOGETHER = 50
"""Dossiers read before any of them is checked: one step at a time is faster, and these are still few in memory."""
"""Exit codes."""

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

WORDS = {
    "vi": {
        "head": "{file}: {standard}, cơ sở {facility}, {dossiers} hồ sơ",
        "dossier": "Hồ sơ {position} ({ma_lk}): {rows}",
        "critical": "LỖI",
        "warning": "CẢNH BÁO",
        "place": "Xem lại trước: {place}",
        "why": "Vì sao: {why}",
        "legal": "Căn cứ: {legal}",
        "rows": "cùng lỗi ở {count} chỗ nữa: dòng {rows}",
        "effect": "kéo theo {rule} {place}: {count} chỗ",
        "unwritten": "{path}: không ghi được ({reason})",
        "clean": "không có lỗi",
        "signed": "chữ ký số: {name}",
        "unreadable": "không đọc được",
        "total": "{files} tệp, {dossiers} hồ sơ: {critical} lỗi, {warning} cảnh báo, {unreadable} tệp không đọc được.",
        "missing": "{path}: không mở được ({reason})",
        "empty": "{path}: thư mục không có tệp *.xml",
    },
    "en": {
        "head": "{file}: {standard}, facility {facility}, {dossiers} dossiers",
        "dossier": "Dossier {position} ({ma_lk}): {rows}",
        "critical": "CRITICAL",
        "warning": "WARNING",
        "place": "Look first at: {place}",
        "why": "Why: {why}",
        "legal": "Source: {legal}",
        "rows": "the same at {count} more places: rows {rows}",
        "effect": "with it {rule} {place}: {count} places",
        "unwritten": "{path}: cannot be written ({reason})",
        "clean": "no findings",
        "signed": "signed by: {name}",
        "unreadable": "unreadable",
        "total": "{files} files, {dossiers} dossiers: {critical} critical, {warning} warning, {unreadable} unreadable.",
        "missing": "{path}: cannot be opened ({reason})",
        "empty": "{path}: no *.xml file in this folder",
    },
}

COLOURS = {"critical": "red", "warning": "yellow"}


@dataclass(slots=True)
class Checked:
    """One file after the check; of the dossiers only what a report needs."""

    path: Path
    envelope: Envelope
    dossiers: list[tuple[Dossier, list[Finding]]] = field(default_factory=list)
    signature: Signature | None = None

    @property
    def findings(self) -> Iterator[Finding]:
        """All findings, of the file and of its dossiers."""
        yield from self.envelope.findings
        for _, found in self.dossiers:
            yield from found


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Check as a province does: the CSV of `yteso rules export`.",
)
@click.option(
    "--lists",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Check against approved lists: CSV files, see `yteso lists --help`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the report."
)
@click.option(
    "--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Also write the findings to this workbook."
)
def command(
    paths: tuple[Path, ...], policy_file: Path | None, folder: Path | None, as_json: bool, lang: str, xlsx: Path | None
) -> None:
    """Check visit files (XML of QĐ 3176, 4750, 130, 4210) without a database.

    PATH is a file, or a folder whose *.xml files are checked, subfolders included.

    \b
    Example: yteso check hoso.xml
             yteso check --lang en --json exports/ > findings.jsonl
             yteso check --policy ha-noi.csv --lists danh-muc/ exports/
             yteso check --xlsx loi.xlsx exports/

    Findings are shown cause by cause: what to mend first, and what should go with it.

    Exit code 0: clean or warnings only; 1: critical findings; 2: something could not be read.
    """
    policy, lists = _agreed(policy_file, folder)
    collector.settle()
    tally: Counter[str] = Counter()
    with _workbook(xlsx, lang) as book:
        for path in _files(paths, tally, lang):
            checked = _open(path, tally, lang, policy, lists)
            if checked:
                _count(checked, tally)
                click.echo(json.dumps(summary(checked), ensure_ascii=False) if as_json else _report(checked, lang))
                _enter(book, checked, tally, lang)
    if not as_json:
        counts = {name: tally[name] for name in ("files", "dossiers", "critical", "warning", "unreadable")}
        click.echo(WORDS[lang]["total"].format(**counts))
    sys.exit(UNREADABLE if tally["unreadable"] else CRITICAL_FOUND if tally["critical"] else CLEAN)


def _agreed(policy_file: Path | None, folder: Path | None) -> tuple[Policy, FacilityLists]:
    """What the check goes by besides the rule table; ends the command when it cannot be read."""
    try:
        policy = read_csv(policy_file.read_text(encoding="utf-8-sig"), checking.RULES) if policy_file else DEFAULT
        return policy, facility_lists.parse(facility_lists.read_folder(folder)) if folder else NONE
    except (OSError, UnicodeDecodeError, SettingError, ListError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        where = f"{policy_file}: " if isinstance(error, (OSError, UnicodeDecodeError, SettingError)) else ""
        click.echo(_printable(f"{where}{reason}"), err=True)
        sys.exit(UNREADABLE)


@contextmanager
def _workbook(path: Path | None, lang: str) -> Iterator[Book | None]:
    """The workbook, there in full at the end or not at all."""
    if path is None:
        yield None
        return
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("wb") as stream:
            book = sheet.book(stream, lang)
            yield book
            book.close()
        unfinished.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise click.UsageError(WORDS[lang]["unwritten"].format(path=path, reason=reason)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _enter(book: Book | None, checked: Checked, tally: Counter[str], lang: str) -> None:
    if book is None:
        return
    parts = [("", checked.envelope.findings)]
    parts += [(dossier.ma_lk or str(dossier.position), found) for dossier, found in checked.dossiers]
    for visit, findings in parts:
        grouped = causes.group(findings)
        for row in sheet.rows(checked.path.name, visit, grouped, lang=lang, first=tally["causes"] + 1):
            book.add(row)
        tally["causes"] += len(grouped)


def _files(paths: tuple[Path, ...], tally: Counter[str], lang: str) -> Iterator[Path]:
    for path in paths:
        found = list(files_under([path]))
        if not found:
            _complain(tally, WORDS[lang]["empty"].format(path=path))
        yield from found


def _open(path: Path, tally: Counter[str], lang: str, policy: Policy, lists: FacilityLists) -> Checked | None:
    try:
        return check_file(path, policy=policy, lists=lists)
    except OSError as error:
        _complain(tally, WORDS[lang]["missing"].format(path=path, reason=error.strerror or type(error).__name__))
        return None


def _complain(tally: Counter[str], text: str) -> None:
    tally["unreadable"] += 1
    click.echo(_printable(text), err=True)


def _count(checked: Checked, tally: Counter[str]) -> None:
    tally["files"] += 1
    tally["dossiers"] += len(checked.dossiers)
    tally["unreadable"] += not checked.envelope.readable
    tally.update(finding.severity for finding in checked.findings)


def check_file(path: Path, *, policy: Policy = DEFAULT, lists: FacilityLists = NONE) -> Checked:
    """Read and check one file; OSError when it cannot be opened."""
    now = datetime.now(VIET_NAM)
    with path.open("rb") as source:
        checked = Checked(path, Envelope(source, name=path.name, size=path.stat().st_size))
        dossiers = iter(checked.envelope)
        while group := list(islice(dossiers, TOGETHER)):
            for dossier in group:
                found = checking.check(dossier, checked.envelope.header, now=now, policy=policy, lists=lists)
                checked.dossiers.append((_without_values(dossier), [*dossier.findings, *found]))
    checked.signature = examine(checked.envelope, lambda: path.open("rb"), received=now)
    return checked


def _without_values(dossier: Dossier) -> Dossier:
    """Keep how many rows each table has and MA_LK; the rest would fill the memory on a large file."""
    link = {"MA_LK": dossier.ma_lk} if dossier.ma_lk else {}
    tables = {table: [link] * len(rows) for table, rows in dossier.tables.items()}
    return Dossier(dossier.position, tables, dossier.standard)


def summary(checked: Checked) -> dict[str, object]:
    """What `--json` prints for one file."""
    envelope = checked.envelope
    return {
        "file": str(checked.path),
        "sha256": envelope.sha256.hex(),
        "standard": envelope.standard,
        "facility": envelope.header.facility,
        "declared": envelope.header.declared,
        "dossiers": [
            {
                "ma_lk": dossier.ma_lk,
                "rows": dossier.rows,
                "findings": [messages.as_json(one) for one in found],
                "causes": _causes(found),
            }
            for dossier, found in checked.dossiers
        ],
        "findings": [messages.as_json(finding) for finding in envelope.findings],
        "signature": checked.signature and checked.signature.as_json(),
    }


def _causes(found: list[Finding]) -> list[dict[str, object]]:
    """Per cause the place to mend, the number (from 0) of the finding that says so, and those of its effects."""
    at = {id(finding): number for number, finding in enumerate(found)}
    return [
        {
            "finding": at[id(cause.finding)],
            "effects": [at[id(effect)] for effect in cause.effects],
            "table": cause.table,
            "row": cause.row,
            "field": cause.field,
        }
        for cause in causes.group(found)
    ]


def _report(checked: Checked, lang: str) -> str:
    words, envelope = WORDS[lang], checked.envelope
    standard = f"QĐ {envelope.standard}" if envelope.standard else "?"
    head = words["head"].format(
        file=checked.path,
        standard=standard,
        facility=envelope.header.facility or "?",
        dossiers=len(checked.dossiers),
    )
    lines = [click.style(_printable(head), bold=True)]
    if not envelope.readable:
        lines.append("  " + click.style(words["unreadable"], fg="red"))
    elif checked.signature and checked.signature.signer:
        lines.append("  " + _printable(words["signed"].format(name=checked.signature.signer.name)))
    for cause in causes.group(envelope.findings):
        lines += _lines(cause, lang, "  ")
    for dossier, found in checked.dossiers:
        if found:
            rows = ", ".join(f"{table} {count}" for table, count in dossier.rows.items())
            text = words["dossier"].format(position=dossier.position, ma_lk=dossier.ma_lk or "?", rows=rows)
            lines.append("  " + _printable(text))
            for cause in causes.group(found):
                lines += _lines(cause, lang, "    ")
    if not any(checked.findings):
        lines.append("  " + click.style(words["clean"], fg="green"))
    return "\n".join(lines)


def _lines(cause: Cause, lang: str, indent: str) -> list[str]:
    """A cause: the finding to mend, why, how, and under it what goes with it, rule by rule."""
    words, finding = WORDS[lang], cause.finding
    said, matters = messages.describe(finding, lang=lang), messages.why(finding, lang=lang)
    kinds = ", ".join(messages.why_title(kind, lang) for kind in matters.kinds)
    mark = click.style(words[finding.severity], fg=COLOURS[finding.severity])
    lines = [f"{mark} {finding.rule}  {said.message}"]
    if cause.elsewhere:
        lines.append("    " + words["place"].format(place=_place(cause.table, cause.field, lang)))
    lines += [f"    → {said.hint}"] if said.hint else []
    lines.append("    " + words["why"].format(why=f"[{kinds}] {matters.text}"))
    lines += ["    " + words["legal"].format(legal=said.legal)] if said.legal else []
    return [indent + _printable(line, keep=mark) for line in lines + _effects(cause, lang)]


def _effects(cause: Cause, lang: str) -> list[str]:
    words = WORDS[lang]
    same = [one for one in cause.effects if cause.repeats(one)]
    others = Counter((one.rule, one.table, one.field) for one in cause.effects if not cause.repeats(one))
    lines = [words["rows"].format(count=len(same), rows=", ".join(str(one.row or "") for one in same))] if same else []
    lines += [
        words["effect"].format(rule=rule, place=_place(table, field, lang), count=count)
        for (rule, table, field), count in others.items()
    ]
    return [f"      ↳ {line}" for line in lines]


def _place(table: str, field: str, lang: str) -> str:
    """ "XML2 Ngày y lệnh (NGAY_YL)"; the table alone when it is all of it."""
    label = messages.label(table, field, lang)
    return " ".join(part for part in (table, label if label == field else f"{label} ({field})") if part)


def _printable(text: str, keep: str = "") -> str:
    """Text from a file without what could steer the terminal; `keep` is a mark of our own at its beginning."""
    kept = keep if keep and text.startswith(keep) else ""
    return kept + "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[len(kept) :])
