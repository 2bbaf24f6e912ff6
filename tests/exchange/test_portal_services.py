"""The portal's services as hospital software knows them: token, sending, sending again, and every way to go wrong."""

import csv
import re
from base64 import b64encode
from pathlib import Path

import pytest
import requests
from hospital import FACILITY, NAME, Software, broken_visit, check_in, md5, visits

from yteso import standards
from yteso.exchange.portal import codes


SHAPE = {"maKetQua", "maGiaoDich", "thoiGianTiepNhan", "thongDiep"}


def test_a_hospital_sends_by_changing_an_address_and_an_account(software: Software, conn) -> None:
    session = software.take()
    assert session["maKetQua"] == "200"
    assert set(session["APIKey"]) == {"access_token", "id_token", "token_type", "username", "expires_in"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", session["APIKey"]["expires_in"])

    sent = software.send(visits()[0])
    assert set(sent) == SHAPE
    assert sent["maKetQua"] == "200"
    assert re.fullmatch(r"YT\d{6}-\d+", sent["maGiaoDich"])
    assert re.fullmatch(r"\d{14}", sent["thoiGianTiepNhan"])
    assert sent["thongDiep"] == "Đã tiếp nhận 1 hồ sơ. Không có lỗi."
    rows = conn.execute("select facility, account, name, status, dossiers, accepted from intake_submission").fetchall()
    assert rows == [(FACILITY, NAME, "guiHoSoXmlQD3176.xml", "done", 1, 1)]
    assert conn.execute("select count(*) from record_document where kind = 'visit'").fetchone() == (1,)

    again = software.send(visits()[0])
    assert again == sent
    assert conn.execute("select count(*) from intake_submission").fetchone() == (1,)

    refused = software.send(broken_visit())
    assert refused["maKetQua"] == "205"
    assert refused["maGiaoDich"] not in ("", sent["maGiaoDich"])
    assert "1/1 hồ sơ bị từ chối" in refused["thongDiep"]
    assert "XML1-048" in refused["thongDiep"]
    assert "Cách sửa:" in refused["thongDiep"]

    assert software.send(check_in(), "checkInKcbQd3176")["maKetQua"] == "200"
    assert software.send_4210(visits()[1])["maKetQua"] == "200"


@pytest.fixture
def client(database: str) -> object:
    from django.test import Client

    return Client(SERVER_NAME="localhost", enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def his(client, secret: str, monkeypatch) -> Software:
    """The software with its session open, on the application itself: the same requests without a socket."""

    def post(_self: Software, path: str, body: object, headers: dict[str, str] | None = None) -> dict:
        raw = body if isinstance(body, bytes) else requests.models.RequestEncodingMixin._encode_params(body).encode()
        kind = (headers or {}).get("Content-Type", "application/x-www-form-urlencoded")
        answer = client.post(path, raw, content_type=kind, headers=headers)
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()

    monkeypatch.setattr(Software, "_post", post)
    made = Software("", NAME, secret)
    assert made.take()["maKetQua"] == "200"
    return made


@pytest.mark.parametrize("call", ["guiHoSoXmlQD130", "guiHoSoXmlQD4750", "guihosoxmlqd3176", "GUIHOSOXMLQD3176"])
def test_every_version_has_its_path_in_any_letter_case(his: Software, call: str) -> None:
    assert his.send(visits()[0], call)["maKetQua"] == "200"


@pytest.mark.parametrize("call", ["checkInKcbQd130", "checkInKcbQd4750", "checkInKcbQd3176"])
def test_a_check_in_is_taken_and_kept_out_of_the_record(his: Software, conn, call: str) -> None:
    answer = his.send(check_in(), call)
    assert (answer["maKetQua"], answer["thongDiep"]) == ("200", "Đã tiếp nhận 1 hồ sơ. Không có lỗi.")
    assert conn.execute("select outcome, saved from intake_dossier").fetchall() == [("accepted", "")]
    assert conn.execute("select count(*) from record_document").fetchone() == (0,)


def test_a_check_in_with_a_fault_says_what_is_missing(his: Software) -> None:
    content = check_in().replace(b"<TEN_DICH_VU>Kh\xc3\xa1m N\xe1\xbb\x99i</TEN_DICH_VU>", b"")
    answer = his.send(content, "checkInKcbQd3176")
    assert answer["maKetQua"] == "205"
    assert "TEN_DICH_VU" in answer["thongDiep"]


def test_warnings_are_accepted_and_told(his: Software) -> None:
    odd = check_in().replace(b"</NGAY_YL>", b"</NGAY_YL><LA>1</LA>")
    told = his.send(odd, "checkInKcbQd3176")
    assert told["maKetQua"] == "200"
    assert "1 cảnh báo" in told["thongDiep"]
    assert "ENV-112" in told["thongDiep"]


def test_the_body_may_be_json_as_public_clients_send_it(his: Software, client) -> None:
    body = {"username": NAME, "loaiHoSo": 130, "maTinh": "99", "maCSKCB": FACILITY}
    body["fileHSBase64"] = b64encode(visits()[0]).decode()
    path = "/api/qd130/guiHoSoXmlQD130"
    assert client.post(path, body, content_type="application/json", headers=his.headers).json()["maKetQua"] == "200"
    login = {"username": NAME, "password": md5(his.secret).lower()}
    taken = client.post("/api/token/take", login, content_type="application/json").json()
    assert taken["maKetQua"] == "200"


def test_plus_signs_that_a_form_turned_into_blanks_are_read(his: Software, client) -> None:
    body = {"username": NAME, "loaiHoSo": "130", "maTinh": "99", "maCSKCB": FACILITY}
    content = next(one for one in visits() if b"+" in b64encode(one))
    raw = "&".join(f"{name}={value}" for name, value in body.items()) + f"&fileHSBase64={b64encode(content).decode()}"
    answer = client.post(
        *("/api/qd130/guiHoSoXmlQD130", raw.encode()),
        content_type="application/x-www-form-urlencoded",
        headers=his.headers,
    )
    assert answer.json()["maKetQua"] == "200"


@pytest.mark.parametrize("shape", ["bare", "json array", "json text", "object of base64", "object of bytes", "form"])
def test_4210_takes_the_file_in_every_shape_met(his: Software, conn, shape: str) -> None:
    import json

    content = visits()[0]
    text = b64encode(content).decode()
    body = {
        "bare": content,
        "json array": json.dumps(list(content)).encode(),
        "json text": json.dumps(text).encode(),
        "object of base64": json.dumps({"fileHS": text}).encode(),
        "object of bytes": json.dumps({"fileHS": list(content)}).encode(),
        "form": f"fileHS={text.replace('+', '%2B')}".encode(),
    }[shape]
    assert his.send_4210(body, headers={"Content-Type": "application/json"})["maKetQua"] == "200"
    assert conn.execute("select size from intake_submission").fetchall() == [(len(content),)]


def test_what_came_of_it_can_be_asked(his: Software) -> None:
    good, bad = his.send(visits()[0]), his.send(broken_visit())
    whole = {"tuNgay": "01/01/2020", "denNgay": "31/12/2999", "loaiHoSo": "3"}
    [day] = his.ask("nhanKQTiepNhanHS4210", **whole)["dsKQGuiHoSoNgay"]
    assert (day["tongSo"], day["soHSThanhCong"], day["soHSLoi"]) == (2, 1, 1)
    sent = his.ask("nhanChiTietHSNgay4210", ngayGui=day["ngayGui"], loaiHoSo="3")["dsHoSo"]
    assert [(one["maGiaoDich"], one["slHoSoDung"], one["slHoSoLoi"]) for one in sent] == [
        (good["maGiaoDich"], 1, 0),
        (bad["maGiaoDich"], 0, 1),
    ]
    assert his.ask("nhanChiTietLoiHS4210", maGiaoDich=good["maGiaoDich"]) == {"maKetQua": "200", "dsLoi": []}
    faults = his.ask("nhanChiTietLoiHS4210", maGiaoDich=bad["maGiaoDich"])["dsLoi"]
    assert {fault["maLoi"] for fault in faults} == {"202"}
    assert "XML1-048" in faults[0]["moTaLoi"]


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"<GIAMDINHHS>", "123", "201"),
        (b"\x89PNG khong phai xml", "123", "201"),
        (b"<khac/>", "123", "201"),
        (b"<GIAMDINHHS></GIAMDINHHS>", "123", "201"),
        (b"<GIAMDINHHS><MACSKCB>99001</MACSKCB></GIAMDINHHS>", "123", "204"),
    ],
)
def test_a_file_that_cannot_be_read_is_stored_and_refused(
    his: Software, content: bytes, code: str, detail: str
) -> None:
    answer = his.send(content)
    assert (answer["maKetQua"], answer["maGiaoDich"][:2]) == (code, "YT")
    assert "Cả tệp bị từ chối" in answer["thongDiep"]
    assert his.ask("nhanChiTietLoiHS4210", maGiaoDich=answer["maGiaoDich"])["dsLoi"][0]["maLoi"] == detail


