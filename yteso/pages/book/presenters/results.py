"""Results of a visit: tests with their values and ranges, images with their conclusions."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _

from yteso import catalogues
from yteso.pages.base import formats
from yteso.pages.book.presenters.resources import Resource, Visit, code, first, moment, referred, text
from yteso.pages.book.presenters.words import amount, word


HIGH, LOW, NORMAL = "H", "L", "N"

POWER = re.compile(r"10[\^*]([0-9]+)")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Result:
    """One line. `flag` is H, L, N or "" (nobody can tell); `low` and `high` are for charts."""

    key: str
    name: str
    also: str
    value: str
    number: Decimal | int | None
    unit: str
    range: str
    low: Decimal | int | None
    high: Decimal | int | None
    flag: str
    flag_words: str
    at: datetime
    description: str
    conclusion: str


@dataclass(frozen=True)
class Group:
    """The results of one ordered service. An image has `findings` (text) in place of numbers."""

    name: str
    kind: str
    when: str
    lines: list[Result]
    findings: list[Result]
    conclusion: str


def flag_words(flag: str) -> str:
    return {HIGH: _("Cao ↑"), LOW: _("Thấp ↓"), NORMAL: _("Bình thường")}.get(flag, "")


def groups(visit: Visit) -> list[Group]:
    """By service, in the order of the file; results whose service is not listed come last."""
    observed = {one["id"]: one for one in visit.all("Observation") if laboratory(one, visit)}
    found = []
    for report in visit.all("DiagnosticReport"):
        mine = [observed.pop(name) for one in report.get("result", ()) if (name := referred(one)) in observed]
        if mine or report.get("conclusion"):
            found.append(_group(report, mine, visit))
    if observed:
        found.append(_group({}, list(observed.values()), visit))
    return found


def laboratory(observation: Resource, visit: Visit) -> bool:
    """A row of results (XML4); vital signs have ids of their own."""
    return observation["id"].startswith(f"{visit.id}-o")


def _group(report: Resource, observed: list[Resource], visit: Visit) -> Group:
    lines = [result(one, visit) for one in observed]
    conclusion = report.get("conclusion", "")
    if any(line.conclusion == conclusion for line in lines):
        conclusion = ""
    when = moment(report.get("issued")) or (lines[0].at if lines else visit.started)
    return Group(
        name=text(report.get("code")) or _("Kết quả khác"),
        kind=word("MA_NHOM", code(first(report.get("category")), "nhom"), visit.on),
        when=formats.moment(when),
        lines=[line for line in lines if line.value],
        findings=[line for line in lines if line.description or line.conclusion],
        conclusion=conclusion,
    )


def result(observation: Resource, visit: Visit) -> Result:
    quantity = observation.get("valueQuantity", {})
    limits = first(observation.get("referenceRange"))
    low, high = limits.get("low", {}).get("value"), limits.get("high", {}).get("value")
    number, unit = quantity.get("value"), quantity.get("unit", "")
    loinc, concept = code(observation.get("code"), "loinc"), observation.get("code", {})
    name, also = _names(concept, loinc)
    flag = _flag(observation)
    return Result(
        key=f"{loinc or code(concept, 'chi-so') or name.casefold()} {quantity.get('code') or unit}".strip(),
        name=name,
        also=also,
        value=f"{quantity.get('comparator', '')}{_written(number)}" or observation.get("valueString", ""),
        number=number,
        unit=shown_unit(unit),
        range=range_words(low, high),
        low=low,
        high=high,
        flag=flag,
        flag_words=flag_words(flag),
        at=moment(observation.get("effectiveDateTime")) or visit.started,
        description=first(observation.get("note")).get("text", ""),
        conclusion=next((one["text"] for one in observation.get("interpretation", ()) if "text" in one), ""),
    )


def shown_unit(unit: str) -> str:
    """10^9/L → 10⁹/L; everything else as the laboratory writes it."""
    return POWER.sub(lambda match: "10" + match[1].translate(RAISED), unit)


def _written(number: Decimal | int | None) -> str:
    """With the places the laboratory wrote: they say how exact it is. 250.000 loses them: it reads as thousands."""
    idle = isinstance(number, Decimal) and number.as_tuple().exponent <= -3 and number == number.to_integral()
    return amount(number) if idle else formats.number(number)


def range_words(low: Decimal | int | None, high: Decimal | int | None) -> str:
    if low is not None and high is not None:
        return f"{formats.number(low)} – {formats.number(high)}"
    if low is not None:
        return f"≥ {formats.number(low)}"
    return f"≤ {formats.number(high)}" if high is not None else ""


def _flag(observation: Resource) -> str:
    found = (code(one, "obs-interpretation") for one in observation.get("interpretation", ()))
    return next((flag for flag in found if flag), "")


def _names(concept: Resource, loinc: str) -> tuple[str, str]:
    """The name as the laboratory wrote it, and the common name where that says more."""
    written = text(concept) or code(concept, "chi-so")
    common = _common().get(loinc, "")
    return written, "" if not common or common.casefold() in written.casefold() else common


@cache
def _common() -> dict[str, str]:
    return {test.loinc: test.name_vi for test in catalogues.lab_tests().values()}
