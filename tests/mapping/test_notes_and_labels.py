"""What is read out of notes (vital signs, allergies) and what makes a visit sensitive."""

import pytest
from mapping_samples import dossier, mapped, only, resources

from yteso.mapping import allergies, labels, vitals
from yteso.record.ids import token


def signs(text: str) -> dict[str, object]:
    visit = dossier(XML5=[{"STT": "2", "DIEN_BIEN_LS": text, "THOI_DIEM_DBLS": "202605020800"}])
    found = {}
    for observation in resources(visit, "Observation"):
        parts = observation.get("component") or [observation]
        for part in parts:
            found[part["code"]["coding"][0]["code"]] = part["valueQuantity"]["value"]
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Tỉnh. CSST<M75_T37_HA120/70_NT18_HL2>",
            {"8867-4": 75, "8310-5": 37, "8480-6": 120, "8462-4": 70, "9279-1": 18},
        ),
        ("CSST <M 80_T 38,5>", {"8867-4": 80, "8310-5": 38.5}),
        ("CSST<HA90/60>", {"8480-6": 90, "8462-4": 60}),
        ("CSST<T37.2_T39>", {"8310-5": 37.2}),
        ("CSST<M0_T99_HA999/10_NTx>", {}),
        ("CSST<>", {}),
        ("M75 T37", {}),
        ("Không có CSST", {}),
    ],
)
def test_vital_signs_in_a_note(text, found):
    assert signs(text) == found


def test_vital_signs_have_the_moment_of_the_note_and_their_own_ids():
    visit = dossier(XML5=[{"STT": "2", "DIEN_BIEN_LS": "CSST<M75_HA120/70>", "THOI_DIEM_DBLS": "202605020800"}])
    found = resources(visit, "Observation")
    assert [o["id"].partition("-")[2] for o in found] == ["n2m", "n2b"]
    assert {o["effectiveDateTime"] for o in found} == {"2026-05-02T08:00:00+07:00"}
    assert token("http://loinc.org", "8867-4") in mapped(visit).tokens
    assert vitals.READINGS["M75"][0].tokens == (token("http://loinc.org", "8867-4"),)


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("Tiền sử dị ứng Penicillin.", ["Penicillin"]),
        ("Dị ứng thuốc: cefotaxim, có mày đay", ["cefotaxim"]),
        ("Tiền sử dị ứng với hải sản; THA 5 năm", ["hải sản"]),
        ("Không có tiền sử dị ứng thuốc", []),
        ("Chưa ghi nhận tiền sử dị ứng thuốc", []),
        ("Chưa phát hiện dị ứng thuốc gì", []),
        ("Tiền sử dị ứng: không", []),
        ("Tiền sử dị ứng thuốc: chưa phát hiện", []),
        ("Tiền sử: không. Dị ứng thuốc ampicilin", ["ampicilin"]),
        ("Viêm mũi dị ứng", []),
        ("Dị ứng thời tiết", []),
    ],
)
def test_allergies_in_words(text, substances):
    assert allergies.phrases(text) == substances
    found = resources(dossier(XML5=[{"STT": "1", "DIEN_BIEN_LS": text}]), "AllergyIntolerance")
    assert [a["code"]["text"] for a in found] == substances


def test_allergies_by_code():
    allergy = only(dossier(XML1=[{"MA_BENH_CHINH": "J18.1", "MA_BENH_KT": "Z88.0;I10"}]), "AllergyIntolerance")
    assert allergy["code"]["coding"][0]["code"] == "Z88.0"
    assert allergy["category"] == ["medication"]


def test_an_allergy_told_twice_is_one():
    rows = {"XML5": [{"STT": n, "DIEN_BIEN_LS": "Tiền sử dị ứng penicillin"} for n in "12"],
            "XML8": [{"QT_BENHLY": "tiền sử dị ứng penicillin"}]}  # fmt: skip
    assert len(resources(dossier(**rows), "AllergyIntolerance")) == 1


@pytest.mark.parametrize(
    ("code", "classes"),
    [("B20", ["hiv"]), ("B24.1", ["hiv"]), ("Z21", ["hiv"]), ("B25", []), ("F32.1", ["mental"]), ("F99", ["mental"]),
     ("F10.2", ["mental", "substance"]), ("A53.9", ["sti"]), ("A64", ["sti"]), ("A49", []), ("O04.9", ["reproductive"]),
     ("O09", []), ("Z30.0", ["reproductive"]), ("A15.0", ["tb"]), ("A20", []), ("Z11.4", ["hiv"]), ("Z11.5", []),
     ("J18.1", []), ("", [])],
)  # fmt: skip
def test_sensitive_diagnoses(code, classes):
    assert labels.labels({}, [code]) == classes


@pytest.mark.parametrize(("table", "label"), [("XML6", "hiv"), ("XML15", "tb")])
def test_sensitive_tables(table, label):
    visit = dossier(**{table: [{"STT": "1"}]})
    assert mapped(visit).labels == [label]
    security = only(visit, "Encounter")["meta"]["security"]
    assert [s["code"] for s in security] == [label]


def test_a_service_for_a_sensitive_disease_makes_the_visit_sensitive():
    visit = dossier(XML1=[{"MA_BENH_CHINH": "J18.1"}], XML3=[{"STT": "1", "MA_NHOM": "1", "MA_BENH": "I10;F20.0"}])
    assert mapped(visit).labels == ["mental"]


def test_every_class_of_sensitivity_has_its_reason():
    from yteso.mapping.names import rows

    assert all(
        row["reason"] and row["label"] and bool(row["from"]) != bool(row["table"]) for row in rows("sensitivity.csv")
    )
