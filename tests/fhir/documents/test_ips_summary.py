"""The International Patient Summary of a record: each thing once, with the shape that the IPS asks for."""

from collections import Counter
from decimal import Decimal

import pytest
from ips_shape import IPS, complaints, entries, sections
from simulated import (
    AN,
    HERE,
    TODAY,
    ago,
    condition,
    document,
    documents,
    gathered,
    observation,
    of,
    order,
    patient,
    province,
    visit,
)

from yteso.fhir.documents import exact
from yteso.fhir.documents.summary import summary
from yteso.record.ids import fhir_id, subject_id


PROBLEMS, ALLERGIES, MEDICATIONS, PAST = "11450-4", "48765-2", "10160-0", "11348-0"
RESULTS, VITALS, PROCEDURES, PREGNANCY, VACCINES = "30954-2", "8716-3", "47519-4", "10162-6", "11369-6"
DEVICES, SOCIAL = "46264-8", "29762-2"


def labels(bundle, loinc) -> list[str]:
    """What the entries of a section are, in order."""
    found = []
    for one in entries(bundle, loinc):
        concept = one.get("code") or one.get("medicationCodeableConcept") or one.get("vaccineCode") or {}
        found.append(concept["coding"][0]["code"] if concept.get("coding") else concept.get("text", ""))
    return found


def well(*documents, **options):
    """The summary of these documents, which has the shape."""
    text, bundle = of(*documents, **options)
    assert complaints(text, bundle) == []
    return bundle


# ---- the shape


def test_everybody_of_a_province_has_a_summary_of_the_right_shape() -> None:
    seen = Counter()
    for visits in province().values():
        text = summary(gathered(documents(visits)), None)
        bundle = exact.read(text)
        assert complaints(text, bundle) == []
        seen.update(list(sections(bundle)))
    assert {PROBLEMS, ALLERGIES, MEDICATIONS, PAST, RESULTS, VITALS, PROCEDURES, PREGNANCY} <= set(seen)


def test_a_newborn_has_a_summary() -> None:
    newborns = [
        visits
        for visits in province().values()
        if any(b'"Z38.0"' in json for one in visits for _, _, json in one.resources)
    ]
    assert newborns
    for visits in newborns:
        text = summary(gathered(documents(visits)), None)
        assert complaints(text, exact.read(text)) == []
        assert "Z38.0" not in labels(exact.read(text), PAST)


def test_somebody_of_whom_nothing_is_known_but_the_name() -> None:
    bundle = well(patient())
    assert set(sections(bundle)) == {PROBLEMS, ALLERGIES, MEDICATIONS}
    assert [labels(bundle, one) for one in (PROBLEMS, ALLERGIES, MEDICATIONS)] == [
        ["no-problem-info"],
        ["no-allergy-info"],
        ["no-medication-info"],
    ]


def test_somebody_of_whom_not_even_the_name_is_known() -> None:
    nameless = document(AN, {"resourceType": "Patient", "id": fhir_id(AN), "gender": "unknown"}, kind="patient", id=AN)
    person = well(nameless)["entry"][1]["resource"]
    unknown = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    assert person["name"] == [{"_text": {"extension": unknown}}]
    assert person["_birthDate"] == {"extension": unknown}


def test_the_document_says_what_it_is_and_who_made_it() -> None:
    bundle = well(patient(), visit(ago(10)))
    composition, person, author = (one["resource"] for one in bundle["entry"][:3])
    assert bundle["meta"]["profile"] == [f"{IPS}/Bundle-uv-ips"]
    assert composition["meta"]["profile"] == [f"{IPS}/Composition-uv-ips"]
    assert composition["identifier"] == bundle["identifier"]
    assert (composition["status"], composition["language"]) == ("final", "vi")
    assert composition["custodian"] == composition["author"][0] == {"reference": f"urn:uuid:{author['id']}"}
    assert composition["event"][0]["period"] == {"start": str(ago(10)), "end": str(ago(10))}
    assert "chưa có người hành nghề xác nhận" in composition["text"]["div"]
    assert "attester" not in composition  # nobody has attested it
    assert person["name"] == [{"text": "Nguyễn Văn An"}]


