"""Root causes: what to mend first, and what goes with it."""

from datetime import datetime
from functools import cache
from itertools import combinations
from random import Random

from cases import HEADER, NOW, change, clean_visit, referred_visit, without

from yteso.intake import causes, checking
from yteso.intake.causes import Cause
from yteso.intake.envelope import read
from yteso.intake.findings import CRITICAL, WARNING, Finding
from yteso.sandbox.mistakes import KINDS
from yteso.sandbox.parcel import Parcel
from yteso.sandbox.simulate import Province
from yteso.sandbox.xml import envelope


def of(visit) -> list[Cause]:
    return causes.group(checking.check(visit, HEADER, now=NOW))


def told(found: list[Cause]) -> list[tuple[str, str, int | None, str, int]]:
    """Per cause: the rule, the place to mend, and how many effects."""
    return [(one.finding.rule, one.table, one.row, one.field, len(one.effects)) for one in found]


def finding(rule: str, table: str, row: int | None, field: str, value: str = "", **params: str) -> Finding:
    return Finding(rule, CRITICAL, table, row, field, value, params)


# named examples


def test_one_wrong_date_that_breaks_nine_rules_more_is_one_cause_with_nine_effects():
    """Discharge typed ten years late: year of settlement, payment, days, card, four papers disagree with it."""
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="203601140900")
    (cause,) = of(visit)
    assert (cause.finding.rule, cause.table, cause.row, cause.field) == ("XML1-048", "XML1", 1, "NGAY_RA")
    assert len(cause.effects) == 9
    assert len({effect.rule for effect in cause.effects}) == 9


def test_a_wrong_discharge_explains_every_row_outside_the_stay():
    (cause,) = of(change(clean_visit(), "XML1", 1, NGAY_RA="202512310900"))
    assert (cause.finding.rule, cause.field) == ("XML1-048", "NGAY_RA")
    assert {"XML2-018", "XML3-014", "XML5-002"} <= {effect.rule for effect in cause.effects}
    assert len(cause.effects) > 20


def test_a_late_arrival_is_blamed_though_every_finding_stands_at_a_row():
    visit = clean_visit()
    for table in ("XML7", "XML8", "XML14"):
        visit = without(visit, table)
    found = of(change(visit, "XML1", 1, NGAY_VAO="202601121200", NGAY_VAO_NOI_TRU="202601121200"))
    arrival = next(cause for cause in found if cause.field == "NGAY_VAO")
    assert (arrival.table, arrival.row) == ("XML1", 1)
    assert arrival.elsewhere
    assert {"XML2-018", "XML3-014", "XML5-002"} <= {one.rule for one in arrival.findings}
    assert not [cause for cause in found if cause.finding.rule in ("XML2-018", "XML3-014") and cause is not arrival]


def test_swapped_dates_are_one_cause():
    visit = change(clean_visit(), "XML1", 1, NGAY_VAO="202601140900", NGAY_RA="202601100800")
    assert [(one.finding.rule, one.field) for one in of(visit) if one.finding.critical] == [("XML1-048", "NGAY_RA")]


def test_a_malformed_date_explains_the_papers_that_differ_from_it():
    assert told(of(change(clean_visit(), "XML1", 1, NGAY_VAO="100120260800"))) == [
        ("XML1-047", "XML1", 1, "NGAY_VAO", 3)
    ]


def test_a_wrong_amount_explains_the_totals_that_miss_it():
    assert told(of(change(clean_visit(), "XML2", 1, THANH_TIEN_BV="10500.00"))) == [
        ("XML2-009", "XML2", 1, "THANH_TIEN_BV", 2)
    ]


def test_a_wrong_quantity_explains_the_amounts_worked_out_from_it():
    (cause,) = of(change(clean_visit(), "XML2", 1, SO_LUONG="-2"))
    assert (cause.table, cause.row, cause.field) == ("XML2", 1, "SO_LUONG")


