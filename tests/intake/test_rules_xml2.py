"""Rules of XML2, drugs: fields, moments, rows beside each other. Money is in test_rules_xml2_money.py."""

import pytest
from cases import change, clean_visit, outpatient_visit, referred_visit, visit_4210
from rule_tables import NOW_4210, fires, found, params, with_row, written_to


ILL_FOR_LONG = "1 viên * 2 lần * 45 ngày [2 viên/ngày]"


@pytest.mark.parametrize("visit", [clean_visit, outpatient_visit, referred_visit])
def test_a_clean_visit_has_no_finding(visit):
    assert found(visit()) == set()


@pytest.mark.parametrize("standard", ["130", "4750"])
def test_the_same_visit_is_clean_in_the_older_versions(standard):
    assert found(written_to(standard)) == set()


def test_a_clean_visit_of_4210_has_no_finding():
    assert found(visit_4210(), NOW_4210) == set()


@pytest.mark.parametrize(
    ("rule", "field", "change_to"),
    [
        ("XML2-001", "TEN_THUOC", {"TEN_THUOC": None}),
        ("XML2-001", "MA_THUOC", {"MA_THUOC": None}),
        ("XML2-002", "HAM_LUONG", {"HAM_LUONG": None}),
        ("XML2-002", "DUONG_DUNG", {"DUONG_DUNG": None}),
        ("XML2-002", "SO_DANG_KY", {"SO_DANG_KY": None}),
        ("XML2-002", "TT_THAU", {"TT_THAU": None}),
        ("XML2-002", "DUONG_DUNG", {"MA_NHOM": "7", "DUONG_DUNG": None}),
        ("XML2-003", "MA_NHOM", {"MA_NHOM": "8"}),
        ("XML2-004", "PHAM_VI", {"PHAM_VI": "4"}),
        ("XML2-005", "TYLE_TT_BH", {"PHAM_VI": "2"}),
        ("XML2-008", "SO_LUONG", {"SO_LUONG": "-2"}),
        ("XML2-008", "SO_LUONG", {"SO_LUONG": "2,5"}),
        ("XML2-008", "DON_GIA", {"DON_GIA": "-5000"}),
        ("XML2-018", "NGAY_YL", {"NGAY_YL": "202601090930"}),
        ("XML2-018", "NGAY_YL", {"NGAY_YL": "202601150930"}),
        ("XML2-019", "NGAY_TH_YL", {"NGAY_TH_YL": "202601100929"}),
        ("XML2-019", "NGAY_TH_YL", {"NGAY_TH_YL": "202601140901"}),
        ("XML2-021", "MA_PTTT", {"MA_PTTT": "4"}),
        ("XML2-022", "NGUON_CTRA", {"NGUON_CTRA": "5"}),
        ("XML2-023", "VET_THUONG_TP", {"VET_THUONG_TP": "2"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": "57/QĐ-SYT"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": ";G1;N1;2025"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": "57/QĐ-SYT;G0;N1;2025"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": "57/QĐ-SYT;G1;N100;2025"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": "57/QĐ-SYT;G1;N1;2009"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": "57/QĐ-SYT;G1;N1;2029"}),
        ("XML2-026", "TT_THAU", {"TT_THAU": "57/QĐ-SYT;1;1;2025"}),
        ("XML2-030", "MA_THUOC", {"MA_THUOC": "40.155 "}),
        ("XML2-030", "MA_THUOC", {"MA_THUOC": "\t40.155"}),
        ("XML2-031", "MA_DICH_VU", {"MA_DICH_VU": "99.9999"}),
        ("XML2-031", "MA_DICH_VU", {"MA_DICH_VU": "22.0120.1370;99.9999"}),
        ("XML2-032", "LIEU_DUNG", {"LIEU_DUNG": "0"}),
        ("XML2-032", "LIEU_DUNG", {"LIEU_DUNG": "0 viên * 2 lần * 1 ngày"}),
        ("XML2-032", "LIEU_DUNG", {"LIEU_DUNG": "1 viên * 3 lần * 1 ngày [3 viên/ngày]"}),
        ("XML2-032", "LIEU_DUNG", {"LIEU_DUNG": "1,5 Viên * 2 lần * 1 ngày"}),
    ],
)
def test_one_mistake_in_a_drug_row_is_one_finding(rule, field, change_to):
    assert found(change(clean_visit(), "XML2", 1, **change_to)) == fires(rule, field, 1)


@pytest.mark.parametrize(
    "change_to",
    [
        {"MA_NHOM": "17", "HAM_LUONG": None, "DUONG_DUNG": None, "SO_DANG_KY": None, "TT_THAU": None},
        {"MA_NHOM": "7", "HAM_LUONG": None, "SO_DANG_KY": None, "TT_THAU": None},
        {"MA_THUOC": "40.17", "HAM_LUONG": None, "SO_DANG_KY": None},
        {"MA_THUOC": "05V.1", "HAM_LUONG": None, "SO_DANG_KY": None},
        {"MA_PP_CHEBIEN": "1", "HAM_LUONG": None, "SO_DANG_KY": None},
        {"MA_THUOC": "VM.99002", "HAM_LUONG": None, "DUONG_DUNG": None, "SO_DANG_KY": None, "TT_THAU": None},
        {"TEN_THUOC": "Technetium 99m-Tc", "SO_DANG_KY": None},
        {"NGUON_CTRA": "3", "TT_THAU": None},
        {"MA_NHOM": "6"},
        {"TT_THAU": "57/QĐ-SYT;G1;N1"},
        {"TT_THAU": "57/QĐ-SYT; g12; n99; 2028; lô 3"},
        {"NGAY_TH_YL": None},
        {"NGAY_TH_YL": "202601100930"},
        {"NGAY_YL": "202601100800"},
        {"NGAY_YL": "202601140900", "NGAY_TH_YL": "202601140900"},
        {"VET_THUONG_TP": "1"},
        {"MA_DICH_VU": "22.0120.1370"},
        {"MA_DICH_VU": "22.0120.1370_GT; 18.0119.0028;"},
        {"LIEU_DUNG": "Theo y lệnh"},
        {"LIEU_DUNG": "1 viên * 2 lần * 1 ngày; sau đó 2 viên * 2 lần * 5 ngày"},
        {"LIEU_DUNG": "250 mg * 4 lần * 1 ngày"},
        {"LIEU_DUNG": "1/2 viên * 4 lần * 1 ngày"},
        {"LIEU_DUNG": "250 mg * 1 lần * 40 ngày"},
    ],
)
def test_what_the_decree_lets_a_drug_row_do_is_no_finding(change_to):
    assert found(change(clean_visit(), "XML2", 1, **change_to)) == set()