def test_the_same_record_on_the_same_day_gives_the_same_bytes() -> None:
    for visits in list(province().values())[:8]:
        assert summary(gathered(documents(visits)), None) == summary(gathered(documents(visits)), None)


def test_another_record_or_another_day_is_another_document() -> None:
    (_, one), (_, more), (_, later) = of(patient()), of(patient(), visit(ago(9))), of(patient(), today=ago(-1))
    assert len({bundle["identifier"]["value"] for bundle in (one, more)}) == 2
    assert later["timestamp"] == "2026-10-21T00:00:00+07:00"
    assert one["timestamp"] == "2026-10-20T00:00:00+07:00"


def test_a_person_known_in_two_places_is_one_patient_with_the_numbers_of_both() -> None:
    other = subject_id("99002", "BN7")
    numbers = [[{"system": "a", "value": "1"}], [{"system": "b", "value": "2"}, {"system": "a", "value": "1"}]]
    one, two = patient(identifier=numbers[0]), patient(other, identifier=numbers[1])
    for said in ((one, two), (two, one)):
        found = well(*said)["entry"][1]["resource"]["identifier"]
        assert sorted(number["value"] for number in found) == ["1", "2"]


# ---- problems


def test_a_long_illness_of_twenty_visits_is_one_problem() -> None:
    bundle = well(patient(), *(visit(ago(30 * n), condition("I10", "Tăng huyết áp")) for n in range(20)))
    (problem,) = entries(bundle, PROBLEMS)
    assert (problem["onsetDateTime"], problem["recordedDate"]) == (str(ago(570)), str(TODAY))
    assert problem["code"]["text"] == "Tăng huyết áp"
    assert "20 lượt khám" in problem["note"][0]["text"]
    assert problem["clinicalStatus"]["coding"][0]["code"] == "active"
    assert "<td>Tăng huyết áp</td><td>I10</td>" in sections(bundle)[PROBLEMS]["text"]["div"]


@pytest.mark.parametrize(
    ("code", "days", "care", "where"),
    [
        ("I10", 2000, "01", PROBLEMS),  # lasts
        ("Z95.1", 2000, "03", PROBLEMS),
        ("J00", 30, "01", PROBLEMS),  # recent
        ("J00", 91, "01", PAST),
        ("A16.2", 300, "05", PROBLEMS),  # treated as a long illness within the year
        ("A16.2", 400, "05", PAST),
        ("A16.2", 300, "01", PAST),
        ("Z00.0", 30, "01", None),  # a reason for contact
        ("Z00.0", 300, "01", None),
        ("W19", 30, "01", None),
    ],
)
def test_what_is_a_problem_now_and_what_is_past(code, days, care, where) -> None:
    bundle = well(patient(), visit(ago(days), condition(code), care=care))
    assert labels(bundle, PROBLEMS) == ([code] if where == PROBLEMS else ["no-problem-info"])
    assert labels(bundle, PAST) == ([code] if where == PAST else [])


def test_what_was_refuted_or_only_supposed_on_admission_is_no_problem() -> None:
    def verified(status: str) -> dict:
        return {"verificationStatus": {"coding": [{"code": status}]}}

    supposed = {"resourceType": "Condition", "code": {"text": "Theo dõi viêm phổi"}, **verified("provisional")}
    bundle = well(patient(), visit(ago(3), supposed, condition("E11", **verified("refuted"))))
    assert labels(bundle, PROBLEMS) == ["no-problem-info"]


