"""Frequent laboratory tests with their LOINC codes, and adult reference ranges (QĐ 320/2014).

This material contains content from LOINC (http://loinc.org); see `data/laboratory/NOTICE`.
"""

from dataclasses import dataclass
from functools import cache

from yteso.catalogues import files


LOINC_SYSTEM = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class LabTest:
    """One result. `service` is the shared service code; a panel (blood count) has several tests under one code.

    `unit` is UCUM, "" for a panel as a whole; `range_test` is its name in `reference_ranges()`, "" without one.
    """

    key: str
    name_vi: str
    service: str
    loinc: str
    unit: str
    range_test: str


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """Normal values of an adult. `sex` is "male", "female" or ""; `condition` narrows it further, in words.

    Two-sided ranges have `low` and `high` and no `operator`; one-sided ones have one bound and "<", "<=", ">" or ">=".
    """

    group: str
    test: str
    unit: str
    sex: str
    condition: str
    low: float | None
    high: float | None
    operator: str


@cache
def lab_tests() -> dict[str, LabTest]:
    """Tests by their key, such as "glucose"."""
    return {row["key"]: LabTest(**row) for row in files.rows("laboratory/tests.csv")}


@cache
def lab_tests_by_service() -> dict[str, tuple[LabTest, ...]]:
    """Shared service code → the tests it gives, in the order of the file (a panel itself comes first)."""
    tests: dict[str, tuple[LabTest, ...]] = {}
    for test in lab_tests().values():
        tests[test.service] = (*tests.get(test.service, ()), test)
    return tests


@cache
def reference_ranges() -> list[ReferenceRange]:
    """Every range; one test has one per unit, sex and condition."""
    return [
        ReferenceRange(**row | {bound: float(row[bound]) if row[bound] else None for bound in ("low", "high")})
        for row in files.rows("laboratory/reference-ranges.csv")
    ]
