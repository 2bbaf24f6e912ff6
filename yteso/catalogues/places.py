"""Administrative units before and after 1 July 2025, when districts were abolished and provinces merged.

Old and new communes share one number space: the same code can name a bigger unit after the reform, so a code means
nothing without a day.
"""

from datetime import date
from functools import cache
from typing import NamedTuple

from yteso.catalogues import files


TWO_LEVELS_FROM = date(2025, 7, 1)

KINDS = {
    "tinh": "Tỉnh",
    "thanh_pho": "Thành phố",
    "quan": "Quận",
    "huyen": "Huyện",
    "thi_xa": "Thị xã",
    "xa": "Xã",
    "phuong": "Phường",
    "thi_tran": "Thị trấn",
    "dac_khu": "Đặc khu",
}


class AdminUnit(NamedTuple):
    """A province, district or commune. `kind` is a key of KINDS; `parent` the code one level up, "" for a province."""

    code: str
    name: str
    kind: str
    parent: str = ""

    @property
    def full_name(self) -> str:
        """With its kind: "Phường Ba Đình". Numbered wards already carry it in their name: "Phường 1"."""
        kind = KINDS[self.kind]
        return self.name if self.name.removeprefix(f"{kind} ").isdigit() else f"{kind} {self.name}"


def provinces(on: date) -> dict[str, AdminUnit]:
    """Provinces by two-digit code: 63 before the reform, 34 after."""
    return _units("provinces") if on >= TWO_LEVELS_FROM else _units("provinces-before-2025-07")


def districts(on: date) -> dict[str, AdminUnit]:
    """Districts by three-digit code; none from 1 July 2025."""
    return {} if on >= TWO_LEVELS_FROM else _units("districts-before-2025-07")


def communes(on: date) -> dict[str, AdminUnit]:
    """Communes by five-digit code. `parent` is a district before the reform and a province after."""
    return _units("communes") if on >= TWO_LEVELS_FROM else _units("communes-before-2025-07")


def province_successor(old_code: str) -> str:
    """The province of today that an old province became part of; KeyError for an unknown code."""
    return _province_successors()[old_code]


def commune_successors(old_code: str) -> list[str]:
    """Communes of today that took over an old commune, or part of it; [] where that is not known.

    An island district that had no communes is known by its three-digit code.
    """
    return list(_commune_successors().get(old_code, ()))


def commune_succession() -> list[tuple[str, str, str]]:
    """Old commune, commune of today, kind (`data/administrative-units/README.md`): all that is known."""
    return [(old, new, kind) for old, new, kind in files.columns("administrative-units/commune-successors.csv")]


@cache
def _units(name: str) -> dict[str, AdminUnit]:
    has_parent = not name.startswith("provinces")
    return {
        row[0]: AdminUnit(*row) if has_parent else AdminUnit(*row[:3])
        for row in files.columns(f"administrative-units/{name}.csv")
    }


@cache
def _province_successors() -> dict[str, str]:
    return {row["code"]: row["successor"] for row in files.rows("administrative-units/provinces-before-2025-07.csv")}


@cache
def _commune_successors() -> dict[str, tuple[str, ...]]:
    successors: dict[str, tuple[str, ...]] = {}
    for old, new, _ in commune_succession():
        successors[old] = (*successors.get(old, ()), new)
    return successors
