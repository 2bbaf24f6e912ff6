"""$graphql over HTTP: the ways to send a query, and the same doors, scopes and log as everywhere."""

import json
from urllib.parse import quote

import pytest
from asking import AN, BINH, HERE, Asker, readings, token

from yteso.record.ids import document_id, fhir_id


PATIENT = fhir_id(AN)
RESULT = fhir_id(document_id("visit", HERE, "a"), "o1")
QUERY = f'{{ Patient(id: "{PATIENT}") {{ id gender name @first @flatten {{ text @singleton }} }} }}'
ANSWER = {"data": {"Patient": {"id": PATIENT, "gender": "male", "text": "An"}}}


def send(asker, query: str, address: str = "/$graphql", **more):
    body = json.dumps({"query": query} | more).encode()
    return asker.ask(address, "POST", body, Content_Type="application/json")


@pytest.fixture
def sent(asker, an):
    return lambda query, address="/$graphql", **more: send(asker, query, address, **more).json()


def test_a_query_is_sent_in_the_address_as_json_as_text_or_as_a_form(asker, an) -> None:
    said = [
        asker.get(f"/$graphql?query={quote(QUERY)}"),
        send(asker, QUERY),
        asker.ask("/$graphql", "POST", QUERY.encode(), Content_Type="application/graphql"),
        asker.ask(
            "/$graphql", "POST", f"query={quote(QUERY)}".encode(), Content_Type="application/x-www-form-urlencoded"
        ),
    ]
    assert [one.json() for one in said] == [ANSWER] * 4
    assert {one.headers["Content-Type"] for one in said} == {"application/json"}
    assert {one.status for one in said} == {200}


def test_variables_come_in_the_address_as_json(asker, an) -> None:
    query, variables = "query($id: ID!) { Patient(id: $id) { id } }", json.dumps({"id": PATIENT})
    said = asker.get(f"/$graphql?query={quote(query)}&variables={quote(variables)}")
    assert said.json() == {"data": {"Patient": {"id": PATIENT}}}
    assert asker.get(f"/$graphql?query={quote(query)}&variables=x").status == 400


def test_a_query_about_one_resource(asker, an) -> None:
    said = asker.get(f"/Observation/{RESULT}/$graphql?query={quote('{ valueQuantity { value unit } }')}")
    assert said.json() == {"data": {"valueQuantity": {"value": 1, "unit": "kg"}}}
    said = send(asker, '{ id ObservationList(_reference: "patient") { id } }', f"/Patient/{PATIENT}/$graphql").json()
    assert said["data"]["id"] == PATIENT
    assert RESULT in [one["id"] for one in said["data"]["ObservationList"]]


def test_searches_are_those_of_the_server(sent) -> None:
    said = sent(
        f'{{ ObservationConnection(patient: "{PATIENT}", _count: 3) {{ count next edges {{ resource {{ id }} }} }} }}'
    )
    page = said["data"]["ObservationConnection"]
    assert (page["count"], len(page["edges"])) == (8, 3)
    plain = f'{{ ObservationConnection(patient: "{PATIENT}", _count: 3) {{ next }} }}'
    following = plain.replace("_count", f'_cursor: "{page["next"]}", _count').replace("next", "edges { mode }")
    assert sent(following)["errors"]  # the first page counted, and a cursor belongs to one search
    cursor = sent(plain)["data"]["ObservationConnection"]["next"]
    following = following.replace(page["next"], cursor)
    assert len(sent(following)["data"]["ObservationConnection"]["edges"]) == 3
    said = sent("{ ObservationList { id } }")
    assert said["data"] == {"ObservationList": None}
    assert said["errors"][0]["extensions"]["status"] == 403


def test_references_lead_from_resource_to_resource(sent) -> None:
    said = sent(f'{{ Observation(id: "{RESULT}") {{ subject {{ resource {{ ... on Patient {{ gender }} }} }} }} }}')
    assert said["data"]["Observation"] == {"subject": {"resource": {"gender": "male"}}}


def test_every_resource_that_is_read_is_in_the_log(sent, conn) -> None:
    sent(f'{{ Observation(id: "{RESULT}") {{ subject {{ resource {{ id }} }} }} }}')
    assert [line[:3] for line in readings(conn)] == [("dashboard", "client", "fhir")] * 2
    sent(f'{{ Patient(id: "{fhir_id(BINH)}") {{ id }} }}')
    assert len(readings(conn)) == 3


def test_a_scope_holds_within_a_query(node, an, conn) -> None:
    asker = Asker(token(conn, "lab", "system/Observation.read"))
    said = send(asker, f'{{ Observation(id: "{RESULT}") {{ id subject {{ resource {{ id }} }} }} }}').json()
    assert said["data"] == {"Observation": {"id": RESULT, "subject": {"resource": None}}}
    assert said["errors"][0]["extensions"] == {"code": "forbidden", "status": 403}
    said = send(asker, "{ id }", f"/Patient/{PATIENT}/$graphql")
    assert said.status == 403


def test_what_is_sensitive_stays_hidden(sent) -> None:
    hidden = fhir_id(document_id("visit", HERE, "e"), "o1")
    said = sent(f'{{ Observation(id: "{hidden}") {{ id }} }}')
    assert said["data"] == {"Observation": None}
    assert said["errors"][0]["extensions"]["status"] == 404


def test_nothing_is_answered_without_a_token(stranger) -> None:
    assert send(stranger, QUERY).status == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"", "application/json"), (b"x", "application/json"), (b"[]", ""), (b"{", "application/graphql")],
)
def test_what_is_no_query_is_told_in_the_words_of_graphql(asker, body, kind) -> None:
    said = asker.ask("/$graphql", "POST", body, Content_Type=kind)
    assert said.status == 400
    assert said.json()["errors"][0]["message"]


def test_a_resource_that_is_not_there_is_told_in_the_words_of_graphql(asker) -> None:
    said = send(asker, "{ id }", "/Patient/unknown/$graphql")
    assert said.status == 404
    assert said.json()["errors"][0]["extensions"]["code"] == "not-found"


def test_it_is_in_the_capability_statement(asker) -> None:
    (rest,) = asker.get("/metadata").json()["rest"]
    graphql = {"name": "graphql", "definition": "http://hl7.org/fhir/OperationDefinition/Resource-graphql"}
    assert graphql in rest["operation"]
    assert all(graphql in one["operation"] for one in rest["resource"])
