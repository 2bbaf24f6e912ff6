"""Rules of XML5, clinical course; and what no rule of XML2 to XML5 may do: raise."""

import pytest
from cases import HEADER, NOW, change, clean_visit, outpatient_visit, visit_4210, without
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_tables import NOW_4210, OURS, fires, found, with_row

from yteso import standards
from yteso.intake import checking, messages
from yteso.intake.dossier import Dossier


@pytest.mark.parametrize(
    ("rule", "field", "change_to"),
    [
        ("XML5-001", "DIEN_BIEN_LS", {"DIEN_BIEN_LS": None}),
        ("XML5-001", "THOI_DIEM_DBLS", {"THOI_DIEM_DBLS": None}),
        ("XML5-001", "NGUOI_THUC_HIEN", {"NGUOI_THUC_HIEN": None}),
        ("XML5-002", "THOI_DIEM_DBLS", {"THOI_DIEM_DBLS": "202601100759"}),
        ("XML5-002", "THOI_DIEM_DBLS", {"THOI_DIEM_DBLS": "202601140901"}),
        ("XML5-003", "DIEN_BIEN_LS", {"DIEN_BIEN_LS": "Sốt 38,5 độ, ho đờm, phổi phải có ran nổ "}),
    ],
)
def test_one_mistake_in_a_note_is_one_finding(rule, field, change_to):
    assert found(change(clean_visit(), "XML5", 2, **change_to)) == fires(rule, field, 2)


def test_a_note_in_the_future():
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="202602101000")
    visit = change(visit, "XML5", 3, THOI_DIEM_DBLS="202602010801")
    assert found(visit) == fires("XML5-002", "THOI_DIEM_DBLS", 3)


@pytest.mark.parametrize(
    ("care", "clean"), [("02", False), ("03", False), ("05", False), ("08", False), ("09", False), ("01", True)]
)
def test_the_course_of_those_followed_must_be_told(care, clean):
    visit = change(without(clean_visit(), "XML5"), "XML1", 1, MA_LOAI_KCB=care)
    places = {place for place in found(visit) if place[0] == "XML5-004"}
    assert places == (set() if clean else fires("XML5-004", "", None))


def test_an_examination_needs_no_course():
    assert found(outpatient_visit()) == set()


def test_notes_of_4210():
    visit = visit_4210()
    visit.tables["XML5"] = [{"MA_LK": "LK-0001", "STT": "1", "DIEN_BIEN": "Ho, sốt", "NGAY_YL": "202305100810"}]
    assert found(visit, NOW_4210) == set()
    assert found(change(visit, "XML5", 1, NGAY_YL="202305100759"), NOW_4210) == fires("XML5-002", "NGAY_YL", 1)
    assert found(with_row(visit, "XML5", 1), NOW_4210) == fires("XML5-003", "DIEN_BIEN", 2)


@pytest.mark.parametrize("rule", sorted(id for id in checking.RULES if id.startswith(OURS)))
def test_every_rule_has_its_words(rule):
    words = messages.text(rule)
    assert words.message_vi
    assert words.message_en
    assert words.hint_vi
    assert words.hint_en


def test_a_message_tells_the_amounts():
    visit = change(clean_visit(), "XML2", 1, THANH_TIEN_BV="12000")
    (finding,) = (f for f in checking.check(visit, HEADER, now=NOW) if f.rule == "XML2-009")
    said = messages.describe(finding)
    assert "12000" in said.message
    assert "2 × 5000 = 10000" in said.message
    assert said.legal


def names(table: str) -> list[str]:
    versions = (one.tables[table].fields for one in standards.STANDARDS.values() if table in one.tables)
    return sorted({field for fields in versions for field in fields})


def test_no_message_lacks_what_it_tells():
    """Every parameter a text names is given by the rule that uses it, on dossiers with many mistakes."""
    visit = clean_visit()
    for rows in visit.tables.values():
        for row in rows:
            for field in list(row):
                if field.startswith(("NGAY", "T_", "THANH", "TYLE", "MA_")) and field not in ("MA_LK", "MA_NHOM"):
                    row[field] = "202601200000" if field.startswith("NGAY") else "7"
    for finding in checking.check(visit, HEADER, now=NOW):
        if finding.rule.startswith(OURS) and "NGAY_VAO" in visit.tables["XML1"][0]:
            words = messages.text(finding.rule)
            known = {"where", "table", "row", "field", "label", "value", "rule", *finding.params}
            named = {part.split("}")[0] for part in (words.message_vi + words.hint_vi).split("{")[1:]}
            assert named <= known, finding


ODD = """0|1|2|13|15|8|18|10|100|-1|1.5|1,5|999999999999999|202601101000|202601101030|20260110|202613401099|;
;;|*| |\u200b
1 viên * 2 lần * 3 ngày|G1|a;G1;N1;2025|HH.1.M01|22.0120.1370|22.0120.1370_GT.K.|H001|J18.9|²|١|N06.02.020"""
TEXTS = st.sampled_from(ODD.replace("\n", "|").split("|")) | st.text(max_size=15)


def rows(table: str, most: int) -> st.SearchStrategy:
    return st.lists(st.dictionaries(st.sampled_from(names(table)), TEXTS, max_size=25), max_size=most)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["4210", "130", "4750", "3176"]),
    rows("XML1", 1),
    rows("XML2", 4),
    rows("XML3", 5),
    rows("XML4", 4),
    rows("XML5", 3),
)
def test_no_rule_breaks_on_any_text(standard, x1, x2, x3, x4, x5):
    visit = clean_visit()
    tables = {
        "XML1": [visit.tables["XML1"][0] | (x1[0] if x1 else {})],
        "XML2": [{**visit.tables["XML2"][0], **row} for row in x2[:2]] + x2[2:],
        "XML3": [{**visit.tables["XML3"][1], **row} for row in x3[:3]] + x3[3:],
        "XML4": x4,
        "XML5": x5,
    }
    dossier = Dossier(position=1, tables={name: found for name, found in tables.items() if found}, standard=standard)
    broken = [f.value for f in checking.check(dossier, HEADER, now=NOW) if f.rule == "SYS-001"]
    assert [id for id in broken if id.startswith(OURS)] == []