def test_a_problem_list_is_believed() -> None:
    listed = {"category": [{"coding": [{"code": "problem-list-item"}]}]}
    healed = {"clinicalStatus": {"coding": [{"code": "resolved"}]}, "abatementDateTime": "2026-01-01"}
    bundle = well(
        patient(),
        visit(ago(900), condition("K80.2", onsetDateTime="2020-05", **listed)),
        visit(ago(3), condition("J45.9", **listed, **healed)),
    )
    (problem,), (past,) = entries(bundle, PROBLEMS), entries(bundle, PAST)
    assert (problem["code"]["coding"][0]["code"], problem["onsetDateTime"]) == ("K80.2", "2020-05")
    assert past["clinicalStatus"]["coding"][0]["code"] == "resolved"


def test_a_disease_in_words_is_the_same_whatever_its_marks() -> None:
    said = [{"resourceType": "Condition", "code": {"text": text}} for text in ("Cảm cúm", "CẢM  CÚM")]
    bundle = well(patient(), visit(ago(3), said[0]), visit(ago(9), said[1]))
    assert labels(bundle, PROBLEMS) == ["Cảm cúm"]


# ---- medications


def test_a_medication_over_months_is_one_with_its_period() -> None:
    bundle = well(patient(), *(visit(ago(28 * n), order("40.1", ago(28 * n), 28)) for n in range(6)))
    (one,) = entries(bundle, MEDICATIONS)
    assert one["effectivePeriod"] == {"start": str(ago(140)), "end": str(ago(-27))}
    assert (one["status"], one["dosage"][0]["text"][:6]) == ("active", "1 viên")


@pytest.mark.parametrize(
    ("orders", "status"),
    [
        ([(3, 5)], "active"),
        ([(5, 5)], None),  # taken up yesterday
        ([(4, 5)], "active"),
        ([(4, 5), (-3, 30)], "active"),  # the next supply begins later
        ([(0, 1)], None),  # a single dose in hospital
        ([(40, 30)], None),
        ([(40, 30), (70, 30)], "unknown"),  # of long use, supply ended less than a month ago
        ([(90, 30), (120, 30)], None),
        ([(40, 7), (70, 7)], None),
    ],
)
def test_what_is_taken_now(orders, status) -> None:
    bundle = well(patient(), *(visit(ago(on), order("40.1", ago(on), days)) for on, days in orders))
    found = [one["status"] for one in entries(bundle, MEDICATIONS)]
    assert labels(bundle, MEDICATIONS) == (["40.1"] if status else ["no-medication-info"])
    assert found == [status or "unknown"]


def test_a_break_of_more_than_a_month_begins_the_medication_anew() -> None:
    bundle = well(patient(), *(visit(ago(on), order("40.1", ago(on), 14)) for on in (300, 20, 6)))
    assert entries(bundle, MEDICATIONS)[0]["effectivePeriod"]["start"] == str(ago(20))


def test_what_somebody_is_said_to_take() -> None:
    drug = {"resourceType": "Medication", "id": "drug", "code": {"text": "Insulin glargine"}}
    taken = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": "Medication/drug"},
        "effectivePeriod": {"start": "2024-02"},
        "dosage": [{"text": "10 đơn vị mỗi tối"}],
    }
    stopped = taken | {"status": "stopped", "medicationReference": {"display": "Metformin"}}
    written = order("40.9", ago(400), 0, status="active")
    bundle = well(patient(), document(AN, drug), visit(ago(30), taken, stopped, written))
    insulin, other = entries(bundle, MEDICATIONS)
    assert insulin["effectivePeriod"] == {"start": "2024-02-01"}
    assert "Medication" in [one["resource"]["resourceType"] for one in bundle["entry"]]
    assert (other["effectivePeriod"], other["status"]) == ({"start": str(ago(400))}, "active")


# ---- allergies, results, procedures and the rest


