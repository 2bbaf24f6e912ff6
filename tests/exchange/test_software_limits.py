"""How often software may knock: counted in the database, for all processes together, in windows that pass."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hospital import NAME, md5


@pytest.fixture
def limits(database: str) -> object:
    from yteso.exchange import limits

    return limits


def fill(conn, most: int, seconds_ago: int = 0) -> None:
    conn.execute(
        "update exchange_tally set count = %s, started = now() - %s * interval '1 second'", (most, seconds_ago)
    )
    conn.commit()


def test_the_last_one_allowed_passes_and_the_next_waits(limits) -> None:
    three = limits.Limit("three", 3, 60)
    for _ in range(3):
        limits.count(three, 1)
    with pytest.raises(limits.TooMany) as raised:
        limits.count(three, 1)
    assert 0 < raised.value.wait <= 60


def test_limits_and_people_are_counted_apart(limits) -> None:
    once, also = limits.Limit("once", 1, 60), limits.Limit("also", 1, 60)
    for limit, who in ((once, 1), (once, 2), (also, 1)):
        limits.count(limit, who)
    with pytest.raises(limits.TooMany):
        limits.count(once, 1)


def test_connections_that_knock_at_once_are_counted_together(limits, conn) -> None:
    from django.db import connection

    ten = limits.Limit("ten", 10, 60)

    def knock(_: int) -> bool:
        try:
            limits.count(ten, 1)
            return True
        except limits.TooMany:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        passed = list(pool.map(knock, range(24)))
    assert passed.count(True) == 10
    assert conn.execute("select what, count from exchange_tally").fetchall() == [("ten:1", 24)]


def test_a_window_that_has_passed_begins_anew(limits, conn) -> None:
    once = limits.Limit("once", 1, 60)
    limits.count(once, 1)
    fill(conn, 99, seconds_ago=61)
    limits.count(once, 1)
    assert conn.execute("select count, now() - started < interval '50 seconds' from exchange_tally").fetchall() == [
        (1, True)
    ]


def test_knocking_on_does_not_make_the_wait_longer(limits, conn) -> None:
    once = limits.Limit("once", 1, 60)
    limits.count(once, 1)
    fill(conn, 1, seconds_ago=40)
    for _ in range(3):
        with pytest.raises(limits.TooMany) as raised:
            limits.count(once, 1)
        assert 1 <= raised.value.wait <= 20


def test_a_wait_is_at_least_one_second(limits, conn) -> None:
    once = limits.Limit("once", 1, 60)
    limits.count(once, 1)
    conn.execute("update exchange_tally set started = now() - interval '59.9 seconds'")
    conn.commit()
    try:
        limits.count(once, 1)
    except limits.TooMany as too_many:
        assert too_many.wait == 1


def test_every_name_of_a_limit_fits_its_column(limits) -> None:
    for limit in (limits.REQUESTS, limits.SIGN_IN):
        limits.count(limit, 2**63 - 1)


def test_both_doors_count_as_one(knocker, conn) -> None:
    knocker.get("submissions")
    knocker.ask("nhanChiTietHSNgay4210", ngayGui="05/03/2026")
    counted = dict(conn.execute("select split_part(what, ':', 1), count from exchange_tally").fetchall())
    assert counted == {"requests": 2, "sign-in": 1}


def test_one_account_that_knocks_too_often_holds_up_no_other(knocker, neighbour, limits, conn) -> None:
    knocker.get("submissions")
    fill(conn, limits.REQUESTS.most)
    answer = knocker.get("submissions")
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 60) == (429, True)
    assert f"{answer.headers['Retry-After']} giây" in answer.json()["detail"]
    assert neighbour.get("submissions").status_code == 200


def test_right_passwords_count_as_wrong_ones_do(secret: str, limits, conn) -> None:
    from yteso.exchange import tokens

    with pytest.raises(tokens.WrongAccount):
        tokens.open_session(NAME, md5("sai"))
    fill(conn, limits.SIGN_IN.most - 1)
    tokens.open_session(NAME, md5(secret))
    with pytest.raises(limits.TooMany):
        tokens.open_session(NAME, md5(secret))


def test_a_token_that_is_none_is_not_counted(knocker, conn) -> None:
    knocker.bearer = {"Authorization": "Bearer sai"}
    assert knocker.get("submissions").status_code == 401
    assert conn.execute("select count(*) from exchange_tally where what like 'requests%'").fetchone() == (0,)
