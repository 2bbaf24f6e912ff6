"""Chains and `_has`: conditions on the resources around."""

import pytest
from search_cases import table

from yteso.fhir.search import ANY, SearchError, parse
from yteso.fhir.search.criteria import LINKS


HELD = {
    "Patient/p1": {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"text": "Đặng Hằng"}],
        "generalPractitioner": [{"reference": "Practitioner/d1"}],
    },
    "Practitioner/d1": {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Lê"}]},
    "Group/g1": {
        "resourceType": "Group",
        "id": "g1",
        "type": "person",
        "member": [{"entity": {"reference": "Patient/p1"}}],
    },
    "Observation/o1": {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"code": "8867-4"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-25",
    },
    "Observation/o2": {
        "resourceType": "Observation",
        "id": "o2",
        "code": {"coding": [{"code": "8480-6"}]},
        "subject": {"reference": "https://other.vn/Patient/p1"},
    },
}


def referrers(kind, parameter, address):
    """Too many on purpose: the search has to look again."""
    return [one for one in HELD.values() if one["resourceType"] == kind]


def asked(kind, name, value, resource, **how):
    return parse(kind, [(name, value)], strict=True, **how).matches(resource, HELD.get, referrers)


LINKED = table("""
    # resource    | parameter                                       | value       | found
    Observation/o1 | subject:Patient.name                           | dang        | yes
    Observation/o1 | subject:Patient.name                           | nguyen      | no
    Observation/o1 | subject:Patient.name                           | nguyen,dang | yes
    Observation/o1 | subject:Patient.name:exact                     | Đặng Hằng   | yes
    Observation/o1 | subject:Patient.name:exact                     | dang        | no
    # without a type: every type of target that has the parameter
    Observation/o1 | subject.name                                   | dang        | yes
    Observation/o1 | patient.name                                   | dang        | yes
    Observation/o1 | subject:Group.type                             | person      | no
    Observation/o1 | subject.general-practitioner.family            | le          | yes
    Observation/o1 | patient.general-practitioner:Practitioner.family | le        | yes
    Observation/o1 | patient.general-practitioner:Practitioner.family | tran      | no
    Observation/o1 | patient._id                                    | p1          | yes
    Observation/o1 | patient.gender:missing                         | true        | yes
    Observation/o1 | encounter.status                               | planned     | no
    # another server's patient is not resolved here
    Observation/o2 | subject:Patient.name                           | dang        | no
    Patient/p1     | _has:Observation:patient:code                  | 8867-4      | yes
    Patient/p1     | _has:Observation:patient:code                  | 8480-6      | no
    Patient/p1     | _has:Observation:subject:date                  | ge2026      | yes
    Patient/p1     | _has:Observation:patient:status:not            | final       | no
    Patient/p1     | _has:Group:member:_id                          | g1          | yes
    Patient/p1     | _has:Group:member:_id                          | g2          | no
    Practitioner/d1 | _has:Patient:general-practitioner:_has:Observation:patient:code | 8867-4 | yes
    Practitioner/d1 | _has:Patient:general-practitioner:_has:Observation:patient:code | 8480-6 | no
    Practitioner/d1 | _has:Patient:general-practitioner:name        | dang        | yes
    # who is in a group: a chain that ends in a _has
    Observation/o1 | patient._has:Group:member:_id                  | g1          | yes
    Observation/o1 | patient._has:Group:member:_id                  | g2          | no
""")


@pytest.mark.parametrize(("name", "parameter", "value", "expected"), LINKED)
def test_conditions_on_what_is_linked(name, parameter, value, expected):
    resource = HELD[name]
    assert asked(resource["resourceType"], parameter, value, resource) == (expected == "yes")


def test_what_is_contained_needs_no_resolving():
    inside = {"resourceType": "Patient", "id": "x", "name": [{"text": "Hằng"}]}
    resource = {"resourceType": "Observation", "subject": {"reference": "#x"}, "contained": [inside]}
    assert asked("Observation", "subject:Patient.name", "hang", resource)
    assert not asked("Observation", "subject:Patient.name", "lan", resource)


def test_a_message_is_asked_about_its_first_entry():
    first = {"resourceType": "Composition", "id": "c", "title": "Tóm tắt"}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": first}]}
    assert asked("Bundle", "composition.title", "tom", bundle)


