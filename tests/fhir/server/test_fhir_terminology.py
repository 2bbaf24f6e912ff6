"""The terminology over HTTP: operations on code systems, value sets and maps; reading and finding them."""

import json

import pytest
from asking import Asker

from yteso.catalogues import ICD10_SYSTEM
from yteso.mapping import BASE


ICD10_SET, CARE = f"{BASE}/vs/icd-10", f"{BASE}/cs/loai-kcb"
GENDER = "http://hl7.org/fhir/ValueSet/administrative-gender"
GENDERS = "http://hl7.org/fhir/administrative-gender"
JSON = "application/fhir+json"


def parts(said):
    """Name → value of a Parameters; lists of parts are as they are."""
    assert said.status == 200, said.text
    found = said.json()
    assert found["resourceType"] == "Parameters"
    return {each["name"]: next(value for name, value in each.items() if name != "name") for each in found["parameter"]}


def all_parts(said, name):
    listed = [each["part"] for each in said.json()["parameter"] if each["name"] == name]
    return [{each["name"]: next(v for n, v in each.items() if n != "name") for each in one} for one in listed]


def post(reader, address, *given):
    body = {"resourceType": "Parameters", "parameter": list(given)}
    return reader.ask(address, "POST", json.dumps(body).encode(), Content_Type=JSON)


def codes(said):
    assert said.status == 200, said.text
    return [each["code"] for each in said.json()["expansion"].get("contains", ())]


# ---- CodeSystem


def test_lookup_tells_what_is_known_of_a_code(reader):
    said = reader.get(f"/CodeSystem/$lookup?system={ICD10_SYSTEM}&code=A00.0&date=2026-01-01")
    assert parts(said)["version"] == "QD4469-2020"
    assert parts(said)["display"].startswith("Bệnh tả do")
    properties = {(each["code"], each["value"]) for each in all_parts(said, "property")}
    assert {("parent", "A00"), ("chapter", "I"), ("leaf", True)} <= properties


def test_lookup_in_the_other_language_and_by_property(reader):
    said = reader.get(f"/CodeSystem/$lookup?system={CARE}&code=03&displayLanguage=en&property=child")
    assert parts(said)["display"] == "Inpatient"
    assert {each["language"]: each["value"] for each in all_parts(said, "designation")}["vi"] == "Điều trị nội trú"
    assert all_parts(said, "property") == []


def test_the_day_chooses_the_edition(reader):
    lookup = f"/CodeSystem/$lookup?system={CARE}&code=1"
    assert parts(reader.get(f"{lookup}&date=2024-06"))["version"] == "4210"
    assert parts(reader.get(f"{lookup}&version=4210"))["display"] == "Khám bệnh"
    assert reader.get(lookup).status == 404


def test_lookup_takes_a_coding(reader):
    said = post(reader, "/CodeSystem/$lookup", {"name": "coding", "valueCoding": {"system": CARE, "code": "03"}})
    assert parts(said)["display"] == "Điều trị nội trú"


@pytest.mark.parametrize(
    ("query", "ok"),
    [
        (f"url={CARE}&code=03", True),
        (f"url={CARE}&code=03&display=điều%20trị%20nội%20trú", True),
        (f"url={CARE}&code=03&display=Khám", False),
        (f"url={CARE}&code=99", False),
        (f"url={CARE}&code=1&version=4210", True),
        (f"url={CARE}&code=1&date=2026", False),
        (f"url={CARE}&code=1", True),
        ("url=http://loinc.org&code=1-8", True),
        ("url=http://example.org/none&code=1", False),
    ],
)
def test_a_code_is_checked_against_its_system(reader, query, ok):
    said = parts(reader.get(f"/CodeSystem/$validate-code?{query}"))
    assert said["result"] is ok
    assert ok or said["message"]


def test_a_code_system_checks_its_own_codes(reader):
    assert parts(reader.get("/CodeSystem/loai-rv-4210/$validate-code?code=4"))["result"] is True
    assert parts(reader.get("/CodeSystem/loai-rv-4210/$validate-code?code=5"))["result"] is False
    assert reader.get("/CodeSystem/none/$validate-code?code=5").status == 404