def test_an_allergy_is_listed_once() -> None:
    said = {"resourceType": "AllergyIntolerance", "code": {"text": "Penicillin"}}
    refuted = {"resourceType": "AllergyIntolerance", "code": {"text": "Tôm"}}
    refuted |= {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    bundle = well(patient(), visit(ago(1), said), visit(ago(50), said, refuted))
    assert labels(bundle, ALLERGIES) == ["Penicillin"]


def test_of_each_test_the_latest_result_and_who_made_it() -> None:
    bundle = well(
        patient(),
        visit(ago(1), observation("2345-7", Decimal("5.60"), ago(1)), observation("718-7", 140, ago(1))),
        visit(ago(9), observation("2345-7", 7, ago(9))),
        visit(ago(2), {**observation("4548-4", 6, ago(2)), "status": "preliminary"}),
        **{HERE: "Bệnh viện Một"},
    )
    found = entries(bundle, RESULTS)
    assert {one["code"]["coding"][0]["code"]: str(one["valueQuantity"]["value"]) for one in found} == {
        "2345-7": "5.60",
        "718-7": "140",
    }
    (place,) = [one["resource"] for one in bundle["entry"] if one["resource"].get("name") == "Bệnh viện Một"]
    assert found[0]["performer"] == [{"reference": f"urn:uuid:{place['id']}"}]


def test_a_result_without_a_value_is_none() -> None:
    empty = {name: part for name, part in observation("2345-7", 1, ago(1)).items() if name != "valueQuantity"}
    assert RESULTS not in sections(well(patient(), visit(ago(1), empty)))


def test_what_imaging_concluded_last() -> None:
    def report(conclusion: str) -> dict:
        kind = {"coding": [{"system": "https://yteso.vn/fhir/cs/nhom", "code": "2"}]}
        said = {"code": {"text": "Siêu âm ổ bụng"}, "category": [kind], "status": "final"}
        return {"resourceType": "DiagnosticReport", **said, "conclusion": conclusion}

    bundle = well(patient(), visit(ago(1), report("Gan nhiễm mỡ")), visit(ago(9), report("Bình thường")))
    assert [one["conclusion"] for one in entries(bundle, RESULTS)] == ["Gan nhiễm mỡ"]


def test_vital_signs_and_ways_of_life() -> None:
    pressure = {
        "component": [
            {"code": {"text": "tâm thu"}, "valueQuantity": {"value": 120, "unit": "mmHg"}},
            {"code": {"text": "tâm trương"}, "valueQuantity": {"value": 80, "unit": "mmHg"}},
        ]
    }
    blood = {n: v for n, v in observation("85354-9", 0, ago(1), "vital-signs").items() if n != "valueQuantity"}
    smokes = {n: v for n, v in observation("72166-2", 0, ago(5), "social-history").items() if n != "valueQuantity"}
    smokes["valueCodeableConcept"] = {"text": "Đã bỏ thuốc lá"}
    bundle = well(patient(), visit(ago(1), blood | pressure), visit(ago(5), smokes))
    assert "<td>120/80 mmHg</td>" in sections(bundle)[VITALS]["text"]["div"]
    assert "<td>Đã bỏ thuốc lá</td>" in sections(bundle)[SOCIAL]["text"]["div"]


def test_operations_but_no_examinations() -> None:
    def done(code: str, group: str) -> dict:
        kind = {"coding": [{"system": "https://yteso.vn/fhir/cs/nhom", "code": group}]}
        return {"resourceType": "Procedure", "status": "completed", "category": kind, "code": {"text": code}}

    bundle = well(
        patient(),
        visit(ago(9), done("Khám Nội", "13"), done("Cắt ruột thừa", "8")),
        visit(ago(3), done("Tiêm", "18")),
        visit(ago(2), done("Tiêm", "18")),
    )
    assert labels(bundle, PROCEDURES) == ["Tiêm", "Cắt ruột thừa"]
    assert "<td>Tiêm</td><td>18/10/2026</td><td>2</td>" in sections(bundle)[PROCEDURES]["text"]["div"]


def test_vaccinations() -> None:
    def dose(code: str, on: object, **more) -> dict:
        said = {"status": "completed", "vaccineCode": {"text": code}, "occurrenceDateTime": str(on)}
        return {"resourceType": "Immunization", **said, **more}

    bundle = well(
        patient(),
        visit(ago(1), dose("BCG", "1990-01-06"), dose("Uốn ván", ago(1), lotNumber="L1")),
        visit(ago(2), dose("Uốn ván", ago(1)), dose("Cúm", ago(2), status="not-done")),
    )
    assert labels(bundle, VACCINES) == ["Uốn ván", "BCG"]
    assert entries(bundle, VACCINES)[0]["lotNumber"] == "L1"


def test_devices_in_use() -> None:
    device = {"resourceType": "Device", "id": "pacemaker", "type": {"text": "Máy tạo nhịp"}, "serialNumber": "S1"}
    use = {"resourceType": "DeviceUseStatement", "status": "active", "device": {"reference": "Device/pacemaker"}}
    lost = use | {"device": {"reference": "Device/lost"}}
    bundle = well(patient(), document(AN, device), visit(ago(1), use, lost))
    (one,) = entries(bundle, DEVICES)
    known = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    assert known[one["device"]["reference"]]["serialNumber"] == "S1"


@pytest.mark.parametrize(
    ("gender", "codes", "found"),
    [
        ("female", [("Z34.9", 60)], ["82810-3"]),
        ("female", [("O24.4", 100), ("Z34.9", 200)], ["82810-3"]),
        ("female", [("O80.0", 20), ("Z34.9", 60)], []),
        ("female", [("Z34.9", 300)], []),
        ("female", [("Z34.9", 20), ("O03.9", 200)], ["82810-3"]),
        ("male", [("Z34.9", 60)], []),
    ],
)
def test_a_pregnancy_by_its_diagnoses(gender, codes, found) -> None:
    said = [visit(ago(days), condition(code), key=code) for code, days in codes]
    assert labels(well(patient(gender=gender), *said), PREGNANCY) == found


def test_a_pregnancy_that_was_observed_is_not_guessed() -> None:
    observed = observation("82810-3", 0, ago(10), "social-history")
    observed.pop("valueQuantity")
    observed["valueCodeableConcept"] = {"text": "Không mang thai"}
    bundle = well(patient(), visit(ago(10), observed, condition("Z34.9")))
    assert [one["valueCodeableConcept"]["text"] for one in entries(bundle, PREGNANCY)] == ["Không mang thai"]


# ---- limits and bounds


def test_what_may_not_be_read_is_said_to_be_withheld() -> None:
    allowed = frozenset({"Patient", "Condition"})
    bundle = well(patient(), visit(ago(1), condition("I10")), allowed=allowed)
    said = sections(bundle)
    assert set(said) == {PROBLEMS, ALLERGIES, MEDICATIONS}
    assert said[ALLERGIES]["emptyReason"]["coding"][0]["code"] == "withheld"


def test_a_summary_has_an_end() -> None:
    many = [condition(f"E{n // 10:02}.{n % 10}") for n in range(140)]
    bundle = well(patient(), visit(ago(1), *many))
    assert len(entries(bundle, PROBLEMS)) == 60
    assert "Còn 80 mục cũ hơn" in sections(bundle)[PROBLEMS]["text"]["div"]


def test_the_words_of_a_record_are_text_in_the_narrative() -> None:
    evil = condition("I10", "<script>alert(1)</script> & x", severity={"text": "nặng"})
    div = sections(well(patient(), visit(ago(1), evil)))[PROBLEMS]["text"]["div"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; x</td>" in div


def test_what_an_entry_left_out_is_not_referred_to() -> None:
    note = {"text": "Xem lại", "authorReference": {"reference": "Practitioner/x", "display": "BS. Bình"}}
    bundle = well(patient(), visit(ago(1), observation("2345-7", 5, ago(1), note=[note], encounter={"reference": "x"})))
    (one,) = entries(bundle, RESULTS)
    assert one["note"] == [{"text": "Xem lại", "authorReference": {"display": "BS. Bình"}}]
    assert "encounter" not in one
    assert one["meta"]["source"].startswith("Observation/")


def test_the_source_of_the_patient_is_any_of_the_persons_subjects() -> None:
    found = well(patient())["entry"][1]["resource"]
    assert found["id"] != fhir_id(AN)
