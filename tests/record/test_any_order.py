"""Versions may arrive in any order, any number of times, in any batches: the record is the same in the end."""

from itertools import permutations
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yteso import record


statement = st.fixed_dictionaries(
    {
        "text": st.sampled_from("abcd"),
        "patient": st.sampled_from(["BN1", "BN2"]),
        "made": st.integers(0, 2),
        "received": st.integers(0, 3),
    }
)


def batches(items):
    """The same items in some order, some of them twice, cut into batches."""

    @st.composite
    def draw_batches(draw):
        order = draw(st.permutations(items + draw(st.lists(st.sampled_from(items), max_size=2))))
        cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=3)))
        return [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]

    return draw_batches()


def outcome(conn, id):
    versions = record.history(conn, id)
    current = versions[0]
    numbers = sorted(version.version for version in versions)
    assert numbers == list(range(1, len(numbers) + 1))
    return (current.subject, current.digest, current.made, current.received), {v.digest for v in versions}


def arrive(conn, build, key, cut):
    for batch in cut:
        record.save(conn, [build(key, **options) for options in batch])
    return outcome(conn, build(key).id)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), statements=st.lists(statement, min_size=1, max_size=6))
def test_visits_in_any_order(conn, visit, data, statements):
    one = arrive(conn, visit, str(uuid4()), [statements])
    other = arrive(conn, visit, str(uuid4()), data.draw(batches(statements)))
    assert one == other
    best = max((visit(**s) for s in statements), key=lambda d: d.rank)
    assert one[0] == (best.subject, best.digest, best.made, best.received)
    assert one[1] == {visit(**s).digest for s in statements}
    conn.rollback()


def test_every_order_of_four_versions(conn, visit):
    versions = [{"text": text, "made": made} for text, made in zip("abcd", (0, 1, 1, 2), strict=True)]
    seen = set()
    for n, order in enumerate(permutations(versions)):
        current, contents = arrive(conn, visit, f"LK{n}", [[version] for version in order])
        seen.add((current, frozenset(contents)))
    assert len(seen) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    statements=st.lists(
        st.fixed_dictionaries({"text": st.sampled_from("abc"), "day": st.integers(0, 3), "made": st.integers(0, 2)}),
        min_size=1,
        max_size=6,
    ),
)
def test_patients_in_any_order(conn, patient, data, statements):
    ends = []
    for cut in ([statements], data.draw(batches(statements))):
        subject = uuid4()
        for batch in cut:
            record.save(conn, [patient(subject=subject, **options) for options in batch])
        current = record.read_document(conn, subject)
        ends.append((current.digest, current.started, current.made))
    best = max((patient(**s) for s in statements), key=lambda d: d.rank)
    assert ends == [(best.digest, best.started, best.made)] * 2
    conn.rollback()
