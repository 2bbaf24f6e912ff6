"""A client with a token, and An, who has been to two facilities; Bình is somebody else."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from asking import HERE, THERE, Asker, link, patient, save, token, visit


@pytest.fixture
def node(database: str) -> Iterator[None]:
    with of_this_database():
        yield


@pytest.fixture(scope="module")
def reader(module_database: str) -> Iterator[Asker]:
    """A client, and one database for all tests of a module: for those that write nothing."""
    with of_this_database():
        from yteso.config.database import connect

        with connect() as conn:
            asker = Asker(token(conn))
        yield asker


@contextmanager
def of_this_database() -> Iterator[None]:
    """What the process keeps of a node is of this test's database."""
    from yteso.fhir.server import node

    kept = (node.connections, node.clients, node.desk)
    for one in kept:
        one.cache_clear()
    yield
    node.desk()._log.close()
    node.connections().close()
    for one in kept:
        one.cache_clear()


@pytest.fixture
def asker(node: None, conn: psycopg.Connection) -> Asker:
    return Asker(token(conn))


@pytest.fixture
def writer(node: None, conn: psycopg.Connection) -> Asker:
    """A client that may read and write everything."""
    return Asker(token(conn, "emr", "system/*.*"))


@pytest.fixture
def stranger(node: None) -> Asker:
    """A client without a token."""
    return Asker()


@pytest.fixture
def an(conn: psycopg.Connection) -> None:
    """An's record: visits a, b, c here (c the newest), d at another facility; e is about HIV. Bình's is f."""
    link(conn, "001090000001", (HERE, "BN1"), (THERE, "BN7"))
    link(conn, "001090000002", (HERE, "BN2"))
    save(
        conn,
        *(patient(), patient(THERE, "BN7", "An, there"), patient(HERE, "BN2", "Bình")),
        *(visit("a", 1), visit("b", 2), visit("c", 3), visit("e", 5, labels=["hiv"])),
        *(visit("d", 4, facility=THERE, patient="BN7"), visit("f", 6, patient="BN2")),
    )
