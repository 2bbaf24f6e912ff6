"""Rows of drugs and services as a reader of FHIR finds them: each important field in its place."""

import pytest
from mapping_samples import dossier, only, resources

from yteso.mapping.names import BASE, systems


SID = f"{BASE}/sid"
CS = f"{BASE}/cs"
DRUG = {
    "STT": "1", "MA_THUOC": "40.154", "TEN_THUOC": "Amoxicilin 500mg", "SO_DANG_KY": "VD-1-20", "DON_VI_TINH": "Viên",
    "SO_LUONG": "21.000", "LIEU_DUNG": "1 viên x 3 lần", "CACH_DUNG": "Uống sau ăn", "DUONG_DUNG": "1.01",
    "MA_BAC_SI": "000123/HNO-GPHN", "MA_BENH": "J18.1;I10", "NGAY_YL": "202605010900", "NGAY_TH_YL": "202605010930",
    "MA_NHOM": "4", "HAM_LUONG": "500mg", "DANG_BAO_CHE": "Viên nang", "MA_KHOA": "K01",
    "DON_GIA": "620.000", "THANH_TIEN_BV": "13020.00", "THANH_TIEN_BH": "13020.00", "TYLE_TT_BH": "100",
    "MUC_HUONG": "80", "T_BHTT": "10416.00", "T_BNCCT": "2604.00", "T_BNTT": "0.00", "PHAM_VI": "1", "MA_PTTT": "1",
}  # fmt: skip
TEST = {
    "STT": "2", "MA_NHOM": "1", "MA_DICH_VU": "23.0075.1494", "TEN_DICH_VU": "Định lượng Glucose", "SO_LUONG": "1.000",
    "DON_VI_TINH": "Lần", "MA_BAC_SI": "B1", "NGUOI_THUC_HIEN": "K1;K2", "MA_BENH": "E11.9", "NGAY_YL": "202605010900",
    "NGAY_TH_YL": "202605010915", "NGAY_KQ": "202605011000", "DON_GIA_BV": "21800.000", "THANH_TIEN_BV": "21800.00",
}  # fmt: skip
OPERATION = TEST | {"STT": "3", "MA_NHOM": "8", "MA_DICH_VU": "10.0506.0459", "TEN_DICH_VU": "Cắt ruột thừa đơn thuần",
                    "MA_PTTT_QT": "47.09", "VI_TRI_TH_DVKT": "Hố chậu phải"}  # fmt: skip
SUPPLY = {"STT": "4", "MA_NHOM": "10", "MA_VAT_TU": "N07.02.020", "TEN_VAT_TU": "Quả lọc máu", "SO_LUONG": "1.000",
          "DON_VI_TINH": "Quả", "NGAY_YL": "202605010900", "MA_KHOA": "K35"}  # fmt: skip


def at(resource: object, path: str) -> object:
    """`a.0.b`: member a, its first element, member b; None where the path ends."""
    for step in path.split("."):
        if isinstance(resource, list):
            resource = resource[int(step)] if int(step) < len(resource) else None
        else:
            resource = (resource or {}).get(step)
    return resource


def paths(table: str) -> list[list[str]]:
    return [line.split(None, 1) for line in table.strip().split("\n")]


# a drug as it was ordered

REQUEST = """
status                                             completed
intent                                             order
medicationCodeableConcept.coding.0.code            40.154
medicationCodeableConcept.coding.1.code            VD-1-20
medicationCodeableConcept.text                     Amoxicilin 500mg
authoredOn                                         2026-05-01T09:00:00+07:00
requester.identifier.value                         000123/HNO-GPHN
reasonCode.0.coding.0.code                         J18.1
reasonCode.1.coding.0.code                         I10
dosageInstruction.0.text                           1 viên x 3 lần
dosageInstruction.0.patientInstruction             Uống sau ăn
dosageInstruction.0.route.coding.0.code            1.01
dispenseRequest.quantity.unit                      Viên
"""


@pytest.mark.parametrize(("path", "value"), paths(REQUEST))
def test_an_ordered_drug(path, value):
    assert at(only(dossier(XML2=[DRUG]), "MedicationRequest"), path) == value


def test_the_amount_ordered_is_a_number():
    assert at(only(dossier(XML2=[DRUG]), "MedicationRequest"), "dispenseRequest.quantity.value") == 21


@pytest.mark.parametrize(
    ("path", "system"),
    [("medicationCodeableConcept.coding.0.system", f"{CS}/thuoc"),
     ("medicationCodeableConcept.coding.1.system", f"{CS}/sdk"),
     ("requester.identifier.system", f"{SID}/gphn"),
     ("reasonCode.0.coding.0.system", "http://hl7.org/fhir/sid/icd-10"),
     ("dosageInstruction.0.route.coding.0.system", f"{CS}/duong-dung")],
)  # fmt: skip
def test_codes_of_a_drug_name_their_systems(path, system):
    assert at(only(dossier(XML2=[DRUG]), "MedicationRequest"), path) == system


