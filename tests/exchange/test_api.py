"""The API over real HTTP requests to the application: sending, reading results, and every way to be refused."""

import csv
import io
import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
import requests
from hospital import FACILITY, NAME, broken_visit, visits


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def client(database: str) -> object:
    from django.test import Client

    return Client(SERVER_NAME="localhost", enforce_csrf_checks=True, raise_request_exception=False)


def opened(client, name: str, secret: str) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    answer = client.post("/api/v1/token", form)
    assert answer.status_code == 200, answer.content
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def bearer(client, secret: str) -> dict[str, str]:
    """Headers with an open session of FACILITY."""
    return opened(client, NAME, secret)


@pytest.fixture
def other(client, secret: str) -> dict[str, str]:
    """Headers with an open session of another facility."""
    from yteso.exchange import credentials

    return opened(client, "99002_BV", credentials.create("99002", "99002_BV", by="test")[1])


def send(client, headers: dict[str, str], content: bytes, query: str = "", kind: str = "application/xml"):
    return client.post(f"/api/v1/submissions{query}", content, content_type=kind, headers=headers)


def problem(answer, status: int) -> dict:
    """The problem of an answer, which must have this status."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(body)
    assert body["status"] == status
    return body


def test_a_file_gets_a_receipt_then_its_findings(client, bearer, conn) -> None:
    from yteso.intake import worker

    answer = send(client, bearer, broken_visit(), "?name=khoa-noi.xml")
    assert answer.status_code == 202
    receipt = answer.json()
    assert (receipt["file"], receipt["size"], receipt["new"]) == ("khoa-noi.xml", len(broken_visit()), True)
    address = answer.headers["Location"]
    assert address == f"/api/v1/submissions/{receipt['receipt']}"
    assert client.get(address, headers=bearer).json()["status"] == "received"

    conn.rollback()
    conn.autocommit = True
    assert worker.once(conn) == 1
    done = client.get(address, headers=bearer).json()
    assert (done["status"], done["facility"], done["dossiers"], done["refused"]) == ("done", FACILITY, 1, 1)
    found = client.get(f"{address}/findings", headers=bearer).json()
    assert found["next"] is None
    assert {"rule", "severity", "table", "row", "field", "value", "message_vi", "hint_vi"} <= set(found["items"][0])
    assert "XML1-048" in {one["rule"] for one in found["items"]}
    [dossier] = client.get(f"{address}/dossiers", headers=bearer).json()["items"]
    assert (dossier["position"], dossier["outcome"], dossier["saved"]) == (1, "refused", "")
    assert dossier["critical"] > 0
    assert "patient" not in dossier


@pytest.mark.parametrize("asked", [{"query": "?wait=1"}, {"prefer": "wait"}, {"prefer": "wait=20"}])
def test_one_may_wait_for_the_findings(client, bearer, asked: dict[str, str]) -> None:
    headers = bearer | ({"Prefer": asked["prefer"]} if "prefer" in asked else {})
    answer = send(client, headers, broken_visit(), asked.get("query", ""))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["refused"]) == ("done", 1)
    assert "XML1-048" in {one["rule"] for one in body["findings"]["items"]}
    assert answer.headers["Location"].endswith(body["receipt"])


def test_a_good_file_has_no_findings_and_is_in_the_record(client, bearer, conn) -> None:
    body = send(client, bearer, visits()[0], "?wait=1").json()
    assert (body["accepted"], body["findings"]["items"]) == (1, [])
    assert conn.execute("select count(*) from record_document where kind = 'visit'").fetchone() == (1,)


def test_a_form_with_the_file_is_the_same_sending(client, bearer) -> None:
    first = send(client, bearer, visits()[0]).json()
    file = io.BytesIO(visits()[0])
    file.name = "hồ sơ.xml"
    second = client.post("/api/v1/submissions", {"file": file}, headers=bearer)
    assert second.status_code == 202
    assert (second.json()["receipt"], second.json()["new"]) == (first["receipt"], False)


def test_a_repeated_key_has_the_first_answer_and_guards_its_bytes(client, bearer, conn) -> None:
    headers = bearer | {"Idempotency-Key": "lan-1"}
    first = send(client, headers, visits()[0], "?name=a.xml")
    again = send(client, headers, visits()[0], "?name=b.xml")
    assert (again.status_code, again.json(), again.headers["Location"]) == (
        first.status_code,
        first.json(),
        first.headers["Location"],
    )
    refused = problem(send(client, headers, visits()[1]), 422)
    assert refused["errors"] == [{"where": "header", "name": "Idempotency-Key", "detail": "đã dùng cho tệp khác"}]
    assert conn.execute("select count(*) from intake_submission").fetchone() == (1,)


def test_a_key_belongs_to_its_account(client, bearer, other, conn) -> None:
    for headers in (bearer, other):
        assert send(client, headers | {"Idempotency-Key": "chung"}, visits()[0]).status_code == 202
    assert conn.execute("select count(*) from intake_submission").fetchone() == (2,)


def test_simultaneous_sendings_with_one_key_are_one(live: str, secret: str, conn) -> None:
    form = {"grant_type": "client_credentials", "client_id": NAME, "client_secret": secret}
    token = requests.post(f"{live}/api/v1/token", data=form, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "mot", "Content-Type": "application/xml"}

    def knock(number: int) -> tuple[int, str]:
        content = visits()[number % 2]
        answer = requests.post(f"{live}/api/v1/submissions", data=content, headers=headers, timeout=60)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(knock, range(8)))
    assert sorted(status for status, _ in answers) == [202] * 4 + [422] * 4
    assert len({text for status, text in answers if status == 202}) == 1
    assert conn.execute("select count(*) from intake_submission").fetchone() == (1,)


def test_the_list_is_paged_and_narrowed(client, bearer) -> None:
    sent = [send(client, bearer, content, "?wait=1").json()["receipt"] for content in visits()[:5]]
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/submissions?limit=2&cursor={cursor}", headers=bearer).json()
        assert len(page["items"]) <= 2
        seen += [one["receipt"] for one in page["items"]]
        cursor = page["next"]
    assert seen == sent[::-1]
    for query, count in {"status=done": 5, "status=refused": 0, "since=2020-01-01": 5, "until=2020-01-01": 0}.items():
        assert len(client.get(f"/api/v1/submissions?{query}", headers=bearer).json()["items"]) == count, query
    for query in ("since=0001-01-01&until=9999-12-31", "cursor=999999999999999999"):
        assert client.get(f"/api/v1/submissions?{query}", headers=bearer).status_code == 200, query


def test_findings_are_paged_without_gap_or_repeat(client, bearer) -> None:
    receipt = send(client, bearer, broken_visit(), "?wait=1").json()["receipt"]
    whole = client.get(f"/api/v1/submissions/{receipt}/findings?limit=1000", headers=bearer).json()["items"]
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/submissions/{receipt}/findings?limit=3&cursor={cursor}", headers=bearer).json()
        seen += page["items"]
        cursor = page["next"]
    assert seen == whole
    assert len(whole) > 6
    refused = client.get(f"/api/v1/submissions/{receipt}/dossiers?outcome=refused", headers=bearer).json()
    assert len(refused["items"]) == 1
    accepted = client.get(f"/api/v1/submissions/{receipt}/dossiers?outcome=accepted", headers=bearer).json()
    assert accepted == {"items": [], "next": None}


def test_findings_come_as_csv_and_xlsx(client, bearer) -> None:
    body = send(client, bearer, broken_visit(), "?wait=1").json()
    address, found = f"/api/v1/submissions/{body['receipt']}/findings", body["findings"]["items"]
    table = client.get(address, headers=bearer | {"Accept": "text/csv"})
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.getvalue().decode("utf-8-sig"))))
    assert [row["rule"] for row in rows] == [one["rule"] for one in found]
    assert rows[0]["message_vi"] == found[0]["message_vi"]

    book = client.get(address, headers=bearer | {"Accept": XLSX})
    sheet = openpyxl.load_workbook(io.BytesIO(book.getvalue())).active
    head, *lines = sheet.iter_rows(values_only=True)
    assert [dict(zip(head, line, strict=True))["rule"] for line in lines] == [one["rule"] for one in found]
    problem(client.get(address, headers=bearer | {"Accept": "image/png"}), 406)


def test_a_value_that_looks_like_a_formula_stays_text(client, bearer, conn) -> None:
    body = send(client, bearer, broken_visit(), "?wait=1").json()
    conn.execute("update intake_finding set value = '=1+1'")
    conn.commit()
    address = f"/api/v1/submissions/{body['receipt']}/findings"
    assert b",'=1+1," in client.get(address, headers=bearer | {"Accept": "text/csv"}).getvalue()
    book = client.get(address, headers=bearer | {"Accept": XLSX})
    cell = openpyxl.load_workbook(io.BytesIO(book.getvalue())).active["H2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_a_credential_sees_only_its_facility(client, bearer, other) -> None:
    receipt = send(client, bearer, visits()[0], "?wait=1").json()["receipt"]
    assert client.get("/api/v1/submissions", headers=other).json()["items"] == []
    for rest in ("", "/findings", "/dossiers"):
        problem(client.get(f"/api/v1/submissions/{receipt}{rest}", headers=other), 404)
        assert client.get(f"/api/v1/submissions/{receipt}{rest}", headers=bearer).status_code == 200


@pytest.mark.parametrize("receipt", ["YT000000-1", "1", "YT261125-99999999999999999999", "%00", "a%2Fb", "YT٢٦١١٢٥-1"])
def test_a_receipt_that_is_none_is_not_found(client, bearer, receipt: str) -> None:
    send(client, bearer, visits()[0])
    problem(client.get(f"/api/v1/submissions/{receipt}", headers=bearer), 404)


def test_the_secret_may_come_by_http_basic(client, secret: str) -> None:
    head = {"Authorization": "Basic " + b64encode(f"{NAME}:{secret}".encode()).decode()}
    answer = client.post("/api/v1/token", {"grant_type": "client_credentials"}, headers=head)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("token_type", "expires_in")} == {
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ({}, {"client_id": NAME, "client_secret": "sai"}),
        ({}, {"client_id": "khong_co", "client_secret": "sai"}),
        ({}, {"client_id": "\0", "client_secret": "\0"}),
        ({}, {}),
        ({"Authorization": "Basic ???"}, {}),
        ({"Authorization": "Basic " + b64encode(b"\xff\xfe").decode()}, {}),
    ],
)
def test_a_wrong_account_is_a_problem(client, secret: str, head: dict[str, str], form: dict[str, str]) -> None:
    answer = client.post("/api/v1/token", {"grant_type": "client_credentials"} | form, headers=head)
    assert "Sai tên tài khoản hoặc mật khẩu" in problem(answer, 401)["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_one_account_opens_both_doors(client, secret: str) -> None:
    from hospital import md5

    login = {"username": NAME, "password": md5(secret)}
    taken = client.post("/api/token/take", login, content_type="application/json").json()
    head = {"Authorization": f"Bearer {taken['APIKey']['access_token']}"}
    assert client.get("/api/v1/submissions", headers=head).status_code == 200


ADDRESSES = ["/api/v1/submissions", "/api/v1/submissions/YT261125-1", "/api/v1/submissions/YT261125-1/findings"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("head", [{}, {"Authorization": "Bearer sai"}, {"Authorization": "Bearer ế"}])
def test_nothing_is_shown_without_a_session(client, secret, address: str, head: dict[str, str]) -> None:
    answer = client.get(address, headers=head)
    assert "/api/v1/token" in problem(answer, 401)["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_never_opens_this_door(client, database) -> None:
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_user("nga", is_superuser=True))
    problem(client.get("/api/v1/submissions"), 401)
    problem(send(client, {}, visits()[0]), 401)


def test_an_expired_or_revoked_session_is_over(client, bearer, conn) -> None:
    from yteso.exchange import credentials

    conn.execute("update exchange_token set expires = now()")
    conn.commit()
    problem(client.get("/api/v1/submissions", headers=bearer), 401)
    conn.execute("update exchange_token set expires = now() + interval '1 hour'")
    conn.commit()
    assert client.get("/api/v1/submissions", headers=bearer).status_code == 200
    credentials.revoke(NAME)
    problem(client.get("/api/v1/submissions", headers=bearer), 401)


def test_what_cannot_be_a_file_is_refused_in_words(client, bearer, conn) -> None:
    assert "Content-Type" in problem(send(client, bearer, b"{}", kind="application/json"), 415)["detail"]
    nothing = {"CONTENT_LENGTH": "0", "CONTENT_TYPE": "application/xml"}
    problem(client.generic("POST", "/api/v1/submissions", headers=bearer, **nothing), 400)
    problem(client.post("/api/v1/submissions", {"khac": "1"}, headers=bearer), 422)
    problem(send(client, bearer, b"hong", kind="multipart/form-data; boundary=x"), 422)
    problem(send(client, bearer, b"hong", kind="multipart/form-data"), 400)
    too_long = client.generic(
        "POST", "/api/v1/submissions", b"x", "application/xml", headers=bearer, CONTENT_LENGTH="120000001"
    )
    assert "120 MB" in problem(too_long, 413)["detail"]
    unknown = client.generic("POST", "/api/v1/submissions", b"x", "text/xml", headers=bearer, CONTENT_LENGTH="")
    problem(unknown, 411)
    assert conn.execute("select count(*) from intake_submission").fetchone() == (0,)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("since=1/2/2026", "since"),
        ("cursor=-1", "cursor"),
        ("status=x", "status"),
    ],
)
def test_a_wrong_parameter_is_named_and_not_repeated(client, bearer, query: str, name: str) -> None:
    found = problem(client.get(f"/api/v1/submissions?{query}", headers=bearer), 422)
    assert [(one["where"], one["name"]) for one in found["errors"]] == [("query", name)]
    assert name in found["detail"]


def test_a_secret_in_a_wrong_form_is_not_repeated(client, database) -> None:
    answer = client.post("/api/v1/token", {"grant_type": "x", "client_secret": "s" * 300})
    assert "sss" not in json.dumps(problem(answer, 422))


def test_other_methods_and_addresses_are_problems(client, bearer) -> None:
    answer = client.delete("/api/v1/submissions", headers=bearer)
    problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    for address in ("/api/v1/khong-co", "/api/v1/submissions/", "/api/khong-co"):
        problem(client.get(address), 404)
    problem(client.get("/api/v1/submissions", headers={"Host": "la.example"}), 400)


def test_too_many_requests_have_to_wait(client, bearer, conn) -> None:
    assert client.get("/api/v1/submissions", headers=bearer).status_code == 200
    conn.execute("update exchange_tally set count = 600")
    conn.commit()
    answer = client.get("/api/v1/submissions", headers=bearer)
    problem(answer, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    answer = client.post("/api/v1/token", {"grant_type": "client_credentials", "client_id": NAME})
    problem(answer, 429)
    conn.execute("update exchange_tally set started = now() - interval '61 seconds'")
    conn.commit()
    assert client.get("/api/v1/submissions", headers=bearer).status_code == 200


def test_a_fault_is_a_problem_without_its_words(client, bearer, conn, caplog) -> None:
    conn.execute("alter table intake_submission rename to elsewhere")
    conn.commit()
    answer = client.get("/api/v1/submissions", headers=bearer)
    assert "elsewhere" not in json.dumps(problem(answer, 500))
    assert "an operation of the API failed" in caplog.text


def test_the_document_describes_every_operation(client, database) -> None:
    answer = client.get("/api/v1/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    operations = {(method, path): one for path, methods in document["paths"].items() for method, one in methods.items()}
    assert set(operations) == {
        ("post", "/api/v1/token"),
        ("post", "/api/v1/submissions"),
        ("get", "/api/v1/submissions"),
        ("get", "/api/v1/submissions/{receipt}"),
        ("get", "/api/v1/submissions/{receipt}/findings"),
        ("get", "/api/v1/submissions/{receipt}/dossiers"),
    }
    for (_method, path), one in operations.items():
        assert one["summary"]
        assert bool(one.get("security")) is not path.endswith("/token")
        for status, response in one["responses"].items():
            assert int(status) < 400 or list(response["content"]) == ["application/problem+json"]
    sending = operations["post", "/api/v1/submissions"]
    assert {"application/xml", "multipart/form-data"} <= set(sending["requestBody"]["content"])
    assert {"Idempotency-Key", "Prefer", "wait", "name"} == {one["name"] for one in sending["parameters"]}
