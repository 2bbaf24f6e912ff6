"""Units, LOINC codes and reference ranges of results; what can be searched for; ids that stay."""

import json
from itertools import permutations

import pytest
from mapping_samples import dossier, full_dossier, mapped, only, resources

from yteso import catalogues
from yteso.mapping import laboratory
from yteso.mapping.names import indexed, rows, systems
from yteso.record.ids import token


MAN = {"NGAY_SINH": "198001010000", "GIOI_TINH": "1"}
WOMAN = MAN | {"GIOI_TINH": "2"}
BLOOD_COUNT = "22.0121.1369"


def observation(x1: dict, **row: str) -> dict:
    return only(dossier(XML1=[x1], XML4=[{"STT": "1"} | row]), "Observation")


def flag(found: dict) -> str:
    codings = [c for part in found.get("interpretation", ()) for c in part.get("coding", ())]
    return codings[0]["code"] if codings else "-"


# units

UNITS = [(row["spelling"], row["ucum"]) for row in rows("units.csv")]


@pytest.mark.parametrize(("spelling", "ucum"), UNITS)
def test_each_known_spelling_of_a_unit(spelling, ucum):
    quantity = observation(MAN, GIA_TRI="5", DON_VI_DO=spelling)["valueQuantity"]
    assert quantity == {"value": 5, "unit": spelling, "system": "http://unitsofmeasure.org", "code": ucum}


SPACED = [("mmol / L", "mmol/L"), (" g/L ", "g/L"), ("MMOL/L", "mmol/L"), ("Ng/Ml", "ng/mL"), ("μmol/L", "umol/L")]


@pytest.mark.parametrize(("spelling", "ucum"), SPACED)
def test_spaces_and_case_of_units_do_not_matter(spelling, ucum):
    assert laboratory.unit(spelling) == ucum


@pytest.mark.parametrize(("spelling", "ucum"), [("g/L", "g/L"), ("G/L", "10*9/L"), ("T/L", "10*12/L")])
def test_a_gram_is_not_a_giga(spelling, ucum):
    assert laboratory.unit(spelling) == ucum


# codes

CODED = """
service        index        name                   unit     loinc
23.0075.1494   GLU          Glucose                mmol/L   14749-6
23.0051.1494   CRE          Creatinin              µmol/L   14682-9
23.0166.1494   URE          Urê                    mmol/L   22664-7
23.0020.1493   AST          AST (GOT)              U/L      1920-8
23.0019.1493   ALT          ALT (GPT)              U/L      1742-6
23.0083.1523   HBA1C        HbA1c                  %        4548-4
23.0058.1487   NA           Na+                    mmol/L   2951-2
23.0058.1487   K            K+                     mmol/L   2823-3
23.0058.1487   CL           Cl-                    mmol/L   2075-0
23.0228.1483   CRP          CRP                    mg/L     1988-5
23.0007.1494   ALB          Albumin                g/L      1751-7
23.0063.1514   FER          Ferritin               ng/mL    2276-4
22.0121.1369   WBC          WBC                    G/L      6690-2
22.0121.1369   RBC          RBC                    T/L      789-8
22.0121.1369   PLT          PLT                    G/L      777-3
23.0075.1494   GLU          Glucose                mg/dL    -
23.0058.1487   K            K+                     G/L      -
-              GLU          Glucose                mmol/L   14749-6
-              X1           Lạ                     mmol/L   -
"""


@pytest.mark.parametrize("line", CODED.strip().split("\n")[1:])
def test_results_get_the_code_of_their_test_and_unit(line):
    service, index, rest = line.split(None, 2)
    *name, unit, loinc = rest.split()
    row = {"MA_CHI_SO": index, "TEN_CHI_SO": " ".join(name), "GIA_TRI": "5", "DON_VI_DO": unit}
    found = observation(MAN, **(row if service == "-" else row | {"MA_DICH_VU": service}))
    coded = {c["system"]: c["code"] for c in found["code"]["coding"]}
    assert coded.pop("http://loinc.org", "-") == loinc
    assert list(coded.values()) == [index]


