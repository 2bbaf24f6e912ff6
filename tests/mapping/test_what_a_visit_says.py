"""What a reader of the record finds: people, diagnoses, drugs, results, papers and money where FHIR keeps them."""

import json
from datetime import date, datetime, timedelta, timezone

import pytest
from mapping_samples import HEADER, dossier, mapped, only, resources

from yteso import mapping
from yteso.intake.dossier import Dossier, Header
from yteso.record import ids


VIETNAM = timezone(timedelta(hours=7))


def codes(element: dict) -> dict[str, str]:
    return {coding["system"].rpartition("/")[2]: coding["code"] for coding in element["coding"]}


def test_identity_is_what_the_visit_states():
    x1 = {"HO_TEN": "NGUYỄN THỊ THỬ", "SO_CCCD": "001185012345", "MA_THE_BHYT": "GD4010112345678;TE1", "GIOI_TINH": "2",
          "NGAY_SINH": "198503000000", "DIA_CHI": "Hà Nội", "DIEN_THOAI": "0912"}  # fmt: skip
    m = mapped(dossier(XML1=[x1]))
    assert m.identity == mapping.Identity(
        "001185012345", "GD4010112345678", "NGUYỄN THỊ THỬ", "19850300", "2", "Hà Nội", "0912"
    )
    assert (m.subject, m.document) == (ids.subject_id("99001", "BN-0001"), ids.document_id("visit", "99001", "LK-0001"))
    assert (m.facility, m.source) == ("99001", "LK-0001")


def test_patient_has_name_parts_papers_and_address():
    x1 = {"HO_TEN": "Nguyễn Thị Thử", "SO_CCCD": "001185012345", "GIOI_TINH": "2", "NGAY_SINH": "202604300730",
          "MATINH_CU_TRU": "01", "DIA_CHI": "12 Phố Thử", "NGAY_RA": "202605061000"}  # fmt: skip
    patient = json.loads(mapped(dossier(XML1=[x1])).patient)
    assert patient["name"] == [{"text": "Nguyễn Thị Thử", "family": "Nguyễn", "given": ["Thị Thử"]}]
    assert (patient["gender"], patient["birthDate"]) == ("female", "2026-04-30")
    assert patient["_birthDate"]["extension"][0]["valueDateTime"] == "2026-04-30T07:30:00+07:00"
    assert {i["system"].rpartition("/sid/")[2]: i["value"] for i in patient["identifier"]} == {
        "cccd": "001185012345",
        "ma-bn/99001": "BN-0001",
    }
    assert patient["address"][0]["text"] == "12 Phố Thử"
    assert patient["address"][0]["city"] == "Thành phố Hà Nội"


@pytest.mark.parametrize(("care", "kind"), [("01", "AMB"), ("03", "IMP"), ("04", "SS"), ("14", "VR"), ("99", "AMB")])
def test_type_of_care_gives_the_class_of_the_encounter(care, kind):
    assert only(dossier(XML1=[{"MA_LOAI_KCB": care}]), "Encounter")["class"]["code"] == kind


def test_times_are_those_of_viet_nam():
    m = mapped(dossier(XML1=[{"NGAY_RA": "202605061000"}]))
    assert (m.started, m.ended) == (
        datetime(2026, 5, 1, 8, 30, tzinfo=VIETNAM),
        datetime(2026, 5, 6, 10, tzinfo=VIETNAM),
    )
    assert json.loads(m.resources[0][2])["period"]["end"] == "2026-05-06T10:00:00+07:00"


def test_a_discharge_before_arrival_does_not_turn_time_around():
    m = mapped(dossier(XML1=[{"NGAY_RA": "202604010000"}]))
    assert m.ended == m.started


def test_diagnoses_are_ranked_and_named_in_vietnamese():
    x1 = {"CHAN_DOAN_VAO": "Sốt", "CHAN_DOAN_RV": "Viêm phổi", "MA_BENH_CHINH": "J18.1", "MA_BENH_KT": "I10;E11.9"}
    visit = dossier(XML1=[x1])
    encounter = only(visit, "Encounter")
    by_id = {f"Condition/{c['id']}": c for c in resources(visit, "Condition")}
    told = [
        (d["use"]["coding"][0]["code"], d["rank"], by_id[d["condition"]["reference"]]["code"])
        for d in encounter["diagnosis"]
    ]
    assert [(role, rank, code.get("text") or codes(code)["icd-10"]) for role, rank, code in told] == [
        ("AD", 1, "Sốt"),
        ("DD", 1, "Viêm phổi"),
        ("CM", 2, "I10"),
        ("CM", 3, "E11.9"),
    ]
    assert told[2][2]["coding"][0]["display"] == "Bệnh lý tăng huyết áp"


