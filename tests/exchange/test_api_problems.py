"""Problems of the API: their shape, a title for each status, and what an upload may be refused for."""

import json
import logging

import pytest
from hospital import FACILITY, NAME, visits
from knocking import web


@pytest.fixture
def problems(template: str) -> object:
    from yteso.exchange.api import problems

    return problems


def request(path: str = "/api/v1/x") -> object:
    from django.test import RequestFactory

    return RequestFactory().get(path)


def told(answer, status: int) -> dict:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    return answer.json()


def test_each_status_has_words_of_its_own_and_a_place_that_explains_it(problems) -> None:
    for status, title in problems.TITLES.items():
        body = json.loads(problems.answer(request(), problems.Wrong(status, "Sai.")).content)
        assert body == {
            "type": f"/api/v1/docs#loi-{status}",
            "title": title,
            "status": status,
            "detail": "Sai.",
            "instance": "/api/v1/x",
        }
    assert len(set(problems.TITLES.values())) == len(problems.TITLES)
    page = web().get("/api/v1/docs").content.decode()
    for status in problems.TITLES:
        assert f'id="loi-{status}"' in page, status


def test_vietnamese_is_written_as_letters_and_a_long_path_is_cut(problems) -> None:
    answer = problems.answer(request("/api/v1/" + "x" * 500), problems.Wrong(404, "Không có."))
    assert "Không có." in answer.content.decode()
    assert len(json.loads(answer.content)["instance"]) == 200


def test_headers_of_a_problem_are_sent(problems) -> None:
    wrong = problems.Wrong(429, "Chờ.", Retry_After="7", WWW_Authenticate="Bearer")
    answer = problems.answer(request(), wrong)
    assert (answer.headers["Retry-After"], answer.headers["WWW-Authenticate"]) == ("7", "Bearer")


def test_a_status_without_words_here_has_those_of_http(problems) -> None:
    assert json.loads(problems.answer(request(), problems.Wrong(418, "Ấm trà.")).content)["title"] == "I'm a Teapot"


def test_every_operation_says_that_it_may_end_in_the_common_problems(problems) -> None:
    assert set(problems.responses(404)) == {400, 401, 404, 422, 429, 500, 503}
    assert set(problems.responses(404)) <= set(problems.TITLES)


def test_a_database_that_is_away_asks_to_send_again(knocker, monkeypatch, caplog) -> None:
    from django.db import OperationalError

    from yteso.exchange import receiving

    def away(*_: object, **__: object) -> None:
        raise OperationalError("connection to 10.0.0.1 refused")

    monkeypatch.setattr(receiving, "receive", away)
    with caplog.at_level(logging.WARNING):
        answer = knocker.post(visits()[0])
    assert "10.0.0.1" not in json.dumps(told(answer, 503)) + caplog.text
    assert answer.headers["Retry-After"] == "30"


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/octet-stream", "text/xml; charset=utf-8"])
def test_a_bare_file_of_each_kind_is_kept_byte_by_byte(knocker, kind: str) -> None:
    content = b"\xef\xbb\xbf" + visits()[0]
    receipt = knocker.post(content, kind=kind).json()
    assert (receipt["size"], receipt["file"], receipt["new"]) == (len(content), "api.xml", True)


@pytest.mark.parametrize("kind", ["", "application/json", "text/plain", "application/x-www-form-urlencoded", "x"])
def test_a_body_of_another_kind_names_those_that_are_taken(knocker, kind: str) -> None:
    detail = told(knocker.post(b"<a/>", kind=kind), 415)["detail"]
    assert all(one in detail for one in ("application/xml", "text/xml", "multipart/form-data"))


@pytest.mark.parametrize("length", ["", "abc", "-1", "1.5"])
def test_a_length_that_is_no_number_is_asked_for(knocker, length: str) -> None:
    head = {"CONTENT_LENGTH": length, "headers": knocker.bearer}
    answer = knocker.web.generic("POST", "/api/v1/submissions", b"<a/>", "application/xml", **head)
    assert "Content-Length" in told(answer, 411)["detail"]


