"""Dossiers against what is approved for the facility: silent without lists, exact with them, by their days."""

from datetime import datetime
from io import BytesIO

import pytest
from arrivals import FACILITY, dossier, file_of
from cases import DOCTOR, HEADER, NOW, READER, change, clean_visit, visit_4210

from yteso.intake import checking, service, terms
from yteso.intake.facility_lists import COLUMNS, DAYS, NONE, ListError, parse, read_folder


LISTS = {
    "drugs": """\
40.155,Amoxicilin,500mg,VD-12341-20,1.01,57/QĐ-SYT;G1;N1;2025,5000,2026-01-01,2026-12-31
40.2,paracetamol,,VD-12342-20,,,1200.5,2026-01-01,""",
    "services": """\
02.1897,Khám Nội,45000,,
22.0120.1370,Tổng phân tích tế bào máu,49700,,
18.0119.0028,Chụp Xquang ngực thẳng,73300,,
K03.1911,Giường nội khoa loại 2,187100,,""",
    "supplies": "N03.01.020,Bơm tiêm 5 ml,,1500,,",
    "staff": f"{DOCTOR},An,,,\n{READER},Bình,,,",
    "departments": "K03,Nội,,",
    "contract": "99001,3,01;03,2026-01-01,2026-12-31",
    "facilities": "99001,Bệnh viện Thử,,\n99002,Trạm Thử,,2026-01-01",
}


def given(**changed: str):
    texts = {name: ",".join((*COLUMNS[name], *DAYS)) + "\n" + rows for name, rows in (LISTS | changed).items()}
    return parse(texts)


def found(visit, lists=None, now=NOW):
    findings = checking.check(visit, HEADER, now=now, lists=given() if lists is None else lists)
    return [(one.rule, one.table, one.row, one.field) for one in findings]


def test_a_dossier_as_approved_has_no_finding():
    assert found(clean_visit()) == []


def priced(price: str, **fields: str):
    """The first drug at another price, all sums of the row and the dossier left as they are."""
    return change(clean_visit(), "XML2", 1, DON_GIA=price, **fields)


@pytest.mark.parametrize(
    ("rule", "table", "row", "field", "value"),
    [
        ("XML2-024", "XML2", 1, "MA_BAC_SI", "000999/HNO-GPHN"),
        ("XML2-025", "XML2", 1, "MA_KHOA", "K02"),
        ("XML2-027", "XML2", 1, "MA_THUOC", "40.156"),
        ("XML2-027", "XML2", 1, "TEN_THUOC", "Ampicilin"),
        ("XML2-027", "XML2", 1, "HAM_LUONG", "250mg"),
        ("XML2-027", "XML2", 1, "SO_DANG_KY", "VD-99999-20"),
        ("XML2-027", "XML2", 1, "TT_THAU", "58/QĐ-SYT;G1;N1;2025"),
        ("XML2-028", "XML2", 1, "DON_GIA", "5002"),
        ("XML2-029", "XML2", 1, "DON_GIA", "4998"),
        ("XML3-043", "XML3", 1, "MA_DICH_VU", "02.1898"),
        ("XML3-043", "XML3", 1, "TEN_DICH_VU", "Khám Ngoại"),
        ("XML3-043", "XML3", 1, "DON_GIA_BH", "45002"),
        ("XML3-044", "XML3", 8, "MA_VAT_TU", "N03.01.021"),
        ("XML3-044", "XML3", 8, "DON_GIA_BV", "1502"),
        ("XML4-003", "XML4", 1, "MA_BS_DOC_KQ", "000999/HNO-GPHN"),
        ("XML4-004", "XML4", 1, "MA_DICH_VU", "22.0999.1370"),
        ("XML1-026", "XML1", 1, "MA_DKBD", "99003"),
        ("XML1-027", "XML1", 1, "MA_CSKCB", "99003"),
        ("XML1-087", "XML1", 1, "MA_LOAI_KCB", "09"),
    ],
)
def test_what_differs_from_the_lists_is_found_and_only_with_them(rule, table, row, field, value):
    visit = change(clean_visit(), table, row, **{field: value})
    assert (rule, table, row, field) in found(visit)
    assert rule not in {one[0] for one in found(visit, NONE)} - {"XML4-003"}


def test_names_are_compared_without_regard_to_capitals_and_blanks():
    assert found(change(clean_visit(), "XML2", 1, TEN_THUOC=" amoxicilin ")) == []


def test_a_lower_price_of_a_service_is_let_pass():
    assert "XML3-043" not in {one[0] for one in found(change(clean_visit(), "XML3", 1, DON_GIA_BH="40000"))}


