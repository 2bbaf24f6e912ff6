"""Accounts of software: which can be made, what is kept of the secret, and what a revoked one can do."""

import re

import pytest
from hospital import FACILITY, NAME, md5


@pytest.fixture
def credentials(database: str) -> object:
    from yteso.exchange import credentials

    return credentials


@pytest.mark.parametrize("name", ["abc", "99001_BV", "a.b-c@d_e", "0" * 64])
def test_a_name_of_plain_letters_and_digits_is_made(credentials, name: str) -> None:
    made, secret = credentials.create(FACILITY, name, by="nga")
    assert (made.name, made.facility, made.created_by, made.revoked) == (name, FACILITY, "nga", None)
    assert credentials.fits(credentials.find(name), md5(secret))


@pytest.mark.parametrize("name", ["", "ab", "a" * 65, "bệnh viện", "a b c", "_abc", "-abc", "abc\n", "abc\0", "٩٩٠٠١"])
def test_another_name_is_refused_in_both_languages(credentials, name: str, conn) -> None:
    with pytest.raises(credentials.NotMade, match=r"Tên gồm 3-64 chữ .* / 3-64 plain letters"):
        credentials.create(FACILITY, name, by="nga")
    assert credentials.find(name) is None
    assert conn.execute("select count(*) from exchange_credential").fetchone() == (0,)


@pytest.mark.parametrize("facility", ["", "9900", "990011", "9900a", "99 01", "99001\n", "٩٩٠٠١"])
def test_a_facility_code_that_is_none_is_refused(credentials, facility: str, conn) -> None:
    with pytest.raises(credentials.NotMade, match="5 ký tự / a facility code has 5 characters"):
        credentials.create(facility, NAME, by="nga")
    assert conn.execute("select count(*) from exchange_credential").fetchone() == (0,)


def test_a_name_is_given_once_also_when_revoked_or_of_another_facility(credentials) -> None:
    credentials.create(FACILITY, NAME, by="nga")
    for facility in (FACILITY, "99002"):
        with pytest.raises(credentials.NotMade, match="Tên đã có người dùng / this name is taken"):
            credentials.create(facility, NAME, by="nga")
    credentials.revoke(NAME)
    with pytest.raises(credentials.NotMade, match="taken"):
        credentials.create(FACILITY, NAME, by="nga")


def test_a_facility_may_have_several_accounts_each_with_its_secret(credentials) -> None:
    pairs = [credentials.create(FACILITY, f"{NAME}{number}", by="nga") for number in range(3)]
    for made, secret in pairs:
        fitting = [one.name for one, _ in pairs if credentials.fits(one, md5(secret))]
        assert fitting == [made.name]


def test_neither_the_secret_nor_its_md5_is_kept(credentials, conn) -> None:
    _, secret = credentials.create(FACILITY, NAME, by="nga")
    stored = repr(conn.execute("select * from exchange_credential").fetchall())
    assert "pbkdf2_sha256$" in stored
    for known in (secret, md5(secret), md5(secret).lower()):
        assert known not in stored


def test_a_secret_is_long_and_fits_a_form_unescaped(credentials) -> None:
    secrets = {credentials.create(FACILITY, f"{NAME}{number}", by="nga")[1] for number in range(5)}
    assert len(secrets) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", secret) for secret in secrets)


def test_the_portals_form_is_the_upper_case_md5(credentials) -> None:
    assert credentials.portal_form("123456") == "E10ADC3949BA59ABBE56E057F20F883E"
    assert credentials.portal_form("mật khẩu") == md5("mật khẩu")


def test_the_md5_fits_in_any_letter_case_and_the_secret_itself_never(credentials) -> None:
    made, secret = credentials.create(FACILITY, NAME, by="nga")
    assert credentials.fits(made, md5(secret))
    assert credentials.fits(made, md5(secret).lower())
    for wrong in (secret, "", md5(secret)[:-1], md5(secret) + " ", md5(md5(secret)), made.secret):
        assert not credentials.fits(made, wrong)


def test_nobody_has_no_password(credentials) -> None:
    for password in ("", "x", md5("")):
        assert credentials.fits(None, password) is False


def test_a_revoked_account_cannot_sign_in_at_either_door(credentials, secret: str) -> None:
    from knocking import web

    assert credentials.revoke(NAME)
    assert credentials.find(NAME) is None
    form = {"grant_type": "client_credentials", "client_id": NAME, "client_secret": secret}
    assert web().post("/api/v1/token", form).status_code == 401
    login = {"username": NAME, "password": md5(secret)}
    assert web().post("/api/token/take", login, content_type="application/json").json()["maKetQua"] == "401"


def test_revoking_is_said_once_and_keeps_its_moment(credentials, secret: str, conn) -> None:
    assert credentials.revoke(NAME)
    before = conn.execute("select revoked from exchange_credential").fetchall()
    assert not credentials.revoke(NAME)
    assert not credentials.revoke("khong_co")
    assert conn.execute("select revoked from exchange_credential").fetchall() == before
