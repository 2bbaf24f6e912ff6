"""The registry of facilities: taken from a CSV file, brought up to date by the next one, asked for names."""

import csv

import pytest

from yteso import registry


HEAD = "code,name,kind,province,address"
FIRST = """
99001,Bệnh viện Đa khoa Thử,provincial hospital,24,1 Phố Thử
99002,Trạm Y tế Thử,commune station,24,
"""


@pytest.fixture
def load(database, tmp_path):
    """Load CSV text: the head and some rows."""

    def do(rows: str, head: str = HEAD) -> int:
        file = tmp_path / "facilities.csv"
        file.write_text(f"{head}\n{rows.strip()}\n", encoding="utf-8")
        return registry.load(file)

    return do


def known() -> dict[str, tuple[str, ...]]:
    from yteso.registry.models import Facility

    return {row[0]: row[1:] for row in Facility.objects.values_list("code", "name", "kind", "province", "address")}


def test_facilities_are_added(load):
    assert load(FIRST) == 2
    assert known() == {
        "99001": ("Bệnh viện Đa khoa Thử", "provincial hospital", "24", "1 Phố Thử"),
        "99002": ("Trạm Y tế Thử", "commune station", "24", ""),
    }


def test_the_same_file_again_changes_nothing(load):
    load(FIRST)
    before = known()
    assert load(FIRST) == 2
    assert known() == before


def test_a_facility_that_moved_is_brought_up_to_date(load):
    load(FIRST)
    load("99002,Trạm Y tế Mới,commune station,37,Thôn Mới")
    assert known()["99002"] == ("Trạm Y tế Mới", "commune station", "37", "Thôn Mới")
    assert known()["99001"][0] == "Bệnh viện Đa khoa Thử", "who is not in the file stays"


def test_columns_may_be_in_another_order_more_or_fewer(load):
    load("x,Phòng khám Thử,99003", head="phone,name,code")
    assert known() == {"99003": ("Phòng khám Thử", "", "", "")}


def test_names_with_commas_and_quotes(load):
    load('99004,"Phòng khám ""Thử"", cơ sở 2",,,')
    assert known()["99004"][0] == 'Phòng khám "Thử", cơ sở 2'


def test_an_empty_file_is_no_facilities(load):
    assert load("") == 0
    assert known() == {}


def test_a_code_that_is_too_long_is_refused_and_nothing_is_kept(load):
    from django.db import DataError

    with pytest.raises(DataError):
        load(FIRST + "990011,Mã dài,,,")
    assert known() == {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"99001"}, {"99001": "Bệnh viện Đa khoa Thử"}),
        ({"99001", "99002"}, {"99001": "Bệnh viện Đa khoa Thử", "99002": "Trạm Y tế Thử"}),
        ({"99001", "00000"}, {"99001": "Bệnh viện Đa khoa Thử"}),
        ({"00000", ""}, {}),
        (set(), {}),
    ],
)
def test_names_of_the_known_codes(load, asked, found):
    load(FIRST)
    assert registry.names(asked) == found


def test_facilities_stand_in_the_order_of_their_codes_and_say_who_they_are(load):
    from yteso.registry.models import Facility

    load("\n".join(reversed(FIRST.strip().split("\n"))))
    assert [str(facility) for facility in Facility.objects.all()] == [
        "Bệnh viện Đa khoa Thử (99001)",
        "Trạm Y tế Thử (99002)",
    ]


def test_the_facilities_of_a_synthetic_province_can_be_loaded(database, tmp_path):
    from yteso.sandbox.simulate import simulate

    simulate(tmp_path, people=1, days=1, facilities=12, seed=1)
    assert registry.load(tmp_path / "facilities.csv") == 12
    with (tmp_path / "facilities.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["code"]: row["name"] for row in csv.DictReader(stream)} == registry.names(set(known()))
