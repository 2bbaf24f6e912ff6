"""_summary and _elements: parts of a resource, marked as such, as the definitions of R4 have them."""

import json
from datetime import datetime

import pytest
from asking import AN, compact, note, save, visit

from yteso.fhir.server.shaping import WHOLE, Shape, named
from yteso.fhir.server.types import tree, types
from yteso.record.ids import fhir_id


A = fhir_id(visit("a").id)

FULL = {
    "resourceType": "Observation",
    "id": f"{A}-o0",
    "implicitRules": "http://x",
    "language": "vi",
    "text": note("cân nặng"),
    "contained": [{"resourceType": "Device", "id": "d"}],
    "extension": [{"url": "http://x", "valueString": "y"}],
    "modifierExtension": [{"url": "http://m", "valueString": "y"}],
    "identifier": [{"value": "1"}],
    "status": "final",
    "_status": {"extension": [{"url": "http://x", "valueString": "y"}]},
    "category": [{"text": "vital"}],
    "code": {"text": "cân nặng"},
    "subject": {"reference": f"Patient/{fhir_id(AN)}"},
    "effectiveDateTime": "2026-03-01",
    "_effectiveDateTime": {"id": "e"},
    "valueQuantity": {"value": 1},
    "interpretation": [{"text": "N"}],
    "note": [{"text": "n"}],
    "method": {"text": "m"},
    "component": [
        {"code": {"text": "c"}, "valueString": "v", "interpretation": [{"text": "N"}], "id": "c1"},
        {"code": {"text": "d"}, "dataAbsentReason": {"text": "x"}},
    ],
}

ALWAYS = {"resourceType", "id", "meta"}
KEPT = {"implicitRules", "modifierExtension", "status", "_status", "code"}
TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "Resource encoded in summary mode",
}


@pytest.fixture
def stored(conn):
    document = visit("a")
    document.resources[1] = ("Observation", f"{A}-o0", compact(FULL))
    save(conn, document)


SUMMARY = {"identifier", "subject", "effectiveDateTime", "_effectiveDateTime", "valueQuantity", "component"}


@pytest.mark.parametrize(
    ("query", "elements"),
    [
        ("_summary=true", KEPT | SUMMARY),
        ("_summary=text", KEPT | {"text"}),
        ("_summary=data", FULL.keys() - {"text"}),
        ("_elements=subject", KEPT | {"subject"}),
        ("_elements=subject,note", KEPT | {"subject", "note"}),
        ("_elements=Observation.subject,Patient.name", KEPT | {"subject"}),
        ("_elements=value", KEPT | {"valueQuantity"}),
        ("_elements=effective", KEPT | {"effectiveDateTime", "_effectiveDateTime"}),
        ("_elements=nothing", KEPT),
        ("_elements=component.code", KEPT | {"component"}),
        ("_elements=,", KEPT),
    ],
)
def test_which_elements_stay(asker, stored, query, elements) -> None:
    resource = asker.get(f"/Observation/{A}-o0?{query}").json()
    assert resource.keys() == elements | ALWAYS
    assert resource["meta"]["tag"] == [TAG]
    assert {name: resource[name] for name in elements - {"component"}} == {
        name: FULL[name] for name in elements - {"component"}
    }


@pytest.mark.parametrize("query", ["", "_summary=false", "_elements="])
def test_the_whole_is_not_marked(asker, stored, query) -> None:
    resource = asker.get(f"/Observation/{A}-o0?{query}").json()
    assert "tag" not in resource.pop("meta")
    assert resource == FULL


def test_the_parts_of_a_part(asker, stored) -> None:
    summary = asker.get(f"/Observation/{A}-o0?_summary=true").json()
    assert summary["component"] == [{"code": {"text": "c"}, "valueString": "v", "id": "c1"}, {"code": {"text": "d"}}]
    chosen = asker.get(f"/Observation/{A}-o0?_elements=component.code").json()
    assert chosen["component"] == [{"code": {"text": "c"}, "id": "c1"}, {"code": {"text": "d"}}]


def test_the_same_part_in_a_bundle(asker, stored) -> None:
    for query in ("_summary=true", "_summary=text", "_elements=subject,code"):
        alone = asker.get(f"/Observation/{A}-o0?{query}").json()
        (entry, *_) = asker.get(f"/Observation?patient={fhir_id(AN)}&{query}").json()["entry"]
        assert entry["resource"] == alone
        (version,) = asker.get(f"/Observation/{A}-o0/_history?{query}").json()["entry"]
        assert version["resource"] == alone


def test_a_summary_and_elements_are_not_both_to_be_had(asker, stored) -> None:
    assert asker.get(f"/Observation/{A}-o0?_summary=true&_elements=code").status == 400
    assert asker.get(f"/Observation/{A}-o0?_summary=false&_elements=code").status == 200
    assert asker.get(f"/Observation/{A}-o0?_summary=short").status == 400


def test_tags_of_its_own_stay() -> None:
    resource = compact({"resourceType": "Basic", "id": "x", "meta": {"tag": [{"code": "own"}]}, "code": {"text": "y"}})
    from asking import START

    shaped = json.loads(Shape(named("code"))("Basic", resource, 3, START))
    assert shaped["meta"]["tag"] == [{"code": "own"}, TAG]
    assert json.loads(WHOLE("Basic", resource, 3, START))["meta"]["tag"] == [{"code": "own"}]


@pytest.mark.parametrize(
    "text",
    [
        '{"resourceType":"Basic"}',
        '{"id":"x","resourceType":"Basic"}',
        '{ "resourceType" : "Basic" , "id" : "x" }',
        '{"text":{"div":"a,b"},"resourceType":"Basic","id":"x"}',
        '{"resourceType":"Basic","id":"x","meta":{}}',
    ],
)
def test_however_it_is_written_a_resource_gets_its_version(text) -> None:
    from asking import START

    shaped = json.loads(WHOLE("Basic", text.encode(), 3, START))
    meta = shaped.pop("meta")
    assert (meta["versionId"], datetime.fromisoformat(meta["lastUpdated"])) == ("3", START)
    assert shaped == {name: value for name, value in json.loads(text).items() if name != "meta"}


def test_the_types_of_r4() -> None:
    assert len(types()) == 146
    observation = types()["Observation"]
    assert (observation.scopes, observation.compartment) == (("patient", "subject"), True)
    assert set(observation.kept) == {"implicitRules", "modifierExtension", "status", "code"}
    assert {"code", "valueQuantity"} <= observation.summary["component"].keys()
    assert types()["Task"].scopes == ()
    assert not types()["Task"].compartment
    assert types()["Organization"].scopes == ()
    for type in types().values():
        assert {"id", "meta"} <= type.summary.keys()


def test_paths_as_a_tree() -> None:
    assert tree(["a", "b", "b.c", "b.d.e"]) == {"a": None, "b": {"c": None, "d": {"e": None}}}
    assert tree([]) == {}
