"""Each kind of mistake: what it changes, where, and what is left as it was."""

import base64
import re
from unicodedata import is_normalized

import pytest
from made_visits import facility, made, opened, province, somebody

from yteso.intake.envelope import read
from yteso.sandbox import outpatient
from yteso.sandbox.chance import stream
from yteso.sandbox.mistakes import KINDS, has, plus, year
from yteso.sandbox.parcel import Parcel
from yteso.sandbox.people import MALE
from yteso.sandbox.xml import envelope


def parcel(visit=None) -> Parcel:
    visit = visit or made("appendicitis", return_day=30, appointment="9/HKL")
    visit.person.registered = facility("c").index
    return Parcel(visit.ma_lk, visit.left, list(province().children(visit).items()))


def referred() -> Parcel:
    visit = opened("appendicitis", "d", refer_to="99001", letter="7/GCT", discharge="2")
    outpatient.consult(visit)
    return parcel(visit)


def spoil(name: str, sent: Parcel, seed: int = 0):
    return KINDS[name].make(sent, stream("mistake", name, seed))


# one field gets another value

EDITS = """
kind                      table  field             becomes
name_missing              XML1   HO_TEN            (nothing)
reason_missing            XML1   LY_DO_VV          (nothing)
sex_wrong                 XML1   GIOI_TINH         5
icd_withdrawn             XML1   MA_BENH_CHINH     A90
icd_unknown               XML1   MA_BENH_CHINH     Q99.99
card_short                XML1   MA_THE_BHYT       14 characters
citizen_number_wrong      XML1   SO_CCCD           10 characters
department_unknown        XML1   MA_KHOA           Khám bệnh
eligibility_unknown       XML1   MA_DOITUONG_KCB   77.7
weight_wrong              XML1   CAN_NANG          520.00
month_wrong               XML1   THANG_QT          13
rate_101                  XML2   TYLE_TT_BH        101
drug_doctor_missing       XML2   MA_BAC_SI         (nothing)
tender_wrong              XML2   TT_THAU           57/QĐ-SYT
performer_missing         XML3   NGUOI_THUC_HIEN   (nothing)
machine_missing           XML3   MA_MAY            (nothing)
anaesthesia_missing       XML3   PP_VO_CAM         (nothing)
bed_missing               XML3   MA_GIUONG         (nothing)
conclusion_missing        XML4   KET_LUAN          (nothing)
note_empty                XML5   DIEN_BIEN_LS      (nothing)
discharge_before_arrival  XML1   NGAY_RA           a year earlier
drug_before_arrival       XML2   NGAY_YL           a year earlier
result_before_order       XML3   NGAY_KQ           a year earlier
appointment_differs       XML1   NGAY_TAI_KHAM     a year later
discharge_in_future       XML1   NGAY_RA           10 years later
card_expired              XML1   GT_THE_DEN        3 years earlier
total_wrong               XML1   T_TONGCHI_BV      1000 more
drug_total_wrong          XML1   T_THUOC           2500 more
drug_amount_wrong         XML2   THANH_TIEN_BV     500 more
service_amount_wrong      XML3   THANH_TIEN_BV     700 more
"""
AMOUNTS = {"a year earlier": -1, "a year later": 1, "10 years later": 10, "3 years earlier": -3}


@pytest.mark.parametrize("line", EDITS.split("\n")[2:-1])
def test_an_edit_changes_one_field_of_one_row(line):
    name, table, field, becomes = line.split(None, 3)
    before, sent = parcel(), parcel()
    change = spoil(name, sent)
    assert (change.table, change.field) == (table, field)
    was, now = before.value(table, change.row - 1, field), sent.value(table, change.row - 1, field)
    assert (change.was, change.now) == (was, now)
    if becomes == "(nothing)":
        assert was and now == ""
    elif becomes.endswith("characters"):
        assert now == was[: int(becomes.split()[0])] != was
    elif becomes.endswith("more"):
        assert float(now) - float(was) == int(becomes.split()[0])
    elif becomes in AMOUNTS:
        assert (int(now[:4]) - int(was[:4]), now[4:]) == (AMOUNTS[becomes], was[4:])
    else:
        assert now == becomes
    restored = sent.text(table).replace(sent.rows(table)[change.row - 1], before.rows(table)[change.row - 1])
    assert restored == before.text(table)
    assert [text for kind, text in sent.children if kind != table] == [
        text for kind, text in before.children if kind != table
    ]


