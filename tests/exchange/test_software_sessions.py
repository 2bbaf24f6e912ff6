"""Sessions of software: what they need, when they are over, and what is kept of them."""

import hashlib
from datetime import timedelta

import pytest
from hospital import FACILITY, NAME, md5


@pytest.fixture
def tokens(secret: str) -> object:
    from yteso.exchange import tokens

    return tokens


def test_a_session_lasts_an_hour(tokens, secret: str, conn) -> None:
    session = tokens.open_session(NAME, md5(secret))
    assert timedelta(hours=1) == tokens.LIFETIME
    assert tokens.holder(session.access).name == NAME
    conn.execute("update exchange_token set expires = now() + interval '1 minute'")
    conn.commit()
    assert tokens.holder(session.access).name == NAME
    conn.execute("update exchange_token set expires = now()")
    conn.commit()
    assert tokens.holder(session.access) is None


def test_only_the_hash_of_a_token_is_kept(tokens, secret: str, conn) -> None:
    session = tokens.open_session(NAME, md5(secret))
    [(digest,)] = conn.execute("select digest from exchange_token").fetchall()
    assert bytes(digest) == hashlib.sha256(session.access.encode()).digest()
    assert tokens.holder(bytes(digest).hex()) is None
    stored = repr(conn.execute("select * from exchange_token, exchange_tally").fetchall())
    for known in (session.access, session.id_token, secret, md5(secret)):
        assert known not in stored


def test_each_session_is_its_own_and_the_earlier_ones_go_on(tokens, secret: str) -> None:
    first, second = (tokens.open_session(NAME, md5(secret)) for _ in range(2))
    assert len({first.access, second.access, first.id_token, second.id_token}) == 4
    assert tokens.holder(first.access) == tokens.holder(second.access)


def test_signing_in_clears_the_accounts_sessions_that_are_over(tokens, secret: str, neighbour, conn) -> None:
    tokens.open_session(NAME, md5(secret))
    conn.execute("update exchange_token set expires = now() - interval '1 second'")
    conn.commit()
    tokens.open_session(NAME, md5(secret))
    left = conn.execute(
        "select c.name, expires > now() from exchange_token t join exchange_credential c on c.id = credential_id"
    ).fetchall()
    assert sorted(left) == [(NAME, True), (neighbour.name, False)]


def test_revoking_ends_every_session_of_that_account_alone(tokens, secret: str, neighbour) -> None:
    from yteso.exchange import credentials

    sessions = [tokens.open_session(NAME, md5(secret)) for _ in range(2)]
    assert credentials.revoke(NAME)
    assert [tokens.holder(one.access) for one in sessions] == [None, None]
    assert tokens.holder(neighbour.session.access).name == neighbour.name


def test_a_session_left_behind_by_a_revoked_account_is_none(tokens, secret: str, conn) -> None:
    session = tokens.open_session(NAME, md5(secret))
    conn.execute("update exchange_credential set revoked = now()")
    conn.commit()
    assert tokens.holder(session.access) is None


@pytest.mark.parametrize("token", ["", " ", "x", "ế", "\0", "\ud800", "x" * 100_000])
def test_what_is_no_token_opens_nothing(tokens, token: str) -> None:
    assert tokens.holder(token) is None


def test_the_second_token_belongs_to_one_token_and_one_password(tokens, secret: str) -> None:
    first, second = (tokens.open_session(NAME, md5(secret)) for _ in range(2))
    assert tokens.belongs(first.access, first.id_token, md5(secret))
    assert tokens.belongs(first.access, first.id_token, md5(secret).lower())
    assert not tokens.belongs(first.access, second.id_token, md5(secret))
    assert not tokens.belongs(second.access, first.id_token, md5(secret))
    assert not tokens.belongs(first.access, first.id_token, md5("khác"))
    assert not tokens.belongs(first.access, "", md5(secret))


@pytest.mark.parametrize("name", [NAME.lower(), f" {NAME}", f"{NAME}%", "", "%", "ế" * 5])
def test_a_name_is_taken_letter_by_letter(tokens, secret: str, name: str, conn) -> None:
    with pytest.raises(tokens.WrongAccount):
        tokens.open_session(name, md5(secret))
    assert conn.execute("select count(*) from exchange_token").fetchone() == (0,)


def test_a_holder_is_of_one_facility(tokens, secret: str) -> None:
    assert tokens.holder(tokens.open_session(NAME, md5(secret)).access).facility == FACILITY
