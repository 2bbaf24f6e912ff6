"""Field checks: every field of every table of every version, by the field tables."""

from datetime import date, datetime

import fields_reference
import pytest
from cases import HEADER, NOW, change, clean_visit, visit_4210
from hypothesis import given, settings
from hypothesis import strategies as st

from yteso import standards
from yteso.intake import checking
from yteso.intake.checking import field_rules, fields
from yteso.intake.checking.engine import Sink, Visit
from yteso.intake.checking.values import MEMORY, Numbers, parts
from yteso.intake.dossier import Dossier
from yteso.intake.messages import describe


TABLES = [(version.id, table) for version in standards.STANDARDS.values() for table in version.tables]

ODD = [
    *("0", "1", "2", "3", "8", "9", "04", "10", "80", "100", "-1", "1.5", "1.25", "1.255", "0.000", "1,5", "1.000,5"),
    *(
        "1e3",
        " 1",
        "+1",
        "nan",
        "1.",
        ".5",
        "²",
        "٣",
        "9" * 15,
        "9" * 16,
        "9" * 30,
        "1.1",
        "2.2",
        "K1",
        "K03",
        "01;02",
        "1;",
    ),
    *("20260110", "20260230", "202601100800", "202601102400", "202601100860", "20260110080", "196500000000"),
    *(
        "196503120000",
        "196503000000",
        "196500001530",
        "19650000",
        "1965",
        "17000101",
        "22000101",
        "10/01/2026",
        ";",
        "000",
    ),
    *("x", "Nguyễn", "x" * 256, "x" * 1025, "CT07", "KHAC", "2026\n0110"),
]


def checked(standard, table, rows):
    """Findings of the field checks alone on a bare table, and the numbers they leave for the rules.

    The functions that rows of one shape may earn find the same.
    """
    of = fields.compiled(standard, table)
    of.clear()
    found = checked_once(standard, table, rows)
    of |= {shape: of.own(shape) for shape in map(tuple, rows)}
    assert checked_once(standard, table, rows) == found
    return found


def checked_once(standard, table, rows):
    visit = Visit(Dossier(1, {table: rows}, standard), HEADER, NOW)
    visit.on = date(2026, 1, 14)
    sink = Sink()
    fields.check(visit, sink)
    return sink.findings, visit.num


def places(findings):
    return {(one.rule, one.table, one.row, one.field) for one in findings}


def only(visit, now=NOW):
    (finding,) = checking.check(visit, HEADER, now=now)
    return finding


