"""Queries of GraphQL over resources from anywhere: fields, lists, references, searches, directives, limits."""

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from yteso.fhir.definitions import RESOURCES as RESOURCE_TYPES
from yteso.fhir.graphql import Refused, run
from yteso.fhir.graphql.source import REQUESTS, RESOURCES


PATIENT = {
    "resourceType": "Patient",
    "id": "1",
    "active": True,
    "birthDate": "1990-01-05",
    "_birthDate": {"extension": [{"url": "http://a.vn/t", "valueDateTime": "1990-01-05T08:00:00Z"}]},
    "extension": [{"url": "http://a.vn/a", "valueString": "a"}, {"url": "http://a.vn/b", "valueInteger": 2}],
    "name": [
        {"use": "official", "text": "Nguyễn An", "family": "Nguyễn", "given": ["An", "Ân"]},
        {"use": "usual", "text": "An", "given": ["Út"]},
    ],
    "contact": [{"name": {"text": "Bình"}, "telecom": [{"system": "phone", "value": "0900"}]}],
    "contained": [{"resourceType": "Organization", "id": "o", "name": "Trạm"}],
    "managingOrganization": {"reference": "#o"},
    "generalPractitioner": [{"reference": "Practitioner/9"}, {"reference": "http://a.vn/fhir/Organization/2"}],
    "link": [{"other": {"display": "x"}, "type": "seealso"}],
}
RESULT = {
    "resourceType": "Observation",
    "id": "r",
    "subject": {"reference": "Patient/1"},
    "valueQuantity": {"value": Decimal("1.50")},
}
STORED = {
    "/Patient/1": PATIENT,
    "/Observation/r": RESULT,
    "/Organization/2": {"resourceType": "Organization", "id": "2", "name": "Viện"},
}