def test_references_with_this_servers_url_are_its_own():
    resource = {"resourceType": "Observation", "subject": {"reference": "https://yteso.vn/R4/Patient/p1"}}
    assert not asked("Observation", "subject:Patient.name", "dang", resource)
    assert asked("Observation", "subject:Patient.name", "dang", resource, base="https://yteso.vn/R4")


def test_a_link_without_a_way_to_follow_it_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="resolve"):
        parse("Observation", [("patient.name", "a")], strict=True).matches(HELD["Observation/o1"])
    with pytest.raises(TypeError, match="refers"):
        parse("Patient", [("_has:Observation:patient:code", "a")], strict=True).matches(HELD["Patient/p1"])


def test_a_query_shows_its_links_and_its_own_conditions():
    query = parse(
        "Observation", [("code", "a"), ("patient.name", "b"), ("_has:Provenance:target:recorded", "2026")], strict=True
    )
    assert [one.written for one in query.conditions] == ["code"]
    chain, has = query.links
    assert (chain.parameter.code, list(chain.queries)) == ("patient", ["Patient"])
    assert (has.type, has.parameter.code, has.query.resource_type) == ("Provenance", "target", "Provenance")


CLOSED = table("""
    # asked of an Observation                     | may be read  | so not answered for
    encounter.status                              | Encounter    | –
    encounter.status                              | EpisodeOfCare | –
    encounter:Encounter.status                    | EpisodeOfCare | Encounter
    patient.name                                  | –            | Patient
    patient.general-practitioner.name             | Patient      | Organization
    patient.general-practitioner.name             | Patient Practitioner | –
    _has:Provenance:target:agent                  | –            | Provenance
    _has:Provenance:target:agent                  | Provenance   | –
    _has:Provenance:target:agent:Practitioner.name | Provenance  | Practitioner
    code                                          | –            | –
""")


@pytest.mark.parametrize(("name", "types", "refused"), CLOSED)
def test_a_query_says_which_type_stands_in_its_way(name, types, refused):
    query = parse("Observation", [(name, "a")], strict=True)
    assert query.closed(types.split().__contains__) == refused.strip("–")
    assert query.linked == (name != "code")


def test_what_stands_in_the_way_of_an_expression():
    query = parse("Observation", [("_filter", "code eq a or not (status eq b and patient.name co c)")], strict=True)
    assert query.closed({"Observation"}.__contains__) == "Patient"
    assert query.closed({"Patient"}.__contains__) == ""
    several = parse(ANY, [("_type", "Observation,Encounter"), ("patient.name", "a")], strict=True)
    assert (several.closed({"Encounter"}.__contains__), several.linked) == ("Patient", True)


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("Observation", "code.name", "not_reference"),
        ("Observation", "subject:Nobody.name", "target"),
        ("Observation", "subject:Encounter.status", "target"),
        ("Observation", "subject:Patient.nothing", "unknown_parameter"),
        ("Observation", "subject.nothing", "unknown_parameter"),
        ("Observation", "nothing.name", "unknown_parameter"),
        ("Observation", "focus.name", "chain_type"),
        ("Observation", "patient.name:above", "modifier"),
        ("Observation", "patient.", "unknown_parameter"),
        ("Observation", ".", "unknown_parameter"),
        ("Patient", "_has:Observation", "has"),
        ("Patient", "_has:Observation:patient", "has"),
        ("Patient", "_has:Observation:patient:", "has"),
        ("Patient", "_has:Nobody:patient:code", "unknown_type"),
        ("Patient", "_has:Observation:nothing:code", "unknown_parameter"),
        ("Patient", "_has:Observation:code:code", "not_reference"),
        ("Patient", "_has:Observation:patient:nothing", "unknown_parameter"),
        ("Patient", "link:Patient." * (LINKS + 1) + "name", "chain_long"),
        ("Patient", "_has:Patient:link:" * 500 + "name", "chain_long"),
    ],
)
def test_what_leads_nowhere_is_refused(kind, name, reason):
    with pytest.raises(SearchError) as raised:
        parse(kind, [(name, "a")], strict=True)
    assert raised.value.reason == reason


def test_a_chain_may_lead_through_every_type_that_knows_the_rest():
    query = parse("Observation", [("performer.name", "a")], strict=True)
    assert list(query.links[0].queries) == ["Organization", "Patient", "Practitioner", "RelatedPerson"]
    longest = "part-of." * 3 + "performer.name"
    assert parse("MedicationStatement", [(longest, "a")], strict=True).links
