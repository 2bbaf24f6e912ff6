"""Documents told apart by their words, without being opened; none that may be wanted is left out."""

from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest

from yteso import record
from yteso.record import Document, Moment, Probe, everybody
from yteso.record.words import INDEXED


def words(*sets: set[int], ids: tuple[UUID, ...] = ()) -> Probe:
    return Probe(tuple(map(frozenset, sets)), frozenset(ids))


@pytest.fixture
def stored(conn, visit) -> dict[str, Document]:
    """a has the words 1 and 2, b 2 and 3, c none; old was indexed by older rules."""
    kept = {"a": [1, 2, INDEXED], "b": [2, 3, INDEXED], "c": [INDEXED], "old": []}
    documents = {key: replace(visit(key), tokens=tokens) for key, tokens in kept.items()}
    record.save(conn, documents.values())
    conn.commit()
    return documents


def found(conn: psycopg.Connection, document: Document, *probes: Probe, moment: Moment | None = None) -> str:
    _, documents = record.as_of(conn, [document.subject], moment, probes)
    conn.commit()
    return " ".join(sorted(document.source for document in documents))


@pytest.mark.parametrize(
    ("probes", "expected"),
    [
        ([], "a b c old"),
        ([words({1})], "a old"),
        ([words({2})], "a b old"),
        ([words({1}, {3})], "a b old"),
        ([words({1, 2})], "a old"),
        ([words({1, 3})], "old"),
        ([words({1, 2}, {3})], "a b old"),
        ([words({1}), words({3})], "old"),
        ([words({2}), words({3})], "b old"),
        ([words()], "old"),
        ([words({9})], "old"),
    ],
)
def test_all_probes_by_any_way(conn, stored, probes, expected) -> None:
    assert found(conn, stored["a"], *probes) == expected


def test_a_document_may_be_named(conn, stored) -> None:
    a, c = stored["a"], stored["c"]
    assert found(conn, a, words({3}, ids=(c.id, uuid4()))) == "b c old"
    assert found(conn, a, words({3}, ids=(a.subject,))) == "a b c old"


def test_what_changed_since_the_moment_may_have_had_the_word(conn, stored, visit) -> None:
    a = stored["a"]
    moment, _ = record.as_of(conn, [a.subject], None)
    record.save(conn, [replace(visit("a", text="second", made=1), tokens=[INDEXED])])
    conn.commit()
    assert found(conn, a, words({1})) == "old"
    assert found(conn, a, words({1}), moment=moment) == "a old"


@pytest.mark.parametrize("common", [0, 10**9])
def test_everybody_in_the_order_of_ids_however_it_is_looked_up(conn, visit, monkeypatch, common) -> None:
    monkeypatch.setattr(everybody, "COMMON", common)
    kept = [replace(visit(f"v{n}", patient=f"BN{n}"), tokens=[n % 2, INDEXED]) for n in range(30)]
    record.save(conn, kept)
    conn.execute("ANALYZE record_document")
    conn.commit()
    expected = sorted(document.id for document in kept if 1 in document.tokens)
    found, after = [], record.FIRST
    while portion := record.passing(conn, [words({1})], after, 4):
        found += [document.id for document in portion]
        after = found[-1]
        assert all(document.packed and document.written for document in portion)
    assert found == expected
    assert record.passing(conn, [words({9})], record.FIRST, 4) == []
    assert record.number(conn, [words({1})], 7) == 7
    assert record.estimate(conn, [words({1})]) > 0
