"""The checker as a whole: which rules there are, that none can break, in what order findings come."""

from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from cases import HEADER, NOW, change, clean_visit, outpatient_visit, referred_visit, visit_4210
from hypothesis import given, settings
from hypothesis import strategies as st

from yteso import standards
from yteso.intake import checking, messages
from yteso.intake.checking import engine
from yteso.intake.checking.engine import Rule, Sink, Visit, register, rule, run
from yteso.intake.checking.listing import not_possible
from yteso.intake.facility_lists import NONE
from yteso.intake.findings import CRITICAL, WARNING, Finding
from yteso.intake.policy import DEFAULT


TEXTS = [
    *(
        "",
        " ",
        "0",
        "1",
        "3",
        "-5",
        "1e9",
        "nan",
        "x" * 300,
        "Nguyễn Văn A",
        ";",
        ";;",
        "1;2",
        "K03",
        "J18.9",
        "U62.011",
    ),
    *("20260110", "202601100800", "999999999999", "000000000000", "196500000000", "20260230", "1.5", "1,5", "DN4"),
    *(
        "DN4019900000001",
        "1.3",
        "1.14",
        "N06.02.020",
        "57/QĐ;G1;N1;2025",
        "1 viên * 2 lần * 5 ngày",
        "[",
        "{",
        "\u00b2",
    ),
]


def test_every_rule_of_the_standards_is_in_force_or_says_why_not():
    assert set(standards.rules()) - set(checking.RULES) == set(not_possible())


def test_what_cannot_be_judged_has_a_reason():
    assert all(not_possible().values())


@pytest.mark.parametrize("id", checking.RULES)
def test_every_rule_has_its_words_in_both_languages(id):
    text = messages.text(id)
    assert text.message_vi
    assert text.message_en
    assert text.hint_vi
    assert text.hint_en
    assert text.message_vi != text.message_en
    assert checking.RULES[id].severity in (CRITICAL, WARNING)
    assert checking.RULES[id].tables


@pytest.mark.parametrize("id", standards.rules())
def test_a_rule_of_the_standards_keeps_the_severity_given_there(id):
    if id in checking.RULES:
        assert checking.RULES[id].severity == standards.rules()[id].severity


def test_every_text_belongs_to_something_that_can_be_found():
    """Rules not in the checker are those of later steps of the intake, which report under their own id."""
    outside = set(messages.texts()) - set(checking.RULES)
    assert {id.partition("-")[0] for id in outside} <= {"SYS", "ENV", "INT"}


def test_critical_findings_come_first_then_by_table_and_row():
    visit = change(clean_visit(), "XML5", 2, NGUOI_THUC_HIEN=None)
    visit = change(visit, "XML1", 1, MA_DANTOC="77", GIOI_TINH="9")
    visit = change(visit, "XML2", 1, MA_PTTT="8")
    found = [(one.severity, one.table) for one in checking.check(visit, HEADER, now=NOW)]
    assert found == sorted(found, key=lambda one: (one[0] != CRITICAL, one[1]))
    assert [table for severity, table in found if severity == CRITICAL] == ["XML1", "XML2", "XML5"]


def test_a_dossier_without_xml1_is_left_to_the_reader():
    visit = clean_visit()
    del visit.tables["XML1"]
    assert checking.check(visit, HEADER, now=NOW) == []


def test_the_moment_of_the_check_may_come_from_another_clock():
    """02:00 UTC is 09:00 in Viet Nam, the very minute of discharge."""
    at = datetime(2026, 1, 14, 2, 0, tzinfo=UTC)
    visit = change(clean_visit(), "XML1", 1, NGAY_TTOAN=None)
    assert not [one for one in checking.check(visit, HEADER, now=at) if one.rule == "XML1-048"]
    earlier = datetime(2026, 1, 14, 1, 59, tzinfo=UTC)
    assert [one.field for one in checking.check(visit, HEADER, now=earlier) if one.rule == "XML1-048"] == ["NGAY_RA"]


def test_checking_changes_nothing_in_the_dossier():
    visit = clean_visit()
    before = deepcopy(visit)
    checking.check(visit, HEADER, now=NOW)
    assert visit == before