def test_a_total_that_is_wrong_by_another_amount_is_a_cause_of_its_own():
    visit = change(clean_visit(), "XML2", 1, THANH_TIEN_BV="10500.00")
    visit = change(visit, "XML1", 1, T_THUOC="20000.00")
    assert [(one.table, one.field) for one in of(visit)] == [("XML1", "T_THUOC"), ("XML2", "THANH_TIEN_BV")]


def test_two_wrong_amounts_explain_a_total_together():
    visit = change(clean_visit(), "XML2", 1, THANH_TIEN_BV="10500.00")
    visit = change(visit, "XML3", 2, THANH_TIEN_BV="50400.00")
    assert [(one.table, one.field) for one in of(visit)] == [("XML2", "THANH_TIEN_BV"), ("XML3", "THANH_TIEN_BV")]


def test_lost_rows_are_one_cause_behind_all_the_totals():
    visit = clean_visit()
    visit.tables["XML2"].pop()
    totals = [one for one in of(visit) if one.finding.rule.startswith("XML1-07")]
    assert told(totals) == [("XML1-078", "XML2", None, "", 5)]


def test_an_unreadable_table_explains_what_is_missing_because_of_it():
    visit = without(clean_visit(), "XML3")
    broken = finding("ENV-005", "XML3", None, "NOIDUNGFILE")
    found = causes.group([broken, *checking.check(visit, HEADER, now=NOW)])
    cause = next(one for one in found if one.finding is broken)
    assert {"XML1-074", "XML1-075", "XML1-078"} <= {effect.rule for effect in cause.effects}


def test_the_same_fault_on_many_rows_is_one_line():
    visit = clean_visit()
    for row in (4, 5, 6, 7):
        visit = change(visit, "XML3", row, MA_GIUONG="A1")
    (cause,) = of(visit)
    assert (cause.finding.rule, cause.row, cause.rows, len(cause.effects)) == ("XML3-021", 4, 4, 3)


def test_the_same_rule_with_values_of_another_kind_is_another_line():
    visit = change(change(clean_visit(), "XML3", 4, MA_GIUONG="A1"), "XML3", 5, MA_GIUONG="giường hai")
    assert [one.rows for one in of(visit)] == [1, 1]


# guards against swallowing


def test_an_order_before_arrival_is_not_swallowed_by_a_wrong_discharge():
    """The order also lies before arrival, which a wrong NGAY_RA cannot explain."""
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="203601140900")
    visit = change(visit, "XML2", 1, NGAY_YL="202501100930")
    assert ("XML2", "NGAY_YL") in {(one.table, one.field) for one in of(visit)}


def test_two_rows_out_of_bounds_do_not_accuse_the_arrival():
    visit = change(clean_visit(), "XML2", 1, NGAY_YL="202501100930")
    visit = change(visit, "XML5", 1, THOI_DIEM_DBLS="202501100930")
    assert {one.field for one in of(visit)} == {"NGAY_YL", "THOI_DIEM_DBLS"}


def test_a_warning_about_a_table_swallows_nothing_of_it():
    found = causes.group([Finding("ENV-115", WARNING, "XML1"), finding("XML1-013", "XML1", 1, "GIOI_TINH", "7")])
    assert len(found) == 2


def test_missing_fields_of_one_row_are_causes_of_their_own():
    visit = change(clean_visit(), "XML2", 1, HAM_LUONG=None, SO_DANG_KY=None)
    assert {one.field for one in of(visit)} == {"HAM_LUONG", "SO_DANG_KY"}


def test_papers_that_differ_in_several_fields_are_causes_of_their_own():
    visit = change(referred_visit(), "XML13", 1, HO_TEN="NGƯỜI KHÁC", GIOI_TINH="2")
    assert {one.field for one in of(visit)} == {"HO_TEN", "GIOI_TINH"}


# what always holds


def test_nothing_found_has_no_cause_and_one_finding_is_its_own():
    assert causes.group([]) == []
    one = finding("XML1-013", "XML1", 1, "GIOI_TINH", "7")
    assert told(causes.group([one])) == [("XML1-013", "XML1", 1, "GIOI_TINH", 0)]


def test_critical_causes_come_first():
    visit = change(clean_visit(), "XML1", 1, MA_DANTOC="77", GIOI_TINH="7")
    assert [one.finding.severity for one in of(visit)] == [CRITICAL, WARNING]