def test_names_of_diseases_follow_the_day_the_visit_ended():
    def coding(day: str) -> dict:
        x1 = {"NGAY_VAO": day, "NGAY_RA": day, "MA_BENH_CHINH": "A00.0"}
        return only(dossier(XML1=[x1]), "Condition")["code"]["coding"][0]

    newer, older = coding("202607010800"), coding("202606300800")
    assert (newer["version"], older["version"]) == ("TT06-2026", "QD4469-2020")
    assert "típ sinh học" in newer["display"]
    assert "typ sinh học" in older["display"]


def test_a_coverage_per_card_and_the_first_is_the_focal_one():
    visit = dossier(
        XML1=[{"MA_THE_BHYT": "A1;B2", "GT_THE_TU": "20260101;20260601", "GT_THE_DEN": "20260531;20261231"}]
    )
    cards = resources(visit, "Coverage")
    assert [(c["subscriberId"], c["period"]["end"]) for c in cards] == [("A1", "2026-05-31"), ("B2", "2026-12-31")]
    insurance = only(visit, "ExplanationOfBenefit")["insurance"]
    assert [(i["focal"], i["coverage"]["reference"]) for i in insurance] == [
        (True, f"Coverage/{cards[0]['id']}"),
        (False, f"Coverage/{cards[1]['id']}"),
    ]


@pytest.mark.parametrize("card", [{}, {"MA_THE_BHYT": ";"}])
def test_without_a_card_the_patient_pays(card):
    coverage = only(dossier(XML1=[card]), "Coverage")
    assert coverage["type"]["coding"][0]["code"] == "pay"
    assert coverage["payor"] == [coverage["beneficiary"]]


DRUG = {"STT": "3", "MA_THUOC": "40.30.502", "TEN_THUOC": "Amoxicilin 500mg", "SO_DANG_KY": "VD-1-20",
        "DON_VI_TINH": "Viên", "SO_LUONG": "1.50", "LIEU_DUNG": "1 viên x 3", "DUONG_DUNG": "1.01", "MA_NHOM": "4",
        "NGAY_YL": "202605010900", "DON_GIA": "1200.000", "T_BHTT": "1440.00", "T_BNTT": "0.00"}  # fmt: skip


def test_a_drug_is_a_request_with_its_dose():
    request = only(dossier(XML2=[DRUG]), "MedicationRequest")
    assert codes(request["medicationCodeableConcept"]) == {"thuoc": "40.30.502", "sdk": "VD-1-20"}
    assert request["dosageInstruction"][0]["text"] == "1 viên x 3"
    assert request["authoredOn"] == "2026-05-01T09:00:00+07:00"
    assert request["id"].endswith("-m3")


def test_a_drug_is_dispensed_when_the_file_says_it_was_given():
    assert resources(dossier(XML2=[DRUG]), "MedicationDispense") == []
    dispense = only(dossier(XML2=[DRUG | {"NGAY_TH_YL": "202605010930"}]), "MedicationDispense")
    assert dispense["whenHandedOver"] == "2026-05-01T09:30:00+07:00"
    assert dispense["authorizingPrescription"][0]["reference"].endswith("-m3")
    assert dispense["id"].endswith("-m3d")


def test_decimals_keep_their_digits_in_the_json():
    bodies = b"".join(body for *_, body in mapped(dossier(XML2=[DRUG])).resources)
    assert b'"value":1.50,' in bodies
    assert b'"value":1200.000}' in bodies


def test_a_claim_item_has_quantity_price_and_who_pays():
    (item,) = only(dossier(XML2=[DRUG]), "ExplanationOfBenefit")["item"]
    assert (item["quantity"]["value"], item["unitPrice"]["value"], item["sequence"]) == (1.5, 1200, 1)
    assert [(codes(a["category"])["tien"], a["amount"]["value"]) for a in item["adjudication"]] == [("T_BHTT", 1440)]


def test_totals_of_the_claim_are_those_of_the_visit():
    claim = only(dossier(XML1=[{"T_TONGCHI_BV": "10.00", "T_BHTT": "8.00", "T_BNTT": "0"}]), "ExplanationOfBenefit")
    assert {codes(t["category"])["tien"]: t["amount"]["value"] for t in claim["total"]} == {
        "T_TONGCHI_BV": 10,
        "T_BHTT": 8,
    }


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        ("1", {"DiagnosticReport", "ServiceRequest"}),
        ("2", {"DiagnosticReport", "ServiceRequest"}),
        ("8", {"Procedure"}),
        ("18", {"Procedure"}),
        ("13", {"Procedure"}),
        ("10", {"SupplyDelivery"}),
        ("15", set()),
    ],
)
def test_a_service_becomes_what_its_cost_group_says(group, kinds):
    usual = {"Encounter", "Coverage", "ExplanationOfBenefit"}
    visit = dossier(XML3=[{"STT": "1", "MA_NHOM": group, "MA_DICH_VU": "X"}])
    assert {r["resourceType"] for r in resources(visit)} - usual == kinds