def test_a_rule_that_breaks_costs_nothing_but_itself():
    def breaks(visit, add):
        raise KeyError("HO_TEN")

    def speaks(visit, add):
        add("XML1", 1, "HO_TEN", "x")

    rules = [
        Rule("XML1-A", CRITICAL, ("XML1",), "", "", "", check=breaks),
        Rule("XML1-B", CRITICAL, ("XML1",), "", "", "", check=speaks),
    ]
    sink = Sink()
    run(Visit(clean_visit(), HEADER, NOW), sink, rules)
    broken, said = sink.findings
    assert (broken.rule, broken.severity, broken.value) == ("SYS-001", WARNING, "XML1-A")
    assert said == Finding("XML1-B", CRITICAL, "XML1", 1, "HO_TEN", "x")
    assert "XML1-A" in messages.describe(broken).message


def test_a_rule_has_one_function():
    with pytest.raises(ValueError, match="defined twice"):
        rule("XML1-048")(lambda visit, add: None)


def test_a_rule_must_be_known_to_the_standards_or_have_words():
    with pytest.raises(KeyError):
        register("XML1-999")
    assert "XML1-999" not in checking.RULES


def test_rules_of_the_130_family_leave_4210_alone():
    old, new = (engine.plan(DEFAULT, standard, date(2024, 6, 1), NONE) for standard in ("4210", "3176"))
    assert all("4210" in known.standards for known in old)
    assert len(old) < len(new)


def rows_of(table):
    names = list(standards.standard("3176").tables[table].fields)
    return st.dictionaries(
        st.sampled_from(names), st.sampled_from(TEXTS) | st.text(min_size=1, max_size=9), max_size=30
    )


TABLES = [table for table in standards.standard("3176").tables if table != "XML1"]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), standard=st.sampled_from(list(standards.STANDARDS)))
def test_no_rule_breaks_whatever_the_fields_hold(data, standard):
    start = (
        visit_4210()
        if standard == "4210"
        else data.draw(st.sampled_from([clean_visit, outpatient_visit, referred_visit]))()
    )
    start.standard = standard
    for table in data.draw(st.lists(st.sampled_from(TABLES), max_size=4, unique=True)):
        start.tables[table] = [row for row in data.draw(st.lists(rows_of(table), max_size=3)) if row]
        if not start.tables[table]:
            del start.tables[table]
    for table in list(start.tables):
        for row in start.tables[table]:
            row.update(data.draw(rows_of(table)))
            for name in data.draw(st.lists(st.sampled_from(sorted(row)), max_size=3)) if row else ():
                row.pop(name, None)
    found = checking.check(start, HEADER, now=NOW)
    assert [one.value for one in found if one.rule == "SYS-001"] == []
    for one in found:
        assert messages.describe(one).message
        assert messages.describe(one, lang="en").message


@settings(max_examples=60, deadline=None)
@given(table=st.sampled_from(["XML1", "XML2", "XML3", "XML4", "XML5"]), data=st.data())
def test_one_odd_value_in_a_clean_visit_breaks_nothing(table, data):
    visit = clean_visit()
    name = data.draw(st.sampled_from(list(standards.standard("3176").tables[table].fields)))
    visit = change(visit, table, 1, **{name: data.draw(st.sampled_from(TEXTS)) or None})
    assert "SYS-001" not in {one.rule for one in checking.check(visit, HEADER, now=NOW)}


def test_a_finding_as_json():
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="202601100759")
    (finding,) = (one for one in checking.check(visit, HEADER, now=NOW) if one.rule == "XML1-048")
    said = messages.as_json(finding)
    assert list(said) == [
        *("rule", "severity", "table", "row", "field", "value", "message_vi", "message_en", "hint_vi"),
        *("hint_en", "why", "why_vi", "why_en", "legal"),
    ]
    assert said["severity"] == "critical"
    assert said["value"] == "202601100759"
    assert "07:59 10/01/2026" in said["message_vi"]
    assert "08:00 10/01/2026" in said["message_vi"]
    assert said["why"] == ["refused", "money"]
    assert "before arrival" in said["message_en"]


def test_words_of_an_unknown_rule_are_its_name():
    assert messages.describe(Finding("XML9-999", WARNING)).message == "XML9-999"