def test_findings_of_the_file_and_of_unknown_fields_are_grouped_too():
    odd = [
        finding("ENV-001", "ENV", None, "SOLUONGHOSO"),
        finding("ENV-112", "XML²", 3, "LẠ"),
        finding("?", "", None, ""),
    ]
    assert len(causes.group(odd)) == 3


def test_thousands_of_findings_of_one_dossier_are_grouped():
    rows = [
        finding("XML2-009", "XML2", n, "THANH_TIEN_BV", "x" * (n % 500), so_luong="1", don_gia="1", expected="1")
        for n in range(1, 5001)
    ]
    moments = [finding("XML4-002", "XML4", n, "NGAY_KQ", "1", expected=str(n)) for n in range(1, 3001)]
    results = [finding("XML3-011", "XML3", n, "NGAY_KQ", str(n)) for n in range(1, 3001)]
    found = causes.group(rows + moments + results)
    assert sum(len(one.findings) for one in found) == 11000


# injected mistakes

SOON = datetime(2027, 1, 1, 8, 0)
WHOLE_FILE = {"file_truncated", "declared_too_many", "header_facility_missing"}
MISTAKES = [name for name, kind in KINDS.items() if kind.rules and name not in WHOLE_FILE]


@cache
def clean_parcels() -> list[tuple[str, int, str, list[tuple[str, str]]]]:
    province = Province(90, 90, 12, 3, datetime(2026, 7, 1).date())
    return [
        (visit.ma_lk, visit.left, visit.facility.code, list(province.children(visit).items()))
        for visit in province.visits()
    ]


def spoiled(names: tuple[str, ...], often: int):
    """Changes and findings of dossiers with all these mistakes, where each can be made and is found by its rules."""
    dice, given = Random(str(names)), 0
    for ma_lk, left, facility, children in dice.sample(clean_parcels(), len(clean_parcels())):
        if given == often:
            return
        parcel = Parcel(ma_lk, left, list(children))
        changes = [KINDS[name].make(parcel, dice) for name in names]
        if None in changes or len({(one.table, one.row, one.field) for one in changes}) < len(names):
            continue
        file, (dossier,) = read(envelope(facility, "20261231", [parcel.hoso()]))
        findings = dossier.findings + checking.check(dossier, file.header, now=SOON)
        if all(set(KINDS[name].rules) <= {one.rule for one in findings} for name in names):
            given += 1
            yield changes, findings


def names_it(cause: Cause, name: str, changed) -> bool:
    """The cause is at the changed place, or is the finding by which the mistake is known."""
    return (cause.table, cause.field) == (changed.table, changed.field) or cause.finding.rule in KINDS[name].rules


def share(combinations_, often: int) -> tuple[float, int]:
    """How many of the dossiers with k mistakes show exactly k causes, each naming its mistake."""
    right = seen = 0
    for names in combinations_:
        for changes, findings in spoiled(names, often):
            found = causes.group(findings)
            assert sorted(map(id, findings)) == sorted(id(one) for cause in found for one in cause.findings)
            seen += 1
            right += len(found) == len(names) and all(
                any(names_it(cause, name, changed) for cause in found)
                for name, changed in zip(names, changes, strict=True)
            )
    return right / seen, seen


def test_one_mistake_is_one_cause_that_names_it():
    """What is left: a discharge in another year, whose day chose other code lists."""
    right, seen = share(((name,) for name in MISTAKES), 3)
    assert seen > 100
    assert right >= 0.99


def test_two_independent_mistakes_are_two_causes():
    right, seen = share(list(combinations(MISTAKES, 2))[::2], 1)
    assert seen > 300
    assert right >= 0.98


def test_the_order_of_the_findings_does_not_matter():
    dice = Random(7)
    for names in list(combinations(MISTAKES, 2))[::9]:
        for _, findings in spoiled(names, 1):
            expected = causes.group(findings)
            for _ in range(3):
                assert causes.group(dice.sample(findings, len(findings))) == expected
