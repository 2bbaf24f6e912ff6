"""The same visit told in the words of an older decree is the same record."""

import json

import pytest
from mapping_samples import dossier, mapped, only, resources, there_and_back

from yteso.mapping.names import rows


# what 4210 calls it → what 3176 calls it, and where a reader finds it

SAME_THING = """
table  4210            3176            value            where
XML1   MA_THE          MA_THE_BHYT     GD4010112345678  Coverage.subscriberId
XML1   TEN_BENH        CHAN_DOAN_RV    Viêm phổi        Condition.code.text
XML1   MA_BENH         MA_BENH_CHINH   J18.1            Condition.code.coding.0.code
XML1   MA_NOI_CHUYEN   MA_NOI_DI       99002            Encounter.hospitalization.origin.identifier.value
XML1   TINH_TRANG_RV   MA_LOAI_RV      2                Encounter.hospitalization.dischargeDisposition.coding.0.code
XML5   DIEN_BIEN       DIEN_BIEN_LS    Đỡ sốt           ClinicalImpression.summary
XML5   NGAY_YL         THOI_DIEM_DBLS  202605020800     ClinicalImpression.effectiveDateTime
"""


def told(table: str, name: str, value: str, standard: str) -> dict:
    row = {name: value} if table == "XML1" else {"STT": "1", name: value}
    return dossier(standard, **{table: [row]})


def at(resource: object, path: list[str]) -> object:
    for step in path:
        resource = resource[int(step)] if isinstance(resource, list) else resource[step]
    return resource


@pytest.mark.parametrize("line", SAME_THING.strip().split("\n")[1:])
def test_an_older_name_is_found_where_the_newer_is(line):
    table, older, newer, rest = line.split(None, 3)
    value, _, where = rest.rpartition(" ")
    kind, *path = where.split(".")
    before, after = (
        at(only(told(table, name, value.strip(), standard), kind), path)
        for name, standard in ((older, "4210"), (newer, "3176"))
    )
    assert before == after
    assert value.strip() in (before, before.replace("-", "").replace("T", "").replace(":", "")[:12])


@pytest.mark.parametrize("row", rows("renames.csv"), ids=lambda r: f"{r['table']} {r['old']}")
@pytest.mark.parametrize("which", ["old", "new"])
def test_the_way_back_has_the_name_it_came_with(row, which):
    standard = row["standards"].split()[0]
    visit = told(row["table"], row[which], "1", standard)
    assert there_and_back(visit)[row["table"]] == visit.tables[row["table"]]


@pytest.mark.parametrize("row", rows("renames.csv"), ids=lambda r: f"{r['table']} {r['old']}")
def test_a_row_with_both_names_keeps_both(row):
    standard = row["standards"].split()[0]
    both = {row["old"]: "1", row["new"]: "2"}
    visit = dossier(standard, **{row["table"]: [both if row["table"] == "XML1" else {"STT": "1"} | both]})
    assert there_and_back(visit)[row["table"]] == visit.tables[row["table"]]


ACCOMPANYING = [("4210", "MA_BENHKHAC"), ("130", "MA_BENH_KT"), ("4750", "MA_BENH_KT"), ("3176", "MA_BENH_KT")]


@pytest.mark.parametrize(("standard", "field"), ACCOMPANYING)
def test_accompanying_diagnoses_of_every_version(standard, field):
    visit = dossier(standard, XML1=[{field: "I10;E11.9"}])
    codes = [c["code"]["coding"][0]["code"] for c in resources(visit, "Condition")]
    assert codes == ["I10", "E11.9"]


CARE = [("4210", "1", "AMB"), ("4210", "2", "AMB"), ("4210", "3", "IMP"), ("130", "03", "IMP"), ("3176", "04", "SS"),
        ("3176", "09", "SS"), ("3176", "06", "OBSENC"), ("3176", "11", "FLD"), ("3176", "12", "HH")]  # fmt: skip


