"""What a test result means: its unit in UCUM, its LOINC code, its reference range, and whether it is high or low.

LOINC codes depend on the unit (mmol/L and mg/dL are different codes), so a result gets one only when its unit is the
one the catalogue names for that test. This module contains content from LOINC (http://loinc.org), © Regenstrief
Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property

from yteso import catalogues
from yteso.mapping.names import rows, systems
from yteso.mapping.values import Memo, comparator, number_near, quote
from yteso.record.ids import token


UCUM = f'"{systems()["ucum"]}"'
CHILD = "child"
"""In place of a sex: the ranges of the catalogue are those of adults."""

FLAGS = {"H": "Cao", "L": "Thấp", "N": "Bình thường"}


@dataclass(frozen=True)
class Result:
    """Ready JSON pieces for one kind of result (service, index, name, unit, sex); "" where nothing is known."""

    ucum: str = ""
    coding: str = ""
    token: int = 0
    range: str = ""
    low: float | None = None
    high: float | None = None
    operator: str = ""

    @cached_property
    def flags(self) -> Memo:
        return Memo(self.flag, 500)

    @property
    def ucum_system(self) -> str:
        return UCUM if self.ucum else ""

    def flag(self, text: str) -> str:
        """H, L or N against the reference range; nothing for values that are only a bound (`<5`)."""
        if not self.range or not text or comparator(text):
            return ""
        number = number_near(text)
        return _FLAG_JSON[self._side(float(number))] if number else ""

    def _side(self, number: float) -> str:
        if self.high is not None and (number > self.high or (self.operator == "<" and number == self.high)):
            return "H"
        if self.low is not None and (number < self.low or (self.operator == ">" and number == self.low)):
            return "L"
        return "N"


def _flag_json(code: str) -> str:
    system = systems()["obs-interpretation"]
    return f'{{"coding":[{{"system":"{system}","code":"{code}","display":{quote(FLAGS[code])}}}]}}'


_FLAG_JSON = {code: _flag_json(code) for code in FLAGS}


def fold(text: str) -> str:
    """Letters and digits only, upper case, without tone marks."""
    plain = unicodedata.normalize("NFD", text.upper().replace("Đ", "D").replace("Μ", "U").replace("µ", "U"))
    return re.sub(r"[^A-Z0-9%#]", "", plain)


@cache
def _units() -> dict[str, str]:
    """Exact spellings first; folded ones only where they stay unambiguous (g/L is a gram, G/L is a giga)."""
    exact = {_compact(row["spelling"]): row["ucum"] for row in rows("units.csv")}
    folded: dict[str, set[str]] = {}
    for spelling, code in exact.items():
        folded.setdefault(spelling.lower(), set()).add(code)
    return {spelling: codes.pop() for spelling, codes in folded.items() if len(codes) == 1} | exact


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("μ", "µ"))


def unit(text: str) -> str:
    """UCUM code of a unit as Vietnamese laboratories write it; "" when not known."""
    compact = _compact(text)
    return _units().get(compact) or _units().get(compact.lower(), "")


@cache
def _names() -> dict[str, str]:
    """Folded name → key of the test."""
    found = {}
    for test in catalogues.lab_tests().values():
        for name in (test.name_vi, test.range_test, test.key):
            if name:
                found.setdefault(fold(name), test.key)
    for row in rows("index_names.csv"):
        found[fold(row["name"])] = row["key"]
    return found


@cache
def _other_units() -> frozenset[tuple[str, str]]:
    return frozenset((row["key"], row["ucum"]) for row in rows("loinc_units.csv"))


def _find(service: str, index: str, name: str, ucum: str) -> "catalogues.LabTest | None":
    of_service = catalogues.lab_tests_by_service().get(service, ())
    named = _names().get(fold(index)) or _names().get(fold(name)) or _names().get(fold(name.partition("(")[0]))
    test = catalogues.lab_tests().get(named or "")
    if of_service and test not in of_service:
        test = of_service[0] if len(of_service) == 1 else None
    fits = test and (test.unit == ucum or (test.key, ucum) in _other_units())
    return test if fits else None


def _range(test_name: str, ucum: str, sex: str) -> "catalogues.ReferenceRange | None":
    for candidate in catalogues.reference_ranges():
        if (candidate.test, candidate.unit, candidate.condition) == (test_name, ucum, "") and candidate.sex in (
            "",
            sex,
        ):
            return candidate
    return None


def _bound(label: str, number: float | None, ucum: str) -> str:
    return "" if number is None else f'"{label}":{{"value":{number:g},"unit":{quote(ucum)}}}'


def _result(key: tuple[str | None, ...]) -> Result:
    service, index, name, unit_text, sex = (part or "" for part in key)
    ucum = unit(unit_text)
    code = quote(ucum) if ucum else ""
    test = _find(service, index, name, ucum)
    if test is None or not test.unit:
        return Result(code)
    coding = f'{{"system":"{systems()["loinc"]}","code":"{test.loinc}"}}'
    limits = _range(test.range_test, ucum, sex) if test.range_test and sex != CHILD else None
    if limits is None:
        return Result(code, coding, token(systems()["loinc"], test.loinc))
    bounds = ",".join(b for b in (_bound("low", limits.low, ucum), _bound("high", limits.high, ucum)) if b)
    return Result(
        code, coding, token(systems()["loinc"], test.loinc), f"{{{bounds}}}", limits.low, limits.high, limits.operator
    )


RESULTS: Memo = Memo(_result)