def test_a_group_may_be_used_only_where_the_client_says_so(reader):
    check = f"/CodeSystem/$validate-code?url={ICD10_SYSTEM}&code=A00-A09"
    assert parts(reader.get(check))["result"] is False
    assert parts(reader.get(f"{check}&abstract=true"))["result"] is True


def test_a_code_system_that_comes_with_the_request(reader):
    given = {"resourceType": "CodeSystem", "url": "http://a", "status": "draft", "content": "complete"}
    given["concept"] = [{"code": "N"}]
    system = {"name": "codeSystem", "resource": given}
    for code, ok in (("N", True), ("M", False)):
        said = post(reader, "/CodeSystem/$validate-code", system, {"name": "code", "valueCode": code})
        assert parts(said)["result"] is ok


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("A00", "A00", "equivalent"),
        ("A00-A09", "A00.0", "subsumes"),
        ("A00.0", "I", "subsumed-by"),
        ("A00", "A01", "not-subsumed"),
    ],
)
def test_one_code_stands_above_another(reader, a, b, outcome):
    said = reader.get(f"/CodeSystem/$subsumes?system={ICD10_SYSTEM}&codeA={a}&codeB={b}")
    assert parts(said) == {"outcome": outcome}
    given = [
        {"name": f"coding{x}", "valueCoding": {"system": ICD10_SYSTEM, "code": c}} for x, c in (("A", a), ("B", b))
    ]
    assert parts(post(reader, "/CodeSystem/$subsumes", *given)) == {"outcome": outcome}
    assert parts(reader.get(f"/CodeSystem/icd-10-TT06-2026/$subsumes?codeA={a}&codeB={b}")) == {"outcome": outcome}


# ---- ValueSet


def test_words_without_marks_find_diagnoses(reader):
    said = reader.get(f"/ValueSet/$expand?url={ICD10_SET}&filter=benh%20ta&count=2&date=2026-11-01")
    assert codes(said) == ["A00", "A00.0"]
    expansion = said.json()["expansion"]
    assert expansion["contains"][0]["display"] == "Bệnh tả"
    assert expansion["total"] > 2
    assert {"name": "used-codesystem", "valueUri": f"{ICD10_SYSTEM}|TT06-2026"} in expansion["parameter"]


def test_pages_of_an_expansion(reader):
    address = f"/ValueSet/$expand?url={BASE}/vs/dan-toc"
    whole = codes(reader.get(address))
    assert len(whole) == 56
    pages = [codes(reader.get(f"{address}&count=20&offset={start}")) for start in (0, 20, 40)]
    assert [code for page in pages for code in page] == whole
    assert codes(reader.get(f"{address}&count=0")) == []


def test_an_expansion_in_both_languages(reader):
    said = reader.get(f"/ValueSet/$expand?url={BASE}/vs/gioi-tinh&displayLanguage=en&includeDesignations=true")
    (first, *_) = said.json()["expansion"]["contains"]
    assert first["display"] == "Male"
    assert first["designation"] == [{"language": "vi", "value": "Nam"}, {"language": "en", "value": "Male"}]


def test_a_value_set_that_comes_with_the_request(reader):
    include = {"system": ICD10_SYSTEM, "filter": [{"property": "concept", "op": "descendent-of", "value": "A00"}]}
    exclude = {"system": ICD10_SYSTEM, "concept": [{"code": "A00.9"}]}
    given = {"resourceType": "ValueSet", "status": "draft", "compose": {"include": [include], "exclude": [exclude]}}
    assert codes(post(reader, "/ValueSet/$expand", {"name": "valueSet", "resource": given})) == ["A00.0", "A00.1"]
    checked = post(
        reader,
        "/ValueSet/$validate-code",
        {"name": "valueSet", "resource": given},
        {"name": "coding", "valueCoding": {"system": ICD10_SYSTEM, "code": "A00.9"}},
    )
    assert parts(checked)["result"] is False