# flags

FLAGS = """
who    index  unit    value   flag
man    WBC    G/L     3.99    L
man    WBC    G/L     4       N
man    WBC    G/L     10.0    N
man    WBC    G/L     10.01   H
man    HGB    g/L     134     L
woman  HGB    g/L     134     N
man    HGB    g/L     176     H
woman  HGB    g/L     156     H
man    RBC    T/L     4.2     L
woman  RBC    T/L     4.2     N
woman  RBC    T/L     5.5     H
man    RBC    T/L     5.5     N
man    HCT    L/L     0.40    L
woman  HCT    L/L     0.40    N
man    PLT    G/L     149     L
man    PLT    G/L     450     N
man    PLT    G/L     451     H
man    PLT    G/L     12,5    L
man    PLT    mg/L    451     -
man    PLT    -       451     -
man    PLT    G/L     >450    -
man    PLT    G/L     nhiều   -
child  WBC    G/L     14      -
nobody HGB    g/L     100     -
nobody WBC    G/L     14      H
"""
WHO = {"man": MAN, "woman": WOMAN, "child": MAN | {"NGAY_SINH": "201901010000"}, "nobody": {}}


@pytest.mark.parametrize("line", FLAGS.strip().split("\n")[1:])
def test_high_low_or_normal(line):
    who, index, unit, value, expected = line.split()
    row = {"MA_DICH_VU": BLOOD_COUNT, "MA_CHI_SO": index, "GIA_TRI": value}
    found = observation(WHO[who], **(row if unit == "-" else row | {"DON_VI_DO": unit}))
    assert flag(found) == expected


ONE_SIDED = """
who    service       unit  value  flag
man    23.0020.1493  U/L   39.9   N
man    23.0020.1493  U/L   40     H
woman  23.0020.1493  U/L   31     H
woman  23.0019.1493  U/L   30.9   N
"""


@pytest.mark.parametrize("line", ONE_SIDED.strip().split("\n")[1:])
def test_ranges_with_one_bound(line):
    who, service, unit, value, expected = line.split()
    assert flag(observation(WHO[who], MA_DICH_VU=service, GIA_TRI=value, DON_VI_DO=unit)) == expected


def test_a_range_is_shown_with_its_unit():
    found = observation(WOMAN, MA_DICH_VU=BLOOD_COUNT, MA_CHI_SO="HGB", GIA_TRI="130", DON_VI_DO="g/L")
    assert found["referenceRange"] == [{"low": {"value": 120, "unit": "g/L"}, "high": {"value": 155, "unit": "g/L"}}]
    assert found["interpretation"][0]["coding"][0]["display"] == "Bình thường"


@pytest.mark.parametrize(("born", "judged"), [("201004", True), ("201001", True), ("201101", False), ("2026", False)])
def test_adults_are_judged_from_sixteen_on(born, judged):
    x1 = MAN | {"NGAY_SINH": born.ljust(12, "0")}
    found = observation(x1, MA_DICH_VU=BLOOD_COUNT, MA_CHI_SO="WBC", GIA_TRI="14", DON_VI_DO="G/L")
    assert (flag(found) == "H") is judged


def test_every_range_of_the_catalogue_is_in_a_unit_of_ucum():
    known = {row["ucum"] for row in rows("units.csv")}
    used = {catalogues.lab_tests()[key].unit for key in catalogues.lab_tests()} - {""}
    assert len(used & known) / len(used) > 0.7


# comparators and words

VALUES = """
text      number  comparator  words
5.4       5.4     -           -
5,4       5.4     -           -
<0.01     0.01    <           -
>=10      10      >=          -
≥10       10      >=          -
≤ 10      10      <=          -
-1.75     -1.75   -           -
007       7       -           -
1:64      -       -           1:64
+++       -       -           +++
2-4       -       -           2-4
5.1 mmol  -       -           5.1 mmol
"""