def test_the_file_of_another_facility_is_not_allowed(his: Software) -> None:
    content = visits()[0].replace(b"<MACSKCB>99001<", b"<MACSKCB>99002<")
    answer = his.send(content)
    assert answer["maKetQua"] == "403"
    assert "99002" in answer["thongDiep"]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"maCSKCB": "99002"}, "403", "chỉ được gửi cho cơ sở 99001"),
        ({"maCSKCB": ""}, "205", "Thiếu tham số maCSKCB"),
        ({"username": "khac"}, "401", "username"),
        ({"username": ""}, "205", "Thiếu tham số username"),
        ({"loaiHoSo": "12"}, "205", "chỉ nhận loaiHoSo 130"),
        ({"loaiHoSo": ""}, "205", "Thiếu tham số loaiHoSo"),
        ({"maTinh": ""}, "205", "Thiếu tham số maTinh"),
        ({"fileHSBase64": ""}, "205", "Thiếu tham số fileHSBase64"),
        ({"fileHSBase64": "PD94***"}, "205", "base64"),
        ({"fileHSBase64": "PD94b"}, "205", "base64"),
    ],
)
def test_wrong_parameters_are_told_one_by_one_and_nothing_is_kept(
    his: Software, conn, changes: dict[str, str], code: str, words: str
) -> None:
    answer = his.send(visits()[0], **changes)
    assert set(answer) == SHAPE
    assert (answer["maKetQua"], answer["maGiaoDich"]) == (code, "")
    assert words in answer["thongDiep"]
    assert conn.execute("select count(*) from intake_submission").fetchone() == (0,)


