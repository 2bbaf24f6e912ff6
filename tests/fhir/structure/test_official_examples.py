"""What HL7 publishes as examples is accepted, also by the walk alone; and its own mistakes are not."""

import orjson
import pytest
from official import examples

from yteso.fhir.structure import check
from yteso.fhir.structure.checking import walk
from yteso.fhir.structure.quick import certain


NAMES = sorted(examples())

# Left to the walk: contained resources, extensions of primitive values, years before 1000 and the like.
OFTEN_ENOUGH = 0.7


@pytest.mark.parametrize("name", NAMES)
def test_an_official_example_is_valid(name):
    assert check(examples()[name]) == []
    assert walk(examples()[name]) == []


def test_the_quick_look_accepts_most_of_them():
    accepted = [name for name in NAMES if certain(examples()[name])]
    assert len(accepted) >= OFTEN_ENOUGH * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_how_the_json_is_laid_out_does_not_matter(name):
    tree = orjson.loads(examples()[name])
    assert check(orjson.dumps(tree)) == []
    assert check(orjson.dumps(tree, option=orjson.OPT_INDENT_2)) == []
    assert check(orjson.dumps(dict(reversed(tree.items())))) == []


def test_examples_that_break_the_rules_of_their_own_types_are_reported():
    # As published: DeviceMetric/example, DeviceUseStatement/example, MedicationRequest/medrx0301, Questionnaire/qs1.
    metric = {
        "resourceType": "DeviceMetric",
        "type": {"text": "x"},
        "category": "measurement",
        "parent": {"reference": "DeviceDefinition/dc102"},
    }
    request = {
        "resourceType": "MedicationRequest",
        "status": "completed",
        "intent": "order",
        "medicationReference": {"reference": "Medication/med0320"},
        "subject": {"reference": "Patient/pat1"},
        "dispenseRequest": {"performer": {"reference": "Practitioner/f001"}},
    }
    questionnaire = {
        "resourceType": "Questionnaire",
        "status": "draft",
        "item": [{"linkId": "1", "type": "group", "item": [{"type": "display", "text": "x"}]}],
    }
    found = [
        (one.location, one.problem) for tree in (metric, request, questionnaire) for one in check(orjson.dumps(tree))
    ]
    assert found == [
        ("DeviceMetric.parent", "target"),
        ("MedicationRequest.dispenseRequest.performer", "target"),
        ("Questionnaire.item[0].item[0].linkId", "missing"),
    ]
