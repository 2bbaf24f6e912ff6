"""One small synthetic province, read back once for all tests of the simulator."""

from dataclasses import dataclass

import pytest

from yteso.intake.dossier import Dossier, Header
from yteso.intake.envelope import read
from yteso.sandbox.simulate import SimulatedFile, visits


PEOPLE, DAYS, FACILITIES, SEED = 200, 120, 16, 7


@dataclass
class Sent:
    """A dossier as the reader sees it, with the file it came in."""

    file: SimulatedFile
    header: Header
    dossier: Dossier

    @property
    def main(self) -> dict[str, str]:
        return self.dossier.tables["XML1"][0]

    def rows(self, table: str) -> list[dict[str, str]]:
        return self.dossier.tables.get(table, [])


@pytest.fixture(scope="session")
def province() -> list[Sent]:
    sent = []
    for file in visits(PEOPLE, DAYS, FACILITIES, SEED):
        envelope, dossiers = read(file.bytes)
        sent += [Sent(file, envelope.header, dossier) for dossier in dossiers]
    return sent


@pytest.fixture(scope="session")
def by_person(province: list[Sent]) -> dict[str, list[Sent]]:
    """The visits of everybody with a citizen number, by arrival."""
    people: dict[str, list[Sent]] = {}
    for sent in sorted(province, key=lambda sent: sent.main["NGAY_VAO"]):
        if "SO_CCCD" in sent.main:
            people.setdefault(sent.main["SO_CCCD"], []).append(sent)
    return people
