"""`yteso check`"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from yteso.config import collector
from yteso.intake import checking, facility_lists, messages
from yteso.intake.dossier import Dossier
from yteso.intake.envelope import Envelope
from yteso.intake.facility_lists import NONE, FacilityLists, ListError
from yteso.intake.findings import Finding
from yteso.intake.policy import DEFAULT, Policy, SettingError, read_csv
from yteso.intake.signature import Signature, examine


CLEAN, CRITICAL_FOUND, UNREADABLE = 0, 1, 2
"""Exit codes."""

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

WORDS = {
    "vi": {
        "head": "{file}: {standard}, cơ sở {facility}, {dossiers} hồ sơ",
        "dossier": "Hồ sơ {position} ({ma_lk}): {rows}",
        "critical": "LỖI",
        "warning": "CẢNH BÁO",
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
def command(paths: tuple[Path, ...], policy_file: Path | None, folder: Path | None, as_json: bool, lang: str) -> None:
    """Check visit files (XML of QĐ 3176, 4750, 130, 4210) without a database.

    PATH is a file, or a folder whose *.xml files are checked, subfolders included.

    \b
    Example: yteso check hoso.xml
             yteso check --lang en --json exports/ > findings.jsonl
             yteso check --policy ha-noi.csv --lists danh-muc/ exports/

    Exit code 0: clean or warnings only; 1: critical findings; 2: something could not be read.
    """
    policy, lists = _agreed(policy_file, folder)
    collector.settle()
    tally: Counter[str] = Counter()
    for path in _files(paths, tally, lang):
        checked = _open(path, tally, lang, policy, lists)
        if checked:
            _count(checked, tally)
            click.echo(json.dumps(summary(checked), ensure_ascii=False) if as_json else _report(checked, lang))
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


def _files(paths: tuple[Path, ...], tally: Counter[str], lang: str) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(file for file in path.rglob("*") if file.suffix.lower() == ".xml" and file.is_file())
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
        for dossier in checked.envelope:
            header = checked.envelope.header
            found = [*dossier.findings, *checking.check(dossier, header, now=now, policy=policy, lists=lists)]
            checked.dossiers.append((_without_values(dossier), found))
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
            {"ma_lk": dossier.ma_lk, "rows": dossier.rows, "findings": [messages.as_json(one) for one in found]}
            for dossier, found in checked.dossiers
        ],
        "findings": [messages.as_json(finding) for finding in envelope.findings],
        "signature": checked.signature and checked.signature.as_json(),
    }


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
    for finding in envelope.findings:
        lines += _lines(finding, lang, "  ")
    for dossier, found in checked.dossiers:
        if found:
            rows = ", ".join(f"{table} {count}" for table, count in dossier.rows.items())
            text = words["dossier"].format(position=dossier.position, ma_lk=dossier.ma_lk or "?", rows=rows)
            lines.append("  " + _printable(text))
            for finding in found:
                lines += _lines(finding, lang, "    ")
    if not any(checked.findings):
        lines.append("  " + click.style(words["clean"], fg="green"))
    return "\n".join(lines)


def _lines(finding: Finding, lang: str, indent: str) -> list[str]:
    said = messages.describe(finding, lang=lang)
    mark = click.style(WORDS[lang][finding.severity], fg=COLOURS[finding.severity])
    lines = [f"{indent}{mark} {finding.rule}  {_printable(said.message)}"]
    return [*lines, f"{indent}    → {_printable(said.hint)}"] if said.hint else lines


def _printable(text: str) -> str:
    """Text from a file without what could steer the terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
