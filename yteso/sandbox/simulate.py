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
from yteso.sandbox.people import Person, Population
from yteso.sandbox.visit import Visit
from yteso.sandbox.xml import dossier, envelope


START = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class SimulatedFile:
    """One envelope: `name` is its path below the output folder, `dossiers` how many visits it holds."""

    name: str
    facility: str
    bytes: bytes
    dossiers: int


class Province:
    """Everything that is made up from one seed; the same seed gives the same bytes on every machine."""

    def __init__(self, people: int, days: int, facilities: int, seed: int, start: date = START) -> None:
        if people < 1 or days < 1:
            raise ValueError("people and days must be at least 1")
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
    """Turns visits into files: K dossiers of one facility in each, the last file of a facility with what is left."""

    def __init__(self, province: Province, per_file: int, dirty: float) -> None:
        if per_file < 1 or not 0 <= dirty <= 1:
            raise ValueError("per_file must be at least 1 and dirty between 0 and 1")
        self.province, self.per_file, self.dirty = province, per_file, dirty
        self.waiting: dict[str, list[tuple[int, str, str]]] = {}

    def files(self, met: Callable[[Person], None] | None = None) -> Iterator[SimulatedFile]:
        for visit in self.province.visits(met):
            bundle = self.waiting.setdefault(visit.facility.code, [])
            bundle.append((visit.left, visit.ma_lk, dossier(self.province.children(visit))))
            if len(bundle) >= self.per_file:
                yield self._pack(visit.facility.code)
        for facility in sorted(self.waiting):
            yield self._pack(facility)

    def _pack(self, facility: str) -> SimulatedFile:
        bundle = self.waiting.pop(facility)
        made = self.province.calendar.day(max(left for left, _, _ in bundle) + DAY)
        name = f"{facility}/{made}_{bundle[0][1]}.xml"
        return SimulatedFile(name, facility, envelope(facility, made, [text for _, _, text in bundle]), len(bundle))


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
    with truth.PeopleFile(out / "people.csv") as known:
        for file in Packer(province, per_file, dirty).files(known.write):
            (out / file.name).write_bytes(file.bytes)
            summary.files += 1
            summary.visits += file.dossiers
            summary.bytes += len(file.bytes)
            if progress:
                progress(summary)
        summary.people = known.count
    return summary