def test_a_drug_the_patient_pays_needs_no_approval():
    visit = change(clean_visit(), "XML2", 1, MA_THUOC="40.156", PHAM_VI="2")
    assert "XML2-027" not in {one[0] for one in found(visit)}


def test_the_entry_of_the_day_counts():
    last_year = "40.155,Amoxicilin,,,,,4000,2025-01-01,2025-12-31\n" + LISTS["drugs"]
    assert found(clean_visit(), given(drugs=last_year)) == []
    over = "40.155,Amoxicilin,,,,,5000,2025-01-01,2025-12-31\n40.2,,,,,,,,"
    assert found(clean_visit(), given(drugs=over)) == [("XML2-027", "XML2", 1, "MA_THUOC")]
    ended_while_in_care = "40.155,Amoxicilin,,,,,5000,2025-01-01,2026-01-10\n40.2,,,,,,,,"
    assert found(clean_visit(), given(drugs=ended_while_in_care)) == []


def test_of_several_lots_the_nearest_is_meant():
    two = "40.155,Amoxicilin,500mg,VD-1-20,,,9000,,\n" + LISTS["drugs"]
    assert found(clean_visit(), given(drugs=two)) == []


def test_practitioners_of_other_facilities_need_not_be_on_the_list():
    visit = change(clean_visit(), "XML2", 1, MA_BAC_SI="000777/HNO-GPHN.HD.99002")
    assert found(visit) == []


def test_a_licence_that_has_ended_is_found():
    ended = given(staff=f"{DOCTOR},An,,,2025-12-31\n{READER},Bình,,,")
    assert {one[0] for one in found(clean_visit(), ended)} == {"XML2-024"}


def test_arrival_after_the_end_of_the_contract():
    assert found(clean_visit(), given(contract="99001,3,,2025-01-01,2025-12-31")) == [
        ("XML1-086", "XML1", 1, "NGAY_VAO")
    ]


@pytest.mark.parametrize(("level", "paid"), [("1", False), ("2", False), ("3", True), ("4", True)])
def test_free_access_of_an_outpatient_is_not_paid_from_the_province_up(level, paid):
    visit = change(visit_4210(), "XML1", 1, MA_LYDO_VVIEN="4")
    lists = parse({"contract": f"{','.join((*COLUMNS['contract'], *DAYS))}\n99001,{level},,,"})
    rules = {one[0] for one in found(visit, lists, datetime(2023, 6, 1))}
    assert ("XML1-088" in rules) is not paid


def test_a_facility_that_was_closed_no_longer_exists():
    assert ("XML1-026", "XML1", 1, "MA_DKBD") in found(change(clean_visit(), "XML1", 1, MA_DKBD="99002"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,name\n", "staff.csv: thiếu cột / missing column: scope, effective_from, effective_to"),
        ("code,name,scope,effective_from,effective_to\n,An,,,\n", "staff.csv, dòng / line 2: thiếu mã"),
        ("code,name,scope,effective_from,effective_to\n1,An,,01/01/2026,\n", "staff.csv, dòng / line 2"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(text, words):
    with pytest.raises(ListError, match=words):
        parse({"staff": text})


def test_a_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(ListError, match="danh mục"):
        read_folder(tmp_path)


def test_a_list_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "staff.csv").write_bytes("code,name\n1,Bình".encode("utf-16"))
    with pytest.raises(ListError, match="UTF-8"):
        read_folder(tmp_path)


@pytest.fixture
def autocommit(conn):
    conn.rollback()
    conn.autocommit = True
    return conn


STAFF = ",".join((*COLUMNS["staff"], *DAYS)) + "\n"


def rules_found(conn, number: int) -> set[str]:
    work, _ = service.receive(conn, BytesIO(file_of(dossier(number))), name="x", facility=FACILITY, account="t")
    service.take_in(conn, [work])
    rows = conn.execute("select distinct rule from intake_finding where submission_id = %s", (work.id,)).fetchall()
    return {rule for (rule,) in rows}


def test_the_intake_checks_against_the_lists_last_loaded(autocommit):
    assert rules_found(autocommit, 1) == set()
    terms.load_lists(autocommit, FACILITY, {"staff": STAFF + "1,An,,,\n"}, "nga")
    assert rules_found(autocommit, 2) == {"XML2-024", "XML4-003"}
    terms.load_lists(autocommit, FACILITY, {"staff": STAFF + LISTS["staff"]}, "nga")
    assert rules_found(autocommit, 3) == set()
    assert autocommit.execute("select count(*) from intake_facility_list").fetchone() == (2,)


def test_lists_of_another_facility_do_not_matter(autocommit):
    terms.load_lists(autocommit, "99777", {"staff": STAFF + "1,An,,,\n"}, "nga")
    assert rules_found(autocommit, 1) == set()
