"""What changed between two versions of a dossier: found whole, and no more than changed."""

from copy import deepcopy
from decimal import Decimal

import pytest
from cases import change, clean_visit, visit_4210, without
from hypothesis import given
from hypothesis import strategies as st

from yteso.intake.differences import Difference, diff
from yteso.intake.dossier import Dossier, Row


def told(found: Difference) -> list[tuple]:
    """Each change as (table, kind, place, {field: (old, new)})."""
    return [
        (row.table, row.kind, row.new_at or row.old_at, {one.field: (one.old, one.new) for one in row.fields})
        for row in found.rows
    ]


def applied(found: Difference, old: Dossier) -> dict[str, list[Row]]:
    """The tables that the difference makes of `old`, rows without their numbers."""
    tables = {table: {at: {**row, "STT": None} for at, row in enumerate(rows, 1)} for table, rows in old.tables.items()}
    for change_ in found.rows:
        rows = tables.setdefault(change_.table, {})
        row = rows.pop(change_.old_at) if change_.old_at else {}
        if change_.kind != "removed":
            rows[("new", change_.new_at)] = row | {one.field: one.new for one in change_.fields}
    return tables


def plain(tables: dict) -> dict[str, list]:
    """Tables as they compare: rows in any order, without numbers and without what is empty."""
    found = {}
    for table, rows in tables.items():
        listed = rows.values() if isinstance(rows, dict) else rows
        kept = [sorted((f, v) for f, v in row.items() if f != "STT" and v is not None) for row in listed]
        if kept:
            found[table] = sorted(kept)
    return found


def numbered(visit: Dossier, table: str) -> Dossier:
    for number, row in enumerate(visit.tables[table], 1):
        row["STT"] = str(number)
    return visit


def test_a_version_does_not_differ_from_itself() -> None:
    found = diff(clean_visit(), clean_visit())
    assert (found.rows, found.money, found.left_out) == ((), (), ())


def test_a_changed_field_shows_what_it_was_and_what_it_is() -> None:
    found = diff(clean_visit(), change(clean_visit(), "XML1", 1, DIEN_THOAI="0912000001"))
    assert told(found) == [("XML1", "changed", 1, {"DIEN_THOAI": ("0900000000", "0912000001")})]


def test_a_field_that_came_or_went_has_nothing_on_one_side() -> None:
    with_it = clean_visit()
    gone = change(with_it, "XML1", 1, GHI_CHU=None)
    assert told(diff(with_it, gone)) == [("XML1", "changed", 1, {"GHI_CHU": ("Uống thuốc theo đơn", None)})]
    assert told(diff(gone, with_it)) == [("XML1", "changed", 1, {"GHI_CHU": (None, "Uống thuốc theo đơn")})]


def test_fields_come_in_the_order_of_the_decree() -> None:
    changed = change(clean_visit(), "XML1", 1, T_BHTT="1", HO_TEN="A", NGAY_RA="202601150900", LA_LUNG="x")
    (row,) = diff(clean_visit(), changed).rows
    assert [one.field for one in row.fields] == ["HO_TEN", "NGAY_RA", "T_BHTT", "LA_LUNG"]


