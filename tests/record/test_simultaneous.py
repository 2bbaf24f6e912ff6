"""The same dossier, or corrections of it, arriving on many connections at the same moment."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from yteso import record


TOGETHER = 8


@pytest.fixture
def together(database):
    """Run `work(conn, n)` on many connections, all starting at once, each in a transaction of its own."""
    connections = [psycopg.connect(database) for _ in range(TOGETHER)]
    barrier = threading.Barrier(TOGETHER, timeout=30)

    def one(work, n):
        barrier.wait()
        with connections[n].transaction():
            return work(connections[n], n)

    with ThreadPoolExecutor(TOGETHER) as pool:
        yield lambda work: [f.result(60) for f in [pool.submit(one, work, n) for n in range(TOGETHER)]]
    for connection in connections:
        connection.close()


def test_the_same_dossier_is_saved_once(together, conn, visit):
    for turn in range(10):
        outcomes = together(lambda c, n, turn=turn: record.save(c, [visit(f"LK{turn}")])[0])
        assert Counter(outcomes) == {"new": 1, "same": TOGETHER - 1}
    assert conn.execute("SELECT count(*), count(DISTINCT id) FROM record_document").fetchone() == (10, 10)
    assert conn.execute("SELECT count(*) FROM record_history").fetchone() == (0,)
    assert len(record.changes(conn)) == 10


def test_different_corrections_are_all_kept_and_the_newest_is_current(together, conn, visit):
    for turn in range(10):
        record.save(conn, [visit(f"LK{turn}")])
        conn.commit()
        order = random.Random(turn).sample(range(TOGETHER), TOGETHER)
        together(
            lambda c, n, turn=turn, order=order: record.save(c, [visit(f"LK{turn}", text=str(n), made=1 + order[n])])
        )
        versions = record.history(conn, visit(f"LK{turn}").id)
        newest = order.index(TOGETHER - 1)
        assert versions[0].digest == visit(text=str(newest)).digest
        assert len({v.digest for v in versions}) == TOGETHER + 1
        assert sorted(v.version for v in versions) == list(range(1, TOGETHER + 2))
        conn.commit()


def test_overlapping_batches_in_different_orders_do_not_block_each_other_for_good(together, conn, visit):
    keys = [f"LK{n}" for n in range(40)]

    def work(c, n):
        mine = random.Random(n).sample(keys, 30)
        return Counter(record.save(c, [visit(key, patient=key) for key in mine]))

    total = Counter()
    for outcomes in together(work):
        total += outcomes
    assert set(total) <= {"new", "same"}
    assert conn.execute("SELECT count(*) FROM record_document").fetchone() == (total["new"],)


def test_a_dossier_moving_between_patients_on_many_connections_stays_one(together, conn, visit):
    together(lambda c, n: record.save(c, [visit(patient=f"BN{n}", made=n)]))
    assert conn.execute("SELECT count(*) FROM record_document").fetchone() == (1,)
    (current, *past) = record.history(conn, visit().id)
    assert current.subject == visit(patient=f"BN{TOGETHER - 1}").subject
    assert len(past) == TOGETHER - 1


def test_a_withdrawal_among_arrivals(together, conn, visit):
    record.save(conn, [visit()])
    conn.commit()
    late = visit(made=5)

    def work(c, n):
        if n == 3:
            return record.withdraw(c, late.id, "wrong", made=late.made, received=late.received)
        return record.save(c, [visit(text=str(n), made=n % 5)])

    together(work)
    assert record.read_document(conn, late.id) is None
    assert record.history(conn, late.id)[0].withdrawn == "wrong"
