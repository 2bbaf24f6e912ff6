"""Asking the portal's door what came of what was sent: days, one day, the faults of one transaction."""

from datetime import datetime

import pytest
from knocking import HERE, OTHER, dossier, finding, stored


DAYS, DAY, FAULTS = "nhanKQTiepNhanHS4210", "nhanChiTietHSNgay4210", "nhanChiTietLoiHS4210"
QUESTIONS = {
    DAYS: {"tuNgay": "01/03/2026", "denNgay": "31/03/2026"},
    DAY: {"ngayGui": "05/03/2026"},
    FAULTS: {"maGiaoDich": "YT260305-1"},
}


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M:%S").replace(tzinfo=HERE)


def test_each_day_has_its_sums_and_days_without_files_are_left_out(knocker) -> None:
    stored(received=at("05/03/2026 08:00:00"), dossiers=5, accepted=2, with_warnings=2, refused=1)
    stored(received=at("05/03/2026 17:00:00"), dossiers=1, accepted=1)
    stored(received=at("02/03/2026 10:00:00"), dossiers=3, refused=3)
    answer = knocker.ask(DAYS, **QUESTIONS[DAYS])
    assert answer == {
        "maKetQua": "200",
        "dsKQGuiHoSoNgay": [
            {"ngayGui": "02/03/2026", "tongSo": 3, "soHSThanhCong": 0, "soHSLoi": 3},
            {"ngayGui": "05/03/2026", "tongSo": 6, "soHSThanhCong": 5, "soHSLoi": 1},
        ],
    }


def test_a_day_goes_from_midnight_to_midnight_of_viet_nam(knocker) -> None:
    moments = ["04/03/2026 23:59:59", "05/03/2026 00:00:00", "05/03/2026 23:59:59", "06/03/2026 00:00:00"]
    rows = [stored(received=at(moment), dossiers=1, accepted=1) for moment in moments]
    sent = knocker.ask(DAY, ngayGui="05/03/2026")["dsHoSo"]
    assert [one["maGiaoDich"] for one in sent] == [rows[1].receipt, rows[2].receipt]
    [day] = knocker.ask(DAYS, tuNgay="05/03/2026", denNgay="05/03/2026")["dsKQGuiHoSoNgay"]
    assert (day["ngayGui"], day["tongSo"]) == ("05/03/2026", 2)


def test_a_day_lists_its_transactions_in_the_order_they_came(knocker) -> None:
    row = stored(received=at("05/03/2026 08:00:00"), dossiers=4, accepted=1, with_warnings=2, refused=1)
    stored("received", received=at("05/03/2026 09:00:00"))
    first, second = knocker.ask(DAY, ngayGui="05/03/2026")["dsHoSo"]
    assert first == {
        "ngayGui": "05/03/2026",
        "maGiaoDich": row.receipt,
        "soLuongHoSo": 4,
        "slHoSoDung": 3,
        "slHoSoLoi": 1,
    }
    assert (second["soLuongHoSo"], second["slHoSoDung"], second["slHoSoLoi"]) == (0, 0, 0)


def test_nothing_sent_is_an_empty_list_and_no_fault(knocker) -> None:
    assert knocker.ask(DAYS, **QUESTIONS[DAYS]) == {"maKetQua": "200", "dsKQGuiHoSoNgay": []}
    assert knocker.ask(DAY, **QUESTIONS[DAY]) == {"maKetQua": "200", "dsHoSo": []}
    backwards = {"tuNgay": "31/03/2026", "denNgay": "01/03/2026"}
    assert knocker.ask(DAYS, **backwards)["dsKQGuiHoSoNgay"] == []


def test_faults_are_the_critical_ones_with_place_and_code(knocker) -> None:
    of = stored(dossiers=2, refused=1, with_warnings=1)
    finding(of, "XML1-048", of_dossier=dossier(of, 2))
    finding(of, "XML1-031", "warning", dossier(of, 1, "warnings"))
    finding(of, "ENV-001", params={"declared": "3", "found": "2"})
    first, second = knocker.ask(FAULTS, maGiaoDich=of.receipt)["dsLoi"]
    assert (first["maLoi"], second["maLoi"]) == ("201", "202")
    assert first["moTaLoi"].startswith("[ENV-001] ")
    assert second["moTaLoi"].startswith("Hồ sơ LK-2: [XML1-048] ")


@pytest.mark.parametrize("call", QUESTIONS)
def test_a_question_is_known_in_any_letter_case(knocker, call: str) -> None:
    answers = [knocker.ask(spelt, **QUESTIONS[call]) for spelt in (call, call.lower(), call.upper())]
    for answer in answers:
        answer.pop("thoiGianTiepNhan", None)
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(("call", "field"), [(call, field) for call, given in QUESTIONS.items() for field in given])
def test_each_field_of_a_question_is_needed(knocker, call: str, field: str) -> None:
    for value in ("", "  "):
        answer = knocker.ask(call, **QUESTIONS[call] | {field: value})
        assert (answer["maKetQua"], answer["thongDiep"]) == ("205", f"Thiếu tham số {field}.")


@pytest.mark.parametrize("call", QUESTIONS)
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": ""}, "401"),
        ({"token": "sai"}, "401"),
        ({"id_token": ""}, "401"),
        ({"password": "0" * 32}, "401"),
        ({"username": ""}, "205"),
        ({"username": "khac"}, "401"),
        ({"maCSKCB": ""}, "205"),
        ({"maCSKCB": OTHER}, "403"),
    ],
)
def test_a_question_needs_its_session_its_name_and_its_facility(
    knocker, call: str, changes: dict[str, str], code: str
) -> None:
    answer = knocker.ask(call, **QUESTIONS[call] | changes)
    assert answer["maKetQua"] == code
    assert not {"dsKQGuiHoSoNgay", "dsHoSo", "dsLoi"} & set(answer)


@pytest.mark.parametrize("day", ["5-3-2026", "2026/03/05", "30/02/2026", "05/03/26", "05/03/1999", "01/01/3000", "\0"])
def test_a_day_that_is_none_is_told_by_its_field(knocker, day: str) -> None:
    for call, field in ((DAYS, "tuNgay"), (DAYS, "denNgay"), (DAY, "ngayGui")):
        answer = knocker.ask(call, **QUESTIONS[call] | {field: day})
        assert answer["maKetQua"] == "205"
        assert answer["thongDiep"] == f"Tham số {field} phải là ngày dạng DD/MM/YYYY."


@pytest.mark.parametrize("receipt", ["YT260305-999", "yt260305-1", "260305", "x" * 200])
def test_a_transaction_that_is_none_is_repeated_in_at_most_forty_letters(knocker, receipt: str) -> None:
    answer = knocker.ask(FAULTS, maGiaoDich=receipt)
    assert answer["thongDiep"] == f"Cơ sở không có giao dịch {receipt[:40]}."


def test_a_receipt_with_the_right_number_and_a_wrong_day_is_none(knocker) -> None:
    of = stored(received=at("05/03/2026 08:00:00"))
    assert knocker.ask(FAULTS, maGiaoDich=of.receipt)["maKetQua"] == "200"
    assert knocker.ask(FAULTS, maGiaoDich=of.receipt.replace("260305", "260306"))["maKetQua"] == "205"
