"""What the rules of money and moments say, and that no rule of XML2 to XML5 raises, whatever the rows hold."""

import pytest
from cases import HEADER, NOW, change, clean_visit
from hypothesis import given, settings
from hypothesis import strategies as st

from yteso import standards
from yteso.intake import checking, messages
from yteso.intake.checking.money import dong, split
from yteso.intake.dossier import Dossier


OURS = ("XML2-", "XML3-", "XML3_XML4-", "XML4-", "XML5-")


@pytest.mark.parametrize(
    ("other", "out", "co", "fund"),
    [(0, 200, 160, 640), (150, 50, 160, 640), (250, 0, 110, 640), (500, 0, 0, 500), (1000, 0, 0, 0)],
)
def test_other_sources_are_taken_off_in_turn(other, out, co, fund):
    assert split(1000, 800, 80, other) == (out, co, fund)


@pytest.mark.parametrize(("amount", "text"), [(10000.0, "10000"), (1200.5, "1200.50"), (0.0, "0"), (-0.001, "0")])
def test_amounts_are_written_as_in_the_file(amount, text):
    assert dong(amount) == text


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