@pytest.mark.parametrize("table", ["XML2", "XML3", "XML4", "XML5"])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_row_put_in_is_one_added_row_and_the_rest_only_renumbered(table: str, place: str) -> None:
    old, new = clean_visit(), clean_visit()
    rows = new.tables[table]
    at = {"first": 0, "middle": len(rows) // 2, "last": len(rows)}[place]
    fresh = deepcopy(rows[0]) | {"NGAY_YL": "202601131500", "NGAY_KQ": "202601131500", "THOI_DIEM_DBLS": "202601131500"}
    rows.insert(at, fresh)
    (row,) = diff(old, numbered(new, table)).rows
    assert (row.table, row.kind, row.old_at, row.new_at) == (table, "added", None, at + 1)
    assert all(one.old is None for one in row.fields)
    (row,) = diff(numbered(new, table), old).rows
    assert (row.kind, row.old_at, row.new_at) == ("removed", at + 1, None)


def test_rows_in_another_order_are_no_difference() -> None:
    turned = clean_visit()
    turned.tables["XML3"].reverse()
    assert diff(clean_visit(), numbered(turned, "XML3")).rows == ()


def test_a_row_is_known_by_what_it_is_about_though_its_number_changed() -> None:
    new = clean_visit()
    new.tables["XML2"].reverse()
    numbered(new, "XML2")
    new.tables["XML2"][0]["SO_LUONG"] = "5"
    assert told(diff(clean_visit(), new)) == [("XML2", "changed", 1, {"SO_LUONG": ("3", "5")})]


def test_a_drug_ordered_at_another_time_is_the_same_row() -> None:
    new = change(clean_visit(), "XML2", 2, NGAY_YL="202601121000")
    assert told(diff(clean_visit(), new)) == [("XML2", "changed", 2, {"NGAY_YL": ("202601110930", "202601121000")})]


def test_a_mistyped_code_is_a_change_of_its_row() -> None:
    new = change(clean_visit(), "XML2", 1, MA_THUOC="40.156")
    assert told(diff(clean_visit(), new)) == [("XML2", "changed", 1, {"MA_THUOC": ("40.155", "40.156")})]


def test_quite_another_drug_under_the_same_number_is_one_gone_and_one_come() -> None:
    new = clean_visit()
    new.tables["XML2"][0] = {"MA_LK": "LK-0001", "STT": "1", "MA_THUOC": "40.30", "TEN_THUOC": "Khác", "SO_LUONG": "9"}
    assert [(row.kind, row.old_at, row.new_at) for row in diff(clean_visit(), new).rows] == [
        ("added", None, 1),
        ("removed", 1, None),
    ]


def test_a_table_that_came_is_all_added_and_one_that_went_all_removed() -> None:
    found = diff(without(clean_visit(), "XML4"), without(clean_visit(), "XML14"))
    assert [(row.table, row.kind) for row in found.rows] == [("XML4", "added")] * 3 + [("XML14", "removed")]
    assert (found.count("added"), found.count("removed"), found.count("changed")) == (3, 1, 0)


def test_a_table_of_one_row_is_always_that_row() -> None:
    new = clean_visit()
    new.tables["XML7"][0] = {"MA_LK": "LK-0001", "SO_LUU_TRU": "khác"}
    (row,) = diff(clean_visit(), new).rows
    assert row.kind == "changed"


def test_money_is_told_as_sums() -> None:
    old = clean_visit()
    paid = Decimal(old.tables["XML1"][0]["T_BHTT"])
    found = diff(old, change(old, "XML1", 1, T_BHTT=str(paid + 1000), T_BNCCT="1e9", T_BNTT=None))
    assert [(one.field, one.more) for one in found.money] == [("T_BHTT", Decimal(1000))]
    assert {one.field for one in found.rows[0].fields} == {"T_BHTT", "T_BNCCT", "T_BNTT"}


def test_between_standards_the_newest_names_are_compared_and_nothing_else() -> None:
    old, new = visit_4210(), clean_visit()
    found = diff(old, new)
    assert (found.old_standard, found.new_standard) == ("4210", "3176")
    assert found.left_out == ("XML7", "XML8", "XML14")
    fields = {one.field for row in found.rows if row.table == "XML1" for one in row.fields}
    assert "MA_BENH_KT" in fields
    assert not fields & {"MA_BENH", "TEN_BENH", "MA_BENH_CHINH", "HO_TEN", "T_TONGCHI", "MA_QUOCTICH", "NAM_SINH"}


def test_the_same_visit_under_other_names_differs_in_nothing() -> None:
    old, new = visit_4210(), Dossier(1, {"XML1": [{}]}, standard="3176")
    names = {
        "MA_THE": "MA_THE_BHYT",
        "TEN_BENH": "CHAN_DOAN_RV",
        "MA_BENH": "MA_BENH_CHINH",
        "T_TONGCHI": "T_TONGCHI_BH",
    }
    names |= {"TINH_TRANG_RV": "MA_LOAI_RV"}
    new.tables["XML1"] = [{names.get(field, field): value for field, value in old.tables["XML1"][0].items()}]
    old.tables = {"XML1": old.tables["XML1"]}
    assert diff(old, new).rows == ()


FIELDS = ("STT", "MA_THUOC", "NGAY_YL", "SO_LUONG", "TEN_THUOC")
ROWS = st.lists(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from("abc"), min_size=1), max_size=6)
VISITS = st.builds(
    lambda tables: Dossier(1, {table: rows for table, rows in tables.items() if rows}, standard="3176"),
    st.dictionaries(st.sampled_from(("XML1", "XML2", "XML3", "XML9")), ROWS),
)


@given(VISITS)
def test_nothing_differs_from_itself(visit: Dossier) -> None:
    assert diff(visit, deepcopy(visit)).rows == ()


@given(VISITS, VISITS)
def test_the_difference_put_on_the_old_gives_the_new(old: Dossier, new: Dossier) -> None:
    assert plain(applied(diff(old, new), old)) == plain(new.tables)


@given(VISITS, VISITS)
def test_looked_at_backwards_it_is_the_same_number_of_rows(old: Dossier, new: Dossier) -> None:
    there, back = diff(old, new), diff(new, old)
    assert plain(applied(back, new)) == plain(old.tables)
    assert there.count("added") - there.count("removed") == back.count("removed") - back.count("added")


@given(VISITS, st.data())
def test_any_row_put_anywhere_is_one_added_row(visit: Dossier, data: st.DataObject) -> None:
    rows = visit.tables.setdefault("XML2", [])
    grown = deepcopy(visit)
    fresh = data.draw(st.dictionaries(st.sampled_from(FIELDS[1:]), st.sampled_from("xyz"), min_size=1))
    grown.tables["XML2"].insert(data.draw(st.integers(0, len(rows))), fresh)
    numbered(grown, "XML2")
    found = diff(visit, grown)
    assert [(row.table, row.kind) for row in found.rows] == [("XML2", "added")]
    assert found.rows[0].row == grown.tables["XML2"][found.rows[0].new_at - 1]
