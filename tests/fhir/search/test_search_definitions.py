"""Every official parameter is compiled, or named with the reason why not."""

import csv

import pytest
from search_cases import examples

from yteso.fhir.search import compartment, parameters, resource_types
from yteso.fhir.search.definitions import ANY, DATA, UNSUPPORTED
from yteso.fhir.search.expression import Unsupported, compiled


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFFICIAL = rows("parameters.csv")
CHOICES = {row["path"]: tuple(row["types"].split()) for row in rows("choices.csv")}


def test_every_official_parameter_is_compiled_or_named_with_the_reason_why_not():
    left_out = set()
    for row in OFFICIAL:
        known = parameters(row["base"]) if row["base"] != "DomainResource" else {}
        if row["code"] not in known:
            left_out.add(row["code"])
    assert left_out == set(UNSUPPORTED)
    assert all(UNSUPPORTED.values())
    assert len(OFFICIAL) > 1_700


@pytest.mark.parametrize(
    "row", [row for row in OFFICIAL if row["expression"]], ids=lambda row: f"{row['base']}.{row['code']}"
)
def test_each_expression_compiles_and_runs(row):
    expression = compiled(row["expression"], row["base"], CHOICES)
    assert expression.paths
    assert expression.select({}, {}) in ([], [{}], [False])


def test_an_own_part_of_each_shared_expression():
    for row in OFFICIAL:
        if row["expression"] and row["base"] not in ("InsurancePlan", ANY):
            assert row["base"] in row["expression"], row


def test_the_parts_of_composites_are_found_where_their_own_parameters_find_them():
    for kind in resource_types():
        for parameter in parameters(kind).values():
            for part in parameter.components:
                own = {path.rpartition(".")[2] for path in parameters(kind)[part.code].compiled.paths}
                assert {path.rpartition(".")[2] for path in part.compiled.paths} <= own, (kind, parameter.code)


def test_the_parts_of_composites_mean_the_same_in_every_alternative():
    for row in OFFICIAL:
        whole = compiled(row["expression"], row["base"], CHOICES) if row["components"] else None
        for part in row["components"].split(";") if whole else ():
            starts = [compiled(part.partition("=")[2], path, CHOICES) for path in whole.paths]
            probe = {"valueQuantity": 1, "valueCodeableConcept": 2, "valueString": 3, "code": 4}
            assert len({str(one.select(probe, probe)) for one in starts}) == 1, row


def test_a_type_has_its_own_parameters_and_those_of_all():
    observation = parameters("Observation")
    assert {"_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"} <= set(observation)
    assert observation["code"].type == "token"
    assert observation["date"].url == "http://hl7.org/fhir/SearchParameter/clinical-date"
    assert observation["performer"].targets >= {"Practitioner", "Organization"}
    assert parameters("Provenance")["target"].targets == frozenset()
    assert parameters("Patient")["gender"].systems == ("http://hl7.org/fhir/administrative-gender",)
    assert set(parameters("Binary")) == set(parameters(ANY))


def test_all_resource_types_are_known():
    assert len(resource_types()) == 146
    assert {"Patient", "Observation", "Parameters", "Bundle", "Binary"} <= resource_types()
    with pytest.raises(KeyError):
        parameters("Nobody")


def test_the_compartment_of_a_patient():
    tied = compartment("Patient")
    assert tied["Observation"] == ("subject", "performer")
    assert tied["Patient"] == ("link",)
    assert tied["Appointment"] == ("actor",)
    assert "Organization" not in tied
    for kind, codes in tied.items():
        assert {parameters(kind)[code].type for code in codes} == {"reference"}
    with pytest.raises(KeyError):
        compartment("Organization")


@pytest.mark.parametrize(
    ("name", "type", "codes"),
    [
        ("Encounter", "Observation", ("encounter",)),
        ("Practitioner", "Encounter", ("practitioner", "participant")),
        ("RelatedPerson", "Patient", ("link",)),
        ("Device", "Observation", ("subject", "device")),
    ],
)
def test_the_other_compartments(name, type, codes):
    assert compartment(name)[type] == codes
    for kind, names in compartment(name).items():
        assert {parameters(kind)[code].type for code in names} == {"reference"}


def test_there_is_an_example_of_every_type_but_those_that_have_none():
    missing = resource_types() - {one["resourceType"] for one in examples()}
    assert {kind for kind in missing if len(parameters(kind)) > 12} == set()


RESOURCE = {
    "resourceType": "Observation",
    "valueString": "s",
    "telecom": [{"system": "phone", "value": "1"}, {"system": "email", "value": "2"}, None],
    "extension": [{"url": "http://a", "valueCode": "x"}, {"url": "http://b", "valueString": "y"}],
    "component": [{"valueInteger": 1}, {"valueString": "t"}, "stray"],
    "subject": {"reference": "Patient/1"},
    "active": False,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Observation.valueString", ["s"]),
        ("Observation.value", ["s"]),
        ("value", ["s"]),
        ("Observation.value.as(string)", ["s"]),
        ("Observation.value.ofType(string)", ["s"]),
        ("(Observation.value as string)", ["s"]),
        ("Observation.value as Quantity", []),
        ("Observation.component.value", [1, "t"]),
        ("Observation.component[1].value", ["t"]),
        ("Observation.component[7].value", []),
        ("Observation.component[0].value | Observation.value", [1, "s"]),
        ("Observation.telecom.where(system='email').value", ["2"]),
        ("Observation.extension('http://a').value", ["x"]),
        ("Observation.extension('http://b').value.as(string)", ["y"]),
        ("Observation.extension('http://c').value", []),
        ("Observation.subject.where(resolve() is Patient)", [{"reference": "Patient/1"}]),
        ("Observation.subject.where(resolve() is Group)", []),
        ("Observation.subject.exists()", [True]),
        ("Observation.specimen.exists()", [False]),
        ("Observation.subject.exists() and Observation.active != true", [True]),
        ("Observation.subject.exists() and Observation.active != false", [False]),
        ("Observation.subject.exists() and Observation.specimen != false", [False]),
        ("%resource.valueString", ["s"]),
        ("Observation.valueString.more", []),
    ],
)
def test_what_an_expression_finds(text, expected):
    assert compiled(text, "Observation", CHOICES).select(RESOURCE, RESOURCE) == expected


REFUSED = """
    a.
    a b
    a.first()
    a.where(b > 1)
    a.where(b)
    a.where(b=c)
    a.where(resolve() is A
    a.extension(b)
    (a
    a)
    a |
    a[b]
    a['b']
    a[1
    a + b
    a and
    a != b
    'a
    Observation.value.as(Address)
"""


@pytest.mark.parametrize("text", ["", *REFUSED.strip().splitlines()])
def test_what_is_not_compiled_is_refused_not_guessed(text):
    with pytest.raises(Unsupported):
        compiled(text, "Observation", CHOICES)
