"""A synthetic province: people, facilities and their visits as national visit files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yteso.sandbox import data, papers, truth
from yteso.sandbox.calendar import DAY, Calendar
from yteso.sandbox.chance import stream
from yteso.sandbox.facilities import Network
from yteso.sandbox.life import Life
from yteso.sandbox.mistakes import KINDS, Change, Kind
from yteso.sandbox.parcel import Parcel
from yteso.sandbox.people import Person, Population
from yteso.sandbox.visit import Visit
from yteso.sandbox.xml import envelope


START = date(2026, 7, 1)
REFORM = date(2025, 7, 1)
"""First day of the two-level administration (province, commune)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake put into the dossier `ma_lk` of the file called `file`."""

    file: str
    ma_lk: str
    kind: Kind
    change: Change


@dataclass(frozen=True, slots=True)
class SimulatedFile:
    """One envelope: `name` is its path below the output folder, `dossiers` how many visits it holds."""

    name: str
    facility: str
    bytes: bytes
    dossiers: int
    mistakes: tuple[Mistake, ...] = ()


class Province:
    """Everything that is made up from one seed; the same seed gives the same bytes on every machine."""

    def __init__(self, people: int, days: int, facilities: int, seed: int, start: date = START) -> None:
        if people < 1 or days < 1:
            raise ValueError("people and days must be at least 1")
        if start < REFORM:
            raise ValueError("the simulated addresses have no districts, so they begin on 01/07/2025")
        self.people, self.seed = people, seed
        provinces = data.rows("provinces")
        self.province = provinces[int(stream(seed, "province").random() * len(provinces))]
        self.calendar = Calendar(start, days)
        self.population = Population(seed, self.province, start, days)
        self.network = Network(seed, self.province, facilities, self.population.names)

    def visits(self, met: Callable[[Person], None] | None = None) -> Iterator[Visit]:
        """Every finished visit, person by person; `met` is told of each person when their visits are done."""
        for n in range(1, self.people + 1):
            person = self.population.person(n)
            life = Life(person, self.calendar, self.network, self.population)
            yield from life.visits_in_order()
            for known in (person, *life.children) if met else ():
                met(known)

    def children(self, visit: Visit) -> dict[str, str]:
        """The child documents of a visit by table."""
        return papers.tables(visit, self.network.all[visit.person.registered])


@dataclass(slots=True)
class Summary:
    """What was written."""

    people: int = 0
    visits: int = 0
    files: int = 0
    bytes: int = 0
    mistakes: int = 0


class Packer:
    """Turns visits into files: K dossiers of one facility in each, the last file of a facility with what is left.

    A share `dirty` of the dossiers gets one mistake each, of the kind made least often so far that fits the dossier.
    """

    def __init__(self, province: Province, per_file: int, dirty: float) -> None:
        if per_file < 1 or not 0 <= dirty <= 1:
            raise ValueError("per_file must be at least 1 and dirty between 0 and 1")
        self.province, self.per_file, self.dirty = province, per_file, dirty
        self.dice = stream(province.seed, "dirty")
        self.used = dict.fromkeys(KINDS, 0)
        self.waiting: dict[str, list[Parcel]] = {}
        self.mistakes: dict[str, tuple[Kind, Change]] = {}

    def files(self, met: Callable[[Person], None] | None = None) -> Iterator[SimulatedFile]:
        for visit in self.province.visits(met):
            parcel = Parcel(visit.ma_lk, visit.left, list(self.province.children(visit).items()))
            if self.dirty and self.dice.random() < self.dirty:
                self._spoil(parcel)
            bundle = self.waiting.setdefault(visit.facility.code, [])
            bundle.append(parcel)
            if len(bundle) >= self.per_file:
                yield self._pack(visit.facility.code)
        for facility in sorted(self.waiting):
            yield self._pack(facility)

    def _spoil(self, parcel: Parcel) -> None:
        for name in sorted(KINDS, key=self.used.__getitem__):
            change = KINDS[name].make(parcel, self.dice)
            if change:
                self.used[name] += 1
                self.mistakes[parcel.ma_lk] = (KINDS[name], change)
                return

    def _pack(self, facility: str) -> SimulatedFile:
        bundle = self.waiting.pop(facility)
        made = self.province.calendar.day(max(parcel.left for parcel in bundle) + DAY)
        name = f"{facility}/{made}_{bundle[0].ma_lk}.xml"
        header = next((parcel.header for parcel in bundle if parcel.header is not None), facility)
        declared = len(bundle) + sum(parcel.undeclared for parcel in bundle)
        file = envelope(header, made, [parcel.hoso() for parcel in bundle], declared)
        for parcel in bundle:
            file = parcel.outer(file) if parcel.outer else file
        found = [(parcel.ma_lk, *self.mistakes.pop(parcel.ma_lk)) for parcel in bundle if parcel.ma_lk in self.mistakes]
        mistakes = tuple(Mistake(name, ma_lk, kind, change) for ma_lk, kind, change in found)
        return SimulatedFile(name, facility, file, len(bundle), mistakes)


def visits(
    people: int, days: int, facilities: int, seed: int, dirty: float = 0.0, per_file: int = 1, start: date = START
) -> Iterator[SimulatedFile]:
    """Visit files in memory, one after the other; memory does not grow with people or days."""
    yield from Packer(Province(people, days, facilities, seed, start), per_file, dirty).files()


def simulate(
    out: Path,
    people: int,
    days: int,
    facilities: int,
    seed: int,
    dirty: float = 0.0,
    per_file: int = 1,
    start: date = START,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Write the files below `out`, one folder per facility, with people.csv, facilities.csv and mistakes.csv."""
    province, summary = Province(people, days, facilities, seed, start), Summary()
    out.mkdir(parents=True, exist_ok=True)
    for facility in province.network.all:
        (out / facility.code).mkdir(exist_ok=True)
    truth.write_facilities(out / "facilities.csv", province.network, province.province)
    with truth.PeopleFile(out / "people.csv") as known, truth.MistakesFile(out / "mistakes.csv") as mistakes:
        for file in Packer(province, per_file, dirty).files(known.write):
            (out / file.name).write_bytes(file.bytes)
            summary.files += 1
            summary.visits += file.dossiers
            summary.bytes += len(file.bytes)
            summary.mistakes += len(file.mistakes)
            for mistake in file.mistakes:
                mistakes.write(mistake)
            if progress:
                progress(summary)
        summary.people = known.count
    return summary
