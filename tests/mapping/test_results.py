"""Test results: values, units, codes, flags, and the service they belong to."""

import pytest
from mapping_samples import dossier, mapped, only, resources

from yteso.mapping import laboratory
from yteso.record.ids import token


ADULT = {"NGAY_SINH": "198001010000", "GIOI_TINH": "1"}


def observation(x1: dict | None = None, **row: str) -> dict:
    return only(dossier(XML1=[ADULT if x1 is None else x1], XML4=[{"STT": "1"} | row]), "Observation")


@pytest.mark.parametrize(
    ("spelling", "ucum"),
    [("G/L", "10*9/L"), ("g/L", "g/L"), ("T/L", "10*12/L"), ("10^9/L", "10*9/L"), ("x10^9 / L", "10*9/L"),
     ("µmol/L", "umol/L"), ("μmol/l", "umol/L"), ("UI/L", "[IU]/L"), ("U/L", "U/L"), ("mmHg", "mm[Hg]"), ("%", "%"),
     ("fL", "fL"), ("MG/DL", "mg/dL"), ("giây", "s"), ("lạ", ""), ("", "")],
)  # fmt: skip
def test_units_as_laboratories_write_them(spelling, ucum):
    assert laboratory.unit(spelling) == ucum


def test_a_number_is_a_quantity():
    quantity = observation(GIA_TRI="5.10", DON_VI_DO="mmol/L")["valueQuantity"]
    assert quantity == {"value": 5.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}


def test_a_unit_nobody_knows_stays_as_written():
    assert observation(GIA_TRI="5", DON_VI_DO="đơn vị lạ")["valueQuantity"] == {"value": 5, "unit": "đơn vị lạ"}


@pytest.mark.parametrize(("text", "sign", "number"), [("<5", "<", 5), ("> 100", ">", 100), ("≤0,5", "<=", 0.5)])
def test_a_bound_has_a_comparator(text, sign, number):
    quantity = observation(GIA_TRI=text)["valueQuantity"]
    assert (quantity["comparator"], quantity["value"]) == (sign, number)


@pytest.mark.parametrize("text", ["Âm tính", "1:64", "(+)", "10^3"])
def test_words_are_a_string(text):
    found = observation(GIA_TRI=text)
    assert found["valueString"] == text
    assert "valueQuantity" not in found


def test_conclusions_and_descriptions_are_kept_apart():
    found = observation(MO_TA="Đám mờ đáy phổi", KET_LUAN="Viêm phổi")
    assert (found["note"][0]["text"], found["interpretation"][0]["text"]) == ("Đám mờ đáy phổi", "Viêm phổi")


def test_the_code_of_the_laboratory_stays_beside_loinc():
    found = observation(
        MA_DICH_VU="23.0075.1494", MA_CHI_SO="GLU", TEN_CHI_SO="Glucose", GIA_TRI="5.1", DON_VI_DO="mmol/L"
    )
    assert [c["code"] for c in found["code"]["coding"]] == ["14749-6", "GLU"]
    assert found["code"]["text"] == "Glucose"


def test_loinc_depends_on_the_unit():
    found = observation(MA_DICH_VU="23.0075.1494", TEN_CHI_SO="Glucose", GIA_TRI="92", DON_VI_DO="mg/dL")
    assert "coding" not in found["code"]


def test_a_panel_gives_each_of_its_results_its_own_code():
    row = {"MA_DICH_VU": "22.0121.1369", "GIA_TRI": "5"}
    assert observation(MA_CHI_SO="WBC", DON_VI_DO="G/L", **row)["code"]["coding"][0]["code"] == "6690-2"
    assert observation(TEN_CHI_SO="Số lượng hồng cầu", DON_VI_DO="T/L", **row)["code"]["coding"][0]["code"] == "789-8"
    assert "coding" not in observation(TEN_CHI_SO="Tế bào lạ", DON_VI_DO="G/L", **row)["code"]


@pytest.mark.parametrize(("value", "flag"), [("3.9", "L"), ("4.0", "N"), ("10.0", "N"), ("10.1", "H"), ("12,5", "H")])
def test_values_are_flagged_against_the_reference_range(value, flag):
    found = observation(MA_DICH_VU="22.0121.1369", MA_CHI_SO="WBC", GIA_TRI=value, DON_VI_DO="G/L")
    assert found["interpretation"][0]["coding"][0]["code"] == flag
    assert found["referenceRange"] == [{"low": {"value": 4, "unit": "10*9/L"}, "high": {"value": 10, "unit": "10*9/L"}}]


