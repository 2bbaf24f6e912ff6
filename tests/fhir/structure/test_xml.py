"""FHIR as XML and back: nothing is lost, order and text are those of the specification, hostile XML is refused."""

import json
import random

import orjson
import pytest
from damaging import as_text, damage
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from official import examples

from yteso.fhir.structure import check
from yteso.fhir.structure.reading import read
from yteso.fhir.xml import Unreadable, to_json, to_xml


NAMES = sorted(examples())
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def xml(inner, type="Patient"):
    return f'<{type} xmlns="http://hl7.org/fhir">{inner}</{type}>'


def plain(node, name=""):
    """A resource with its narratives in the canonical form of XML, numbers told apart from texts."""
    if isinstance(node, dict):
        return {key: plain(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(one, name) for one in node]
    if name == "div" and isinstance(node, str):
        return etree.tostring(etree.fromstring(node), method="c14n")
    return node.__class__.__name__, node


@pytest.mark.parametrize("name", NAMES)
def test_an_official_example_comes_back_as_it_was(name):
    data = examples()[name]
    there = to_xml(data)
    back = to_json(there)
    assert plain(read(back)) == plain(read(data))
    assert check(back) == []
    assert plain(read(to_json(to_xml(back)))) == plain(read(back))


# JSON, the same in XML
PAIRS = {
    "a value": (b'"active":true', '<active value="true"/>'),
    "a decimal keeps its text": (
        b'"extension":[{"url":"a","valueDecimal":1.50}]',
        '<extension url="a"><valueDecimal value="1.50"/></extension>',
    ),
    "a decimal with an exponent": (
        b'"extension":[{"url":"a","valueDecimal":-1.0E-22}]',
        '<extension url="a"><valueDecimal value="-1.0E-22"/></extension>',
    ),
    "a whole number": (b'"multipleBirthInteger":2', '<multipleBirthInteger value="2"/>'),
    "a list": (
        b'"name":[{"text":"a"},{"given":["b","c"]}]',
        '<name><text value="a"/></name><name><given value="b"/><given value="c"/></name>',
    ),
    "a list of one": (b'"name":[{"given":["b"]}]', '<name><given value="b"/></name>'),
    "an id is an attribute": (b'"name":[{"id":"n","text":"a"}]', '<name id="n"><text value="a"/></name>'),
    "signs": (
        '"name":[{"text":"<Ố & \\"ố\\">\'\\n\\t\\r🏥"}]'.encode(),
        '<name><text value="&lt;Ố &amp; &quot;ố&quot;&gt;\'&#10;&#9;&#13;🏥"/></name>',
    ),
    "an extended value": (
        b'"birthDate":"2020","_birthDate":{"id":"b","extension":[{"url":"a","valueCode":"c"}]}',
        '<birthDate id="b" value="2020"><extension url="a"><valueCode value="c"/></extension></birthDate>',
    ),
    "a value that is only extended": (
        b'"_birthDate":{"extension":[{"url":"a","valueCode":"c"}]}',
        '<birthDate><extension url="a"><valueCode value="c"/></extension></birthDate>',
    ),
    "a list with extended values": (
        b'"name":[{"given":["a",null,"c"],"_given":[null,{"extension":[{"url":"a","valueCode":"c"}]},{"id":"i"}]}]',
        '<name><given value="a"/><given><extension url="a"><valueCode value="c"/></extension></given>'
        '<given id="i" value="c"/></name>',
    ),
    "a list of only extended values": (
        b'"name":[{"_given":[{"extension":[{"url":"a","valueCode":"c"}]}]}]',
        '<name><given><extension url="a"><valueCode value="c"/></extension></given></name>',
    ),
    "extensions in extensions": (
        b'"extension":[{"id":"i","extension":[{"url":"b","valueCode":"c"}],"url":"a"}]',
        '<extension id="i" url="a"><extension url="b"><valueCode value="c"/></extension></extension>',
    ),
    "a contained resource": (
        b'"contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"}',
        '<contained><Organization><id value="o"/><name value="x"/></Organization></contained>'
        '<managingOrganization><reference value="#o"/></managingOrganization>',
    ),
    "a narrative": (
        b'"text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p>&lt;<br/></p></div>"}',
        f'<text><status value="generated"/>{DIV.format("<p>&lt;<br/></p>")}</text>',
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_json_and_xml_say_the_same(case):
    members, inner = PAIRS[case]
    data = b'{"resourceType":"Patient",' + members + b"}"
    assert read(to_json(xml(inner).encode())) == read(data)
    written = etree.tostring(etree.fromstring(to_xml(data)), method="c14n")
    assert written == etree.tostring(etree.fromstring(xml(inner)), method="c14n")


def test_elements_are_written_in_the_order_of_the_definition():
    data = (
        b'{"birthDate":"2020","gender":"male","id":"a","resourceType":"Patient","name":[{"given":["b"],"use":"usual"}]}'
    )
    inner = '<name><use value="usual"/><given value="b"/></name><gender value="male"/><birthDate value="2020"/>'
    assert to_xml(data).decode() == HEAD + xml(f'<id value="a"/>{inner}')


def test_a_bundle_holds_resources_in_both_forms():
    data = (
        b'{"resourceType":"Bundle","type":"collection","entry":['
        b'{"fullUrl":"urn:x","resource":{"resourceType":"Patient","id":"a"}},{"resource":{"resourceType":"Basic"}}]}'
    )
    assert to_json(to_xml(data)) == data


def test_what_stands_around_the_elements_does_not_matter():
    text = f"""{HEAD}
    <!-- a comment -->
    <?a instruction?>
    <f:Patient xmlns:f="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="http://hl7.org/fhir patient.xsd">
      <!-- a comment -->
      <f:active value="true"/>
      <f:contained><!-- a comment --><f:Organization><f:id value="o"/></f:Organization></f:contained>
    </f:Patient>"""
    assert orjson.loads(to_json(text.encode())) == {
        "resourceType": "Patient",
        "active": True,
        "contained": [{"resourceType": "Organization", "id": "o"}],
    }


def test_a_narrative_takes_no_names_of_others_along():
    inner = f'<text><status value="generated"/>{DIV.format("x")}</text>'
    text = xml(inner).replace("<Patient", '<Patient xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')
    assert orjson.loads(to_json(text.encode()))["text"]["div"] == DIV.format("x")


@pytest.mark.parametrize(
    ("inner", "location", "problem"),
    [
        ('<active value="yes"/>', "Patient.active", "not-a-value"),
        ('<multipleBirthInteger value="01"/>', "Patient.multipleBirth", "not-a-value"),
        ('<multipleBirthInteger value="1.5"/>', "Patient.multipleBirth", "format"),
        ('<birthDate value=""/>', "Patient.birthDate", "empty"),
        ('<gender value="male"/><gender value="male"/>', "Patient.gender", "a-list"),
        ("<maritalStatus/>", "Patient.maritalStatus", "empty"),
        ('<name id="a"/>', "Patient.name[0]", "only-id"),
    ],
)
def test_what_has_a_wrong_form_is_left_for_the_check(inner, location, problem):
    assert [(one.location, one.problem) for one in check(to_json(xml(inner).encode()))] == [(location, problem)]


ENTITY = '<!DOCTYPE Patient [<!ENTITY e "x">]>'
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
REFUSED = {
    "": ("", "not-xml"),
    "<Patient": ("", "not-xml"),
    '{"resourceType":"Patient"}': ("", "not-xml"),
    xml('<active value="true">'): ("", "not-xml"),
    xml("<a>" * 300 + "</a>" * 300): ("", "not-xml"),
    "<!DOCTYPE Patient>" + xml(""): ("", "doctype"),
    ENTITY + xml('<language value="a"/>'): ("", "doctype"),
    f'<!DOCTYPE Patient [<!ENTITY e0 "x">{BOMB}]>' + xml('<language value="&e8;"/>'): ("", "not-xml"),
    '<!DOCTYPE Patient [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + xml("<active/>&e;"): ("", "doctype"),
    "<Patient/>": ("", "xml-root"),
    xml("", "Patien"): ("", "xml-root"),
    xml("", "HumanName"): ("", "xml-root"),
    '<Patient xmlns="urn:hl7-org:v3"/>': ("", "xml-root"),
    xml("<nme/>"): ("Patient.nme", "unknown"),
    xml('<name xmlns="urn:x"/>'): ("Patient.name", "unknown"),
    xml("<name><familly/></name>"): ("Patient.name.familly", "unknown"),
    xml(f"<name>{DIV.format('x')}</name>"): ("Patient.name.div", "unknown"),
    xml('<text><status value="generated"/><div>x</div></text>'): ("Patient.text.div", "unknown"),
    xml("x"): ("Patient", "xml-text"),
    xml('<active value="true"/>x'): ("Patient", "xml-text"),
    xml("<active>true</active>"): ("Patient.active", "xml-text"),
    xml('<active valeu="true"/>'): ("Patient.active.valeu", "xml-attribute"),
    xml('<name value="x"/>'): ("Patient.name.value", "xml-attribute"),
    xml('<name url="x"/>'): ("Patient.name.url", "xml-attribute"),
    xml("").replace("<Patient", '<Patient id="a"'): ("Patient.id", "xml-attribute"),
    xml("<contained/>"): ("Patient.contained", "xml-root"),
    xml("<contained><Basic/><Basic/></contained>"): ("Patient.contained", "xml-root"),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:60])
def test_xml_that_is_refused(text):
    with pytest.raises(Unreadable) as refused:
        to_json(text.encode())
    assert (refused.value.issue.location, refused.value.issue.problem) == REFUSED[text]
    assert refused.value.issue.vi and refused.value.issue.en


NO_XML = {
    b"{": ("", "not-json"),
    b"[]": ("", "no-type"),
    b'{"resourceType":"Foo"}': ("", "unknown-type"),
    b'{"resourceType":"Patient","x":1}': ("Patient.x", "unknown"),
    b'{"resourceType":"Patient","_name":[]}': ("Patient._name", "unknown"),
    b'{"resourceType":"Patient","name":["x"]}': ("Patient.name", "not-an-object"),
    b'{"resourceType":"Patient","birthDate":{"a":1}}': ("Patient.birthDate", "not-in-xml"),
    b'{"resourceType":"Patient","birthDate":[["a"]]}': ("Patient.birthDate", "a-list"),
    b'{"resourceType":"Patient","birthDate":"\\u0001"}': ("Patient.birthDate", "not-in-xml"),
    b'{"resourceType":"Patient","birthDate":"\\ufffe"}': ("Patient.birthDate", "not-in-xml"),
    b'{"resourceType":"Patient","text":{"div":"</Patient>"}}': ("Patient.text.div", "xhtml"),
    b'{"resourceType":"Patient","contained":[1]}': ("Patient.contained", "no-type"),
}


@pytest.mark.parametrize("data", NO_XML)
def test_json_that_xml_cannot_say(data):
    with pytest.raises(Unreadable) as refused:
        to_xml(data)
    assert (refused.value.issue.location, refused.value.issue.problem) == NO_XML[data]


BITS = [b"", b"<", b">", b"&", b'"', b"/", b"x", b"\0", b"\xff", b"<a/>"]


def damaged(seed, times):
    chance = random.Random(seed)
    tree = json.loads(examples()[chance.choice(NAMES)])
    for _ in range(times):
        damage(chance, tree)
    return as_text(chance, tree)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_whatever_is_valid_comes_back_as_it_was(seed):
    data = damaged(seed, times=1)
    if check(data) == []:
        assert plain(read(to_json(to_xml(data)))) == plain(read(data))


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_whatever_is_invalid_is_refused_or_written_as_it_can_be(seed):
    data = damaged(seed, times=3)
    try:
        there = to_xml(data)
    except Unreadable:
        return
    to_json(there)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_xml_with_a_few_bytes_changed_is_read_or_refused(seed):
    chance = random.Random(seed)
    data = bytearray(to_xml(examples()[chance.choice(NAMES)]))
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(3)] = chance.choice(
            [b"", b"<", b">", b"&", b'"', b"/", b"x", b"\0", b"\xff", b"<a/>"]
        )
    try:
        check(to_json(bytes(data)))
    except Unreadable as refused:
        assert refused.issue.vi


@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    assert check(data)
    with pytest.raises(Unreadable):
        to_json(data)
    with pytest.raises(Unreadable):
        to_xml(data)