def test_a_file_at_the_wrong_service_is_sent_back(his: Software, conn) -> None:
    assert "GIAMDINHHS" in his.send(check_in())["thongDiep"]
    assert his.send(visits()[0], "checkInKcbQd3176")["maKetQua"] == "205"
    assert conn.execute("select count(*) from intake_submission").fetchone() == (0,)


def test_a_file_over_the_limit_has_the_portals_code(his: Software, conn) -> None:
    answer = his.send_4210(b"<" + b" " * 20_000_000)
    assert (answer["maKetQua"], answer["maGiaoDich"]) == ("1001", "")
    assert "20 MB" in answer["thongDiep"]
    assert his.send_4210(b"<" + b" " * 30_000_000)["maKetQua"] == "1001"
    assert conn.execute("select count(*) from intake_submission").fetchone() == (0,)


def test_a_file_too_large_to_wait_for_is_left_to_the_worker(his: Software, monkeypatch, conn) -> None:
    from yteso.exchange import receiving
    from yteso.intake import worker

    monkeypatch.setattr(receiving, "AT_ONCE", 10)
    answer = his.send(visits()[0])
    assert answer["maKetQua"] == "200"
    assert "đang chờ kiểm tra" in answer["thongDiep"]
    assert answer["maGiaoDich"] in answer["thongDiep"]
    conn.rollback()
    conn.autocommit = True
    assert worker.once(conn) == 1
    monkeypatch.undo()


def test_a_fault_while_taking_in_loses_nothing_and_is_not_called_accepted(his: Software, monkeypatch, conn) -> None:
    from yteso.intake import service

    monkeypatch.setattr(service, "take_in", lambda *_: 1 / 0)
    answer = his.send(visits()[0])
    assert answer["maKetQua"] == "200"
    assert "đang chờ kiểm tra" in answer["thongDiep"]
    assert conn.execute("select status from intake_submission").fetchall() == [("processing",)]


