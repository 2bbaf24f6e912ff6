"""What a rule is, what it sees, and how the rules of a standard run over one visit.

A rule is a named function with its id from the rule table of the standards (condition, severity and source are read
there). Adding one is writing one function; nothing else lists it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from yteso import standards
from yteso.intake import messages
from yteso.intake.checking.values import MINUTES
from yteso.intake.dossier import Dossier, Header, Row
from yteso.intake.findings import WARNING, Finding


ALL = ("4210", "130", "4750", "3176")
FAMILY = ("130", "4750", "3176")
"""Versions written with the field names of QĐ 130; 4210 has other names and the rules that speak of those say so."""

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The clock of every moment in the files."""

Add = Callable[..., None]
"""`add(table, row, field, value, **params: str)`; `row` counts from 1, None when no single row is meant."""

Check = Callable[["Visit", Add], None]


class Visit:
    """One dossier as the rules see it; built once and shared by all of them.

    `num` holds, per table and row, the numeric fields whose text is a valid number (the field checks fill it).
    `now` is the moment of the check as yyyymmddHHMM. `on` is the day that chooses lists: the visit's end, else its
    beginning, else the day the file was made, else today. `arrived` and `left` are NGAY_VAO and NGAY_RA where they
    are real minutes, else ""; `kind` is MA_LOAI_KCB with its leading zero, which older files leave out.
    """

    __slots__ = (
        *("header", "now", "num", "on", "standard", "tables"),
        *("arrived", "kind", "left", "n1", "n2", "n3", "x1", "x2", "x3", "x4", "x5"),
    )

    def __init__(self, dossier: Dossier, header: Header, now: datetime) -> None:
        tables = dossier.tables
        self.tables: dict[str, list[Row]] = tables
        self.standard = dossier.standard or "3176"
        self.header = header
        self.now = (now.astimezone(VIET_NAM) if now.tzinfo else now).strftime("%Y%m%d%H%M")
        self.num: dict[str, list[dict[str, float]]] = {}
        rows = tables.get("XML1")
        self.x1: Row = rows[0] if rows else {}
        self.x2: list[Row] = tables.get("XML2", [])
        self.x3: list[Row] = tables.get("XML3", [])
        self.x4: list[Row] = tables.get("XML4", [])
        self.x5: list[Row] = tables.get("XML5", [])
        arrived, left = self.x1.get("NGAY_VAO", ""), self.x1.get("NGAY_RA", "")
        self.arrived = arrived if MINUTES[arrived] else ""
        self.left = left if MINUTES[left] else ""
        self.kind = self.x1.get("MA_LOAI_KCB", "").zfill(2)
        self.n1: dict[str, float] = {}
        self.n2: list[dict[str, float]] = []
        self.n3: list[dict[str, float]] = []
        self.on = day(self.x1.get("NGAY_RA")) or day(self.x1.get("NGAY_VAO")) or header.made or now.date()

    def numbers(self, num: dict[str, list[dict[str, float]]]) -> None:
        """Take the parsed numbers: `n1` of the XML1 row, `n2` and `n3` per row of XML2 and XML3."""
        self.num = num
        self.n1 = num["XML1"][0] if num.get("XML1") else {}
        self.n2 = num.get("XML2", [])
        self.n3 = num.get("XML3", [])


def day(text: str | None) -> date | None:
    """The day at the head of yyyymmdd… text; None when there is none or it is not real."""
    if text and len(text) >= 8 and text[:8].isascii() and text[:8].isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            return None
    return None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force. `check` is None when the generated field checks or the reader raise it."""

    id: str
    severity: str
    tables: tuple[str, ...]
    fields: str
    condition: str
    source: str
    standards: tuple[str, ...] = ALL
    check: Check | None = field(default=None, compare=False)


RULES: dict[str, Rule] = {}


def register(
    id: str, check: Check | None = None, *, standards: tuple[str, ...] = ALL, severity: str | None = None
) -> Rule:
    """Enter rule `id` with what the rule table says of it, or the message table for rules of our own.

    A rule may be raised by the field checks and by a function as well; two functions for one rule are refused.
    """
    if id in RULES and (check is None or RULES[id].check):
        if check:
            raise ValueError(f"rule {id} is defined twice")
        return RULES[id]
    tables, fields, condition, grade, source = _facts(id)
    RULES[id] = Rule(id, severity or grade, tables, fields, condition, source, standards, check)
    return RULES[id]


def rule(id: str, *, standards: tuple[str, ...] = FAMILY, severity: str | None = None) -> Callable[[Check], Check]:
    """Register the decorated function as rule `id` for the given versions (the 130 family when not said)."""

    def enter(check: Check) -> Check:
        register(id, check, standards=standards, severity=severity)
        return check

    return enter


def _facts(id: str) -> tuple[tuple[str, ...], str, str, str, str]:
    row = standards.rules().get(id)
    if row:
        return tuple(row.table.split("+")), row.fields, row.condition, row.severity, row.source
    text = messages.text(id)
    return tuple(text.tables.split("+")), "", text.message_en, text.severity, text.legal


class Sink:
    """The `add` handed to a rule: files what it finds under the rule that is running."""

    __slots__ = ("findings", "id", "severity")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.id = self.severity = ""

    def __call__(self, table: str, row: int | None, field: str, value: str = "", **params: str) -> None:
        self.findings.append(Finding(self.id, self.severity, table, row, field, value, params))


def run(visit: Visit, sink: Sink, rules: list[Rule] | None = None) -> None:
    """Run the rules, by default all of the visit's standard. One that raises becomes SYS-001; the others still run."""
    for entered in rules or _of(visit.standard):
        sink.id, sink.severity = entered.id, entered.severity
        try:
            entered.check(visit, sink)
        except Exception:  # whatever a rule of ours does wrong must not cost the facility its other findings
            sink.findings.append(Finding("SYS-001", WARNING, value=entered.id, params={"broken": entered.id}))


_order: dict[str, list[Rule]] = {}


def _of(standard: str) -> list[Rule]:
    found = _order.get(standard)
    if found is None:
        found = _order[standard] = [r for r in RULES.values() if r.check and standard in r.standards]
    return found
