"""The words of the findings, Vietnamese first, from the tables beside this module.

Columns: rule, severity and tables (only for rules of our own; the rule table of the standards has them for the rest),
message_vi, message_en, hint_vi, hint_en, legal. Texts may use {where} ("XML2 dòng 3"), {table}, {row}, {field},
{label} (the field's name in words), {value} and the parameters the rule gave. Moments are shown as people write
them: 202601100800 → 08:00 10/01/2026.
"""

import csv
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from yteso import standards
from yteso.intake.findings import Finding
from yteso.intake.messages import reasons
from yteso.intake.messages.reasons import Why, why
from yteso.intake.messages.reasons import title as why_title


__all__ = ["Message", "Text", "Why", "as_json", "describe", "label", "text", "texts", "why", "why_title"]


KNOWN = {"where", "table", "row", "field", "label", "value", "rule"}
"""What a text may use of every finding."""

NOTHING = {"vi": "(trống)", "en": "(blank)"}
"""How a value that is not there is said."""

_BLANK = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Text:
    """One row of the message tables."""

    rule: str
    severity: str
    tables: str
    message_vi: str
    message_en: str
    hint_vi: str
    hint_en: str
    legal: str

    def asked(self) -> set[str]:
        """The parameters its texts ask for, beside what is known of every finding."""
        return set(_BLANK.findall(f"{self.message_vi} {self.message_en} {self.hint_vi} {self.hint_en}")) - KNOWN


@dataclass(frozen=True, slots=True)
class Message:
    """A finding in words: what is wrong, how to mend it, and by which decree or source."""

    message: str
    hint: str
    legal: str


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


@cache
def texts() -> dict[str, Text]:
    """Every message by rule id; two rows for one rule are refused."""
    found: dict[str, Text] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".csv"):
            continue
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            text = Text(**{name: row.get(name) or "" for name in Text.__slots__})
            if text.rule in found:
                raise ValueError(f"{path.name}: second message for {text.rule}")
            found[text.rule] = text
    return found


def text(rule: str) -> Text:
    """The row of one rule; KeyError when nobody has written it."""
    return texts()[rule]


def describe(finding: Finding, *, lang: str = "vi") -> Message:
    """The finding in words, `lang` "vi" or "en". A rule without words (another version's) shows its id.

    A rule that compares moments is raised by the field checks, too, when its moment is not real. They know the `form`
    of the field and nothing to compare it with, so that the general words are said.
    """
    words = texts().get(finding.rule)
    if words is None:
        return Message(finding.rule, "", "")
    legal = words.legal or _source(finding.rule)
    if "form" in finding.params and not finding.params.keys() >= words.asked():
        words = texts()["FLD-DATE"]
    dated = finding.field in _moments()
    known = _Blanks({name: _plain(name, text, dated) for name, text in finding.params.items()})
    known.update(
        where=_where(finding, lang),
        table=finding.table,
        row=str(finding.row or ""),
        field=finding.field,
        label=label(finding.table, finding.field, lang),
        value=_spoken(finding.value, _moments().get(finding.field, 0)),
        rule=finding.rule,
    )
    message, hint = (words.message_vi, words.hint_vi) if lang == "vi" else (words.message_en, words.hint_en)
    return Message(message.format_map(known).replace("«»", NOTHING[lang]), hint.format_map(known), legal)


def as_json(finding: Finding) -> dict[str, object]:
    """The finding as `yteso check --json` and the receipts write it; `why` is a list of kinds."""
    said, english = describe(finding), describe(finding, lang="en")
    matters = why(finding)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "table": finding.table,
        "row": finding.row,
        "field": finding.field,
        "value": finding.value,
        "message_vi": said.message,
        "message_en": english.message,
        "hint_vi": said.hint,
        "hint_en": english.hint,
        "why": list(matters.kinds),
        "why_vi": matters.text,
        "why_en": why(finding, lang="en").text,
        "legal": said.legal,
    }


@cache
def label(table: str, field: str, lang: str) -> str:
    """The field's name in words, from the newest version that has the field; the field itself when none has."""
    for standard in ("3176", "4750", "130", "4210"):
        known = standards.standard(standard).tables.get(table)
        if known and field in known.fields:
            return (known.fields[field].label_vi if lang == "vi" else known.fields[field].label_en) or field
    return field


@cache
def _moments() -> dict[str, int]:
    """The fields that hold a date (8 figures) or a moment (12), from all versions, the newest last."""
    lengths = {"date": 8, "datetime": 12}
    return {
        field.name: lengths[field.type]
        for standard in standards.STANDARDS.values()
        for table in standard.tables.values()
        for field in table.fields.values()
        if field.type in lengths
    }


def _plain(name: str, text: str, dated: bool) -> str:
    """A parameter as people write it; `dated` says whether the finding is about a moment."""
    if name.upper() in _moments() or name == "ngay" or (dated and name in ("expected", "xml1", "received", "last")):
        return "; ".join(_spoken(part, len(part)) for part in text.split("; "))
    return text


def _spoken(text: str, length: int) -> str:
    """20260110 → 10/01/2026, 202601100800 → 08:00 10/01/2026; what is not such a moment stays as it is."""
    if len(text) != length or length not in (8, 12) or not (text.isascii() and text.isdigit()):
        return text
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M" if length == 12 else "%Y%m%d")  # noqa: DTZ007 (a wall clock)
    except ValueError:
        return text
    return f"{moment:%H:%M %d/%m/%Y}" if length == 12 else f"{moment:%d/%m/%Y}"


def _where(finding: Finding, lang: str) -> str:
    if not finding.row or (finding.row == 1 and _single(finding.table)):
        return finding.table or ("Tệp" if lang == "vi" else "File")
    return f"{finding.table} {'dòng' if lang == 'vi' else 'row'} {finding.row}"


@cache
def _single(table: str) -> bool:
    """True for tables that have one row, the fields standing directly under the root."""
    known = standards.standard("3176").tables.get(table)
    return bool(known) and not known.row


def _source(rule: str) -> str:
    """Where nobody wrote a legal source: the kinds of source the rule table names, in words; the best alone will do."""
    row = standards.rules().get(rule)
    named = re.findall(r"[a-z_]{6,}", row.source) if row else []
    return next((one["legal"] for one in reasons.rows("sources.csv") if one["source"] in named), "")
