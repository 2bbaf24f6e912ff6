"""Which mistakes to mend first: the findings of one dossier, gathered under the few places that explain them.

One wrong date breaks the rules of forty rows. A finding may be the fault of its own place or of any place its rule
reads. The places chosen are few (the greedy smallest explanation); one that no finding stands at is blamed only when
several different rules contradict it. Findings go in, findings come out; nothing else is looked at.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import nan

from yteso import standards
from yteso.intake.findings import Finding


Place = tuple[str, int | None, str]
"""Table, row (None: any row, or the table itself) and field ("" for the table itself)."""

WITNESSES, KINDS = 3, 2
"""Findings, and different (rule, field) among them, before a place without a finding of its own is blamed."""

ROWS = ("XML2", "XML3")
"""The tables whose rows XML1 sums up."""

DETAIL = ("XML2", "XML3", "XML4", "XML5")
"""Tables whose rules mean their own row by a field that XML1 has, too; the papers repeat what XML1 says."""

ELSEWHERE = {"MA_KHOA_RV": "MA_KHOA", "MA_YTE": "MA_BN", "PP_DIEUTRI": "PP_DIEU_TRI"}
"""Fields of the papers → the name under which XML1 has the same (QĐ 130, tables 7, 8, 13)."""

DONG = 2.0
"""Rounding let pass when the deviation of rows is compared with that of their sum."""

CROWD = 100
"""Rows with a finding above which none of them is blamed for a finding elsewhere: it would be a guess."""

MEMORY = 4096
"""Rules and fields remembered; the names of unknown fields come from the file."""

TABLES = {f"XML{n}": n for n in range(16)}

_NAME = re.compile(r"[A-Z]+[0-9]*(?:_[A-Z0-9]+)+")
_TABLE = re.compile(r"\bXML\d+")
_MOMENT = re.compile(r"\d{8}(\d{4})?")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class Cause:
    """One thing to mend: where, the finding that says so, and the findings that should go with it.

    The place is that of the finding, or a place the finding's rule reads (NGAY_VAO for drugs ordered before arrival).
    """

    table: str
    row: int | None
    field: str
    finding: Finding
    effects: list[Finding]

    @property
    def findings(self) -> list[Finding]:
        return [self.finding, *self.effects]

    def repeats(self, effect: Finding) -> bool:
        """Whether an effect is the same fault at another place: the same rule complains of the same field."""
        return _kind(effect) == _kind(self.finding)

    @property
    def rows(self) -> int:
        """At how many places the fault stands."""
        return 1 + sum(map(self.repeats, self.effects))

    @property
    def elsewhere(self) -> bool:
        """Whether the place to look at first is another than the place of the finding."""
        return (self.table, self.row, self.field) != _place(self.finding)


def group(findings: Iterable[Finding]) -> list[Cause]:
    """The causes behind the findings of one dossier, critical ones first; every finding is in exactly one.

    The order of the findings does not matter.
    """
    ordered = sorted(findings, key=_order)
    if len(ordered) < 2:
        return [Cause(*_place(finding), finding, []) for finding in ordered]
    explained = _explain(ordered, _Evidence(ordered).suspects())
    causes = []
    for place, numbers in explained.items():
        first = next((n for n in sorted(numbers) if _place(ordered[n]) == place), min(numbers))
        causes.append((place, first, numbers))
    lines: dict[tuple[str, ...], tuple[Place, int, list[int]]] = {}
    for place, first, numbers in sorted(causes, key=lambda cause: cause[1]):
        line = lines.setdefault(_line(place, ordered[first]), (place, first, []))
        line[2].extend(numbers)
    return [
        Cause(*place, ordered[first], [ordered[n] for n in sorted(numbers) if n != first])
        for place, first, numbers in lines.values()
    ]


def _line(place: Place, finding: Finding) -> tuple[str, ...]:
    """What the same fault on many rows has in common: rule, field, and the pattern of the value."""
    return (*_kind(finding), place[0], place[2], _LETTERS.sub("A", _DIGITS.sub("0", finding.value)))


def _explain(findings: list[Finding], suspects: list[set[Place]]) -> dict[Place, list[int]]:
    """Places and what each explains: those that nothing else can explain, then whatever explains most."""
    blamed: dict[Place, list[int]] = defaultdict(list)
    for n, places in enumerate(suspects):
        for place in places:
            blamed[place].append(n)
    own = [_place(finding) for finding in findings]
    explained: dict[Place, list[int]] = defaultdict(list)
    left = set(range(len(findings)))

    def take(place: Place, numbers: Iterable[int]) -> None:
        taken = left.intersection(numbers)
        explained[place] += taken
        left.difference_update(taken)

    sure = {own[n] for n, places in enumerate(suspects) if len(places) == 1}
    for n, place in enumerate(own):
        if place in sure:
            take(place, [n])
    for place in sorted(sure, key=_basic):
        take(place, blamed[place])
    known = set(own)
    waiting = [(-len(found), place not in known, _basic(place), place) for place, found in blamed.items()]
    heapify(waiting)
    while left:
        hoped, away, basic, place = heappop(waiting)
        told = left.intersection(blamed[place])
        if not told or (away and not _witnessed(findings, told, place)):
            continue
        if len(told) < -hoped:
            heappush(waiting, (-len(told), away, basic, place))
        else:
            take(place, told)
    return explained


def _witnessed(findings: list[Finding], told: set[int], place: Place) -> bool:
    """Whether enough different rules contradict a place that no finding stands at."""
    kinds = {_kind(findings[n]) for n in told}
    return len(told) >= WITNESSES and len(kinds) >= (KINDS if place[2] else WITNESSES)


class _Evidence:
    """The findings of one dossier by the places they stand at."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.standing: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in findings:
            self.standing[finding.table, finding.field].append(finding)
        self.unreadable = [finding for finding in findings if _unreadable(finding)]

    def suspects(self) -> list[set[Place]]:
        """Per finding the places that may be at fault for it: its own, and those its rule reads."""
        return [self._suspects(finding) for finding in self.findings]

    def _suspects(self, finding: Finding) -> set[Place]:
        table, row, params = finding.table, finding.row, finding.params
        near, far = _reads(finding.rule, table, finding.field, not finding.value, tuple(params))
        found = {(other, row if other == table else 1, name) for other, name in near}
        if "ngay_ra" in params:
            found -= _respected(finding)
        found.add((table, row, finding.field))
        if far:
            found |= self._rows(finding, far)
        elif "xml1" in params:
            found |= self._swapped(finding)
        for broken in self.unreadable:
            if (row is None and broken.table == table) or any(broken.table == other for other, _ in far):
                found.add(_place(broken))
        return found

    def _rows(self, finding: Finding, far: frozenset[tuple[str, str]]) -> set[Place]:
        """The rows of other tables that explain a finding which reads this field of them all."""
        others = [other for pair in far for other in self.standing.get(pair, ()) if other is not finding]
        if "difference" not in finding.params:
            expected = finding.params.get("expected")
            agree = [one for one in others if one.value and (expected is None or one.value in expected)]
            return {_place(one) for one in agree} if len(others) <= CROWD else set()
        missed, wrong = _number(finding.params["difference"]), {_place(other): _off(other) for other in others}
        if not abs(missed + sum(wrong.values())) <= DONG:
            wrong = {place: off for place, off in wrong.items() if abs(missed + off) <= DONG}
        return set(wrong) or {(table, None, "") for table, _ in far}

    def _swapped(self, finding: Finding) -> set[Place]:
        """Where in XML1 the moment stands that this field should have there: two were swapped."""
        if not _MOMENT.fullmatch(finding.value):
            return set()
        return {_place(one) for one in self.findings if one.table == "XML1" and one.value.startswith(finding.value)}