class Server:
    """Answers from STORED, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[tuple[str, str]]]] = []

    def fetch(self, path: str, parameters: list[tuple[str, str]]) -> bytes:
        self.asked.append((path, parameters))
        if path.count("/") == 1:
            found = [
                {"resource": one, "search": {"mode": "match"}}
                for key, one in STORED.items()
                if key.startswith(path + "/")
            ]
            bundle = {"resourceType": "Bundle", "total": 7, "link": [], "entry": found}
            bundle["link"].append({"relation": "next", "url": "http://a.vn/fhir/X?_count=1&_cursor=abc"})
            bundle["entry"].append({"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}})
            return _json(bundle)
        if path not in STORED:
            raise Refused(404, "not-found", "không có / not there")
        return _json(STORED[path])


def _json(resource: dict[str, Any]) -> bytes:
    return json.dumps(resource, default=float).replace("1.5}", "1.50}").encode()


def ask(query: str, server: Server | None = None, **more: Any) -> dict[str, Any]:
    server = server or Server()
    return run({"query": query, **more}, server.fetch, base="http://a.vn/fhir/")


def patient(selection: str) -> dict[str, Any]:
    said = ask(f'{{ Patient(id: "1") {{ {selection} }} }}')
    assert "errors" not in said, said
    return said["data"]["Patient"]


CASES = [
    ("resourceType id active birthDate",
     {"resourceType": "Patient", "id": "1", "active": True, "birthDate": "1990-01-05"}),
    ("_birthDate { extension { valueDateTime } }",
     {"_birthDate": {"extension": [{"valueDateTime": "1990-01-05T08:00:00Z"}]}}),
    ("day: birthDate", {"day": "1990-01-05"}),
    ("deceasedBoolean maritalStatus { text }", {"deceasedBoolean": None, "maritalStatus": None}),
    ("contact { name { text } telecom { value } }",
     {"contact": [{"name": {"text": "Bình"}, "telecom": [{"value": "0900"}]}]}),
    ('name(use: "official") { family }', {"name": [{"family": "Nguyễn"}]}),
    ('extension(url: "http://a.vn/b") { valueInteger }', {"extension": [{"valueInteger": 2}]}),
    ("name(_count: 1) { use }", {"name": [{"use": "official"}]}),
    ("name(_offset: 1) { use }", {"name": [{"use": "usual"}]}),
    ("name(_offset: 5, _count: 0) { use }", {"name": []}),
    ('name(fhirpath: "given.count() = 1") { use }', {"name": [{"use": "usual"}]}),
    ('name(fhirpath: "family.exists()", use: "usual") { use }', {"name": []}),
    ('name { given(_count: 1) }', {"name": [{"given": ["An"]}, {"given": ["Út"]}]}),
    ("name @first { use }", {"name": [{"use": "official"}]}),
    ("name @first @singleton { use }", {"name": {"use": "official"}}),
    ("name @flatten { text given family }",
     {"text": ["Nguyễn An", "An"], "given": ["An", "Ân", "Út"], "family": ["Nguyễn"]}),
    ("name @first @flatten { text @singleton given }", {"text": "Nguyễn An", "given": ["An", "Ân"]}),
    ("name @flatten { given @first }", {"given": ["An", "Út"]}),
    ("contact @flatten { telecom @flatten { value } }", {"value": ["0900"]}),
    ('name @slice(path: "use") { text }', {"name.official": [{"text": "Nguyễn An"}], "name.usual": [{"text": "An"}]}),
    ('name @slice(path: "use") @flatten { text @singleton }', {"text.official": "Nguyễn An", "text.usual": "An"}),
    ("name @first { use } name @first { family }", {"name": [{"use": "official", "family": "Nguyễn"}]}),
    ("managingOrganization { resource { resourceType ... on Organization { name } } }",
     {"managingOrganization": {"resource": {"resourceType": "Organization", "name": "Trạm"}}}),
    ("contained { id ... on Organization { name } }", {"contained": [{"id": "o", "name": "Trạm"}]}),
    ("contained { __typename id }", {"contained": [{"__typename": "OtherResource", "id": "o"}]}),
    ('generalPractitioner { resource(type: "Organization", optional: true) { ... on Organization { name } } }',
     {"generalPractitioner": [{"resource": None}, {"resource": {"name": "Viện"}}]}),
    ("generalPractitioner { reference resource(optional: true) { id } }",
     {"generalPractitioner": [{"reference": "Practitioner/9", "resource": None},
                              {"reference": "http://a.vn/fhir/Organization/2", "resource": {"id": "2"}}]}),
    ("link { other { display resource(optional: true) { id } } }",
     {"link": [{"other": {"display": "x", "resource": None}}]}),
]  # fmt: skip


@pytest.mark.parametrize(("selection", "expected"), CASES, ids=[one[0] for one in CASES])
def test_what_is_selected_is_what_is_answered(selection, expected) -> None:
    assert patient(selection) == expected


def test_numbers_keep_their_digits() -> None:
    said = ask('{ Observation(id: "r") { valueQuantity { value } } }')
    assert str(said["data"]["Observation"]["valueQuantity"]["value"]) == "1.50"


def test_a_reference_is_followed_and_a_resource_fetched_once() -> None:
    server = Server()
    again = "subject { resource { ... on Patient { birthDate } } }"
    said = ask(f'{{ a: Observation(id: "r") {{ {again} }} b: Observation(id: "r") {{ {again} }} }}', server)
    assert said["data"]["b"] == {"subject": {"resource": {"birthDate": "1990-01-05"}}}
    assert [path for path, _ in server.asked] == ["/Observation/r", "/Patient/1"]


def test_a_reference_that_leads_nowhere_is_an_error_in_its_place() -> None:
    said = ask('{ Patient(id: "1") { birthDate link { other { resource { id } } } } }')
    assert said["data"]["Patient"] == {"birthDate": "1990-01-05", "link": [{"other": {"resource": None}}]}
    (error,) = said["errors"]
    assert error["path"] == ["Patient", "link", 0, "other", "resource"]
    assert error["extensions"] == {"code": "not-found"}


def test_what_the_server_refuses_is_an_error_with_its_status() -> None:
    said = ask('{ Patient(id: "2") { id } other: Patient(id: "1") { id } }')
    assert said["data"] == {"Patient": None, "other": {"id": "1"}}
    assert said["errors"][0]["extensions"] == {"code": "not-found", "status": 404}


def test_searches_have_the_search_parameters_as_arguments() -> None:
    server = Server()
    query = '{ ObservationList(patient: "1", value_quantity: ["gt1", "lt3"], _count: 5, _sort: "-date") { id } }'
    assert ask(query, server) == {"data": {"ObservationList": [{"id": "r"}]}}
    ((path, parameters),) = server.asked
    assert path == "/Observation"
    assert sorted(parameters) == [
        *(("_count", "5"), ("_sort", "-date"), ("patient", "1")),
        *(("value-quantity", "gt1"), ("value-quantity", "lt3")),
    ]


def test_a_search_by_pages() -> None:
    server = Server()
    query = '{ ObservationConnection(patient: "1") { count pagesize next edges { mode resource { id } } } }'
    expected = {"count": 7, "pagesize": 1, "next": "abc", "edges": [{"mode": "match", "resource": {"id": "r"}}]}
    assert ask(query, server) == {"data": {"ObservationConnection": expected}}
    assert ("_total", "accurate") in server.asked[0][1]
    ask('{ ObservationConnection(patient: "1", _cursor: "abc") { next } }', server)
    assert sorted(server.asked[1][1]) == [("_cursor", "abc"), ("patient", "1")]


def test_what_points_at_a_resource_is_found_from_it() -> None:
    server = Server()
    said = ask('{ Patient(id: "1") { ObservationList(_reference: "patient", status: "final") { id } } }', server)
    assert said["data"]["Patient"] == {"ObservationList": [{"id": "r"}]}
    assert sorted(server.asked[1][1]) == [("patient", "Patient/1"), ("status", "final")]
    for wrong in ("status", "nothing"):
        said = ask(f'{{ Patient(id: "1") {{ ObservationList(_reference: "{wrong}") {{ id }} }} }}')
        assert "_reference" in said["errors"][0]["message"]


def test_a_query_that_starts_at_a_resource() -> None:
    said = run({"query": "{ birthDate name @first { text } }"}, Server().fetch, deepcopy(PATIENT))
    assert said == {"data": {"birthDate": "1990-01-05", "name": [{"text": "Nguyễn An"}]}}


def test_variables_fragments_and_conditions_are_those_of_graphql() -> None:
    query = """query one($id: ID!, $all: Boolean!) { Patient(id: $id) { ...who birthDate @include(if: $all) } }
               query two { Patient(id: "1") { id } }
               fragment who on Patient { id name(use: "usual") { text } }"""
    said = ask(query, variables={"id": "1", "all": False}, operationName="one")
    assert said["data"] == {"Patient": {"id": "1", "name": [{"text": "An"}]}}
    assert ask(query, operationName="two")["data"] == {"Patient": {"id": "1"}}
    assert "errors" in ask(query)


def test_the_schema_says_what_there_is() -> None:
    said = ask('{ __type(name: "HumanName") { fields { name } } }')
    names = [one["name"] for one in said["data"]["__type"]["fields"]]
    assert {"use", "family", "given", "period", "_family", "id"} <= set(names)


REFUSED = [
    "{",
    "{ Foo { id } }",
    '{ Patient(id: "1") { nothing } }',
    '{ Patient { id } }',
    'mutation { PatientCreate { id } }',
    "subscription { x }",
    '{ Patient(id: "1") { ...a } } fragment a on Patient { ...a }',
    '{ Patient(id: "1") { name @nothing { text } } }',
    '{ Patient(id: "1") { name(fhirpath: "((") { text } } }',
    '{ Patient(id: "1") { name(fhirpath: "text.matches(\'(a+)+\')") { text } } }',
    '{ Patient(id: "1") { name(_count: -1) { text } } }',
    '{ Patient(id: "1") { name @flatten { text @singleton } } }',
    "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
]  # fmt: skip


@pytest.mark.parametrize("query", REFUSED)
def test_a_query_that_makes_no_sense_is_told_so(query) -> None:
    assert ask(query)["errors"][0]["message"]


@pytest.mark.parametrize(
    "asked", [{}, {"query": 1}, {"query": "{ a }", "variables": []}, {"query": "{a}", "operationName": 1}]
)
def test_a_request_that_is_none(asked) -> None:
    said = run(asked, Server().fetch)
    assert list(said) == ["errors"]


def deep(levels: int) -> str:
    return '{ Patient(id: "1") ' + "{ extension " * levels + "{ url }" + "}" * levels + "}"


LARGE = {
    "deep": deep(25),
    "long": "{ " + 'Patient(id: "1") { id } ' * 1000 + "}",
    "many": '{ Patient(id: "1") { ' + " ".join(f"a{number}: id" for number in range(1001)) + " } }",
    "fragments": '{ Patient(id: "1") { '
    + "...a " * 100
    + "} } fragment a on Patient { "
    + " ".join(f"a{number}: id" for number in range(20))
    + "}",
    "types": "{ "
    + " ".join(
        f'{name}(id: "1") {{ id }}'
        for name in sorted(RESOURCE_TYPES)[:40]
    )
    + " }",
    "requests": "{ " + " ".join(f'a{one}: Patient(id: "{one}") {{ id }}' for one in range(REQUESTS + 1)) + " }",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_query_that_costs_too_much_is_refused(name) -> None:
    server = Server()
    said = ask(LARGE[name], server)
    assert said["errors"]
    assert len(server.asked) <= REQUESTS


def test_what_a_query_gets_has_an_end(monkeypatch) -> None:
    server = Server()
    page = {"resourceType": "Bundle", "entry": [{"resource": RESULT, "search": {"mode": "match"}}] * 900}
    monkeypatch.setattr(server, "fetch", lambda path, parameters: _json(page))
    said = ask("{ " + " ".join(f'{one}: ObservationList(code: "{one}") {{ id }}' for one in "abc") + " }", server)
    assert str(RESOURCES) in said["errors"][0]["message"]
    assert said["data"]["a"] is not None
    assert said["data"]["c"] is None


def test_what_was_not_foreseen_is_for_the_log_and_not_for_the_client(caplog) -> None:
    def fetch(path: str, parameters: list[tuple[str, str]]) -> bytes:
        raise OSError("the name of somebody")

    said = run({"query": '{ Patient(id: "1") { id } }'}, fetch)
    assert said["data"] == {"Patient": None}
    assert "somebody" not in said["errors"][0]["message"]
    assert "somebody" in caplog.text
