"""`_include` and `_revinclude`: what comes along, once, and only what the client may see."""

import pytest
from asking import Asker, patient, readings, save, token
from story import LE, TRAN, P, doctors, linked_visits, name, observations

from yteso.fhir.server import including
from yteso.record.ids import fhir_id


@pytest.fixture
def story(conn) -> None:
    save(conn, patient(), *doctors(), *linked_visits())


def by_mode(said) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in said.json().get("entry", ()):
        one = entry["resource"]
        found.setdefault(entry["search"]["mode"], []).append(f"{one['resourceType']}/{one.get('id')}")
    return found


ENCOUNTERS = {key: f"Encounter/{name(key)}" for key in ("one", "two", "three")}
OWN, DOCTOR, OTHER = f"Patient/{P}", f"Practitioner/{LE}", f"Practitioner/{TRAN}"
NOTE = f"Provenance/{name('one')}-p"

ONE0 = f"_id={name('one0')}"
TABLE = [
    # search of Observation                                  | what comes along
    (f"{ONE0}&_include=Observation:encounter", [ENCOUNTERS["one"]]),
    (f"{ONE0}&_include=Observation:encounter:Encounter", [ENCOUNTERS["one"]]),
    (f"{ONE0}&_include=Observation:performer", [DOCTOR]),
    (f"{ONE0}&_include=Observation:performer:Practitioner", [DOCTOR]),
    (f"{ONE0}&_include=Observation:performer:Organization", []),
    (f"{ONE0}&_include=Observation:subject", [OWN]),
    (f"{ONE0}&_include=Observation:subject&_include=Observation:patient", [OWN]),
    (f"{ONE0}&_include=Observation:*", [ENCOUNTERS["one"], OWN, DOCTOR]),
    (f"{ONE0}&_include=*", [ENCOUNTERS["one"], OWN, DOCTOR]),
    (f"{ONE0}&_include=Encounter:participant", []),
    (f"{ONE0}&_revinclude=Provenance:target", [NOTE]),
    (f"{ONE0}&_revinclude=Provenance:target:Observation", [NOTE]),
    (f"{ONE0}&_revinclude=Provenance:target:Encounter", []),
    (f"{ONE0}&_revinclude=Provenance:*", [NOTE]),
    (f"{ONE0}&_revinclude=Provenance:agent", []),
    # on and on
    (f"{ONE0}&_revinclude=Provenance:target&_include=Provenance:agent", [NOTE]),
    (f"{ONE0}&_revinclude=Provenance:target&_include:iterate=Provenance:agent", [NOTE, OTHER]),
    (f"{ONE0}&_include=Observation:encounter&_include:iterate=Encounter:participant", [ENCOUNTERS["one"], DOCTOR]),
    (f"{ONE0}&_include=Observation:encounter&_include:recurse=Encounter:participant", [ENCOUNTERS["one"], DOCTOR]),
    (f"{ONE0}&_include:iterate=*", [ENCOUNTERS["one"], OWN, DOCTOR]),
    (
        f"{ONE0}&_include=Observation:encounter&_revinclude:iterate=Observation:encounter",
        [ENCOUNTERS["one"], *observations("one1")],
    ),
    # each once, however many lead to it
    ("code=8310-5&_include=Observation:encounter", [ENCOUNTERS["three"], ENCOUNTERS["two"], ENCOUNTERS["one"]]),
    (f"code=8310-5&_include=Observation:patient&performer={LE}", [OWN]),
    # with the others
    (f"performer={TRAN}&_include=Observation:performer&_sort=date", [OTHER]),
    ("status=amended&_include=*", []),
]


@pytest.mark.parametrize(("asked", "company"), TABLE, ids=[asked.replace(ONE0, "one0") for asked, _ in TABLE])
def test_what_comes_along(asker, story, asked: str, company: list[str]) -> None:
    said = asker.get(f"/Observation?patient={P}&{asked}")
    assert said.status == 200, said.text
    found = by_mode(said)
    assert sorted(found.get("include", [])) == sorted(company)
    assert set(found) <= {"match", "include"}
    everything = [entry["fullUrl"] for entry in said.json().get("entry", ())]
    assert len(everything) == len(set(everything))
    assert said.link("self").endswith(f"&{asked}")


def test_an_entry_is_the_resource_as_it_is_read_matches_first(asker, story) -> None:
    said = asker.get(f"/Observation?patient={P}&{ONE0}&_include=*&_revinclude=Provenance:target")
    modes = [entry["search"]["mode"] for entry in said.json()["entry"]]
    assert modes == ["match", *["include"] * 4]
    for entry in said.json()["entry"]:
        assert entry["resource"] == asker.get(entry["fullUrl"]).json()