def test_a_bed_is_a_place_of_the_encounter():
    row = {"STT": "7", "MA_NHOM": "15", "MA_GIUONG": "H012", "NGAY_YL": "202605010900", "NGAY_KQ": "202605050800"}
    (bed,) = only(dossier(XML3=[row]), "Encounter")["location"]
    assert bed["location"]["identifier"]["value"] == "H012"
    assert bed["period"] == {"start": "2026-05-01T09:00:00+07:00", "end": "2026-05-05T08:00:00+07:00"}
    assert bed["id"] == "s7"


def test_weight_and_height_are_observations():
    visit = dossier(XML1=[{"CAN_NANG": "62.5", "DU_PHONG": "168"}])
    found = {o["code"]["coding"][0]["code"]: o["valueQuantity"] for o in resources(visit, "Observation")}
    assert (found["29463-7"]["value"], found["29463-7"]["code"]) == (62.5, "kg")
    assert (found["8302-2"]["value"], found["8302-2"]["code"]) == (168, "cm")
    assert resources(dossier("4750", XML1=[{"DU_PHONG": "168"}]), "Observation") == []


def test_a_discharge_letter_is_a_composition_with_sections():
    letter = only(
        dossier(XML7=[{"PP_DIEUTRI": "Mổ < 2 giờ\nnghỉ", "NGAY_CT": "20260506", "MA_BS": "1", "TEN_BS": "B"}]),
        "Composition",
    )
    assert letter["date"] == "2026-05-06"
    assert letter["author"] == [{"identifier": {"system": f"{mapping.BASE}/sid/gphn", "value": "1"}, "display": "B"}]
    assert letter["section"][0]["text"]["div"] == (
        '<div xmlns="http://www.w3.org/1999/xhtml">Mổ &lt; 2 giờ\nnghỉ</div>'
    )


def test_a_referral_is_a_request_and_a_task_with_its_state():
    visit = dossier(XML13=[{"MA_CSKCB_DEN": "99002", "SO_CHUYENTUYEN": "7", "MA_LYDO_CT": "1", "MA_BAC_SI": "1"}])
    request, task = only(visit, "ServiceRequest"), only(visit, "Task")
    assert request["performer"][0]["identifier"]["value"] == "99002"
    assert task["focus"]["reference"] == f"ServiceRequest/{request['id']}"
    assert (task["status"], task["owner"]["identifier"]["value"]) == ("requested", "99002")


@pytest.mark.parametrize(("version", "day"), [("3176", "20260601"), ("4750", "202606010830")])
def test_a_re_examination_is_an_appointment_on_its_day(version, day):
    appointment = only(dossier(version, XML14=[{"NGAY_HEN_KL": day}]), "Appointment")
    assert appointment["requestedPeriod"][0]["start"] == "2026-06-01T00:00:00+07:00"
    assert appointment["status"] == "proposed"


def test_a_note_is_a_clinical_impression():
    row = {"STT": "1", "DIEN_BIEN_LS": "Đỡ sốt", "HOI_CHAN": "Không mổ", "THOI_DIEM_DBLS": "202605020800"}
    note = only(dossier(XML5=[row]), "ClinicalImpression")
    assert (note["summary"], note["note"][0]["text"]) == ("Đỡ sốt", "Không mổ")


def test_the_facility_of_the_outer_file_stands_in_for_a_missing_one():
    x1 = {"MA_LK": "L", "MA_BN": "B", "NGAY_VAO": "202605010830"}
    m = mapping.map_visit(Dossier(1, {"XML1": [x1]}, "3176"), HEADER)
    assert m.facility == "99001"
    assert mapping.unmap(m.resources) == {"XML1": [x1]}


@pytest.mark.parametrize("missing", ["MA_LK", "MA_BN", "MA_CSKCB"])
def test_a_visit_of_nobody_is_refused(missing):
    visit = dossier()
    del visit.tables["XML1"][0][missing]
    with pytest.raises(ValueError, match=missing):
        mapping.map_visit(visit, Header("", date(2026, 5, 6)))
