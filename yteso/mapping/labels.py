"""Sensitivity classes of a visit, from its diagnoses and its tables (`data/sensitivity.csv`, each with its reason)."""

from functools import cache

from yteso.mapping.names import rows
from yteso.mapping.values import Memo


@cache
def _ranges() -> tuple[tuple[str, str, str], ...]:
    return tuple((row["label"], row["from"], row["to"]) for row in rows("sensitivity.csv") if row["from"])


@cache
def _tables() -> tuple[tuple[str, str], ...]:
    return tuple((row["label"], row["table"]) for row in rows("sensitivity.csv") if row["table"])


def _of_code(code: str) -> tuple[str, ...]:
    """A range names three-character categories, or longer codes; `F10.2` lies in F10–F19."""
    code = code.strip().upper()
    return tuple(
        {label for label, first, last in _ranges() if first <= code[: len(first)] and code[: len(last)] <= last}
    )


OF_CODE: Memo = Memo(_of_code)


def labels(tables: dict[str, list], codes: list[str]) -> list[str]:
    """Classes of a visit with these tables and ICD-10 codes, sorted."""
    found = {label for label, table in _tables() if table in tables}
    for code in codes:
        found.update(OF_CODE[code])
    return sorted(found)
