"""JSON or XML, both ways: what the client asks for, what it gets, and that both say the same."""

import json

import msgspec
import pytest
from asking import AN, patient, save, visit
from lxml import etree
from official import examples

from yteso.fhir.structure.reading import read
from yteso.fhir.xml import to_json, to_xml
from yteso.record.ids import derive, fhir_id


P = fhir_id(AN)
A = fhir_id(visit("a").id)
O0 = f"{A}-o0"
JSON, XML = "application/fhir+json; charset=utf-8", "application/fhir+xml; charset=utf-8"


@pytest.mark.parametrize("type", ["application/fhir+xml", "application/xml", "text/xml"])
def test_xml_by_its_names(asker, an, type) -> None:
    for said in (
        asker.get(f"/Observation/{O0}", Accept=type),
        asker.get(f"/Observation/{O0}?_format={type}", Accept="application/fhir+json"),
        asker.get(f"/Observation/{O0}?_format={type.replace('+', '%2B')}"),
        asker.get(f"/Observation/{O0}?_format=xml"),
    ):
        assert (said.status, said.headers["Content-Type"]) == (200, XML)
        assert etree.fromstring(said.body).tag == "{http://hl7.org/fhir}Observation"


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", JSON),
        ("application/fhir+json, application/fhir+xml", JSON),
        ("application/fhir+xml, application/fhir+json", JSON),
        ("application/fhir+xml, */*", XML),
        ("application/fhir+xml, */*;q=0.1", XML),
        ("application/fhir+xml;q=0.5, application/fhir+json;q=0.4", XML),
        ("application/fhir+xml;q=0.4, application/fhir+json;q=0.5", JSON),
        ("application/fhir+json;q=0, */*", XML),
        ("application/json;q=0.2, application/*;q=0.9", XML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", XML),
        ("text/html, */*;q=0.8", JSON),
        ("Application/FHIR+XML", XML),
        ("application/fhir+xml; fhirVersion=4.0", XML),
        ("application/fhir+xml; fhirVersion=3.0, application/fhir+json", JSON),
        ("application/fhir+xml;q=many", XML),
        (",, application/fhir+xml ;q=1.0 ,", XML),
    ],
)
def test_what_the_client_likes_best(stranger, accept, type) -> None:
    said = stranger.get("/metadata", Accept=accept)
    assert (said.status, said.headers["Content-Type"]) == (200, type)


@pytest.mark.parametrize(
    "accept",
    [
        *("text/html", "image/png", "application/fhir+json;q=0", "application/json; fhirVersion=3.0"),
        *("*/*;q=0", "application/fhir+turtle", "json/*", "nonsense", ";", "application/fhir+json;q=nan"),
    ],
)
def test_what_nobody_writes_is_refused_in_json(asker, an, accept) -> None:
    said = asker.get(f"/Observation/{O0}", Accept=accept)
    assert (said.status, said.headers["Content-Type"]) == (406, JSON)
    assert "_format=xml" in said.text


@pytest.mark.parametrize(
    "address",
    [
        f"/Observation/{O0}",
        f"/Observation/{O0}?_summary=true",
        f"/Observation/{O0}?_elements=code",
        f"/Encounter/{A}?_summary=text",
        f"/Patient/{P}?_summary=data",
        f"/Observation/{O0}/_history",
        f"/Observation/{O0}/_history/1",
        f"/Observation?patient={P}&_total=accurate&_count=2",
        f"/Observation?patient={P}&_summary=count",
        f"/Patient/{P}/$everything?_count=3",
        "/Observation/nothing",
        "/Nothing/1",
        "/nowhere/at/all/x",
        "/Observation?code=1",
        "/metadata",
    ],
)
def test_xml_says_what_json_says(asker, an, address) -> None:
    def lasting(text: bytes) -> object:
        return {name: value for name, value in read(text).items() if name not in ("timestamp", "link")}

    as_json, as_xml = asker.get(address), asker.get(address, Accept="application/fhir+xml")
    assert as_xml.status == as_json.status
    assert (as_json.headers["Content-Type"], as_xml.headers["Content-Type"]) == (JSON, XML)
    assert lasting(to_json(as_xml.body)) == lasting(to_json(to_xml(as_json.body)))


def test_pages_in_xml_follow_each_other(asker, an) -> None:
    address, found = f"/Observation?patient={P}&_count=3&_format=xml", []
    while address:
        bundle = etree.fromstring(asker.get(address).body)
        found += bundle.xpath("*[local-name()='entry']/*/*/*[local-name()='id']/@value")
        following = bundle.xpath("*[local-name()='link'][*[@value='next']]/*[local-name()='url']/@value")
        address = following[0] if following else None
    assert [f"Observation/{id}" for id in found] == asker.get(f"/Observation?patient={P}").ids


