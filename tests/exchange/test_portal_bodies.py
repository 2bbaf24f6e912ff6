"""What a portal client may send as its body: each shape that is read, and each fault that is told."""

import json
from base64 import b64encode

import pytest


FILE = "<GIAMDINHHS>Nguyễn &amp; con</GIAMDINHHS>".encode()
TEXT = b64encode(FILE).decode()


@pytest.fixture
def reading(template: str) -> object:
    from yteso.exchange.portal import reading

    return reading


def posted(body: bytes, **head: str) -> object:
    from django.test import RequestFactory

    return RequestFactory().generic("POST", "/", body, "application/octet-stream", **head)


def situation(raised: pytest.ExceptionInfo) -> tuple[str, dict[str, object]]:
    return raised.value.situation, raised.value.blanks


@pytest.fixture
def refusal(template: str) -> type[Exception]:
    from yteso.exchange.portal.answers import Refusal

    return Refusal


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", {}),
        (b"username=a&maTinh=99", {"username": "a", "matinh": "99"}),
        (b"USERNAME=a&MATINH=99", {"username": "a", "matinh": "99"}),
        (b"username=&maTinh=99", {"username": "", "matinh": "99"}),
        (b"username=a&username=b", {"username": "b"}),
        (b"fileHS=a%2Bb", {"filehs": "a+b"}),
        (b"fileHS=a+b", {"filehs": "a b"}),
        (b"username=Nguy%E1%BB%85n", {"username": "Nguyễn"}),
        (b'{"userName": "a", "maTinh": 99}', {"username": "a", "matinh": 99}),
        (b'\xef\xbb\xbf {"a": "b"}'[3:], {"a": "b"}),
        (b'\r\n\t {"a": null}', {"a": None}),
        (b"{}", {}),
        (b"[60, 62]", {"": [60, 62]}),
        (b'"PD4="', {"": "PD4="}),
        (b"<a/>", {"": b"<a/>"}),
        (b"\r\n <a/>", {"": b"\r\n <a/>"}),
        (b"\xef\xbb\xbf<a/>", {"": b"\xef\xbb\xbf<a/>"}),
    ],
)
def test_the_first_character_shows_the_shape(reading, body: bytes, found: dict[str, object]) -> None:
    assert reading.fields(posted(body)) == found


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"a": 1',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"[1,",
        b'"abc',
        b"t\xc3\xaan=a",
        b"\x00\xff",
        b"&".join(b"a%d=1" % number for number in range(51)),
    ],
)
def test_a_body_in_no_known_shape_is_unreadable(reading, refusal, body: bytes) -> None:
    with pytest.raises(refusal) as raised:
        reading.fields(posted(body))
    assert situation(raised) == ("unreadable", {})


def test_a_body_that_breaks_off_is_unreadable(reading, refusal) -> None:
    from django.http import UnreadablePostError

    class Broken:
        def read(self, *_: int) -> bytes:
            raise OSError("the line is dead")

    request = posted(b"a=b")
    request._stream = Broken()
    with pytest.raises(refusal) as raised:
        reading.fields(request)
    assert isinstance(raised.value.__context__, UnreadablePostError)
    assert situation(raised) == ("unreadable", {})


def test_a_body_over_the_limit_is_not_even_read(reading, refusal) -> None:
    with pytest.raises(refusal) as raised:
        reading.fields(posted(b"a=b", CONTENT_LENGTH=str(reading.BODY + 1)))
    assert situation(raised) == ("too-large", {"limit": 20})
    assert reading.fields(posted(b"a=b", CONTENT_LENGTH="")) == {}


def test_fields_of_the_address_in_any_letter_case(reading) -> None:
    from django.test import RequestFactory

    request = RequestFactory().post("/?Token=a&ID_TOKEN=b&maCSKCB=99001")
    assert reading.query(request) == {"token": "a", "id_token": "b", "macskcb": "99001"}


@pytest.mark.parametrize(("value", "text"), [("130", "130"), (130, "130"), (0, "0"), (" 99001\r\n", "99001")])
def test_a_needed_field_is_text_or_a_whole_number(reading, value: object, text: str) -> None:
    assert reading.needed({"loaihoso": value}, "loaiHoSo") == text


@pytest.mark.parametrize("value", [None, "", "  ", "\r\n", 1.5, [], ["130"], {"a": "b"}, b"130"])
def test_a_needed_field_of_another_kind_is_missing(reading, refusal, value: object) -> None:
    with pytest.raises(refusal) as raised:
        reading.needed({"loaihoso": value}, "loaiHoSo")
    assert situation(raised) == ("missing", {"field": "loaiHoSo"})


def test_a_needed_field_that_is_not_there_is_named_as_the_guide_spells_it(reading, refusal) -> None:
    with pytest.raises(refusal) as raised:
        reading.needed({}, "maCSKCB")
    assert situation(raised) == ("missing", {"field": "maCSKCB"})


@pytest.mark.parametrize(
    "value",
    [
        TEXT,
        f"  {TEXT}\r\n",
        "\r\n".join(TEXT[start : start + 20] for start in range(0, len(TEXT), 20)),
        TEXT.replace("+", " "),
        FILE,
        list(FILE),
    ],
)
def test_a_file_is_the_same_bytes_in_every_shape(reading, value: object) -> None:
    assert reading.file({"filehs": value}, "fileHS") == FILE
    assert reading.file({reading.BARE: value}, "fileHS") == FILE


def test_all_byte_values_come_through_a_form_that_escapes_nothing(reading) -> None:
    every = bytes(range(256)) * 3
    body = b"fileHS=" + b64encode(every)
    assert b"+" in body
    assert reading.file(reading.fields(posted(body)), "fileHS") == every
    assert reading.file(reading.fields(posted(json.dumps(list(every)).encode())), "fileHS") == every


@pytest.mark.parametrize(
    "value",
    [
        "PD94b",
        "PD94***",
        "PD94====",
        "Xin chào",
        "PD9-_w==",
        "=",
        [256],
        [-1],
        ["60"],
        [1.5],
        [[60]],
        7,
        {"a": "b"},
        True,
    ],
)
def test_a_file_that_is_not_base64_names_its_field(reading, refusal, value: object) -> None:
    with pytest.raises(refusal) as raised:
        reading.file({"filehsbase64": value}, "fileHSBase64")
    assert situation(raised) == ("not-base64", {"field": "fileHSBase64"})


@pytest.mark.parametrize("given", [{}, {"filehs": ""}, {"filehs": None}, {"filehs": []}, {"": b""}, {"tep": TEXT}])
def test_no_file_is_missing(reading, refusal, given: dict[str, object]) -> None:
    with pytest.raises(refusal) as raised:
        reading.file(given, "fileHS")
    assert situation(raised) == ("missing", {"field": "fileHS"})


def test_the_limit_of_a_file_is_its_own_bytes_not_those_of_base64(reading, refusal, monkeypatch) -> None:
    monkeypatch.setattr(reading, "FILE", 1_000_000)
    whole = b"x" * 1_000_000
    assert reading.file({"filehs": b64encode(whole).decode()}, "fileHS") == whole
    for over in (whole + b"x", b64encode(whole + b"x").decode()):
        with pytest.raises(refusal) as raised:
            reading.file({"filehs": over}, "fileHS")
        assert situation(raised) == ("too-large", {"limit": 1})


def test_a_request_has_room_for_a_full_file_in_base64(reading) -> None:
    assert reading.FILE == 20_000_000
    assert reading.BODY > reading.FILE * 4 / 3