def test_other_parameters_of_an_expansion(reader):
    assert codes(reader.get(f"/ValueSet/$expand?url={BASE}/vs/loai-kcb&date=2020")) == ["1", "2", "3", "4", "5"]
    of_4210 = f"/ValueSet/$expand?url={BASE}/vs/loai-kcb&system-version={CARE}%7C4210"
    assert codes(reader.get(of_4210)) == ["1", "2", "3", "4", "5"]
    assert (
        codes(reader.get(f"/ValueSet/$expand?url={GENDER}&exclude-system=http://hl7.org/fhir/administrative-gender"))
        == []
    )
    assert "compose" in reader.get("/ValueSet/administrative-gender/$expand?includeDefinition=true").json()
    assert "compose" not in reader.get("/ValueSet/administrative-gender/$expand").json()


def test_a_code_is_checked_against_a_value_set(reader):
    check = f"/ValueSet/$validate-code?url={GENDER}"
    male = {"system": GENDERS, "code": "male"}
    assert parts(reader.get(f"{check}&code=male"))["display"] == "Male"
    assert parts(reader.get(f"{check}&code=nam"))["result"] is False
    assert parts(reader.get(f"{check}&system={male['system']}&code=male"))["result"] is True
    assert parts(reader.get("/ValueSet/administrative-gender/$validate-code?code=male"))["result"] is True
    concept = {"name": "codeableConcept", "valueCodeableConcept": {"coding": [{"code": "x", "system": "y"}, male]}}
    assert parts(post(reader, check, concept))["result"] is True


# ---- ConceptMap


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"system={BASE}/cs/tinh&code=02", [("08", "wider")]),
        (f"system={BASE}/cs/xa&code=00001", [("00097", "wider")]),
        (f"system={CARE}&code=03", [("IMP", "wider")]),
        (f"system={BASE}/cs/gioi-tinh&code=1&targetsystem={GENDERS}", [("male", "equivalent")]),
        (f"url={BASE}/cm/gioi-tinh-fhir&code=male&reverse=true", [("1", "equivalent")]),
        (f"url={BASE}/cm/don-vi-ucum&code=mmol/l", []),
        (f"url={BASE}/cm/don-vi-ucum&code=G/L", [("10*9/L", "equivalent")]),
        (f"url={BASE}/cm/dvkt-loinc&code=23.0075.1494", [("14749-6", "equivalent")]),
        (f"system={ICD10_SYSTEM}&version=QD4469-2020&code=A00", [("A00", "equal")]),
        (f"system={BASE}/cs/gioi-tinh&code=1&target={GENDER}", [("male", "equivalent")]),
        (f"system={BASE}/cs/gioi-tinh&code=1&target={ICD10_SET}", []),
        (f"system={BASE}/cs/gioi-tinh&code=1&source={ICD10_SET}", []),
    ],
)  # fmt: skip
def test_a_code_is_translated(reader, query, found):
    said = reader.get(f"/ConceptMap/$translate?{query}")
    assert parts(said)["result"] is bool(found)
    matches = all_parts(said, "match")
    assert [(each["concept"]["code"], each["equivalence"]) for each in matches] == found


def test_what_has_no_successor_is_told(reader):
    said = reader.get(f"/ConceptMap/icd-10-cu-moi/$translate?system={ICD10_SYSTEM}&code=A90")
    assert [each["equivalence"] for each in all_parts(said, "match")] in (["equal"], ["unmatched"])
    gone = reader.get("/ConceptMap/icd-10-cu-moi?_elements=group").json()["group"][0]["element"]
    code = next(each["code"] for each in gone if each["target"][0]["equivalence"] == "unmatched")
    said = reader.get(f"/ConceptMap/icd-10-cu-moi/$translate?system={ICD10_SYSTEM}&code={code}")
    assert parts(said)["result"] is False
    assert [each["equivalence"] for each in all_parts(said, "match")] == ["unmatched"]


