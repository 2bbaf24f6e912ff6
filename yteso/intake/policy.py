"""What a province wants of the rules: which speak, how serious they are, and how far a sum may be off.

A policy is the rule table and, over it, the settings of the province in the order they were made. Each setting holds
for visits that end in its days. Of several that cover a day, the last one that says something of a matter counts for
that matter; what none of them speaks of is as in the rule table.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING

from yteso.intake.findings import CRITICAL, WARNING


if TYPE_CHECKING:
    from yteso.intake.checking import Rule

COLUMNS = ("rule", "effective_from", "effective_to", "on", "severity", "tolerance", "reason")
YES_NO = {"yes": True, "no": False, "": None}


class SettingError(ValueError):
    """A setting that cannot be: says what is wrong and what to write instead, Vietnamese first."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One wish for one rule, for visits that end from `effective_from` to `effective_to` (None: without end).

    `on`, `severity` and `tolerance` (dong) are None where the setting leaves them alone.
    """

    rule: str
    effective_from: date
    effective_to: date | None = None
    on: bool | None = None
    severity: str | None = None
    tolerance: float | None = None
    reason: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None

    def covers(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, eq=False)
class Policy:
    """The settings of one province, oldest change first. Two policies are the same only if they are one object."""

    settings: tuple[Setting, ...] = ()

    def standing(self, rule: "Rule", on: date) -> "Rule":
        """The rule as this province has it for a visit that ended on `on`."""
        changes: dict[str, object] = {}
        for setting in self._of_rule.get(rule.id, ()):
            if setting.covers(on):
                said = {name: getattr(setting, name) for name in ("on", "severity", "tolerance")}
                changes |= {name: value for name, value in said.items() if value is not None}
        return replace(rule, **changes) if changes else rule

    @cached_property
    def _of_rule(self) -> dict[str, list[Setting]]:
        found: dict[str, list[Setting]] = {}
        for setting in self.settings:
            found.setdefault(setting.rule, []).append(setting)
        return found


DEFAULT = Policy()
"""The rule table as it is."""


def verify(setting: Setting, rule: "Rule | None") -> None:
    """Raise SettingError when `rule` (None: there is no such rule) cannot be set like that."""
    for wrong, text in _faults(setting, rule):
        if wrong:
            raise SettingError(f"{setting.rule}: {text}")


def _faults(setting: Setting, rule: "Rule | None") -> Iterable[tuple[bool, str]]:
    yield rule is None, "không có quy tắc này; xem `yteso rules` / no such rule; see `yteso rules`"
    yield rule.fixed, "quy tắc này không được thay đổi / this rule may not be changed"
    said = (setting.on, setting.severity, setting.tolerance)
    yield (
        said == (None, None, None),
        "chưa nói đổi gì: bật/tắt, mức độ hay dung sai / nothing to change: on, severity or tolerance",
    )
    yield (
        setting.severity not in (None, CRITICAL, WARNING),
        f"mức độ phải là {CRITICAL} hoặc {WARNING} / severity is {CRITICAL} or {WARNING}",
    )
    to = setting.effective_to
    yield to is not None and to < setting.effective_from, "ngày kết thúc trước ngày bắt đầu / ends before it begins"
    if setting.tolerance is not None:
        yield rule.tolerance is None, "quy tắc này không so sánh tiền / this rule compares no sums"
        yield (
            not rule.tolerance <= setting.tolerance < float("inf"),
            f"dung sai ít nhất {rule.tolerance:g} đồng, vì làm tròn / at least {rule.tolerance:g} dong, for rounding",
        )


def write_csv(policy: Policy) -> str:
    """The settings as the CSV that `read_csv` takes."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    words = {value: word for word, value in YES_NO.items()}
    for s in policy.settings:
        tolerance = "" if s.tolerance is None else f"{s.tolerance:g}"
        days = s.effective_from.isoformat(), s.effective_to.isoformat() if s.effective_to else ""
        writer.writerow((s.rule, *days, words[s.on], s.severity or "", tolerance, s.reason))
    return text.getvalue()


def read_csv(text: str, rules: dict[str, "Rule"]) -> Policy:
    """The policy of a CSV with the columns of COLUMNS; SettingError names the line that is wrong."""
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    if missing := [name for name in COLUMNS[:6] if name not in (reader.fieldnames or ())]:
        raise SettingError(f"thiếu cột / missing column: {', '.join(missing)}")
    settings = []
    for row in reader:
        try:
            settings.append(_setting({name: (row.get(name) or "").strip() for name in COLUMNS}))
            verify(settings[-1], rules.get(settings[-1].rule))
        except SettingError as error:
            raise SettingError(f"dòng / line {reader.line_num}: {error}") from None
    return Policy(tuple(settings)) if settings else DEFAULT


def _setting(cells: dict[str, str]) -> Setting:
    if cells["on"] not in YES_NO:
        raise SettingError(f"on: “{cells['on']}”, phải là yes, no hoặc để trống / yes, no or blank")
    return Setting(
        cells["rule"],
        _day(cells["effective_from"]),
        _day(cells["effective_to"]) if cells["effective_to"] else None,
        YES_NO[cells["on"]],
        cells["severity"] or None,
        _number(cells["tolerance"]) if cells["tolerance"] else None,
        cells["reason"],
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingError(f"ngày “{text}” phải có dạng yyyy-mm-dd / the day must be yyyy-mm-dd") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingError(f"dung sai “{text}” phải là số / the tolerance must be a number") from None