def test_an_encounter_and_all_that_belongs_to_it(asker, story) -> None:
    said = asker.get(f"/Encounter?patient={P}&_revinclude=Observation:encounter&_revinclude:iterate=Provenance:target")
    found = by_mode(said)
    assert found["match"] == [ENCOUNTERS[key] for key in ("three", "two", "one")]
    assert set(found["include"]) == {*observations("three0 three1 two0 two1 one0 one1"), NOTE}


def test_company_is_of_the_page_and_no_match_of_another_one(asker, story) -> None:
    pages = list(asker.pages(f"/Observation?patient={P}&_include=Observation:encounter&_count=2&_total=accurate"))
    assert [by_mode(said)["include"] for said in pages] == [[ENCOUNTERS[key]] for key in ("three", "two", "one")]
    assert [said.json()["total"] for said in pages] == [6, 6, 6]


def test_only_the_number_has_no_company(asker, story) -> None:
    assert "entry" not in asker.get(f"/Observation?patient={P}&_include=*&_summary=count").json()


def test_elements_choose_among_those_of_the_matches(asker, story) -> None:
    said = asker.get(f"/Observation?patient={P}&{ONE0}&_include=Observation:subject&_elements=status")
    match, company = (entry["resource"] for entry in said.json()["entry"])
    assert "valueQuantity" not in match
    assert company["gender"] == "male"


def test_a_summary_is_of_all_and_texts_alone_bring_nobody(asker, story) -> None:
    said = asker.get(f"/Observation?patient={P}&{ONE0}&_include=Observation:subject&_summary=true")
    assert all(entry["resource"]["meta"]["tag"][0]["code"] == "SUBSETTED" for entry in said.json()["entry"])
    said = asker.get(f"/Observation?patient={P}&_include=Observation:subject&_summary=text")
    assert (said.status, "_summary" in said.text) == (400, True)


def test_what_is_hidden_does_not_come_along(conn, asker, story) -> None:
    said = asker.get(f"/Encounter?patient={P}&_revinclude=Observation:encounter")
    assert name("hiv") not in str(said.body)
    secret = doctors()[0]
    secret.labels, secret.digest, secret.made = ["hiv"], bytes(16), secret.made.replace(month=6)
    save(conn, secret)
    assert by_mode(asker.get(f"/Observation?patient={P}&{ONE0}&_include=Observation:performer")).get("include") is None


def test_types_outside_the_scope_do_not_come_along(conn, node, story) -> None:
    client = Asker(token(conn, "lab", "system/Observation.read system/Encounter.read"))
    found = by_mode(client.get(f"/Observation?patient={P}&{ONE0}&_include=*&_revinclude=Observation:encounter"))
    assert found["include"] == [ENCOUNTERS["one"]]
    said = client.get(
        f"/Observation?patient={P}&{ONE0}&_include=Observation:subject:Patient&_revinclude=Provenance:target"
    )
    found = by_mode(said)
    assert ("include" in found, len(found["outcome"])) == (False, 2)
    assert b"Provenance" in said.body


def test_who_comes_along_is_in_the_log(conn, asker, story) -> None:
    asker.get(f"/Observation?patient={P}&{ONE0}&_include=Observation:performer")
    assert [documents for _, _, _, documents, _ in readings(conn)] == [4, 1]


def test_no_page_has_too_much_company(asker, story, monkeypatch) -> None:
    monkeypatch.setattr(including, "MOST", 2)
    said = asker.get(f"/Observation?patient={P}&_include=Observation:encounter")
    found = by_mode(said)
    assert (len(found["include"]), len(found["outcome"])) == (2, 1)
    assert "_count" in said.body.decode()


def test_a_reference_that_leads_nowhere_brings_nobody(conn, asker, story) -> None:
    visit = linked_visits("one")[0]
    here, gone = f"Practitioner/{LE}".encode(), f"Practitioner/{fhir_id(visit.subject)}".encode()
    visit.resources = [(type, id, json.replace(here, gone)) for type, id, json in visit.resources]
    visit.digest, visit.made = bytes(16), visit.made.replace(month=6)
    save(conn, visit)
    said = asker.get(f"/Observation?patient={P}&{ONE0}&_include=Observation:performer")
    assert by_mode(said).get("include") is None


NOTHING = ["Observation", "Observation:code", "Nothing:subject", "Observation:nothing", "Observation:subject:Nobody"]


@pytest.mark.parametrize("asked", [*(f"_include={one}" for one in NOTHING), "_revinclude=*", "_include:twice=*"])
def test_an_include_of_nothing_that_there_is(asker, story, asked: str) -> None:
    said = asker.get(f"/Observation?patient={P}&{asked}")
    assert said.status == 400
    assert "include" in said.text or "Nobody" in said.text
