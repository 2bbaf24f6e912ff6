"""The made-up facilities of a province and who goes where."""

import re
from collections import Counter
from datetime import date

import pytest

from yteso import catalogues, standards
from yteso.sandbox import data
from yteso.sandbox.chance import stream
from yteso.sandbox.facilities import Network, kind_of
from yteso.sandbox.people import Names


PROVINCES = {row["code"]: row for row in data.rows("provinces")}


def network(size: int, province: str = "24", seed: int = 3) -> Network:
    row = PROVINCES[province]
    return Network(seed, row, size, Names(row["region"]))


SIZES = """
facilities  hospitals  medical centres  clinics  stations
1           1          0                0        0
2           1          1                0        0
5           1          1                0        3
9           1          1                1        6
17          1          2                2        12
100         1          13               12       74
"""


@pytest.mark.parametrize("line", SIZES.split("\n")[2:-1])
def test_a_province_has_facilities_of_every_level(line):
    size, *expected = map(int, line.split())
    found = network(size)
    assert [len(found.by_kind[kind]) for kind in "pdkc"] == expected
    assert [facility.kind for facility in found.all] == [kind_of(n) for n in range(size)]


@pytest.mark.parametrize("size", [0, -1, 1000])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(ValueError, match="1 to 999"):
        network(size)


def test_codes_are_fictional_and_unique():
    codes = [facility.code for facility in network(999, "66").all]
    assert len(set(codes)) == 999
    assert all(re.fullmatch(r"99\d{3}", code) for code in codes)


NAMES = [("p", "Bệnh viện Đa khoa Tỉnh Bắc Ninh"), ("d", "Trung tâm Y tế khu vực "), ("k", "Phòng khám đa khoa "),
         ("c", "Trạm Y tế ")]  # fmt: skip


@pytest.mark.parametrize(("kind", "start"), NAMES)
def test_names_tell_the_kind_and_that_they_are_made_up(kind, start):
    for facility in network(30).all:
        if facility.kind == kind:
            assert facility.name.startswith(start)
            assert facility.name.endswith("(mô phỏng)")


def test_names_stay_unique_when_communes_run_out():
    found = network(400)
    assert len(found.communes) < 400
    assert len({facility.name for facility in found.all}) == 400


@pytest.mark.parametrize("province", sorted(PROVINCES))
def test_facilities_stand_in_communes_of_their_province(province):
    communes = catalogues.communes(date(2026, 8, 1))
    for facility in network(20, province).all:
        assert communes[facility.commune].parent == province


def test_patients_are_referred_upwards():
    found = network(40).all
    for facility in found[1:]:
        parent = found[facility.parent]
        assert parent.index < facility.index
        assert parent.kind == ("p" if facility.kind == "d" else "d")


# homes

HOMES = """
facilities  station is a  clinic is a  medical centre is a  hospital is a
1           p             p            p                    p
2           d             d            d                    p
5           c             d            d                    p
17          c             k            d                    p
"""


@pytest.mark.parametrize("line", HOMES.split("\n")[2:-1])
def test_a_level_that_does_not_exist_falls_to_the_next_higher(line):
    size, *kinds = line.split()
    found = network(int(size))
    homes = found.homes(11)
    assert [found.all[homes[level]].kind for level in "ckdp"] == kinds


def test_the_medical_centre_of_a_person_is_that_of_their_station():
    found = network(40)
    for n in range(60):
        homes = found.homes(n)
        assert homes["d"] == found.all[homes["c"]].parent


def test_people_are_spread_over_the_stations():
    found = network(17)
    used = Counter(found.homes(n)["c"] for n in range(1200))
    assert set(used) == set(found.by_kind["c"])
    assert max(used.values()) == min(used.values()) == 100


# staff


@pytest.mark.parametrize(("kind", "departments", "doctors"), [("p", 24, 4), ("d", 24, 3), ("k", 1, 3), ("c", 1, 2)])
def test_staff_by_kind(kind, departments, doctors):
    facility = next(known for known in network(17).all if known.kind == kind)
    assert len(facility.doctors) == departments
    assert {len(staff) for staff in facility.doctors.values()} == {doctors}
    assert (len(facility.technicians), len(facility.nurses)) == (4, 5)


def test_everybody_has_a_licence_of_their_own():
    licences = []
    for facility in network(17).all:
        staff = [facility.head, *facility.technicians, *facility.nurses]
        staff += [doctor for doctors in facility.doctors.values() for doctor in doctors]
        licences += [person.licence for person in staff]
        assert all(len(person.name.split()) >= 3 for person in staff)
    assert len(set(licences)) == len(licences)
    assert all(re.fullmatch(r"\d{6}/BN-GPHN", licence) for licence in licences)


def test_a_department_without_doctors_asks_those_of_the_outpatient_department():
    clinic = next(known for known in network(17).all if known.kind == "k")
    dice = stream("doctors")
    assert {clinic.doctor("K19", dice) for _ in range(50)} == set(clinic.doctors["K01"])


def test_machines_are_numbered_as_the_insurer_asks():
    groups = standards.code_list("MA_MAY_GROUP", date(2026, 8, 1))
    for facility in network(9).all:
        assert set(facility.machines) >= {"HH", "SH", "SA", "XQ"}
        for group, machine in facility.machines.items():
            assert re.fullmatch(rf"{group}\.[12]\.\d{{5}}", machine)
            assert group in groups or group in ("NS", "TT", "PT", "VS", "DN"), group


def test_the_same_seed_hires_the_same_people():
    one, same, other = network(9), network(9), network(9, seed=4)
    assert [facility.head for facility in one.all] == [facility.head for facility in same.all]
    assert [facility.head for facility in one.all] != [facility.head for facility in other.all]


def test_more_facilities_leave_the_first_ones_as_they_were():
    few, many = network(9), network(40)
    assert few.all == many.all[:9]


@pytest.mark.parametrize("style", [True, False])
def test_both_styles_of_names_occur(style):
    assert any(facility.capitals is style for facility in network(40).all)
