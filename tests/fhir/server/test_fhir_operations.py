"""Operations: by GET or by POST, with parameters in the address, a form, or a Parameters resource in JSON or XML."""

import json
from io import BytesIO

import pytest
from asking import AN

from yteso.fhir.server import capability
from yteso.fhir.server.faults import Fault
from yteso.fhir.server.inputs import inputs
from yteso.fhir.server.requests import FORM, Answer, Request
from yteso.fhir.server.routes import Route
from yteso.fhir.xml import to_xml
from yteso.record.ids import fhir_id


EVERYTHING = f"/Patient/{fhir_id(AN)}/$everything"
JSON, XML = "application/fhir+json", "application/fhir+xml"


def parameters(*listed: dict) -> bytes:
    return json.dumps({"resourceType": "Parameters", "parameter": listed}).encode()


def test_the_ways_to_give_a_parameter_are_one(asker, an) -> None:
    types, count = {"name": "_type", "valueString": "Encounter"}, {"name": "_count", "valueInteger": 2}
    said = [
        asker.get(f"{EVERYTHING}?_type=Encounter&_count=2"),
        asker.ask(EVERYTHING, "POST", b"_type=Encounter&_count=2", Content_Type=FORM),
        asker.ask(EVERYTHING, "POST", parameters(types, count), Content_Type=JSON),
        asker.ask(EVERYTHING, "POST", to_xml(parameters(types, count)), Content_Type="text/xml; charset=UTF-8"),
        asker.ask(f"{EVERYTHING}?_count=2", "POST", parameters(types), Content_Type=JSON),
    ]
    assert {one.status for one in said} == {200}
    assert len({tuple(one.ids) for one in said}) == 1
    assert len(said[0].ids) == 2
    following = [asker.get(one.link("next")) for one in said]
    assert len({tuple(one.ids) for one in following}) == 1
    assert following[0].ids


def request(body: bytes, type: str = JSON, query: str = "", method: str = "POST") -> Request:
    return Request(
        {
            **{"REQUEST_METHOD": method, "PATH_INFO": "/fhir/R4/X/$y", "QUERY_STRING": query},
            **{"CONTENT_TYPE": type, "wsgi.input": BytesIO(body)},
        }
    )


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        (b'"valueString":"a\\u00e0"', "aà"),
        (b'"valueDecimal":1.50', "1.50"),
        (b'"valueInteger":7', "7"),
        (b'"valueBoolean":true', "true"),
        (b'"valueCoding":{"code":"c"}', b'{"code":"c"}'),
        (b'"resource": {"resourceType":"Basic"} ', b'{"resourceType":"Basic"}'),
        (b'"part":[{"name":"m","valueCode":"c"},{"name":"n","valueDecimal":2.0}]', [("m", "c"), ("n", "2.0")]),
    ],
)
def test_what_is_given_keeps_its_text(parameter, given) -> None:
    body = b'{"resourceType":"Parameters","parameter":[{"name":"n",%s}]}' % parameter
    assert inputs(request(body, query="n=0&_format=xml")) == [("n", "0"), ("n", given)]
    assert inputs(request(body, method="GET", query="n=0")) == [("n", "0")]


def test_a_resource_that_comes_by_itself() -> None:
    assert inputs(request(b'{"resourceType":"Basic"}')) == [("resource", b'{"resourceType":"Basic"}')]
    xml = b'<Basic xmlns="http://hl7.org/fhir"/>'
    assert inputs(request(xml, XML)) == [("resource", b'{"resourceType":"Basic"}')]
    assert inputs(request(b"")) == []


@pytest.mark.parametrize(
    ("body", "type", "status"),
    [
        (b"{}x", JSON, 400),
        (b"[]", JSON, 400),
        (b"\xff", JSON, 400),
        (b'{"resourceType":"Parameters","parameter":{}}', JSON, 400),
        (b'{"resourceType":"Parameters","parameter":[{"valueString":"no name"}]}', JSON, 400),
        (b'{"resourceType":"Parameters","parameter":[{"name":"nothing"}]}', JSON, 400),
        (b'{"resourceType":"Parameters","parameter":[{"name":"n","valueString":"\xff"}]}', JSON, 400),
        (b'{"resourceType":"Parameters","parameter":[{"name":"two","valueString":"a","valueCode":"b"}]}', JSON, 400),
        (b"<Parameters/>", XML, 400),
        (b"<!DOCTYPE x><x/>", XML, 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"{}", "application/fhir+json; charset=latin-1", 415),
        (b"{}", "application/fhir+json; fhirVersion=5.0", 415),
    ],
)
def test_what_cannot_be_read(body, type, status) -> None:
    with pytest.raises(Fault) as refused:
        inputs(request(body, type))
    assert refused.value.status == status


def test_a_body_has_an_end(asker, an, monkeypatch) -> None:
    monkeypatch.setattr("yteso.fhir.server.requests.LARGEST", 100)
    said = asker.ask(EVERYTHING, "POST", b" " * 101, Content_Type=JSON)
    assert (said.status, said.json()["issue"][0]["code"]) == (413, "too-long")


def test_each_operation_is_offered_where_it_is() -> None:
    def answer(_: Request) -> Answer:
        return Answer()

    paths = ("/$meta", "/{type}/{id}/$meta", "/ValueSet/$expand", "/Patient/{id}/$ours")
    routes = [Route("GET", path, answer, path.rpartition("/")[2], definition=f"http://x{path}") for path in paths]
    rest = capability._rest((*routes, Route("GET", "/{type}/{id}", answer, "read")))
    assert rest["operation"] == [{"name": "meta", "definition": "http://x/$meta"}]
    offered = {one["type"]: {named["name"] for named in one["operation"]} for one in rest["resource"]}
    assert (offered["Basic"], offered["ValueSet"], offered["Patient"]) == (
        *({"meta"}, {"meta", "expand"}, {"meta", "ours"}),
    )
    assert rest["resource"][0]["interaction"] == [{"code": "read"}]