def test_scope_of_the_forces_is_for_their_cards():
    given = {"PHAM_VI": "3", "TYLE_TT_BH": "0", "THANH_TIEN_BH": "0", "T_BHTT": "0", "T_BNCCT": "0", "T_BNTT": "10000"}
    visit = change(clean_visit(), "XML2", 1, **given)
    assert found(visit) == fires("XML2-006", "PHAM_VI", 1)
    assert found(change(visit, "XML1", 1, MA_THE_BHYT="QN5019900000001")) == set()
    assert found(change(visit, "XML1", 1, MA_THE_BHYT=None, GT_THE_TU=None, GT_THE_DEN=None)) == set()


def test_drug_ordered_before_the_card_starts():
    visit = change(clean_visit(), "XML1", 1, GT_THE_TU="20260111")
    assert ("XML2-020", "XML2", 1, "NGAY_YL") in found(visit)
    assert ("XML2-020", "XML2", 2, "NGAY_YL") not in found(visit)
    assert params(visit, "XML2-020") == {"value": "202601100930", "gt_the_tu": "20260111"}
    earlier_card_too = change(visit, "XML1", 1, GT_THE_TU="20260111;20260101")
    assert found(earlier_card_too) == set()


def test_drug_the_fund_does_not_pay_may_precede_the_card():
    visit = change(clean_visit(), "XML1", 1, GT_THE_TU="20260111")
    paid = {"TYLE_TT_BH": "0", "THANH_TIEN_BH": "0", "T_BHTT": "0", "T_BNCCT": "0", "T_BNTT": "10000", "PHAM_VI": "2"}
    assert "XML2-020" not in {place[0] for place in found(change(visit, "XML2", 1, **paid))}


def test_execution_in_the_future():
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="202602050900")
    visit = change(visit, "XML2", 2, NGAY_TH_YL="202602010801")
    assert fires("XML2-019", "NGAY_TH_YL", 2) <= found(visit)


def test_moments_are_not_judged_against_an_unknown_end():
    visit = change(clean_visit(), "XML1", 1, NGAY_RA=None)
    assert not {place for place in found(visit) if place[0] in ("XML2-018", "XML2-019")}


def test_dose_of_a_drug_taken_from_two_lots_is_compared_with_both():
    dose = "1 viên * 4 lần * 1 ngày [4 viên/ngày]"
    visit = with_row(change(clean_visit(), "XML2", 1, LIEU_DUNG=dose), "XML2", 1, TT_THAU="57/QĐ-SYT;G2;N1;2025")
    assert found(visit) == set()


def test_thirty_days_are_enough_for_a_short_illness():
    visit = change(outpatient_visit(), "XML1", 1, MA_BENH_CHINH="J06.9", MA_BENH_KT=None)
    visit = change(visit, "XML2", 1, DON_VI_TINH="Vỉ", LIEU_DUNG=ILL_FOR_LONG)
    assert found(visit) == fires("XML2-033", "LIEU_DUNG", 1)
    assert params(visit, "XML2-033")["days"] == "45"
    assert found(change(visit, "XML2", 1, LIEU_DUNG="1 viên * 2 lần * 30 ngày")) == set()
    assert found(change(visit, "XML1", 1, MA_BENH_KT="I10")) == set()
    assert "XML2-033" not in {place[0] for place in found(change(visit, "XML1", 1, MA_LOAI_KCB="05"))}


def test_a_repeated_drug_row():
    assert found(with_row(clean_visit(), "XML2", 2)) == fires("XML2-034", "MA_THUOC", 3)
    assert params(with_row(clean_visit(), "XML2", 2), "XML2-034")["first"] == "2"
    other_moment = with_row(clean_visit(), "XML2", 2, NGAY_TH_YL="202601110950")
    other_quantity = with_row(clean_visit(), "XML2", 2, SO_LUONG="1", THANH_TIEN_BV="1200.5", THANH_TIEN_BH="1200.5")
    assert found(other_moment) == set()
    assert ("XML2-034", "XML2", 3, "MA_THUOC") not in found(other_quantity)


@pytest.mark.parametrize(
    ("rule", "field", "change_to"),
    [
        ("XML2-003", "MA_NHOM", {"MA_NHOM": "17"}),
        ("XML2-004", "PHAM_VI", {"PHAM_VI": "3"}),
        ("XML2-018", "NGAY_YL", {"NGAY_YL": "202305110000"}),
        ("XML2-030", "MA_THUOC", {"MA_THUOC": " 40.155"}),
    ],
)
def test_rules_that_hold_for_4210_too(rule, field, change_to):
    assert found(change(visit_4210(), "XML2", 1, **change_to), NOW_4210) == fires(rule, field, 1)
