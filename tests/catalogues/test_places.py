"""Administrative units before and after 1 July 2025."""

from datetime import date

import pytest

from yteso import catalogues


BEFORE = date(2025, 6, 30)
AFTER = date(2025, 7, 1)


def test_provinces_were_merged_on_1_july_2025():
    assert len(catalogues.provinces(BEFORE)) == 63
    assert len(catalogues.provinces(AFTER)) == 34


def test_districts_were_abolished_on_1_july_2025():
    assert len(catalogues.districts(BEFORE)) == 696
    assert catalogues.districts(AFTER) == {}


def test_communes_were_merged_on_1_july_2025():
    assert len(catalogues.communes(BEFORE)) == 10_051
    kinds = [unit.kind for unit in catalogues.communes(AFTER).values()]
    assert (kinds.count("xa"), kinds.count("phuong"), kinds.count("dac_khu")) == (2611, 697, 13)


def test_one_code_can_name_two_units():
    assert catalogues.communes(BEFORE)["00004"].full_name == "Phường Trúc Bạch"
    assert catalogues.communes(AFTER)["00004"].full_name == "Phường Ba Đình"


def test_full_names():
    assert catalogues.provinces(AFTER)["01"].full_name == "Thành phố Hà Nội"
    assert catalogues.districts(BEFORE)["001"].full_name == "Quận Ba Đình"
    numbered = [unit for unit in catalogues.communes(BEFORE).values() if unit.name.split()[-1].isdigit()]
    assert "Phường 1" in {unit.full_name for unit in numbered}
    assert not [unit for unit in numbered if unit.full_name.startswith("Phường Phường")]


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_every_unit_has_the_parent_it_names(on):
    above = catalogues.districts(on) or catalogues.provinces(on)
    assert {unit.parent for unit in catalogues.communes(on).values()} <= set(above)
    assert {unit.parent for unit in catalogues.districts(on).values()} <= set(catalogues.provinces(on))
    assert {unit.parent for unit in catalogues.provinces(on).values()} == {""}


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_codes_have_the_length_of_their_level(on):
    assert {len(code) for code in catalogues.provinces(on)} == {2}
    assert {len(code) for code in catalogues.districts(on)} <= {3}
    assert {len(code) for code in catalogues.communes(on)} == {5}


def test_every_old_province_lives_on_in_one_of_today():
    today = catalogues.provinces(AFTER)
    successors = {catalogues.province_successor(code) for code in catalogues.provinces(BEFORE)}
    assert successors == set(today)
    assert today[catalogues.province_successor("02")].name == "Tuyên Quang"
    with pytest.raises(KeyError):
        catalogues.province_successor("03")


def test_successors_of_a_commune():
    assert catalogues.commune_successors("00001") == ["00097"]
    assert catalogues.commune_successors("99999") == []


def test_a_split_commune_has_several_successors():
    split = [code for code in catalogues.communes(BEFORE) if len(catalogues.commune_successors(code)) > 1]
    assert len(split) > 100


def test_successors_exist_today_and_cover_every_commune():
    olds = [*catalogues.communes(BEFORE), *catalogues.districts(BEFORE), "03980", "03983", "03984"]
    reached = {new for old in olds for new in catalogues.commune_successors(old)}
    assert reached <= set(catalogues.communes(AFTER))
    lost = [old for old in catalogues.communes(BEFORE) if not catalogues.commune_successors(old)]
    assert len(lost) == 21  # merged before the reform, so absent from its table


def test_island_district_without_communes_is_known_by_its_district_code():
    (unit,) = (catalogues.communes(AFTER)[code] for code in catalogues.commune_successors("318"))
    assert unit.full_name == "Đặc khu Bạch Long Vĩ"
