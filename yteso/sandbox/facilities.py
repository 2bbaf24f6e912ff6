"""Made-up facilities of the province: hospitals, medical centres, clinics and commune stations, codes 99xxx."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

from yteso.sandbox import data
from yteso.sandbox.chance import between, stream
from yteso.sandbox.people import FEMALE, MALE, Names


PROVINCE, DISTRICT, CLINIC, STATION = "p", "d", "k", "c"
MAX_FACILITIES = 999


@dataclass(frozen=True, slots=True)
class Staff:
    name: str
    licence: str


@dataclass(slots=True)
class Facility:
    """`parent` is the facility that patients are referred to ("" for the provincial hospital)."""

    index: int
    code: str
    name: str
    kind: str
    commune: str
    parent: int
    head: Staff
    doctors: dict[str, list[Staff]]
    technicians: list[Staff]
    nurses: list[Staff]
    capitals: bool
    machines: dict[str, str] = field(default_factory=dict)

    def doctor(self, department: str, dice: Random) -> Staff:
        staff = self.doctors.get(department) or self.doctors["K01"]
        return staff[int(dice.random() * len(staff))]


def kind_of(index: int) -> str:
    """One provincial hospital, then a medical centre, a clinic and six stations in every eight."""
    if index == 0:
        return PROVINCE
    return {1: DISTRICT, 5: CLINIC}.get(index % 8, STATION)


class Network:
    """The facilities of one province and who goes where."""

    def __init__(self, seed: int, province: dict[str, str], size: int, names: Names) -> None:
        if not 1 <= size <= MAX_FACILITIES:
            raise ValueError(f"facilities must be 1 to {MAX_FACILITIES}, not {size}")
        self.province, self.names = province, names
        self.communes = [row for row in data.rows("communes") if row["province"] == province["code"]]
        self.all = [self._make(seed, index) for index in range(size)]
        self.by_kind = {kind: [f.index for f in self.all if f.kind == kind] for kind in "pdkc"}

    def homes(self, n: int) -> dict[str, int]:
        """Where person `n` goes at each level; a level that does not exist falls to the next higher one."""
        homes: dict[str, int] = {PROVINCE: 0}
        districts, clinics, stations = (self.by_kind[kind] for kind in (DISTRICT, CLINIC, STATION))
        station = stations[n % len(stations)] if stations else None
        if station is not None:
            homes[DISTRICT] = self.all[station].parent
        else:
            homes[DISTRICT] = districts[n % len(districts)] if districts else 0
        homes[STATION] = homes[DISTRICT] if station is None else station
        homes[CLINIC] = clinics[n % len(clinics)] if clinics else homes[DISTRICT]
        return homes

    def _make(self, seed: int, index: int) -> Facility:
        dice, kind = stream(seed, "facility", index), kind_of(index)
        commune = self.communes[index % len(self.communes)]
        departments = [row["code"] for row in data.rows("departments")] if kind in "pd" else ["K01"]
        each = {PROVINCE: 4, DISTRICT: 3, CLINIC: 3, STATION: 2}[kind]
        hire = partial(self._hire, dice, index, count(1))
        facility = Facility(
            index=index,
            code=f"99{index + 1:03d}",
            name=self._name(kind, index, commune["name"]),
            kind=kind,
            commune=commune["code"],
            parent=max((i for i in range(index) if kind_of(i) == DISTRICT), default=0) if kind in "kc" else 0,
            head=hire(),
            doctors={code: [hire() for _ in range(each)] for code in departments},
            technicians=[hire() for _ in range(4)],
            nurses=[hire() for _ in range(5)],
            capitals=dice.random() < 0.7,
        )
        facility.machines = {
            group: f"{group}.{between(dice, 1, 2)}.{between(dice, 10000, 99999)}"
            for group in ("HH", "SH", "VS", "SA", "XQ", "NS", "ĐT", "DN", "TT", "PT")
        }
        return facility

    def _hire(self, dice: Random, index: int, orders: Iterator[int]) -> Staff:
        name = self.names.draw(dice, MALE if dice.random() < 0.5 else FEMALE)
        return Staff(name, f"{index:03d}{next(orders):03d}/{self.province['sign']}-GPHN")

    def _name(self, kind: str, index: int, commune: str) -> str:
        turn = index // len(self.communes)
        place = commune + (f" {turn + 1}" if turn else "")
        bare = place.split(" ", 1)[1]
        return {
            PROVINCE: f"Bệnh viện Đa khoa {self.province['name']} (mô phỏng)",
            DISTRICT: f"Trung tâm Y tế khu vực {bare} (mô phỏng)",
            CLINIC: f"Phòng khám đa khoa {bare} (mô phỏng)",
            STATION: f"Trạm Y tế {place} (mô phỏng)",
        }[kind]