def test_a_map_that_comes_with_the_request(reader):
    element = {"code": "N", "target": [{"code": "NOI", "equivalence": "equivalent"}]}
    given = {
        "resourceType": "ConceptMap",
        "status": "draft",
        "group": [{"source": "http://a", "target": "http://b", "element": [element]}],
    }
    said = post(
        reader,
        "/ConceptMap/$translate",
        {"name": "conceptMap", "resource": given},
        {"name": "coding", "valueCoding": {"system": "http://a", "code": "N"}},
    )
    assert all_parts(said, "match") == [{"equivalence": "equivalent", "concept": {"system": "http://b", "code": "NOI"}}]


# ---- faults


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("/CodeSystem/$lookup?code=A00", 400, "system"),
        (f"/CodeSystem/$lookup?system={ICD10_SYSTEM}", 400, "code"),
        ("/CodeSystem/$lookup?system=http://example.org/none&code=1", 404, "code system"),
        (f"/CodeSystem/$lookup?system={ICD10_SYSTEM}&code=ZZZ", 404, "lacks"),
        (f"/CodeSystem/$lookup?system={CARE}&code=1&date=mai", 400, "2026-03-01"),
        (f"/CodeSystem/$lookup?system={CARE}&code=1&code=2", 400, "once"),
        (f"/CodeSystem/$lookup?system={CARE}&code=1&mau=do", 400, "handling=lenient"),
        ("/CodeSystem/$validate-code?code=1", 400, "url"),
        (f"/CodeSystem/$subsumes?system={ICD10_SYSTEM}&codeA=A00", 400, "codeB"),
        (f"/CodeSystem/$subsumes?system={ICD10_SYSTEM}&codeA=A00&codeB=ZZZ", 404, "lacks"),
        ("/ValueSet/$expand", 400, "url"),
        ("/ValueSet/$expand?url=http://example.org/none", 404, "value set"),
        (f"/ValueSet/$expand?url={BASE}/vs/thuoc", 422, "cannot be listed"),
        (f"/ValueSet/$expand?url={ICD10_SET}", 422, "count"),
        (f"/ValueSet/$expand?url={ICD10_SET}&count=-1", 400, "whole number"),
        (f"/ValueSet/$expand?url={ICD10_SET}&activeOnly=maybe", 400, "true or false"),
        ("/ValueSet/$validate-code?url=http://example.org/none&code=1", 404, "value set"),
        ("/ConceptMap/$translate?url=http://example.org/none&code=1", 404, "concept map"),
        ("/ConceptMap/$translate?target=http://example.org/none&code=1", 404, "value set"),
    ],
)
def test_what_cannot_be_answered_is_told(reader, address, status, word):
    said = reader.get(address)
    assert (said.status, word in said.text) == (status, True), said.text


def test_a_filter_that_cannot_be_applied_is_told(reader):
    include = {"system": ICD10_SYSTEM, "filter": [{"property": "code", "op": "regex", "value": "(A+)+"}]}
    given = {"resourceType": "ValueSet", "status": "draft", "compose": {"include": [include]}}
    said = post(reader, "/ValueSet/$expand", {"name": "valueSet", "resource": given})
    assert (said.status, "regex" in said.text) == (422, True)


@pytest.mark.parametrize(
    "given",
    [
        {"resourceType": "ValueSet", "status": "draft", "compose": {"include": [{"system": 5}]}},
        {"resourceType": "ValueSet", "compose": {"include": "x"}},
        {"resourceType": "Patient", "name": 5},
    ],
)
def test_a_value_set_that_is_not_sound_is_refused(reader, given):
    patient = {"resourceType": "Patient"}
    assert post(reader, "/ValueSet/$expand", {"name": "valueSet", "resource": patient}).status == 400
    assert post(reader, "/ValueSet/$expand", {"name": "valueSet", "resource": given}).status == 422


@pytest.mark.parametrize("coding", [{}, {"code": 5}, {"code": ["x"]}, "x", 5])
def test_codings_that_are_none_are_refused(reader, coding):
    for name in ("coding", "codeableConcept"):
        value = coding if name == "coding" else {"coding": coding}
        said = post(reader, f"/CodeSystem/$validate-code?url={CARE}", {"name": name, f"value{name}": value})
        assert said.status == 400, said.text