LEAVING_OUT = """
field        what is missing
SO_DANG_KY   medicationCodeableConcept.coding.1
TEN_THUOC    medicationCodeableConcept.text
NGAY_YL      authoredOn
MA_BAC_SI    requester
MA_BENH      reasonCode
CACH_DUNG    dosageInstruction.0.patientInstruction
DUONG_DUNG   dosageInstruction.0.route
SO_LUONG     dispenseRequest.quantity.value
"""


@pytest.mark.parametrize(("field", "path"), paths(LEAVING_OUT)[1:])
def test_what_a_row_does_not_say_is_not_there(field, path):
    whole = only(dossier(XML2=[DRUG]), "MedicationRequest")
    less = only(dossier(XML2=[{name: value for name, value in DRUG.items() if name != field}]), "MedicationRequest")
    assert at(whole, path) is not None
    assert at(less, path) is None


def test_a_drug_without_a_code_or_name_says_that_it_lacks_them():
    request = only(dossier(XML2=[{"STT": "1"}]), "MedicationRequest")
    (extension,) = request["medicationCodeableConcept"]["extension"]
    assert extension["url"] == systems()["x-absent"]
    assert "coding" not in request["medicationCodeableConcept"]


@pytest.mark.parametrize("code", ["40 154 ", " 40.154", "40\t154"])
def test_a_code_with_odd_spaces_is_kept_but_is_no_code(code):
    request = only(dossier(XML2=[DRUG | {"MA_THUOC": code}]), "MedicationRequest")
    assert [c["code"] for c in request["medicationCodeableConcept"]["coding"]] == ["VD-1-20"]
    assert code in [e["valueString"] for outer in request["extension"] for e in outer["extension"]]


# a drug as it was given

DISPENSE = """
status                                             completed
medicationCodeableConcept.coding.0.code            40.154
medicationCodeableConcept.text                     Amoxicilin 500mg
quantity.unit                                      Viên
whenHandedOver                                     2026-05-01T09:30:00+07:00
"""


@pytest.mark.parametrize(("path", "value"), paths(DISPENSE))
def test_a_given_drug(path, value):
    assert at(only(dossier(XML2=[DRUG]), "MedicationDispense"), path) == value


def test_a_given_drug_knows_its_order_and_its_visit():
    visit = dossier(XML2=[DRUG])
    dispense, request = only(visit, "MedicationDispense"), only(visit, "MedicationRequest")
    assert at(dispense, "authorizingPrescription.0.reference") == f"MedicationRequest/{request['id']}"
    assert dispense["context"] == request["encounter"]
    assert dispense["subject"] == request["subject"]


# a test

REPORT = """
status                       final
category.0.coding.0.code     1
code.coding.0.code           23.0075.1494
code.text                    Định lượng Glucose
effectiveDateTime            2026-05-01T09:15:00+07:00
issued                       2026-05-01T10:00:00+07:00
performer.0.identifier.value K1
performer.1.identifier.value K2
"""
ORDER = """
status                       completed
intent                       order
code.coding.0.code           23.0075.1494
code.text                    Định lượng Glucose
authoredOn                   2026-05-01T09:00:00+07:00
requester.identifier.value   B1
reasonCode.0.coding.0.code   E11.9
"""


@pytest.mark.parametrize(("path", "value"), paths(REPORT))
def test_the_report_of_a_test(path, value):
    assert at(only(dossier(XML3=[TEST]), "DiagnosticReport"), path) == value


@pytest.mark.parametrize(("path", "value"), paths(ORDER))
def test_the_order_of_a_test(path, value):
    assert at(only(dossier(XML3=[TEST]), "ServiceRequest"), path) == value


def test_a_report_is_based_on_its_order():
    visit = dossier(XML3=[TEST])
    order = only(visit, "ServiceRequest")
    assert at(only(visit, "DiagnosticReport"), "basedOn.0.reference") == f"ServiceRequest/{order['id']}"


# an operation

PROCEDURE = """
status                              completed
category.coding.0.code              8
code.coding.0.code                  10.0506.0459
code.coding.1.code                  47.09
code.coding.1.system                http://hl7.org/fhir/sid/icd-9-cm
code.text                           Cắt ruột thừa đơn thuần
performedPeriod.start               2026-05-01T09:15:00+07:00
performedPeriod.end                 2026-05-01T10:00:00+07:00
recorder.identifier.value           B1
performer.0.actor.identifier.value  K1
performer.1.actor.identifier.value  K2
reasonCode.0.coding.0.code          E11.9
bodySite.0.text                     Hố chậu phải
"""


@pytest.mark.parametrize(("path", "value"), paths(PROCEDURE))
def test_an_operation(path, value):
    assert at(only(dossier(XML3=[OPERATION]), "Procedure"), path) == value


# a supply

DELIVERY = """
status                                           completed
suppliedItem.itemCodeableConcept.coding.0.code   N07.02.020
suppliedItem.itemCodeableConcept.text            Quả lọc máu
suppliedItem.quantity.unit                       Quả
occurrenceDateTime                               2026-05-01T09:00:00+07:00
supplier.identifier.value                        K35
"""


