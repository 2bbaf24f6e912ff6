"""Patient/$match: who may be meant, how sure it is, and that everybody shown is told."""

import json

import pytest
from asking import AN, HERE, START, THERE, Asker, patient, readings, save, token

from yteso import people
from yteso.record.ids import fhir_id, subject_id


CCCD = "http://fhir.hl7.org.vn/core/sid/cccd"
BHYT = "http://fhir.hl7.org.vn/core/sid/bhyt"
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"


@pytest.fixture
def known(conn) -> None:
    """An is known in two places, Ân with the same name and year has another number, Bình has none."""
    said = [
        person("BN1", HERE, number="001090000001", card="DN4010100000001"),
        person("BN7", THERE, number="001090000001", birth="19900000"),
        person("BN2", HERE, number="001090000002", birth="19900301"),
        person("BN3", HERE, name="TRẦN BÌNH", folded="TRAN BINH", birth="20010203", sex="2"),
    ]
    people.resolve(conn, said)
    conn.commit()
    names = [(HERE, "BN1", "Nguyễn Văn An"), (THERE, "BN7", "Nguyễn Văn An"), (HERE, "BN2", "Nguyễn Vân Ân")]
    save(conn, *(patient(*one) for one in names), patient(HERE, "BN3", "Trần Bình"))


def person(own: str, facility: str, **facts: str) -> people.Statement:
    usual = {"name": "Nguyễn Văn An", "folded": "NGUYEN VAN AN", "birth": "19900105", "sex": "1"}
    return people.Statement(*(subject_id(facility, own), facility, own, START, START.date(), START), **(usual | facts))


def ask(asker, options: dict | None = None, **elements):
    given = [{"name": "resource", "resource": {"resourceType": "Patient", **elements}}]
    given += [{"name": name, **value} for name, value in (options or {}).items()]
    body = json.dumps({"resourceType": "Parameters", "parameter": given}).encode()
    return asker.ask("/Patient/$match", "POST", body, Content_Type="application/fhir+json")


def found(said) -> list[tuple[str, str, float]]:
    assert said.status == 200, said.text
    bundle = said.json()
    assert (bundle["type"], bundle["total"]) == ("searchset", len(bundle.get("entry", ())))
    return [
        (entry["resource"]["id"], entry["search"]["extension"][0]["valueCode"], entry["search"]["score"])
        for entry in bundle.get("entry", ())
    ]


def who(said) -> list[tuple[str, str]]:
    """By the number at the first place; An is BN1 there, and BN7 at the other."""
    names = {fhir_id(subject_id(HERE, number)): number for number in ("BN2", "BN3")}
    return sorted((names.get(id, "BN1"), grade) for id, grade, _ in found(said))


NAME = {"name": [{"text": "NGUYỄN VĂN AN"}]}
BIRTH = {"birthDate": "1990-01-05"}


def number(value: str, system: str = CCCD) -> dict:
    return {"identifier": [{"system": system, "value": value}]}


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        (number("001090000001") | NAME | BIRTH, [("BN1", "certain")]),
        (number("001090000001") | {"name": [{"family": "Nguyễn", "given": ["Văn", "An"]}]}, [("BN1", "certain")]),
        (number("001090000001") | {"birthDate": "1990"}, [("BN1", "certain")]),
        (number("001090000001") | {"name": [{"text": "Ai Khác"}], "birthDate": "1950-01-01"}, [("BN1", "possible")]),
        (number("001090000001"), [("BN1", "possible")]),
        (number("DN4010100000001", BHYT) | NAME, [("BN1", "probable")]),
        (number("BN3", f"https://yteso.vn/fhir/sid/ma-bn/{HERE}"), [("BN3", "certain")]),
        (NAME | BIRTH, [("BN1", "probable")]),
        (NAME | {"birthDate": "1990"}, [("BN1", "possible"), ("BN2", "possible")]),
        (NAME, []),
        (NAME | BIRTH | {"gender": "female"}, []),
        (number("001099999999") | NAME | BIRTH, []),
        ({}, []),
    ],
)
def test_who_may_be_meant(asker, known, asked, people) -> None:
    assert who(ask(asker, **asked)) == people


def test_a_person_known_in_two_places_is_one_candidate_by_what_fits_best(asker, known) -> None:
    ((id, grade, score),) = found(ask(asker, **number("001090000001"), **NAME, **BIRTH))
    assert (id, grade, score) == (fhir_id(AN), "certain", 1.0)


def test_the_most_likely_comes_first(asker, known) -> None:
    scores = [score for *_, score in found(ask(asker, **NAME, birthDate="1990"))]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_only_who_is_certain(asker, known) -> None:
    certain = {"onlyCertainMatches": {"valueBoolean": True}}
    assert who(ask(asker, certain, **number("001090000001"), **NAME)) == [("BN1", "certain")]
    assert who(ask(asker, certain, **NAME, **BIRTH)) == []


def test_no_more_than_were_asked_for(asker, known) -> None:
    assert len(found(ask(asker, {"count": {"valueInteger": 1}}, **NAME, birthDate="1990"))) == 1


@pytest.mark.parametrize(
    "options",
    [{"count": {"valueInteger": 0}}, {"count": {"valueString": "x"}}, {"onlyCertainMatches": {"valueString": "maybe"}}],
)
def test_options_that_are_none(asker, known, options) -> None:
    said = ask(asker, options, **NAME)
    assert (said.status, next(iter(options)) in said.text) == (400, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"resourceType":"Parameters"}',
        b'{"resourceType":"Patient","gender":"x"}',
        b'{"resourceType":"Group"}',
    ],
)
def test_a_sound_patient_must_be_given(asker, known, body) -> None:
    assert asker.ask("/Patient/$match", "POST", body, Content_Type="application/fhir+json").status == 400


def test_the_patient_alone_is_enough(asker, known) -> None:
    body = json.dumps({"resourceType": "Patient", **number("001090000001"), **BIRTH}).encode()
    assert who(asker.ask("/Patient/$match", "POST", body, Content_Type="application/fhir+json")) == [("BN1", "certain")]


def test_everybody_shown_is_told_and_nobody_else(conn, asker, known) -> None:
    ask(asker, **NAME, birthDate="1990")
    assert len(readings(conn)) == 2
    assert conn.execute("SELECT count(DISTINCT person) FROM access_read").fetchone() == (2,)


def test_a_scope_without_patients(conn, node, known) -> None:
    assert ask(Asker(token(conn, "lab", "system/Observation.read")), **NAME).status == 403


def test_it_is_listed_with_its_definition(asker) -> None:
    (rest,) = asker.get("/metadata").json()["rest"]
    offered = {one["type"]: {o["name"]: o["definition"] for o in one.get("operation", ())} for one in rest["resource"]}
    assert offered["Patient"]["match"] == "http://hl7.org/fhir/OperationDefinition/Patient-match"
    assert offered["Observation"]["lastn"] == "http://hl7.org/fhir/OperationDefinition/Observation-lastn"
    assert offered["Composition"]["document"] == "http://hl7.org/fhir/OperationDefinition/Composition-document"