def test_nothing_is_answered_without_a_token(reader):
    assert Asker().get(f"/ValueSet/$expand?url={GENDER}").status == 401
    assert Asker().get("/CodeSystem").status == 401


# ---- reading and finding


def test_a_code_system_is_read_whole(reader):
    found = reader.get("/CodeSystem/doi-tuong-3276").json()
    assert found["url"] == f"{BASE}/cs/doi-tuong"
    assert found["count"] == len(found["concept"]) == 34
    assert found["meta"]["versionId"] == "1"
    assert found["extension"][0]["valuePeriod"] == {"start": "2025-01-01"}


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        (f"/CodeSystem?url={ICD10_SYSTEM}", ["CodeSystem/icd-10-TT06-2026", "CodeSystem/icd-10-QD4469-2020"]),
        (f"/CodeSystem?url={ICD10_SYSTEM}&version=QD4469-2020", ["CodeSystem/icd-10-QD4469-2020"]),
        ("/CodeSystem?title=dan%20toc&status=active", ["CodeSystem/dan-toc"]),
        ("/CodeSystem?name=LoaiRv&_sort=-version", ["CodeSystem/loai-rv-4210", "CodeSystem/loai-rv-130"]),
        ("/CodeSystem?code=A00.0&publisher=yteso", ["CodeSystem/icd-10-TT06-2026", "CodeSystem/icd-10-QD4469-2020"]),
        (f"/ValueSet?url={GENDER}", ["ValueSet/administrative-gender"]),
        (f"/ValueSet?reference={CARE}", ["ValueSet/loai-kcb"]),
        (f"/ConceptMap?source-system={CARE}", ["ConceptMap/loai-kcb-fhir"]),
        ("/ConceptMap?target-code=IMP", ["ConceptMap/loai-kcb-fhir"]),
        ("/ConceptMap?_id=xa-cu-moi", ["ConceptMap/xa-cu-moi"]),
        ("/CodeSystem?url=http://example.org/none", []),
    ],
)
def test_the_catalogue_is_searched_without_a_patient(reader, search, ids):
    said = reader.get(search)
    assert said.status == 200, said.text
    assert said.ids == ids
    assert said.json()["total"] == len(ids)


def test_a_search_shows_long_systems_without_their_codes(reader):
    long, short = (
        reader.get(f"/CodeSystem?url={url}").json()["entry"][0]["resource"] for url in (ICD10_SYSTEM, f"{BASE}/cs/nhan")
    )
    assert "concept" not in long
    assert [tag["code"] for tag in long["meta"]["tag"]] == ["SUBSETTED"]
    assert len(short["concept"]) == 8


def test_the_pages_of_the_catalogue_lose_nothing(reader):
    listed = [one for said in reader.pages("/ValueSet?_count=200&_elements=url") for one in said.ids]
    assert len(listed) == len(set(listed)) == reader.get("/ValueSet?_summary=count").json()["total"]


def test_a_search_that_is_not_understood_is_refused(reader):
    assert reader.get("/ValueSet?mau=do").status == 400
    said = reader.get(f"/ValueSet?mau=do&url={GENDER}", Prefer="handling=lenient")
    assert [entry["search"]["mode"] for entry in said.json()["entry"]] == ["match", "outcome"]
    assert reader.get("/ValueSet?_cursor=x").status == 400


# ---- what is offered


def test_the_capabilities_name_operations_and_systems(reader):
    rest = Asker().get("/metadata").json()["rest"][0]["resource"]
    offered = {one["type"]: [each["name"] for each in one.get("operation", ())] for one in rest}
    assert {"lookup", "validate-code", "subsumes"} <= set(offered["CodeSystem"])
    assert {"expand", "validate-code"} <= set(offered["ValueSet"])
    assert "translate" in offered["ConceptMap"]
    terms = Asker().get("/metadata?mode=terminology").json()
    assert terms["resourceType"] == "TerminologyCapabilities"
    icd = next(one for one in terms["codeSystem"] if one["uri"] == ICD10_SYSTEM)
    assert icd["version"] == [{"code": "TT06-2026", "isDefault": True}, {"code": "QD4469-2020", "isDefault": False}]