@pytest.mark.parametrize(("path", "value"), paths(DELIVERY))
def test_a_supply(path, value):
    assert at(only(dossier(XML3=[SUPPLY]), "SupplyDelivery"), path) == value


def test_a_supply_without_its_group_is_known_by_its_code():
    row = {name: value for name, value in SUPPLY.items() if name != "MA_NHOM"}
    assert only(dossier(XML3=[row]), "SupplyDelivery")


# the claim

ITEM = """
field           amount
THANH_TIEN_BH   13020
T_BHTT          10416
T_BNCCT         2604
"""


@pytest.mark.parametrize(("field", "amount"), paths(ITEM)[1:])
def test_who_pays_for_a_row(field, amount):
    (item,) = only(dossier(XML2=[DRUG]), "ExplanationOfBenefit")["item"]
    told = {at(a, "category.coding.0.code"): a["amount"] for a in item["adjudication"]}
    assert told[field] == {"value": int(amount), "currency": "VND"}


def test_nothing_is_not_adjudicated_but_kept():
    (item,) = only(dossier(XML2=[DRUG]), "ExplanationOfBenefit")["item"]
    assert "T_BNTT" not in {at(a, "category.coding.0.code") for a in item["adjudication"]}
    kept = {e["url"]: e for outer in item["extension"] for e in outer["extension"]}
    assert kept["T_BNTT"]["valueDecimal"] == 0
    assert (kept["PHAM_VI"]["valueString"], kept["MUC_HUONG"]["valueString"]) == ("1", "80")


def test_a_claim_lists_drugs_and_services_with_their_groups():
    claim = only(dossier(XML2=[DRUG], XML3=[TEST, OPERATION, SUPPLY]), "ExplanationOfBenefit")
    assert [item["sequence"] for item in claim["item"]] == [1, 2, 3, 4]
    assert [at(item, "category.coding.0.code") for item in claim["item"]] == ["4", "1", "8", "10"]
    assert [at(item, "productOrService.coding.0.code") for item in claim["item"]] == [
        *("40.154", "23.0075.1494", "10.0506.0459", "N07.02.020"),
    ]
    assert at(claim, "item.1.unitPrice") == {"value": 21800, "currency": "VND"}
    assert at(claim, "item.1.net") == {"value": 21800, "currency": "VND"}


TOTALS = ["T_TONGCHI_BV", "T_TONGCHI_BH", "T_BHTT", "T_BNCCT", "T_BNTT", "T_NGUONKHAC", "T_THUOC", "T_VTYT"]


@pytest.mark.parametrize("field", TOTALS)
def test_totals_of_a_claim(field):
    claim = only(dossier(XML1=[{field: "1234.50"}]), "ExplanationOfBenefit")
    (total,) = claim["total"]
    assert at(total, "category.coding.0.code") == field
    assert total["amount"] == {"value": 1234.5, "currency": "VND"}
    assert "total" not in only(dossier(XML1=[{field: "0.00"}]), "ExplanationOfBenefit")


CLAIM = """
status                     active
use                        claim
outcome                    complete
created                    2026-05-06T10:05:00+07:00
billablePeriod.start       2026-05-01T08:30:00+07:00
billablePeriod.end         2026-05-06T10:00:00+07:00
provider.identifier.value  99001
insurer.display            Bảo hiểm xã hội Việt Nam
"""


@pytest.mark.parametrize(("path", "value"), paths(CLAIM))
def test_the_claim_of_a_visit(path, value):
    x1 = {"NGAY_RA": "202605061000", "NGAY_TTOAN": "202605061005"}
    assert at(only(dossier(XML1=[x1]), "ExplanationOfBenefit"), path) == value


# every cost group is something

GROUPS = """
group  resource           what
1      DiagnosticReport   laboratory
2      DiagnosticReport   imaging
3      DiagnosticReport   function tests
5      Procedure          drugs outside the list are rows of XML2; here an unknown service
8      Procedure          operation
10     SupplyDelivery     supplies
11     SupplyDelivery     supplies paid at a rate
12     Procedure          transport
13     Procedure          examination
18     Procedure          procedure
99     Procedure          unknown group
"""


@pytest.mark.parametrize("line", GROUPS.strip().split("\n")[1:])
def test_a_service_is_what_its_group_says(line):
    group, kind, _ = line.split(None, 2)
    visit = dossier(XML3=[TEST | {"MA_NHOM": group}])
    assert [r["id"].partition("-")[2] for r in resources(visit, kind)] == ["s2"]


@pytest.mark.parametrize("group", ["14", "15", "16"])
def test_beds_are_places(group):
    visit = dossier(XML3=[TEST | {"MA_NHOM": group, "MA_GIUONG": "H001"}])
    (bed,) = only(visit, "Encounter")["location"]
    assert at(bed, "location.identifier.value") == "H001"
    assert at(bed, "physicalType.coding.0.code") == "bd"
    (item,) = only(visit, "ExplanationOfBenefit")["item"]
    assert at(item, "productOrService.text") == "Định lượng Glucose"