@pytest.mark.parametrize(
    ("name", "group"),
    [("anaesthesia_missing", "8"), ("result_before_order", "123"), ("machine_missing", "123"),
     ("performer_missing", ("1", "2", "3", "8", "18"))],
)  # fmt: skip
def test_some_edits_need_a_certain_kind_of_row(name, group):
    for seed in range(8):
        sent = parcel()
        change = spoil(name, sent, seed)
        assert sent.value("XML3", change.row - 1, "MA_NHOM") in group


def test_edits_fall_on_any_row():
    rows = {spoil("drug_amount_wrong", parcel(), seed).row for seed in range(30)}
    assert len(rows) > 5


UNFIT = """
kind                    visit
anaesthesia_missing     cold
bed_missing             cold
note_empty              cold
discharge_paper_missing cold
referral_paper_missing  cold
referral_reason_wrong   cold
appointment_differs     cold
conclusion_missing      cold
"""


@pytest.mark.parametrize("line", UNFIT.split("\n")[2:-1])
def test_a_visit_without_the_place_for_a_mistake_is_left_alone(line):
    name, illness = line.split()
    sent, before = parcel(made(illness)), parcel(made(illness))
    assert spoil(name, sent) is None
    assert sent.children == before.children


@pytest.mark.parametrize("name", ["card_short", "card_expired"])
def test_a_mistake_in_a_card_needs_a_card(name):
    assert spoil(name, parcel(made("cold", person=somebody(card="")))) is None


# other changes of a dossier


def test_dates_swapped():
    before, sent = parcel(), parcel()
    spoil("dates_swapped", sent)
    assert sent.value("XML1", 0, "NGAY_VAO") == before.value("XML1", 0, "NGAY_RA")
    assert sent.value("XML1", 0, "NGAY_RA") == before.value("XML1", 0, "NGAY_VAO")


def test_arrival_with_the_day_first():
    sent = parcel()
    change = spoil("arrival_ddmmyyyy", sent)
    assert (change.was[:8], change.now[:8]) == ("20260711", "11072026")


def test_a_number_repeated():
    sent = parcel()
    spoil("number_repeated", sent)
    assert [sent.value("XML3", row, "STT") for row in range(3)] == ["1", "1", "3"]


@pytest.mark.parametrize(
    ("name", "table"), [("discharge_paper_missing", "XML7"), ("main_table_missing", "XML1"),
                        ("referral_paper_missing", "XML13")],
)  # fmt: skip
def test_a_table_left_out(name, table):
    sent = referred() if table == "XML13" else parcel()
    before = [kind for kind, _ in sent.children]
    assert spoil(name, sent).table == table
    assert [kind for kind, _ in sent.children] == [kind for kind in before if kind != table]


def test_the_main_table_twice():
    sent = parcel()
    spoil("main_table_twice", sent)
    assert [kind for kind, _ in sent.children].count("XML1") == 2
    assert sent.children[0][1] == sent.children[-1][1]


def test_broken_base64_is_not_encoded_again():
    sent = parcel()
    spoil("base64_broken", sent)
    content = re.search(r"<LOAIHOSO>XML3</LOAIHOSO><NOIDUNGFILE>([^<]*)", sent.hoso())[1]
    assert content.endswith("*!?")
    with pytest.raises(ValueError):
        base64.b64decode(content, validate=True)