@pytest.mark.parametrize(
    ("name", "password"),
    [(NAME, "0" * 32), ("khong_co", "0" * 32), ("' or 1=1 --", "x"), ("\0\0\0", "x"), (NAME, "\0")],
)
def test_a_wrong_account_or_password(client, secret: str, name: str, password: str) -> None:
    answer = client.post("/api/token/take", {"username": name, "password": password}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["maKetQua"] == "401"


def test_a_revoked_account_is_out_at_once(his: Software) -> None:
    from yteso.exchange import credentials

    assert credentials.revoke(NAME)
    assert his.send(visits()[0])["maKetQua"] == "401"
    assert his.take()["maKetQua"] == "401"
    assert not credentials.revoke(NAME)


def test_an_expired_session_asks_for_a_new_one(his: Software, conn) -> None:
    conn.execute("update exchange_token set expires = now() - interval '1 second'")
    conn.commit()
    answer = his.send(visits()[0])
    assert answer["maKetQua"] == "401"
    assert "/api/token/take" in answer["thongDiep"]
    his.take()
    assert conn.execute("select count(*) from exchange_token").fetchone() == (1,)
    assert his.send(visits()[0])["maKetQua"] == "200"


def test_the_second_token_and_the_password_must_belong_to_the_session(his: Software, client) -> None:
    for spoilt in ({"accessToken": "x"}, {"tokenId": "x"}, {"passwordHash": "0" * 32}):
        headers = his.headers | spoilt
        assert client.post("/api/qd130/guiHoSoXmlQD130", {}, headers=headers).json()["maKetQua"] == "401"
    his.key["id_token"] = "ế"
    assert his.send_4210(visits()[0])["maKetQua"] == "401"


def test_tokens_and_secrets_are_kept_as_hashes(his: Software, conn) -> None:
    stored = repr(conn.execute("select * from exchange_credential, exchange_token").fetchall())
    for known in (his.secret, md5(his.secret), his.key["access_token"], his.key["id_token"]):
        assert known not in stored
    assert "pbkdf2_sha256$" in stored


@pytest.mark.parametrize("body", [b"", b"{", b"[1,", b'{"a": NaN}', b"\xff\xfe", b"a" * 100, b"[999]", b"null", b"&=&"])
def test_nonsense_is_answered_with_a_code(his: Software, client, body: bytes) -> None:
    for path in ("/api/token/take", "/api/qd130/guiHoSoXmlQD3176", f"/api/egw/guiHoSoGiamDinh4210?token={body!r}"):
        answer = client.post(path, body, content_type="application/json", headers=his.headers)
        assert (answer.status_code, answer.json()["maKetQua"]) in {(200, "205"), (200, "401")}, path


@pytest.mark.parametrize("path", ["qd130/khongCo", "egw/khongCo", "token/give", "qd130/guiHoSoGiamDinh4210"])
def test_an_unknown_service_says_so(client, path: str) -> None:
    answer = client.post(f"/api/{path}")
    assert answer.json()["maKetQua"] == ("401" if "GiamDinh" in path else "205")


def test_only_post_is_served(client) -> None:
    answer = client.get("/api/token/take")
    assert (answer.status_code, answer.json()["maKetQua"]) == (405, "205")


@pytest.mark.parametrize("day", ["2026-01-01", "31/02/2026", "01/01/0001", "31/12/9999", "hôm nay"])
def test_a_day_that_is_none_is_told(his: Software, day: str) -> None:
    assert his.ask("nhanChiTietHSNgay4210", ngayGui=day)["maKetQua"] == "205"


@pytest.mark.parametrize("receipt", ["YT000000-1", "1", "", "YT261125-99999999999999999999", "'"])
def test_a_receipt_that_is_none_is_told(his: Software, receipt: str) -> None:
    his.send(visits()[0])
    assert his.ask("nhanChiTietLoiHS4210", maGiaoDich=receipt)["maKetQua"] == "205"


def test_knocking_too_often_has_to_wait(his: Software, client, conn) -> None:
    conn.execute("update exchange_tally set count = 600 where what like 'requests:%'")
    his.send(visits()[0])
    conn.execute("update exchange_tally set count = 600, started = now()")
    conn.commit()
    for path in ("/api/qd130/guiHoSoXmlQD3176", "/api/token/take"):
        body = {"username": NAME, "password": "x"}
        answer = client.post(path, body, content_type="application/json", headers=his.headers)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert "thử lại sau" in answer.json()["thongDiep"]
    conn.execute("update exchange_tally set started = now() - interval '61 seconds'")
    conn.commit()
    assert his.send(visits()[0])["maKetQua"] == "200"


def test_unknown_names_are_counted_as_one(client, database, conn) -> None:
    for number in range(3):
        client.post("/api/token/take", {"username": f"ten{number}", "password": "x"}, content_type="application/json")
    assert conn.execute("select what, count from exchange_tally").fetchall() == [("sign-in:", 3)]


def test_a_database_that_fails_asks_to_send_again(his: Software, conn) -> None:
    conn.execute("alter table intake_original rename to elsewhere")
    conn.commit()
    assert his.send(visits()[0])["maKetQua"] == "124"


def test_what_went_wrong_is_logged_without_what_was_sent(his: Software, monkeypatch, caplog) -> None:
    from yteso.exchange import receiving

    monkeypatch.setattr(receiving, "receive", lambda *_args, **_more: 1 / 0)
    assert his.send(visits()[0])["maKetQua"] == "500"
    assert "a portal service failed" in caplog.text
    for known in (his.key["access_token"], md5(his.secret)):
        assert known not in caplog.text


def test_all_codes_are_the_portals_own() -> None:
    def listed(name: str) -> set[str]:
        folder = Path(standards.__file__).parent / "data" / "code-lists"
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            return {row["code"] for row in csv.DictReader(file)}

    assert {one.code for one in codes.situations().values()} <= listed("PORTAL_SEND_RESULT")
    rules = [codes.of_rule(rule) for rule in ("", "ENV-005", "ENV-009", "ENV-101", "ENV-111", "ENV-201", "SYS-002")]
    assert {send for send, _ in rules} <= listed("PORTAL_SEND_RESULT")
    assert {detail for _, detail in rules} <= listed("PORTAL_ERROR_DETAIL_4210")


def test_an_unsigned_file_and_a_bad_signature_have_the_codes_of_the_3176_practice() -> None:
    assert codes.of_rule("ENV-006")[0] == "123"
    assert {codes.of_rule(f"ENV-12{number}")[0] for number in range(1, 7)} == {"125"}
