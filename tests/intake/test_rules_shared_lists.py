"""Codes of the ministry's shared lists, of facilities and practitioners, by the days of the visit."""

from datetime import date, datetime

import pytest
from bases import written_to
from cases import DOCTOR, HEADER, NOW, change, clean_visit, referred_visit, visit_4210

from yteso.intake import checking
from yteso.intake.policy import Policy, Setting


def found(visit, now=NOW, policy=None) -> set[str]:
    options = {"policy": policy} if policy else {}
    return {one.rule for one in checking.check(visit, HEADER, now=now, **options)}


@pytest.mark.parametrize(
    ("rule", "table", "row", "right", "wrong"),
    [
        ("CAT-001", "XML1", 1, {"MA_BENH_KT": "A01.0;I39.0"}, {"MA_BENH_KT": "I39.0"}),
        ("CAT-001", "XML1", 1, {"MA_BENH_CHINH": "A01.0", "MA_BENH_KT": "G01"}, {"MA_BENH_KT": "G01"}),
        ("CAT-002", "XML1", 1, {"MA_BENH_KT": "N40"}, {"MA_BENH_KT": "A34"}),
        ("CAT-003", "XML1", 1, {"MA_BENH_KT": "I10"}, {"MA_BENH_KT": "P00.0"}),
        ("CAT-004", "XML1", 1, {"MA_PTTT_QT": "47.01;54.11"}, {"MA_PTTT_QT": "47,01"}),
        ("CAT-004", "XML3", 1, {"MA_PTTT_QT": "47"}, {"MA_PTTT_QT": "J18.9"}),
        ("CAT-005", "XML3", 2, {"MA_DICH_VU": "22.0121.1369"}, {"MA_DICH_VU": "22.9999.1370"}),
        ("CAT-006", "XML2", 1, {"MA_THUOC": "40.1000"}, {"MA_THUOC": "40.9999"}),
        ("CAT-007", "XML2", 1, {"DUONG_DUNG": "2.10"}, {"DUONG_DUNG": "Uống"}),
        ("CAT-009", "XML1", 1, {"MATINH_CU_TRU": "01"}, {"MATINH_CU_TRU": "79"}),
        ("XML1-019", "XML1", 1, {"MA_THE_BHYT": "DN4799900000001"}, {"MA_THE_BHYT": "DN4039900000001"}),
        ("XML1-026", "XML1", 1, {"MA_DKBD": "01001"}, {"MA_DKBD": "0100"}),
        ("XML1-026", "XML1", 1, {"MA_DKBD": "79A1B"}, {"MA_DKBD": "03001"}),
        ("XML1-027", "XML1", 1, {"MA_CSKCB": "99001"}, {"MA_CSKCB": "BV001"}),
        ("XML1-028", "XML1", 1, {"MA_NOI_DI": "99002", "GIAY_CHUYEN_TUYEN": "1"}, {"MA_NOI_DI": "990"}),
        ("XML1-044", "XML1", 1, {"MA_BENH_YHCT": "U62.011;U50.101"}, {"MA_BENH_YHCT": "J18.9"}),
        ("XML3-046", "XML3", 1, {"MA_BENH_YHCT": "U62.011"}, {"MA_BENH_YHCT": "thấp"}),
        ("XML2-025", "XML2", 1, {"MA_KHOA": "K0203"}, {"MA_KHOA": "K0298"}),
        ("XML2-025", "XML2", 1, {"MA_KHOA": "K03.1"}, {"MA_KHOA": "Nội"}),
        ("XML2-025", "XML2", 1, {"MA_KHOA": "K55"}, {"MA_KHOA": "K61"}),
        ("ALL-003", "XML2", 1, {"MA_BAC_SI": f"{DOCTOR}.TX.99002"}, {"MA_BAC_SI": f"{DOCTOR}.XX.99002"}),
        ("ALL-003", "XML3", 2, {"NGUOI_THUC_HIEN": f"{DOCTOR};{DOCTOR}.CG.99002"}, {"NGUOI_THUC_HIEN": "1.HD.9"}),
    ],
)
def test_a_code_that_is_in_the_list_passes_and_another_does_not(rule, table, row, right, wrong):
    assert rule not in found(change(clean_visit(), table, row, **right))
    assert rule in found(change(clean_visit(), table, row, **wrong))


def test_a_child_without_a_card_is_registered_with_the_province():
    child = {"MA_THE_BHYT": "TE1010000000001", "MA_DKBD": "01000"}
    assert "XML1-026" not in found(change(clean_visit(), "XML1", 1, **child))


@pytest.mark.parametrize("standard", ["130", "4750"])
def test_suffixes_of_practitioners_came_with_3176(standard):
    visit = change(written_to(standard), "XML2", 1, MA_BAC_SI=f"{DOCTOR}.TX.99002")
    assert "ALL-003" in found(visit)


@pytest.mark.parametrize(("code", "known"), [("00000", True), ("02100", True), ("99999", False), ("00", False)])
def test_occupations_had_five_digits_before_3176(code, known):
    visit = change(written_to("4750"), "XML1", 1, MA_NGHE_NGHIEP=code)
    assert ("CAT-008" not in found(visit)) is known


def test_diseases_of_the_referral_are_looked_up():
    assert "CAT-011" not in found(referred_visit())
    assert "CAT-011" in found(change(referred_visit(), "XML13", 1, MA_BENH_KT="I10;Q99.99"))


def test_diseases_of_rows_of_4210_are_looked_up():
    assert "CAT-011" in found(change(visit_4210(), "XML2", 1, MA_BENH="J99.99"), datetime(2023, 6, 1))


def test_districts_are_those_of_the_day():
    before = change(visit_4210(), "XML1", 1)
    before.standard = "130"
    wrong = change(before, "XML1", 1, MAHUYEN_CU_TRU="999")
    right = change(before, "XML1", 1, MAHUYEN_CU_TRU="001")
    assert "CAT-010" in found(wrong, datetime(2023, 6, 1))
    assert "CAT-010" not in found(right, datetime(2023, 6, 1))


def test_the_month_is_closed_only_where_a_province_wants_it():
    """The clean visit ended on 14/01/2026; its month closes on 05/02."""
    late, closing = datetime(2026, 2, 6, 8), Policy((Setting("ENV-010", date(2026, 1, 1), on=True),))
    assert "ENV-010" not in found(clean_visit(), late)
    assert "ENV-010" in found(clean_visit(), late, closing)
    assert "ENV-010" not in found(clean_visit(), datetime(2026, 2, 5, 23, 59), closing)


def test_december_closes_in_january():
    visit = change(clean_visit(), "XML1", 1, NGAY_VAO="202512200800", NGAY_RA="202512240900")
    closing = Policy((Setting("ENV-010", date(2025, 1, 1), on=True),))
    assert "ENV-010" not in found(visit, datetime(2026, 1, 5, 8), closing)
    assert "ENV-010" in found(visit, datetime(2026, 1, 6, 8), closing)
