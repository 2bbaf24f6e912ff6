"""Code lists, chosen by the day of the visit."""

import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest

from yteso import standards
from yteso.standards import files


BEFORE_3176 = date(2024, 12, 31)
FROM_3176 = date(2025, 1, 1)


def codes(name, on=FROM_3176):
    return list(standards.code_list(name, on).codes)


def listed_by_fields():
    for version in standards.STANDARDS.values():
        for table in version.tables.values():
            for field in table.fields.values():
                if field.code_list and field.code_list not in {"ICD10", "ICD9CM"}:
                    yield version.id, table.id, field


def test_every_list_named_by_a_field_exists():
    assert {field.code_list for _, _, field in listed_by_fields()} <= set(standards.CODE_LISTS)


def test_codes_fit_into_the_fields_that_use_them():
    # QĐ 824 has 1.10 (COVID-19), one character more than QĐ 130 gave the field; 4750 widened it.
    # XML12 MA_DOI_TUONG and XML13 MA_NGHE_NGHIEP are wide enough for any code.
    too_long = set()
    for version, table, field in listed_by_fields():
        for on in (BEFORE_3176, FROM_3176):
            for code in codes(field.code_list, on):
                if field.max_length and len(code) > field.max_length:
                    too_long.add((version, table, field.name))
    assert too_long == {("130", "XML0", "MA_DOITUONG_KCB"), ("130", "XML1", "MA_DOITUONG_KCB")}


def test_unknown_list_is_an_error():
    with pytest.raises(KeyError):
        standards.code_list("ICD10", FROM_3176)


@pytest.mark.parametrize("name", standards.CODE_LISTS)
def test_every_list_answers_for_any_day_and_is_filled(name):
    for on in (date(2018, 1, 1), BEFORE_3176, FROM_3176, date(2030, 1, 1)):
        found = standards.code_list(name, on)
        assert found.name == name
        assert found.title_vi
        assert found.codes
        for code in found.codes.values():
            assert code.code in found
            assert code.vi
            assert code.en


def test_editions_of_one_list_meet_without_overlap():
    editions = {}
    for row in files.rows("code-lists.csv"):
        editions.setdefault(row["name"], []).append((files.day(row["effective_from"]), files.day(row["effective_to"])))
    assert any(len(days) > 1 for days in editions.values())
    for name, days in editions.items():
        assert days[0][0] is None, name
        assert days[-1][1] is None, name
        for (_, last), (first, _) in pairwise(days):
            assert first - last == timedelta(days=1), name


def test_every_file_of_codes_is_in_the_index():
    indexed = {row["file"] for row in files.rows("code-lists.csv")}
    assert indexed == {path.name for path in (files.DATA / "code-lists").iterdir()}


class TestListsThatChanged:
    def test_scope_of_payment_got_a_new_meaning(self):
        assert standards.code_list("PHAM_VI", BEFORE_3176).codes["2"].vi == "Ngoài danh mục"
        assert standards.code_list("PHAM_VI", FROM_3176).codes["2"].vi == "Người bệnh tự trả"

    def test_hiv_groups_were_renumbered(self):
        assert codes("NHOM_DOI_TUONG", BEFORE_3176)[0] == "0"
        assert codes("NHOM_DOI_TUONG", FROM_3176)[0] == "1"

    def test_tb_regimens_were_recoded(self):
        assert len(codes("PHACDO_DTRI_LAO", BEFORE_3176)) == 12
        assert len(codes("PHACDO_DTRI_LAO", FROM_3176)) == 27

    def test_eligibility_codes_of_the_referral_tiers_came_in_2025(self):
        assert "1.11" not in standards.code_list("MA_DOITUONG_KCB", BEFORE_3176)
        assert "1.11" in standards.code_list("MA_DOITUONG_KCB", FROM_3176)

    def test_no_eligibility_code_of_the_older_list_is_refused_later(self):
        assert set(codes("MA_DOITUONG_KCB", BEFORE_3176)) <= set(codes("MA_DOITUONG_KCB", FROM_3176))


class TestListsByVersion:
    """Versions that ran side by side (130 as a pilot beside 4210) name lists of their own."""

    def list_of(self, version, table, name):
        field = standards.standard(version).tables[table].fields[name]
        return codes(field.code_list, date(2024, 3, 1))

    def test_treatment_results(self):
        assert self.list_of("4210", "XML1", "KET_QUA_DTRI") == list("12345")
        assert self.list_of("130", "XML1", "KET_QUA_DTRI") == list("1234567")
        assert self.list_of("4750", "XML1", "KET_QUA_DTRI") == list("12345678")

    def test_cost_groups(self):
        assert self.list_of("4210", "XML3", "MA_NHOM")[-1] == "15"
        assert self.list_of("130", "XML3", "MA_NHOM")[-1] == "18"
        assert self.list_of("3176", "XML3", "MA_NHOM")[-1] == "19"

    def test_types_of_care_had_one_digit_in_4210(self):
        assert self.list_of("4210", "XML1", "MA_LOAI_KCB") == list("12345")
        assert "1" not in self.list_of("4750", "XML1", "MA_LOAI_KCB")
        assert {"1", "01"} <= set(self.list_of("130", "XML1", "MA_LOAI_KCB"))

    def test_actions_for_people_with_hiv(self):
        assert len(self.list_of("130", "XML6", "MA_XU_TRI")) == 7
        assert len(self.list_of("4750", "XML6", "MA_XU_TRI")) == 8

    def test_scope_of_payment_of_4210(self):
        assert self.list_of("4210", "XML2", "PHAM_VI") == ["1", "2"]


class TestOpenLists:
    @pytest.mark.parametrize("name", ["MA_QUOCTICH", "MUC_HUONG", "DUONG_DUNG", "MA_KHOA", "MA_NGHE_NGHIEP_130"])
    def test_incomplete_or_composable_lists_are_open(self, name):
        assert standards.code_list(name, FROM_3176).open

    @pytest.mark.parametrize("name", ["GIOI_TINH", "KET_QUA_DTRI", "MA_DANTOC", "MA_LOAI_RV", "MA_NHOM"])
    def test_complete_lists_are_closed(self, name):
        assert not standards.code_list(name, FROM_3176).open


def test_leading_zeros_survive():
    assert standards.code_list("MA_DANTOC", FROM_3176).codes["01"].vi == "Kinh"


def test_the_same_edition_is_read_once():
    first = standards.code_list("PHAM_VI", date(2020, 1, 1))
    assert first is standards.code_list("PHAM_VI", BEFORE_3176)


def test_codes_are_unique_in_every_file():
    for path in (files.DATA / "code-lists").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            found = [row["code"] for row in csv.DictReader(file)]
        assert len(found) == len(set(found)), path.name
