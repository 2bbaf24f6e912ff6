"""What a rule is, what it sees, and how the rules of a standard run over one visit.

A rule is a named function with its id from the rule table of the standards (condition, severity and source are read
there). Adding one is writing one function; nothing else lists it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from yteso import standards
from yteso.intake import messages
from yteso.intake.checking.values import MINUTES
from yteso.intake.dossier import Dossier, Header, Row
from yteso.intake.facility_lists import NONE, FacilityLists
from yteso.intake.findings import WARNING, Finding
from yteso.intake.policy import DEFAULT, Policy


ALL = ("4210", "130", "4750", "3176")
FAMILY = ("130", "4750", "3176")
"""Versions written with the field names of QĐ 130; 4210 has other names and the rules that speak of those say so."""

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The clock of every moment in the files."""

Check = Callable[["Visit", "Add"], None]


class Visit:
    """One dossier as the rules see it; built once and shared by all of them.

    `num` holds, per table and row, the numeric fields whose text is a valid number (the field checks fill it).
    `now` is the moment of the check as yyyymmddHHMM. `on` is the day that chooses lists: the visit's end, else its
    beginning, else the day the file was made, else today. `arrived` and `left` are NGAY_VAO and NGAY_RA where they
    are real minutes, else ""; `kind` is MA_LOAI_KCB with its leading zero, which older files leave out. `policy` says
    which rules speak and how loud; `lists` holds what the facility's approved lists say, if they are known.
    """

    __slots__ = (
        *("header", "lists", "now", "num", "on", "policy", "standard", "tables"),
        *("arrived", "kind", "left", "n1", "n2", "n3", "x1", "x2", "x3", "x4", "x5"),
    )

    def __init__(
        self,
        dossier: Dossier,
        header: Header,
        now: datetime,
        policy: Policy = DEFAULT,
        lists: FacilityLists = NONE,
    ) -> None:
        self.policy, self.lists = policy, lists
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
    """A rule in force. `check` is None when the generated field checks, the reader or the intake raise it.

    `tolerance` is how many dong a sum may be off, which rounding alone explains; None where no sums are compared.
    `on` is False for rules that speak only where a province asks for them. `fixed` ones no province may change: what
    cannot be read cannot be let pass. `last` is the last day of visits it applies to, where that is not the last day
    of its standards. `needs` names the list of the facility without which it has nothing to say.
    """

    id: str
    severity: str
    tables: tuple[str, ...]
    fields: str
    condition: str
    source: str
    standards: tuple[str, ...] = ALL
    check: Check | None = field(default=None, compare=False)
    tolerance: float | None = None
    on: bool = True
    fixed: bool = False
    last: date | None = None
    needs: str = ""


RULES: dict[str, Rule] = {}


def register(id: str, check: Check | None = None, **facts: object) -> Rule:
    """Enter rule `id` with what the rule table says of it, or the message table for rules of our own.

    `facts` are fields of `Rule`. A rule may be raised by the field checks and by a function as well; two functions for
    one rule are refused.
    """
    if id in RULES and (check is None or RULES[id].check):
        if check:
            raise ValueError(f"rule {id} is defined twice")
        return RULES[id]
    RULES[id] = Rule(id, **(_facts(id) | facts), check=check)
    return RULES[id]


def rule(id: str, *, standards: tuple[str, ...] = FAMILY, **facts: object) -> Callable[[Check], Check]:
    """Register the decorated function as rule `id` for the given versions (the 130 family when not said)."""

    def enter(check: Check) -> Check:
        register(id, check, standards=standards, **facts)
        return check

    return enter


def _facts(id: str) -> dict[str, object]:
    row = standards.rules().get(id)
    if row:
        facts = {"severity": row.severity, "fields": row.fields, "condition": row.condition, "source": row.source}
        return facts | {"tables": tuple(row.table.split("+"))}
    text = messages.text(id)
    facts = {"severity": text.severity, "fields": "", "condition": text.message_en, "source": text.legal}
    return facts | {"tables": tuple(text.tables.split("+"))}


class Sink:
    """The `add` handed to a rule: files what it finds under `rule`, the one that is running, as the policy has it."""

    __slots__ = ("findings", "rule")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.rule: Rule | None = None

    def __call__(self, table: str, row: int | None, field: str, value: str = "", **params: str) -> None:
        """`row` counts from 1, None when no single row is meant."""
        self.findings.append(Finding(self.rule.id, self.rule.severity, table, row, field, value, params))

    @property
    def tolerance(self) -> float:
        """How many dong the running rule lets a sum be off."""
        return self.rule.tolerance


Add = Sink


def run(visit: Visit, sink: Sink, rules: list[Rule] | None = None) -> None:
    """Run the rules, by default all of the visit's standard. One that raises becomes SYS-001; the others still run."""
    for entered in rules or plan(visit.policy, visit.standard, visit.on, visit.lists):
        sink.rule = entered
        try:
            entered.check(visit, sink)
        except Exception:  # whatever a rule of ours does wrong must not cost the facility its other findings
            sink.findings.append(Finding("SYS-001", WARNING, value=entered.id, params={"broken": entered.id}))


@lru_cache(maxsize=2_000)
def plan(policy: Policy, standard: str, on: date, lists: FacilityLists) -> tuple[Rule, ...]:
    """The rules that speak of a visit of that standard and end: as the policy has them, as far as lists are known."""
    entered = [rule for rule in RULES.values() if rule.check and standard in rule.standards]
    standing = [policy.standing(rule, on) for rule in entered if rule.last is None or on <= rule.last]
    return tuple(rule for rule in standing if rule.on and (not rule.needs or lists.of(rule.needs) is not None))