@pytest.mark.parametrize(("standard", "table"), TABLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_generated_checks_find_what_the_field_tables_say(standard, table, data):
    names = list(standards.standard(standard).tables[table].fields)
    texts = (
        st.sampled_from(ODD)
        | st.text(min_size=1, max_size=6)
        | st.from_regex(r"[0-9]{1,14}(\.[0-9]{1,4})?", fullmatch=True)
    )
    rows = data.draw(
        st.lists(st.dictionaries(st.sampled_from(names), texts, max_size=len(names)), min_size=1, max_size=3)
    )
    for row in rows:
        row.pop("NGAY_VAO", None)  # lists may be those of the arrival too, which the reference does not know
    found, _ = checked(standard, table, rows)
    wanted = set()
    for number, row in enumerate(rows, 1):
        wanted |= fields_reference.expected(standard, table, number, row, date(2026, 1, 14))
    assert places(found) == wanted
    assert len(found) == len(wanted)


@pytest.mark.parametrize(("standard", "table"), TABLES)
def test_every_required_field_is_missed(standard, table):
    found, _ = checked(standard, table, [{}])
    missed = {one.field for one in found}
    excused = {
        row["field"] for row in field_rules.rows("exceptions.csv") if row["table"] == table and not row["unless"]
    }
    required = {field.name for field in standards.standard(standard).tables[table].fields.values() if field.required}
    assert required - excused <= missed <= required


@pytest.mark.parametrize(("standard", "table"), TABLES)
def test_every_length_is_checked_to_the_character(standard, table):
    on = date(2026, 1, 14)
    for at, field in enumerate(standards.standard(standard).tables[table].fields.values()):
        listed = fields.lists(standard, table, on)[at] is not None
        if field.type != "string" or not field.max_length or listed:
            continue
        longest = "ế" * field.max_length
        assert field.name not in {one.field for one in checked(standard, table, [{field.name: longest}])[0]}
        (finding,) = (
            one for one in checked(standard, table, [{field.name: longest + "ế"}])[0] if one.field == field.name
        )
        assert finding.params["length"] == str(field.max_length + 1)


def test_numbers_reach_the_rules_as_numbers():
    _, num = checked("3176", "XML2", [{"SO_LUONG": "2.500", "DON_GIA": "1,5", "MA_NHOM": "04"}])
    assert num == {"XML2": [{"SO_LUONG": 2.5, "MA_NHOM": 4.0}]}


@pytest.mark.parametrize("text", ["1.5", "-3", "0", "12.50", "0012", "3.120000"])
def test_numbers_as_they_should_be(text):
    assert Numbers(2)[text] == float(text)


@pytest.mark.parametrize(
    "text", ["1,5", "1.000.000", "1 000", "1e5", "1.234", "", "nan", "inf", "1_000", "+1", "١", "1.5 "]
)
def test_numbers_as_they_should_not_be(text):
    assert Numbers(2)[text] is None


def test_comma_decimals_are_told_to_use_the_point():
    finding = next(
        one for one in checking.check(change(clean_visit(), "XML3", 1, THANH_TIEN_BV="45000,00"), HEADER, now=NOW)
    )
    assert (finding.rule, finding.field) == ("ALL-002", "THANH_TIEN_BV")
    assert "dùng dấu chấm" in describe(finding).hint


def test_a_thousand_written_with_a_point_is_one():
    _, num = checked("3176", "XML3", [{"SO_LUONG": "1.000"}])
    assert num["XML3"][0]["SO_LUONG"] == 1.0


def test_a_remembered_number_does_not_fill_the_memory():
    memory = Numbers(0)
    for number in range(MEMORY + 10):
        memory[str(number)]
    assert len(memory) <= MEMORY


def test_lists_end_with_one_separator_or_none():
    assert parts("a ; b;") == ["a", "b"]
    assert parts("a;;b") == ["a", "", "b"]
    assert parts(" ") == []


def test_the_words_name_the_field_its_label_and_the_value():
    finding = only(change(clean_visit(), "XML7", 1, NGAY_CT="2026-01-14"))
    label = standards.standard("3176").tables["XML7"].fields["NGAY_CT"].label_vi
    assert (
        describe(finding).message == f"XML7: {label} (NGAY_CT) «2026-01-14» không phải ngày giờ có thật dạng yyyymmdd."
    )


def test_a_long_wrong_value_is_cut_in_the_finding():
    finding = only(change(clean_visit(), "XML1", 1, NHOM_MAU="A", MA_LY_DO_VNT="y" * 5000))
    assert len(finding.value) < 100
    assert finding.params["length"] == "5000"


def test_scope_codes_of_the_older_list_hold_before_2025():
    on = date(2024, 12, 31)
    assert fields.lists("4750", "XML2", on) is fields.lists("4750", "XML2", on)
    codes = dict(zip(standards.standard("4750").tables["XML1"].fields, fields.lists("4750", "XML1", on), strict=True))
    assert "1.18" not in codes["MA_DOITUONG_KCB"]
    later = dict(zip(codes, fields.lists("3176", "XML1", date(2025, 1, 1)), strict=False))
    assert "1.18" in later["MA_DOITUONG_KCB"]


def test_a_code_of_the_list_at_arrival_is_good_for_a_stay_over_new_year():
    """Lists changed on 1 January 2025; the patient came under the old one."""
    old = min(
        set(standards.code_list("NHOM_DOI_TUONG", date(2024, 12, 31)).codes)
        - set(standards.code_list("NHOM_DOI_TUONG", date(2025, 1, 1)).codes)
    )
    stay = {"NGAY_VAO": "202412300800", "NGAY_RA": "202501030800"}
    for arrival, wrong in (("202412300800", False), ("202501010800", True)):
        visit = Visit(
            Dossier(1, {"XML1": [stay | {"NGAY_VAO": arrival}], "XML6": [{"NHOM_DOI_TUONG": old}]}, "3176"), HEADER, NOW
        )
        sink = Sink()
        fields.check(visit, sink)
        assert ("NHOM_DOI_TUONG" in {one.field for one in sink.findings if one.table == "XML6"}) is wrong


def test_required_fields_of_4210_are_warnings_unless_a_rule_names_them():
    """Which fields that decree requires is known from implementations only."""
    visit = change(visit_4210(), "XML1", 1, MA_DKBD=None, MA_THE=None)
    (finding,) = (one for one in checking.check(visit, HEADER, now=datetime(2023, 6, 1)) if one.field == "MA_DKBD")
    assert (finding.rule, finding.severity) == ("FLD-REQ", "warning")


def test_open_lists_let_unknown_codes_through():
    visit = change(change(clean_visit(), "XML2", 1, DUONG_DUNG="9.99"), "XML1", 1, MA_KHOA="K60")
    visit = change(visit, "XML7", 1, MA_KHOA_RV="K60")
    assert checking.check(visit, HEADER, now=NOW) == []


@pytest.mark.parametrize("excuse", field_rules.rows("exceptions.csv"), ids=lambda row: f"{row['table']}-{row['field']}")
def test_every_exception_speaks_of_a_field_and_lifts_something(excuse):
    for version in excuse["standards"].split(";"):
        field = standards.standard(version).tables[excuse["table"]].fields[excuse["field"]]
        assert excuse["check"] != "REQ" or field.required


@pytest.mark.parametrize("row", field_rules.rows("field_rules.csv"), ids=lambda row: "-".join(row.values()))
def test_every_field_rule_names_a_field_and_a_check_it_can_fail(row):
    assert row["rule"] in standards.rules()
    known = [
        v.tables[row["table"]].fields.get(row["field"])
        for v in standards.STANDARDS.values()
        if row["table"] in v.tables
    ]
    types = {field.type for field in known if field}
    assert types
    if row["check"] == "DATE":
        assert types & {"date", "datetime"}
    if row["check"] == "NUM":
        assert "number" in types