@pytest.mark.parametrize("line", VALUES.strip("\n").split("\n")[1:])
def test_a_result_as_it_was_written(line):
    text, number, sign, words = (line[start:end].strip() for start, end in ((0, 10), (10, 18), (18, 30), (30, 99)))
    found = observation(MAN, GIA_TRI=text)
    assert found.get("valueString", "-") == words
    quantity = found.get("valueQuantity", {})
    assert (str(quantity.get("value", "-")), quantity.get("comparator", "-")) == (number, sign)


# what can be searched for


def codings(node: object) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        own = [(node["system"], node["code"])] if {"system", "code"} <= set(node) else []
        return own + [pair for value in node.values() for pair in codings(value)]
    return [pair for item in node for pair in codings(item)] if isinstance(node, list) else []


@pytest.mark.parametrize("version", ["3176", "4750", "130", "4210"])
def test_tokens_are_the_codes_of_the_rows_and_nothing_else(version):
    visit = full_dossier(version)
    said = {pair for resource in resources(visit) for pair in codings(resource) if pair[0] in indexed()}
    assert {system for system, _ in said} >= {systems()["icd10"], systems()["thuoc"], systems()["dvkt"]}
    assert mapped(visit).tokens == {token(*pair) for pair in said}


# stable ids


def test_ids_do_not_depend_on_the_order_of_rows():
    results = [{"STT": n, "MA_DICH_VU": "A", "GIA_TRI": n} for n in "123"]
    found = {
        frozenset((name, body) for kind, name, body in mapped(dossier(XML4=list(order))).resources
                  if kind == "Observation")
        for order in permutations(results)
    }  # fmt: skip
    assert len(found) == 1


def test_ids_differ_between_facilities_patients_and_visits():
    visits = [{}, {"MA_LK": "LK-0002"}, {"MA_CSKCB": "99002"}]
    documents = {mapped(dossier(XML1=[x1])).document for x1 in visits}
    subjects = [mapped(dossier(XML1=[x1])).subject for x1 in [*visits, {"MA_BN": "BN-0002"}]]
    assert len(documents) == 3
    assert (len(set(subjects)), subjects[0] == subjects[1]) == (3, True)


def test_ids_are_the_same_tomorrow():
    m = mapped(dossier())
    assert (str(m.document), str(m.subject)) == (DOCUMENT, SUBJECT), "records point at these: they never change"


DOCUMENT, SUBJECT = "95b76be9-508b-7f34-e921-b96642c7a44a", "9c3f3846-4dc7-3bd7-521a-49081c3777cd"

# JSON

ODD = [
    '"',
    "\\",
    "\\n",
    "a\nb\tc\r",
    "\x00\x1f",
    "</script>",
    "𠮷",
    "e\u0302\u0323",
    "\u2028",
    "{@id}",
    "{HO_TEN}",
    "%icd10",
]


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    ("table", "field", "kind", "path"),
    [("XML2", "LIEU_DUNG", "MedicationRequest", ("dosageInstruction", 0, "text")),
     ("XML5", "DIEN_BIEN_LS", "ClinicalImpression", ("summary",)),
     ("XML4", "MO_TA", "Observation", ("note", 0, "text"))],
)  # fmt: skip
def test_odd_texts_arrive_as_they_are(text, table, field, kind, path):
    found = only(dossier(**{table: [{"STT": "1", field: text}]}), kind)
    for step in path:
        found = found[step]
    assert found == text


def test_the_whole_visit_is_utf8_json():
    for _, _, body in mapped(full_dossier("3176")).resources:
        assert json.loads(body.decode("utf-8"))["resourceType"]
    assert "số".encode() in b"".join(body for *_, body in mapped(full_dossier("3176")).resources)