@pytest.mark.parametrize("kind", ["application/xml", "multipart/form-data; boundary=x"])
def test_a_file_over_the_limit_is_refused_by_its_length_alone(knocker, kind: str, conn) -> None:
    from yteso.intake.envelope import LIMITS

    head = {"CONTENT_LENGTH": str(LIMITS.file + 1), "headers": knocker.bearer}
    answer = knocker.web.generic("POST", "/api/v1/submissions", b"x", kind, **head)
    assert f"{LIMITS.file // 1_000_000} MB" in told(answer, 413)["detail"]
    assert conn.execute("select count(*) from intake_submission").fetchone() == (0,)


def part(name: str, content: bytes, filename: str | None = "a.xml") -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


FORM = "multipart/form-data; boundary=x"


def test_the_part_file_of_a_form_is_taken_under_its_name_or_that_of_the_address(knocker) -> None:
    first = knocker.post(part("file", visits()[0], "khoa nội.xml"), kind=FORM).json()
    assert (first["file"], first["size"]) == ("khoa nội.xml", len(visits()[0]))
    second = knocker.post(part("file", visits()[1], "../../etc/passwd"), kind=FORM).json()
    assert second["file"] == "passwd"
    third = knocker.post(part("file", visits()[2]), "?name=b.xml", FORM).json()
    assert third["file"] == "b.xml"


@pytest.mark.parametrize(
    "body", [part("tep", b"<a/>"), part("FILE", b"<a/>"), part("file", b"<a/>", None), b"--x--\r\n"]
)
def test_a_form_without_the_part_file_names_it(knocker, body: bytes) -> None:
    found = told(knocker.post(body, kind=FORM), 422)
    assert found["errors"] == [{"where": "form", "name": "file", "detail": "thiếu tệp"}]


def test_an_empty_body_is_refused_and_a_form_with_an_empty_file_is_told_so_on_reading(knocker) -> None:
    head = {"CONTENT_LENGTH": "0", "CONTENT_TYPE": "application/xml", "headers": knocker.bearer}
    assert "rỗng" in told(knocker.web.generic("POST", "/api/v1/submissions", **head), 400)["detail"]
    answer = knocker.post(part("file", b""), "?wait=1", FORM)
    assert (answer.status_code, answer.json()["status"]) == (200, "refused")
    assert answer.json()["findings"]["items"][0]["rule"] == "ENV-111"


def test_names_of_a_file_are_data(knocker) -> None:
    for number, name in enumerate(["' or 1=1 --", "<b>.xml", "hồ sơ 🏥.xml"]):
        answer = knocker.post(visits()[number], f"?name={name}".replace(" ", "%20"))
        assert answer.json()["file"] == name
    told(knocker.post(visits()[0], "?name=" + "x" * 201), 422)
    assert knocker.post(visits()[3], "?name=%00a.xml").status_code in (202, 422)


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "password"}, {"grant_type": "client_credentials", "client_id": "x" * 65}]
)
def test_a_token_form_with_a_fault_names_the_field(secret: str, form: dict[str, str]) -> None:
    found = told(web().post("/api/v1/token", {"client_secret": secret} | form), 422)
    assert [(one["where"], one["name"]) for one in found["errors"]] in (
        [("form", "grant_type")],
        [("form", "client_id")],
    )
    assert secret not in json.dumps(found)


def test_the_form_goes_before_http_basic_and_an_empty_scheme_is_nobody(template) -> None:
    from django.test import RequestFactory

    from yteso.exchange.api.access import client

    def asked(authorization: str) -> object:
        return RequestFactory().post("/", headers={"Authorization": authorization})

    assert client(asked("Basic YTpi"), "c", "d") == ("c", "d")
    assert client(asked("Basic YTpi"), "", "") == ("a", "b")
    assert client(asked("bAsIc YTpiOmM="), "", "") == ("a", "b:c")
    assert client(asked("Basic YQ=="), "", "") == ("a", "")
    for none in ("", "Basic", "Basic *", "Basic /w==", "Bearer YTpi"):
        assert client(asked(none), "", "") == ("", "")


def test_a_session_of_the_facility_says_whose_file_it_is(knocker) -> None:
    receipt = knocker.post(visits()[0]).json()["receipt"]
    assert knocker.get(f"submissions/{receipt}").json()["facility"] == FACILITY
    from yteso.intake.models import Submission

    assert Submission.objects.get().account == NAME