@pytest.mark.parametrize(("standard", "care", "kind"), CARE)
def test_kinds_of_care_of_every_version(standard, care, kind):
    encounter = only(dossier(standard, XML1=[{"MA_LOAI_KCB": care}]), "Encounter")
    assert (encounter["class"]["code"], encounter["type"][0]["coding"][0]["code"]) == (kind, care)


def test_prices_of_services_have_one_place():
    old = dossier("4210", XML3=[{"STT": "1", "MA_NHOM": "1", "DON_GIA": "100.000", "THANH_TIEN": "200.00"}])
    new = dossier("3176", XML3=[{"STT": "1", "MA_NHOM": "1", "DON_GIA_BV": "100.000", "THANH_TIEN_BV": "200.00"}])
    prices = [
        {name: only(visit, "ExplanationOfBenefit")["item"][0][name]["value"] for name in ("unitPrice", "net")}
        for visit in (old, new)
    ]
    assert prices == [{"unitPrice": 100, "net": 200}] * 2


BIRTHS = [("4210", "1985", "1985"), ("4210", "19850315", "1985-03-15"), ("3176", "198503150000", "1985-03-15"),
          ("3176", "198500000000", "1985")]  # fmt: skip


@pytest.mark.parametrize(("standard", "text", "shown"), BIRTHS)
def test_birth_dates_of_every_version(standard, text, shown):
    m = mapped(dossier(standard, XML1=[{"NGAY_SINH": text}]))
    assert json.loads(m.patient)["birthDate"] == shown
    assert m.identity.birth == text[:8].ljust(8, "0")


@pytest.mark.parametrize("standard", ["4210", "130", "4750", "3176"])
def test_the_version_is_remembered(standard):
    visit = dossier(standard, XML2=[{"STT": "1", "MA_THUOC": "40.1"}])
    assert there_and_back(visit) == visit.tables


def test_a_newer_field_in_an_older_file_is_kept():
    visit = dossier("4210", XML1=[{"NGAY_TAI_KHAM": "20260601", "LA_LUNG": "?"}])
    assert there_and_back(visit) == visit.tables


# sensitive diagnoses, whatever the version

LABELLED = """
code    labels
B20     hiv
B24     hiv
Z21     hiv
R75     hiv
Z20.6   hiv
O98.7   hiv
F02.4   hiv mental
A15.3   tb
A19.9   tb
Z11.1   tb
F20.0   mental
F10.1   mental substance
X60     mental
Z91.5   mental
Z72.2   substance
A50.9   sti
A64     sti
Z11.3   sti
O04     reproductive
Z32.1   reproductive
N46     reproductive
N97.9   reproductive
T74.1   violence
Y05     violence
Z61.5   violence
Q90.0   genetic
B19.9   -
A49.9   -
A65     -
G00     -
Z29     -
Z34.9   -
N45     -
N98     -
T73     -
Y08     -
J18.9   -
"""


@pytest.mark.parametrize("line", LABELLED.strip().split("\n")[1:])
@pytest.mark.parametrize(
    ("standard", "field"), [("3176", "MA_BENH_CHINH"), ("3176", "MA_BENH_KT"), ("4210", "MA_BENH")]
)
def test_sensitive_diagnoses_label_the_visit(line, standard, field):
    code, *labels = line.split()
    m = mapped(dossier(standard, XML1=[{field: code}]))
    assert m.labels == [label for label in labels if label != "-"]
    security = json.loads(m.resources[0][2]).get("meta", {}).get("security", [])
    assert [s["code"] for s in security] == m.labels


@pytest.mark.parametrize(("table", "field"), [("XML2", "MA_BENH"), ("XML3", "MA_BENH")])
def test_a_sensitive_diagnosis_of_one_row_labels_the_visit(table, field):
    visit = dossier(**{table: [{"STT": "1", field: "I10"}, {"STT": "2", field: "J18.1;b20"}]})
    assert mapped(visit).labels == ["hiv"]