# changes of the whole file


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("file_truncated", lambda file, whole: len(file) == len(whole) * 2 // 3 and whole.startswith(file)),
     ("byte_order_mark", lambda file, whole: file == b"\xef\xbb\xbf" + whole)],
)  # fmt: skip
def test_the_outer_file(name, outcome):
    sent = parcel()
    whole = envelope("99001", "20260801", [sent.hoso()])
    spoil(name, sent)
    assert outcome(sent.outer(whole), whole)


def test_what_the_header_says():
    sent = parcel()
    spoil("declared_too_many", sent)
    spoil("header_facility_missing", sent)
    assert (sent.undeclared, sent.header) == (2, "")


# harmless habits are read as if nothing had happened

SAME = ["base64_wrapped", "children_unencoded", "table_order_shuffled", "empty_table"]


@pytest.mark.parametrize("name", SAME)
def test_a_habit_of_software_is_read_as_the_same_visit(name):
    before, sent = parcel(), parcel()
    spoil(name, sent)
    assert sent.hoso() != before.hoso()
    (plain,), (odd,) = (read(envelope("99001", "20260801", [each.hoso()]))[1] for each in (before, sent))
    assert {table: rows for table, rows in odd.tables.items() if rows} == plain.tables
    assert odd.findings == []


def test_names_in_decomposed_letters():
    sent = parcel()
    change = spoil("name_decomposed", sent)
    assert is_normalized("NFC", change.was) and not is_normalized("NFC", change.now)


def test_names_with_double_spaces():
    change = spoil("name_double_spaces", parcel())
    assert change.now.split() == change.was.split()
    assert "  " in change.now and "  " not in change.was


def test_a_district_where_there_are_none_any_more():
    sent = parcel()
    spoil("district_given", sent)
    assert sent.value("XML1", 0, "MAHUYEN_CU_TRU") == "213"


# helpers


@pytest.mark.parametrize(("add", "text", "sum"), [(1000, "5.00", "1005.00"), (5, "0.25", "5.25")])
def test_plus(add, text, sum):
    assert plus(add, text) == sum


@pytest.mark.parametrize(("add", "text", "moved"), [(1, "20260731", "20270731"), (-3, "202607310800", "202307310800")])
def test_year(add, text, moved):
    assert year(add, text) == moved


def test_has_reads_the_row():
    sent = parcel()
    groups = [sent.value("XML3", row, "MA_NHOM") for row in range(len(sent.rows("XML3")))]
    assert [has("XML3", "MA_NHOM", "8")(sent, row) for row in range(len(groups))] == [g == "8" for g in groups]


# a parcel can be read and changed


def test_values_of_a_parcel_are_those_of_the_visit():
    visit = made("cold", person=somebody(sex=MALE))
    sent = parcel(visit)
    assert sent.value("XML1", 0, "MA_LK") == visit.ma_lk
    assert sent.value("XML1", 0, "LY_DO_VV") == visit.illness.reason, "out of its CDATA"
    assert len(sent.rows("XML2")) == len(visit.dispensed)
    assert sent.value("XML1", 0, "MA_NOI_DI") == ""
    assert (sent.text("XML9"), sent.rows("XML9")) == ("", [])


def test_setting_a_value_touches_only_that_row():
    sent = parcel()
    names = [sent.value("XML2", row, "TEN_THUOC") for row in range(len(sent.rows("XML2")))]
    sent.set("XML2", 1, "TEN_THUOC", "Thuốc khác")
    names[1] = "Thuốc khác"
    assert [sent.value("XML2", row, "TEN_THUOC") for row in range(len(names))] == names
    sent.set("XML2", 1, "TEN_THUOC", "")
    assert sent.value("XML2", 1, "TEN_THUOC") == ""


def test_values_with_signs_of_their_own_are_kept():
    sent = parcel()
    sent.set("XML1", 0, "HO_TEN", r"Nguyễn \1 Văn")
    assert sent.value("XML1", 0, "HO_TEN") == r"Nguyễn \1 Văn"