def test_no_token_is_said_in_xml_as_well(stranger) -> None:
    said = stranger.get("/Patient/x", Accept="application/fhir+xml")
    assert (said.status, said.headers["Content-Type"]) == (401, XML)
    assert b'<code value="login"/>' in said.body


def test_pretty_xml_is_for_eyes_and_leaves_narratives_alone(conn, asker) -> None:
    save(conn, visit("a", text="<p><b>a</b> <i>b</i></p>\n  <p>c</p>"))
    plain, pretty = (asker.get(f"/Encounter/{A}?_format=xml{more}") for more in ("", "&_pretty=true"))
    assert pretty.body.count(b"\n") > plain.body.count(b"\n") + 5
    assert b'\n  <status value="finished"/>\n' in pretty.body
    assert read(to_json(pretty.body)) == read(to_json(plain.body))
    div = b'<div xmlns="http://www.w3.org/1999/xhtml"><p><b>a</b> <i>b</i></p>\n  <p>c</p></div>'
    assert div in pretty.body


def given(conn, resource: bytes) -> str:
    """An address of this Patient, stored as it is written."""
    document = patient()
    document.resources = [("Patient", P, resource)]
    save(conn, document)
    return f"/Patient/{P}"


def patient_with(members: bytes) -> bytes:
    return b'{"resourceType":"Patient","id":"%s",%s}' % (P.encode(), members)


# What a Patient has beside its id; in XML
TRUE_TO_THE_BYTE = {
    "a decimal": (
        b'"extension":[{"url":"http://x/a","valueDecimal":1.50}]',
        '<extension url="http://x/a"><valueDecimal value="1.50"/></extension>',
    ),
    "a decimal beyond every float": (
        b'"extension":[{"url":"http://x/a","valueDecimal":12345678901234567890.10E-3}]',
        '<extension url="http://x/a"><valueDecimal value="12345678901234567890.10E-3"/></extension>',
    ),
    "an extended primitive": (
        b'"birthDate":"1990","_birthDate":{"id":"b","extension":[{"url":"http://x/t","valueTime":"08:00:00"}]}',
        '<birthDate id="b" value="1990"><extension url="http://x/t"><valueTime value="08:00:00"/></extension>'
        "</birthDate>",
    ),
    "nulls among primitives": (
        b'"name":[{"given":["An",null,"B"],"_given":[null,{"extension":[{"url":"http://x/u","valueCode":"c"}]},null]}]',
        '<name><given value="An"/><given><extension url="http://x/u"><valueCode value="c"/></extension></given>'
        '<given value="B"/></name>',
    ),
    "a contained resource": (
        b'"contained":[{"resourceType":"Organization","id":"o","name":"\xe1\xbb\x90c"}],'
        b'"managingOrganization":{"reference":"#o"}',
        '<contained><Organization><id value="o"/><name value="Ốc"/></Organization></contained>'
        '<managingOrganization><reference value="#o"/></managingOrganization>',
    ),
    "a narrative": (
        b'"text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p>&lt;<br/></p></div>"}',
        '<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>&lt;<br/></p></div></text>',
    ),
}


@pytest.mark.parametrize("case", TRUE_TO_THE_BYTE)
def test_what_went_in_comes_out(conn, asker, case) -> None:
    members, written = TRUE_TO_THE_BYTE[case]
    address = given(conn, patient_with(members))
    assert members in asker.get(address).body
    assert written in asker.get(address, Accept="application/fhir+xml").body.decode()
    bundle = asker.get(f"{address}/$everything")
    assert members in bundle.body
    assert written in asker.get(f"{address}/$everything?_format=xml").body.decode()


def test_what_xml_cannot_carry_is_refused_with_its_place(conn, asker) -> None:
    address = given(conn, patient_with(b'"name":[{"text":"a\\u0001b"}]'))
    assert asker.get(address).status == 200
    said = asker.get(address, Accept="application/xml")
    assert (said.status, said.headers["Content-Type"]) == (406, XML)
    assert b"Patient.name.text" in said.body


@pytest.mark.parametrize("name", sorted(examples())[::8])
def test_an_official_example_reads_the_same_in_both(conn, asker, name) -> None:
    data = msgspec.json.format(examples()[name], indent=0)
    content, id = json.loads(data), fhir_id(derive(name))
    stored = data.replace(b'"id":"%s"' % content["id"].encode(), b'"id":"%s"' % id.encode(), 1)
    document = visit("a")
    document.id, document.resources = derive(name), [(content["resourceType"], id, stored)]
    save(conn, document)
    as_json, as_xml = (asker.get(f"/{content['resourceType']}/{id}?_format={form}") for form in ("json", "xml"))
    shown = read(as_json.body)
    assert {key: shown[key] for key in content if key != "meta"} == {
        key: value for key, value in read(stored).items() if key != "meta"
    }
    assert read(to_json(as_xml.body)) == read(to_json(to_xml(as_json.body)))
