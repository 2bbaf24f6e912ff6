"""Codes and words of the portal's answers: every row of the tables, and which code an answer takes."""

import csv
import re
import string
from pathlib import Path

import pytest
from knocking import dossier, finding, stored

from yteso import standards
from yteso.exchange.portal import codes


DATA = Path(codes.__file__).parent / "data"
LISTS = Path(standards.__file__).parent / "data" / "code-lists"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


SEND = {row["code"] for row in rows(LISTS / "PORTAL_SEND_RESULT.csv")}
DETAIL = {row["code"] for row in rows(LISTS / "PORTAL_ERROR_DETAIL_4210.csv")}
CALLS, SITUATIONS, RULES = (rows(DATA / f"{name}.csv") for name in ("calls", "situations", "rules"))
CHECKED = {row["id"] for row in rows(LISTS.parent / "rules.csv")}
BLANKS = {"dossiers", "warnings", "refused", "findings", "receipt", "value", "facility", "field", "expected", "limit"}
BLANKS |= {"wait"}


@pytest.mark.parametrize("row", CALLS, ids=lambda row: row["call"])
def test_a_sending_service_has_a_kind_and_a_known_table(row: dict[str, str]) -> None:
    tables = {one.id for one in standards.standard("3176").tables.values() if one.standalone}
    assert row["loaiHoSo"].isdigit()
    assert row["table"] in {"", *tables}
    assert codes.calls()[row["call"].lower()].call == row["call"]


def test_no_service_is_lost_to_letter_case() -> None:
    assert len(codes.calls()) == len(CALLS)


@pytest.mark.parametrize("row", SITUATIONS, ids=lambda row: row["situation"])
def test_a_situation_has_a_code_of_the_portal_and_words(row: dict[str, str]) -> None:
    assert row["code"] in SEND
    assert row["text"].strip() == row["text"] != ""
    assert {name for _, name, _, _ in string.Formatter().parse(row["text"]) if name} <= BLANKS
    assert row["text"].endswith((".", "}"))


@pytest.mark.parametrize("row", SITUATIONS, ids=lambda row: row["situation"])
def test_each_situation_is_answered_in_the_one_shape(template, row: dict[str, str]) -> None:
    import json

    from yteso.exchange.portal import answers

    answer = answers.refusal(row["situation"], **dict.fromkeys(BLANKS, "«x»"))
    body = json.loads(answer.content)
    assert list(body) == ["maKetQua", "maGiaoDich", "thoiGianTiepNhan", "thongDiep"]
    assert (body["maKetQua"], body["maGiaoDich"]) == (row["code"], "")
    assert re.fullmatch(r"\d{14}", body["thoiGianTiepNhan"])
    assert "{" not in body["thongDiep"]


def test_each_situation_is_used_and_each_used_one_is_there() -> None:
    folder = Path(codes.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    for row in SITUATIONS:
        assert f'"{row["situation"]}"' in source, row["situation"]
    assert set(re.findall(r'[Rr]efusal\("([a-z0-9-]+)"', source)) <= {row["situation"] for row in SITUATIONS}


@pytest.mark.parametrize("row", RULES, ids=lambda row: row["rule"] or "any")
def test_a_rule_has_codes_of_the_portal(row: dict[str, str]) -> None:
    assert (row["send"] in SEND, row["detail"] in DETAIL) == (True, True)
    assert row["send"] != "200"
    assert codes.of_rule(row["rule"]) == (row["send"], row["detail"])


def test_each_rule_that_can_refuse_has_codes() -> None:
    assert len(CHECKED) > 100
    for rule in CHECKED:
        send, detail = codes.of_rule(rule)
        assert (send in SEND, detail in DETAIL) == (True, True), rule


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("XML1-048", ("205", "202")),
        ("ENV-001", ("123", "201")),
        ("ENV-004", ("205", "202")),
        ("ENV-101", ("123", "201")),
        ("ENV-111", ("123", "204")),
        ("ENV-121", ("125", "202")),
        ("ENV-201", ("403", "202")),
        ("SYS-001", ("124", "500")),
        ("", ("205", "202")),
    ],
)
def test_the_longest_beginning_of_a_rule_wins(rule: str, found: tuple[str, str]) -> None:
    assert codes.of_rule(rule) == found


def told(of: object) -> tuple[str, str]:
    import json

    from yteso.exchange.portal import answers

    body = json.loads(answers.received(of).content)
    assert body["maGiaoDich"] == of.receipt
    return body["maKetQua"], body["thongDiep"]


def test_a_fault_of_the_file_decides_the_code_before_those_of_its_dossiers(conn) -> None:
    of = stored("refused", dossiers=1, refused=1)
    finding(of, "XML1-048", of_dossier=dossier(of))
    finding(of, "ENV-126", "warning")
    finding(of, "ENV-121")
    assert told(of)[0] == "125"


def test_a_warning_never_decides_the_code(conn) -> None:
    of = stored(dossiers=2, refused=1, with_warnings=1)
    finding(of, "ENV-121", "warning")
    finding(of, "XML1-048", of_dossier=dossier(of))
    assert told(of)[0] == "205"


def test_the_first_dossier_decides_among_dossiers(conn) -> None:
    of = stored(dossiers=2, refused=2)
    finding(of, "SYS-001", of_dossier=dossier(of, 2))
    finding(of, "ENV-003", of_dossier=dossier(of, 1))
    assert told(of)[0] == "123"


@pytest.mark.parametrize(("status", "counts"), [("refused", {}), ("done", {"dossiers": 1, "refused": 1})])
def test_a_refusal_without_findings_still_has_code_and_words(conn, status: str, counts: dict[str, int]) -> None:
    code, words = told(stored(status, **counts))
    assert code in ("123", "205")
    assert "hãy sửa rồi gửi lại" in words


@pytest.mark.parametrize("status", ["received", "processing"])
def test_a_file_that_waits_is_stored_and_not_called_free_of_faults(conn, status: str) -> None:
    of = stored(status)
    code, words = told(of)
    assert (code, of.receipt in words, "Không có lỗi" in words) == ("200", True, False)


def test_what_is_accepted_says_how_many(conn) -> None:
    assert told(stored(dossiers=7, accepted=7)) == ("200", "Đã tiếp nhận 7 hồ sơ. Không có lỗi.")
    of = stored(dossiers=2, accepted=1, with_warnings=1)
    finding(of, "XML1-048", "warning", dossier(of, 1, "warnings"))
    code, words = told(of)
    assert code == "200"
    assert words.startswith("Đã tiếp nhận 2 hồ sơ, có 1 cảnh báo cần xem lại. (1) Hồ sơ LK-1: [XML1-048] ")


def test_one_fault_in_many_places_is_told_once(conn) -> None:
    of = stored(dossiers=3, refused=3)
    for position in (1, 2, 3):
        finding(of, "XML1-048", of_dossier=dossier(of, position))
    _, words = told(of)
    assert words.count("[XML1-048]") == 1
    assert "(và 2 chỗ khác)" in words
    assert "3/3 hồ sơ bị từ chối" in words


def test_an_answer_tells_twenty_kinds_critical_ones_first(conn) -> None:
    of = stored(dossiers=1, refused=1)
    whose = dossier(of)
    finding(of, "XML1-031", "warning", whose, field="F0")
    for number in range(1, 23):
        finding(of, "XML1-048", of_dossier=whose, field=f"F{number}")
    _, words = told(of)
    assert words.count("[XML1-048]") == 20
    assert "[XML1-031]" not in words
    assert words.endswith("và 3 loại lỗi, cảnh báo khác")
