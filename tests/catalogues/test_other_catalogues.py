"""Procedures, services, laboratory tests, medicines and codes about people."""

import re

from yteso import catalogues


class TestProcedures:
    def test_icd9cm(self):
        assert len(catalogues.icd9cm()) == 1260
        assert catalogues.icd9cm()["00.09"].name_vi == "Siêu âm điều trị khác"

    def test_every_procedure_lies_in_a_chapter(self):
        chapters = catalogues.icd9cm_chapters()
        assert len(chapters) == 18
        for code in catalogues.icd9cm():
            assert re.fullmatch(r"\d\d(\.\d{1,2})?", code)
            assert sum(first <= code[:2] <= last for first, last in chapters) == 1

    def test_services(self):
        assert len(catalogues.services()) == 9190
        glucose = catalogues.services()["23.0075.1494"]
        assert (glucose.name, catalogues.service_chapters()[glucose.chapter]) == (
            "Định lượng Glucose [Máu]",
            "HÓA SINH",
        )

    def test_every_service_has_a_specialty(self):
        assert {service.chapter for service in catalogues.services().values()} <= set(catalogues.service_chapters())


class TestLaboratory:
    def test_a_test(self):
        glucose = catalogues.lab_tests()["glucose"]
        assert (glucose.loinc, glucose.unit, glucose.service) == ("14749-6", "mmol/L", "23.0075.1494")

    def test_services_of_tests_are_in_the_service_catalogue(self):
        assert set(catalogues.lab_tests_by_service()) <= set(catalogues.services())

    def test_a_panel_gives_several_results(self):
        blood_count = catalogues.lab_tests_by_service()["22.0121.1369"]
        assert [test.key for test in blood_count[:3]] == ["cbc", "wbc", "rbc"]
        assert blood_count[0].unit == ""

    def test_loinc_codes_carry_a_right_check_digit(self):
        for test in catalogues.lab_tests().values():
            number, check = test.loinc.split("-")
            odd = str(int(number[::-1][::2][::-1]) * 2)
            even = number[::-1][1::2][::-1]
            total = sum(map(int, even + odd))
            assert -total % 10 == int(check), test.key

    def test_ranges_named_by_a_test_exist_in_its_unit(self):
        ranges = {(each.test, each.unit) for each in catalogues.reference_ranges()}
        missing = {
            test.key
            for test in catalogues.lab_tests().values()
            if test.range_test and (test.range_test, test.unit) not in ranges
        }
        assert missing == set()

    def test_bounds_of_a_range(self):
        assert len(catalogues.reference_ranges()) == 172
        for each in catalogues.reference_ranges():
            if each.operator:
                assert each.operator in {"<", "<=", ">", ">="}
                assert (each.low is None) != (each.high is None)
            else:
                assert each.low <= each.high
            assert each.sex in {"", "male", "female"}

    def test_creatinine_differs_by_sex(self):
        found = {
            each.sex: (each.low, each.high)
            for each in catalogues.reference_ranges()
            if (each.test, each.unit) == ("Creatinin", "umol/L")
        }
        assert found == {"male": (59, 104), "female": (45, 84)}


class TestMedicines:
    def test_ingredients(self):
        assert catalogues.active_ingredients()["40.1"] == "Atropin sulfat"
        assert len(catalogues.active_ingredients()) == 563

    def test_routes(self):
        assert catalogues.routes()["1.01"] == "Uống"


class TestPeople:
    def test_countries(self):
        assert len(catalogues.countries()) == 249
        assert (catalogues.countries()["VN"].alpha3, catalogues.countries()["VN"].name_vi) == ("VNM", "Việt Nam")

    def test_ethnic_groups(self):
        groups = catalogues.ethnic_groups()
        assert len(groups) == 56
        assert groups["01"].name_vi == "Kinh"
        assert {"55", "99"} <= set(groups)

    def test_relations_know_their_hl7_role(self):
        assert catalogues.relationships()["ME"].hl7_role == "NMTH"
        assert catalogues.relationships()["CHU_HO"].hl7_role == ""

    def test_citizen_numbers_begin_with_a_province_of_before_the_reform(self):
        provinces = catalogues.citizen_number_provinces()
        assert len(provinces) == 63
        assert provinces["001"] == "Hà Nội"
        assert {len(code) for code in provinces} == {3}

    def test_citizen_numbers_tell_sex_and_century(self):
        digits = catalogues.citizen_number_sex_century()
        assert (digits["3"].sex, digits["3"].born_from, digits["3"].born_to) == ("female", 2000, 2099)
        for digit, meaning in digits.items():
            assert meaning.sex == ("female" if int(digit) % 2 else "male")