def test_ranges_differ_by_sex():
    row = {"MA_DICH_VU": "22.0121.1369", "MA_CHI_SO": "HGB", "GIA_TRI": "130", "DON_VI_DO": "g/L"}
    flags = [
        observation(ADULT | {"GIOI_TINH": sex}, **row)["interpretation"][0]["coding"][0]["code"] for sex in ("1", "2")
    ]
    assert flags == ["L", "N"]


@pytest.mark.parametrize("x1", [{"NGAY_SINH": "202001010000", "GIOI_TINH": "1"}])
def test_children_are_not_judged_by_the_ranges_of_adults(x1):
    found = observation(x1, MA_DICH_VU="22.0121.1369", MA_CHI_SO="WBC", GIA_TRI="14", DON_VI_DO="G/L")
    assert "referenceRange" not in found
    assert "interpretation" not in found


def test_a_bound_is_not_flagged():
    found = observation(MA_DICH_VU="22.0121.1369", MA_CHI_SO="WBC", GIA_TRI="<5", DON_VI_DO="G/L")
    assert "interpretation" not in found


def test_results_hang_on_the_report_of_their_service():
    services = [{"STT": "1", "MA_NHOM": "1", "MA_DICH_VU": "A"}, {"STT": "2", "MA_NHOM": "2", "MA_DICH_VU": "B"}]
    results = [
        {"STT": "1", "MA_DICH_VU": "B", "KET_LUAN": "Bình thường"},
        {"STT": "2", "MA_DICH_VU": "A", "GIA_TRI": "1"},
        {"STT": "3", "MA_DICH_VU": "A", "GIA_TRI": "2"},
        {"STT": "4", "MA_DICH_VU": "C", "GIA_TRI": "3"},
    ]
    visit = dossier(XML3=services, XML4=results)
    reports = {r["id"].partition("-")[2]: r for r in resources(visit, "DiagnosticReport")}
    told = {name: [r["reference"].partition("-")[2] for r in report["result"]] for name, report in reports.items()}
    assert told == {"s1": ["o2", "o3"], "s2": ["o1"]}
    assert reports["s2"]["conclusion"] == "Bình thường"
    found = {o["id"].partition("-")[2]: o for o in resources(visit, "Observation")}
    assert found["o2"]["basedOn"][0]["reference"].endswith("-s1q")
    assert found["o2"]["category"][0]["coding"][0]["code"] == "laboratory"
    assert found["o1"]["category"][0]["coding"][0]["code"] == "imaging"
    assert "basedOn" not in found["o4"]


def test_the_same_service_twice_is_told_apart_by_the_moment_of_the_result():
    services = [{"STT": n, "MA_NHOM": "1", "MA_DICH_VU": "A", "NGAY_KQ": f"20260501100{n}"} for n in "12"]
    results = [{"STT": n, "MA_DICH_VU": "A", "NGAY_KQ": f"20260501100{n}", "GIA_TRI": n} for n in "21"]
    reports = resources(dossier(XML3=services, XML4=results), "DiagnosticReport")
    assert [r["result"][0]["reference"].partition("-")[2] for r in reports] == ["o1", "o2"]


def test_what_can_be_searched_for_is_in_the_tokens():
    x1 = ADULT | {"MA_BENH_CHINH": "J18.1", "MA_BENH_KT": "I10;E11.9"}
    rows = {
        "XML2": [{"STT": "1", "MA_THUOC": "40.1", "SO_DANG_KY": "VD-1"}],
        "XML3": [{"STT": "1", "MA_NHOM": "1", "MA_DICH_VU": "22.0121.1369", "MA_BENH": "D64.9"}],
        "XML4": [{"STT": "1", "MA_CHI_SO": "WBC", "MA_DICH_VU": "22.0121.1369", "GIA_TRI": "5", "DON_VI_DO": "G/L"}],
    }
    visit = dossier(XML1=[x1], **rows)
    for _ in range(2):  # what is remembered from the first time is there the second time
        found = {(c["system"], c["code"]) for r in resources(visit) for c in _codings(r)}
        local = "https://yteso.vn/fhir/cs/"
        wanted = {("http://hl7.org/fhir/sid/icd-10", code) for code in ("J18.1", "I10", "E11.9", "D64.9")} | {
            ("http://loinc.org", "6690-2"), (local + "thuoc", "40.1"), (local + "sdk", "VD-1"),
            (local + "dvkt", "22.0121.1369"), (local + "chi-so", "WBC")}  # fmt: skip
        assert wanted <= found
        assert mapped(visit).tokens == {token(*coding) for coding in wanted}


def _codings(node: object) -> list[dict]:
    if isinstance(node, dict):
        own = [node] if node.keys() >= {"system", "code"} and "value" not in node else []
        return own + [c for value in node.values() for c in _codings(value)]
    return [c for item in node for c in _codings(item)] if isinstance(node, list) else []