def _respected(finding: Finding) -> set[Place]:
    """The bounds that a moment outside a range does keep: only the one it breaks can be wrong."""
    bounds, value = finding.params, finding.value
    if (
        not _MOMENT.fullmatch(value)
        or not bounds.keys() >= {"ngay_vao", "ngay_ra"}
        or finding.field.startswith("GT_THE")
    ):
        return set()
    kept = set()
    if not value < bounds["ngay_vao"]:
        kept.add(("XML1", 1, "NGAY_VAO"))
    if not value[: len(bounds["ngay_ra"])] > bounds["ngay_ra"]:
        kept.add(("XML1", 1, "NGAY_RA"))
    for name in ("ngay_yl", "ngay_th_yl"):
        if not value < bounds.get(name, ""):
            kept.add((finding.table, finding.row, name.upper()))
    return kept


def _off(finding: Finding) -> float:
    """By how much an amount is above what its rule expects; NaN, which explains nothing, when no amount is expected."""
    return _number(finding.value) - _number(finding.params.get("expected", ""))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan


def _unreadable(finding: Finding) -> bool:
    """Whether the whole table of the finding could not be read."""
    return finding.critical and finding.rule.startswith("ENV-") and finding.row is None and finding.table != "ENV"


@lru_cache(maxsize=MEMORY)
def _reads(
    rule: str, table: str, field: str, missing: bool, params: tuple[str, ...]
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """What a rule reads beside the place it complains of: in the same row or XML1, and in all rows of other tables.

    Known from the rule table (fields and condition) and from the parameters a rule gives its message, which carry the
    names of the fields. The checks of one field alone (they tell its `limit`) read nothing else; what is missing is
    asked for by what the parameters name; a field that must equal XML1 (`xml1`) reads that field of XML1.
    """
    if "limit" in params:
        return frozenset(), frozenset()
    if "xml1" in params:
        return frozenset({("XML1", ELSEWHERE.get(field, field))}), frozenset()
    row = standards.rules().get(rule)
    text = f"{row.table} {row.fields} {row.condition}" if row else ""
    names = {name.upper() for name in params}
    if not missing:
        names |= set(_NAME.findall(text))
    others = {other for other in _TABLE.findall(text) if other not in (table, "XML1")}
    if " sum " in text and table == "XML1":
        others, names = others or set(ROWS), names - {field} if f"sum {field}" not in text else names
        return frozenset(), frozenset((other, name) for other in others for name in names if _has(other, name))
    near = {(table, name) for name in names}
    if table not in DETAIL:
        near |= {("XML1", name) for name in names}
    near |= {("XML1", name) for name in names if not _has(table, name)}
    far = {(other, name) for other in others for name in names if _has(other, name)}
    return frozenset(pair for pair in near if _has(*pair)), frozenset(far)


@lru_cache(maxsize=MEMORY)
def _has(table: str, name: str) -> bool:
    versions = (standard.tables.get(table) for standard in standards.STANDARDS.values())
    return any(name in known.fields for known in versions if known)


def _place(finding: Finding) -> Place:
    return finding.table, finding.row, finding.field


def _kind(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.table, finding.field


def _basic(place: Place) -> tuple[int, int, str, str]:
    """XML1 before the tables that depend on it."""
    return TABLES.get(place[0], 0), place[1] or 0, place[2], place[0]


def _order(finding: Finding) -> tuple:
    place = _basic((finding.table, finding.row, finding.field))
    return not finding.critical, *place, finding.rule, finding.value, tuple(finding.params.values())
