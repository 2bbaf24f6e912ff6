"""The change feed: complete, in order, replayable, while transactions commit in any order."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from yteso import record


@pytest.fixture
def other(database):
    with psycopg.connect(database) as connection:
        yield connection


@pytest.fixture
def reader(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def follow(reader, cursor, limit=1000):
    """What came after `cursor`, and the place reached."""
    found = record.changes(reader, cursor, limit)
    return found, found[-1].cursor if found else cursor


def places(changes):
    return [tuple(int(part, 16) for part in change.cursor.split(".")) for change in changes]


def test_a_change_says_what_happened_to_which_version_of_what(conn, reader, visit):
    document = visit()
    record.save(conn, [document])
    conn.commit()
    (change,) = record.changes(reader)
    assert (change.event, change.kind, change.version) == ("new", "visit", 1)
    assert (change.subject, change.document) == (document.subject, document.id)
    stored = record.read_document(reader, document.id)
    assert places([change]) == [(stored.xact, stored.sequence)]


def test_the_feed_is_empty_then_grows_and_is_read_page_by_page(conn, reader, visit):
    assert record.changes(reader) == []
    record.save(conn, [visit(f"LK{n}") for n in range(25)])
    conn.commit()
    cursor, pages = None, []
    while True:
        page, cursor = follow(reader, cursor, limit=10)
        if not page:
            break
        pages.append(page)
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [c.document for page in pages for c in page] == [visit(f"LK{n}").id for n in range(25)]


def test_an_early_transaction_that_commits_late_is_not_skipped(conn, other, reader, visit):
    record.save(conn, [visit("early")])  # begins first, stays open
    record.save(other, [visit("late")])
    other.commit()
    seen, cursor = follow(reader, None)
    assert seen == []  # waits rather than stepping over the open one
    conn.commit()
    seen, cursor = follow(reader, cursor)
    assert [c.document for c in seen] == [visit("early").id, visit("late").id]
    assert follow(reader, cursor) == ([], cursor)


def test_a_rolled_back_transaction_leaves_no_trace_and_blocks_nothing(conn, other, reader, visit):
    record.save(conn, [visit("gone")])
    record.save(other, [visit("kept")])
    other.commit()
    conn.rollback()
    assert [c.document for c in record.changes(reader)] == [visit("kept").id]


def test_savepoints_do_not_disturb_the_order(conn, reader, visit):
    record.save(conn, [visit("one")])
    with conn.transaction():
        record.save(conn, [visit("two")])
    with pytest.raises(RuntimeError), conn.transaction():
        record.save(conn, [visit("undone")])
        raise RuntimeError
    record.save(conn, [visit("three")])
    conn.commit()
    seen = record.changes(reader)
    assert [c.document for c in seen] == [visit(key).id for key in ("one", "two", "three")]
    assert places(seen) == sorted(set(places(seen)))


def test_nothing_lost_nothing_twice_while_many_write(database, reader, visit):
    """Writers commit, roll back and linger at random; a reader follows all the time."""
    writers, done = 6, threading.Event()
    expected: list[set] = [set() for _ in range(writers)]

    def write(n):
        chance = random.Random(n)
        with psycopg.connect(database) as c:
            for turn in range(25):
                batch = [visit(f"{n}-{turn}-{i}", patient=f"{n}-{i}") for i in range(chance.randint(1, 5))]
                record.save(c, batch)
                threading.Event().wait(chance.random() / 50)
                if chance.random() < 0.2:
                    c.rollback()
                else:
                    c.commit()
                    expected[n].update(document.id for document in batch)

    def read():
        seen, cursor, last = [], None, False
        while not last:
            last = done.is_set()
            while True:
                page, cursor = follow(reader, cursor, limit=7)
                seen += page
                if not page:
                    break
        return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        reading = pool.submit(read)
        for writing in [pool.submit(write, n) for n in range(writers)]:
            writing.result(60)
        done.set()
        seen = reading.result(60)
    assert places(seen) == sorted(set(places(seen)))
    documents = [change.document for change in seen]
    assert len(documents) == len(set(documents))
    assert set(documents) == set().union(*expected)


def restored_elsewhere(conn, distance=10_000_000):
    """As a dump of a busier server would leave it: places that this server's transactions have not reached."""
    conn.execute("UPDATE record_change SET xact = xact + %s", (distance,))
    conn.execute("UPDATE record_document SET xact = xact + %s", (distance,))
    conn.commit()


def test_after_a_restore_into_a_younger_server_the_feed_goes_on(conn, reader, visit):
    record.save(conn, [visit("before")])
    conn.commit()
    restored_elsewhere(conn)
    assert record.changes(reader) == []
    assert record.rebase(conn) is True
    conn.commit()
    seen, cursor = follow(reader, None)
    assert [c.document for c in seen] == [visit("before").id]
    record.save(conn, [visit("after")])
    conn.commit()
    seen, _ = follow(reader, cursor)
    assert [c.document for c in seen] == [visit("after").id]


def test_rebase_does_nothing_when_nothing_was_restored(conn, reader, visit):
    assert record.rebase(conn) is False
    for n in range(3):
        record.save(conn, [visit(str(n))])
        conn.commit()
    assert record.rebase(conn) is False
    assert conn.execute("SELECT shift FROM record_clock").fetchone() == (0,)


def test_rebase_can_be_needed_again(conn, reader, visit):
    cursor = None
    for turn in range(3):
        record.save(conn, [visit(str(turn))])
        conn.commit()
        restored_elsewhere(conn)
        assert record.rebase(conn)
        conn.commit()
        seen = record.changes(reader)
        assert [c.document for c in seen] == [visit(str(n)).id for n in range(turn + 1)]
        assert places(seen) == sorted(set(places(seen)))
        cursor = seen[-1].cursor
    assert follow(reader, cursor) == ([], cursor)


def test_a_transaction_open_during_a_rebase_still_comes_after_what_was_restored(conn, other, reader, visit):
    record.save(conn, [visit("restored")])
    conn.commit()
    restored_elsewhere(conn)
    other.execute("SELECT pg_current_xact_id()")  # has its number, has written nothing yet
    record.rebase(conn)
    conn.commit()
    record.save(other, [visit("open")])
    seen, cursor = follow(reader, None)
    assert [c.document for c in seen] == [visit("restored").id]
    other.commit()
    assert [c.document for c in record.changes(reader, cursor)] == [visit("open").id]
