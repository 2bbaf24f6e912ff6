"""References in the text of a resource: found and replaced where a link stands, and nowhere else."""

import json

import pytest
from msgspec.json import format

from yteso.fhir.writing.references import conditional, replaced


WHO = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"subject": {"reference": WHO}}, {"subject": {"reference": "Patient/1"}}),
        ({"subject": {"reference": WHO + "#part"}}, {"subject": {"reference": "Patient/1#part"}}),
        ({"a": [{"valueUri": WHO}]}, {"a": [{"valueUri": "Patient/1"}]}),
        ({"valueCanonical": WHO, "valueString": WHO}, {"valueCanonical": "Patient/1", "valueString": WHO}),
        ({"url": WHO, "value": WHO, "display": WHO}, {"url": "Patient/1", "value": WHO, "display": WHO}),
        ({"div": f'<a href="{WHO}">{WHO}</a>'}, {"div": f'<a href="Patient/1">{WHO}</a>'}),
        ({"div": f"<img src='{WHO}'/>"}, {"div": "<img src='Patient/1'/>"}),
        ({"text": f'"reference":"{WHO}"'}, {"text": f'"reference":"{WHO}"'}),
        ({"reference": "Patient/2", "x": WHO}, {"reference": "Patient/2", "x": WHO}),
    ],
)
def test_replaced(before, after):
    text = format(json.dumps(before).encode(), indent=-1)
    assert json.loads(replaced(text, {WHO: "Patient/1"})) == after


def test_everything_else_stays_as_it_is_written():
    text = b'{"v":1.50,"t":"\\u00e9\\/","subject":{"reference":"%s"}}' % WHO.encode()
    assert replaced(text, {WHO: "Patient/1"}) == b'{"v":1.50,"t":"\\u00e9\\/","subject":{"reference":"Patient/1"}}'
    assert replaced(text, {"urn:uuid:other": "Patient/1"}) is text


def test_conditional():
    text = b'{"a":{"reference":"Patient?identifier=x|1&name=\\u00e9"},"b":{"reference":"Patient/1"},"c":"Patient?x=1"}'
    assert list(conditional(text)) == [("Patient?identifier=x|1&name=é", "Patient", "identifier=x|1&name=é")]
