"""Searches beyond one patient, by what the index knows: what would scan is refused, what is shown is logged."""

import threading

import orjson
import pytest
from asking import BASE, Asker, compact, link, patient, readings, save, token, visit, withdraw

from yteso.fhir.search import words
from yteso.fhir.server import everybody
from yteso.record.ids import fhir_id


CCCD = "http://fhir.hl7.org.vn/core/sid/cccd"
LOINC = "http://loinc.org"
E = {"reference": "Encounter/e"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def writer(node: None, conn) -> Asker:
    return Asker(token(conn, "emr", "system/*.read system/*.write"))


def put(asker: Asker, *resources: dict) -> None:
    for one in resources:
        said = asker.ask(
            f"/{one['resourceType']}/{one['id']}", "PUT", compact(one), Content_Type="application/fhir+json"
        )
        assert said.status in (200, 201), said.body


def person(id: str, name: str = "Nguyễn Văn An", born: str = "1990-01-05", **more) -> dict:
    return {
        "resourceType": "Patient",
        "id": id,
        "identifier": [{"system": CCCD, "value": f"00109000{sum(map(ord, id)):04}"}],
        "name": [{"text": name, "family": name.split()[0], "given": name.split()[1:]}],
        "birthDate": born,
    } | more


def result(id: str, whose: str, **more) -> dict:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{whose}"},
        "effectiveDateTime": "2026-03-01T08:00:00+07:00",
    } | more


def organization(id: str, name: str = "Bệnh viện Đa khoa", **more) -> dict:
    return {"resourceType": "Organization", "id": id, "name": name, "active": True} | more


def indexed(document):
    """As the mapping indexes it: the words of each of its resources."""
    document.tokens = sorted(set().union(*(words(orjson.loads(json)) for _, _, json in document.resources)))
    return document


@pytest.fixture
def stored(writer) -> Asker:
    put(
        writer,
        person("p1"),
        person("p2", "Trần Thị Bình", "1985-12-31"),
        result("o1", "p1"),
        result("o2", "p2", effectiveDateTime="2026-04-01"),
        result(
            "o3", "p2", code={"coding": [{"system": LOINC, "code": "718-7"}]}, encounter={"reference": "Encounter/e"}
        ),
        organization("g1", identifier=[{"system": "urn:x", "value": "79001"}]),
        organization("g2", "Phòng khám Hoà Bình", partOf={"reference": "Organization/g1"}),
        {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Đặng", "given": ["Thuý"]}]},
        {"resourceType": "ValueSet", "id": "v1", "status": "active", "url": "http://example.org/v", "version": "1"},
    )
    return writer


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("Patient?_id=p1", "p1"),
        ("Patient?_id=p1,p2", "p1 p2"),
        (f"Patient?identifier={CCCD}|00109000{sum(map(ord, 'p1')):04}", "p1"),
        (f"Patient?identifier=00109000{sum(map(ord, 'p2')):04}", "p2"),
        ("Patient?name=nguyen", "p1"),
        ("Patient?name=NGUYEN VAN", "p1"),
        ("Patient?name=an", "p1"),
        ("Patient?family=tran&given=binh", "p2"),
        ("Patient?given:exact=Bình", "p2"),
        ("Patient?birthdate=1985-12-31", "p2"),
        ("Patient?birthdate=1990", "p1"),
        ("Patient?birthdate=1990-01&name=binh", ""),
        ("Patient?name=a,b", "p1 p2"),
        (f"Observation?code={LOINC}|8867-4", "o1 o2"),
        (f"Observation?code={LOINC}|8867-4&date=ge2026-04", "o2"),
        ("Observation?code=8867-4&date=2026-03-01", "o1"),
        ("Observation?encounter=Encounter/e", "o3"),
        ("Observation?subject:Patient=p2&status=final", "o2 o3"),
        ("Organization", "g1 g2"),
        ("Organization?active=true", "g1 g2"),
        ("Organization?name=benh vien", "g1"),
        ("Organization?name:contains=kham", "g2"),
        ("Organization?identifier=urn:x|79001", "g1"),
        ("Organization?partof=g1", "g2"),
        ("Organization?partof=Organization/g1", "g2"),
        (f"Organization?partof={BASE}/Organization/g1", "g2"),
        ("Organization?_id=g2&active=false", ""),
        ("Practitioner?name=dang thuy", ""),
        ("Practitioner?name=thuy", "d1"),
        ("Practitioner?family=dang", "d1"),
        ("ValueSet?url=http://example.org/v", "v1"),
        ("ValueSet?url:below=http://example.org", "v1"),
        ("ValueSet?_filter=url eq http://example.org/v", "v1"),
        ("Organization?_lastUpdated=ge2026", "g1 g2"),
        ("Organization?_lastUpdated=lt2026", ""),
    ],
)
def test_what_is_asked_is_found(stored, query, ids) -> None:
    said = stored.get("/" + query.replace(" ", "%20"))
    assert said.status == 200, said.body
    assert sorted(id.partition("/")[2] for id in said.ids) == ids.split()


def test_mapped_records_are_found_beside_written_ones(conn, stored) -> None:
    save(conn, indexed(patient(name="An, here")), indexed(visit("a", 1)))
    mapped = f"Patient/{patient().resources[0][1]}"
    assert set(stored.get("/Patient?name=an").ids) == {"Patient/p1", mapped}
    assert stored.get(f"/Patient?_id={mapped.partition('/')[2]}").ids == [mapped]
    encounter = fhir_id(visit("a").id)
    assert stored.get(f"/Encounter?_id={encounter}").ids == [f"Encounter/{encounter}"]


@pytest.mark.parametrize(
    ("address", "added"),
    [
        ("/Observation", "code"),
        ("/Observation?status=final", "code"),
        ("/Observation?date=ge2026", "patient=ID"),
        ("/Observation?code:not=8867-4", "encounter"),
        ("/Patient", "identifier"),
        ("/Patient?gender=male", "birthdate"),
        ("/Patient?name:contains=a", "name"),
        ("/Patient?birthdate=ge1990", "birthdate"),
        ("/Encounter?class=AMB", "identifier"),
        ("/Immunization?_lastUpdated=ge2026", "vaccine-code"),
    ],
)
def test_what_would_scan_is_refused_and_says_what_to_add(stored, address, added) -> None:
    said = stored.get(address)
    assert (said.status, said.json()["issue"][0]["code"]) == (403, "too-costly")
    assert added in said.text
    assert "_lastUpdated" not in said.text


def test_a_large_type_is_not_walked(stored, monkeypatch) -> None:
    monkeypatch.setattr(everybody, "FEW", 1)
    assert stored.get("/Organization?active:not=false").status == 403
    assert len(stored.get("/Organization?active=true").ids) == 2
    assert stored.get("/Practitioner").ids == ["Practitioner/d1"]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_are_the_whole(stored, size) -> None:
    whole = stored.get("/Organization?active=true").ids
    pages = [said.ids for said in stored.pages(f"/Organization?active=true&_count={size}")]
    assert [id for page in pages for id in page] == whole
    assert all(len(page) == size for page in pages[:-1])


def test_a_visit_is_gone_on_with_in_the_version_that_was_begun(conn, asker) -> None:
    save(conn, indexed(visit("a", observations=5)))
    encounter = fhir_id(visit("a").id)
    pages = asker.pages(f"/Observation?_id={','.join(f'{encounter}-o{n}' for n in range(5))}&_count=2")
    seen = next(pages).ids
    save(conn, indexed(visit("a", observations=1, text="second", made=1)))
    seen += [id for said in pages for id in said.ids]
    assert seen == [f"Observation/{encounter}-o{n}" for n in range(5)]


def test_what_was_taken_back_meanwhile_is_not_shown(conn, asker) -> None:
    save(conn, indexed(visit("a", observations=5)))
    encounter = fhir_id(visit("a").id)
    pages = asker.pages(f"/Observation?_id={','.join(f'{encounter}-o{n}' for n in range(5))}&_count=2")
    next(pages)
    withdraw(conn, visit("a"))
    assert [id for said in pages for id in said.ids] == []


def test_while_writers_never_rest_every_match_comes_exactly_once(conn, writer) -> None:
    put(writer, *(organization(f"g{n}", f"Bệnh viện {n}") for n in range(30)))
    standing = {f"Organization/g{n}" for n in range(0, 30, 2)}
    stop = threading.Event()

    def write(start: int) -> None:
        number = start
        while not stop.is_set():
            # The odd ones change their name to and fro, the even ones only their address; new ones come.
            put(writer, organization(f"g{number % 30}", f"Bệnh viện {number}" if number % 2 == 0 else f"X{number}"))
            put(writer, organization(f"w{number}", f"Bệnh viện mới {number}"))
            number += 2

    writers = [threading.Thread(target=write, args=(start,)) for start in (1, 2)]
    for one in writers:
        one.start()
    try:
        for size in (1, 4, 7):
            walked = [id for said in writer.pages(f"/Organization?name=benh%20vien&_count={size}") for id in said.ids]
            assert len(walked) == len(set(walked))
            assert standing <= set(walked)
    finally:
        stop.set()
        for one in writers:
            one.join()


@pytest.mark.parametrize("total", ["accurate", "estimate"])
def test_a_total_that_is_at_hand_is_exact(stored, total) -> None:
    assert stored.get(f"/Observation?code=8867-4&_total={total}").json()["total"] == 2
    assert "total" not in stored.get("/Observation?code=8867-4").json()


def test_a_total_counts_all_pages(stored) -> None:
    for said in stored.pages("/Observation?code=8867-4&_total=accurate&_count=1"):
        assert said.json()["total"] == 2
    for said in stored.pages("/Observation?code=8867-4&_total=estimate&_count=1"):
        assert said.json()["total"] >= 0


@pytest.mark.parametrize("query", ["_summary=count", "_count=0"])
def test_only_the_number(stored, query) -> None:
    said = stored.get(f"/Observation?code=8867-4&{query}")
    assert (said.json()["total"], said.ids) == (2, [])


def test_a_total_that_takes_too_long_is_said_to_be_an_estimate(stored, monkeypatch) -> None:
    monkeypatch.setattr(everybody, "COUNTED", 1)
    said = stored.get("/Observation?code=8867-4&_total=accurate&_count=1")
    (remark,) = [entry for entry in said.json()["entry"] if entry["search"]["mode"] == "outcome"]
    assert "total" in remark["resource"]["issue"][0]["details"]["text"]
    assert said.json()["total"] >= 0


def test_a_page_opens_so_many_documents_and_no_more(stored, monkeypatch) -> None:
    monkeypatch.setattr(everybody, "LOOKED_AT", 1)
    pages = [said.ids for said in stored.pages("/Observation?code=8867-4&date=ge2026-04")]
    assert sorted(map(len, pages)) == [0, 1]


def test_sensitive_documents_stay_hidden(conn, asker) -> None:
    save(conn, indexed(visit("e", labels=["hiv"])))
    assert asker.get(f"/Encounter?_id={fhir_id(visit('e').id)}").ids == []


def test_everybody_who_is_shown_is_in_the_log_once(conn, stored) -> None:
    before = len(readings(conn))
    stored.get("/Observation?code=8867-4,718-7")
    assert [(role, documents, outcome) for _, role, _, documents, outcome in readings(conn)[before:]] in (
        [("client", 1, "allowed"), ("client", 2, "allowed")],
        [("client", 2, "allowed"), ("client", 1, "allowed")],
    )
    before = len(readings(conn))
    stored.get("/Patient?name=khongco")
    assert len(readings(conn)) == before
    stored.get("/Observation?code=8867-4&_summary=count")
    assert len(readings(conn)) == before + 2


def test_a_cursor_belongs_to_its_search(stored) -> None:
    cursor = stored.get("/Organization?active=true&_count=1").link("next").rpartition("=")[2]
    for address in ("/Organization?active=false&_count=1", "/Practitioner?_count=1", "/Organization?active=true"):
        said = stored.get(f"{address}&_cursor={cursor}")
        assert (said.status, "_cursor" in said.text) == (400, True)


def test_a_search_as_a_form(stored) -> None:
    said = stored.ask("/Patient/_search", "POST", b"name=nguyen&_count=1", Content_Type=FORM)
    assert said.ids == ["Patient/p1"]


def test_a_client_finds_only_the_types_of_its_scope(conn, stored) -> None:
    other = Asker(token(conn, "lab", "system/Observation.read"))
    assert other.get("/Patient?name=an").status == 403
    assert other.get("/Observation?code=8867-4").status == 200


def test_people_of_several_facilities_are_each_logged_as_who_they_are(conn, asker) -> None:
    link(conn, "001090000001", ("99001", "BN1"))
    save(conn, indexed(patient()))
    assert asker.get("/Patient?name=an").ids
    (person,) = conn.execute("SELECT person FROM people_link").fetchone()
    assert conn.execute("SELECT DISTINCT person FROM access_read").fetchall() == [(person,)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("code=8867-4&patient.name=binh", "o2"),
        ("code=8867-4&subject:Patient.birthdate=1990", "o1"),
        ("code=8867-4&_sort=date", "o1 o2"),
        ("code=8867-4&_sort=-date", "o2 o1"),
        ("code=8867-4&_sort=-date&_count=1", "o2 o1"),
    ],
)
def test_links_and_order_are_those_of_a_search_within_a_record(stored, query, ids) -> None:
    found = [id for said in stored.pages(f"/Observation?{query}") for id in said.ids]
    assert found == [f"Observation/{id}" for id in ids.split()]


def test_what_refers_to_a_match_and_what_it_refers_to(stored) -> None:
    assert stored.get("/Organization?_has:Organization:partof:name=phong").ids == ["Organization/g1"]
    for query in (
        "/Organization?_id=g1&_revinclude=Organization:partof",
        "/Organization?_id=g2&_include=Organization:partof",
    ):
        modes = {entry["resource"]["id"]: entry["search"]["mode"] for entry in stored.get(query).json()["entry"]}
        assert sorted(modes) == ["g1", "g2"]
        assert sorted(modes.values()) == ["include", "match"]


def test_too_many_to_be_sorted(stored, monkeypatch) -> None:
    monkeypatch.setattr(everybody, "COUNTED", 1)
    assert stored.get("/Observation?code=8867-4&_sort=date").status == 403


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("_type=Organization,Practitioner", "d1 g1 g2"),
        ("_type=Organization,Patient&_id=g1,p1,o1", "g1 p1"),
        ("_id=g1,p1,o1", "g1 o1 p1"),
        ("_type=Organization,Practitioner&name=thuy", "d1"),
        ("_type=Patient,Practitioner&family=tran,dang", "d1 p2"),
        ("_type=Observation,Encounter&patient=p2", "o2 o3"),
        ("_tag=urn:x|1", ""),
    ],
)
def test_in_several_types_at_once(stored, query, ids) -> None:
    for said in (stored.get(f"/?{query}"), stored.ask("/_search", "POST", query.encode(), Content_Type=FORM)):
        assert said.status == 200, said.text
        assert sorted(id.partition("/")[2] for id in said.ids) == ids.split()


def test_pages_of_several_types(stored) -> None:
    whole = stored.get("?_type=Organization,Practitioner").ids
    assert [id for said in stored.pages("?_type=Organization,Practitioner&_count=1") for id in said.ids] == whole
    assert len(whole) == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 403),
        ("_type=Observation", 403),
        ("_type=Observation&status=final", 403),
        ("_lastUpdated=ge2026", 403),
        ("_type=Nothing", 400),
        ("_type=Organization&nothing=1", 400),
        ("family=tran", 400),
    ],
)
def test_what_is_refused_in_several_types(stored, query, status) -> None:
    assert stored.get(f"/?{query}").status == status


def test_a_client_finds_only_what_its_scope_has_in_all_types(conn, stored) -> None:
    other = Asker(token(conn, "lab", "system/Observation.read"))
    assert other.get("/?_id=g1,p1,o1").ids == ["Observation/o1"]
    assert other.get("/?_type=Patient&_id=p1").status == 403


def test_the_compartments_of_others_than_patients(stored) -> None:
    put(stored, result("o4", "p1", device={"reference": "Device/x"}, performer=[{"reference": "Practitioner/d1"}]))
    assert stored.get("/Encounter/e/Observation").ids == ["Observation/o3"]
    assert stored.get("/Encounter/e/Observation?code=8867-4").ids == []
    assert stored.get("/Practitioner/d1/Observation").ids == ["Observation/o4"]
    assert stored.get("/Device/x/Observation").ids == ["Observation/o4"]
    assert stored.get("/Device/x/Observation?patient=p2").ids == []
    assert stored.ask("/Device/x/Observation/_search", "POST", b"code=8867-4", Content_Type=FORM).ids == [
        "Observation/o4"
    ]
    assert stored.get("/Practitioner/d1/Organization").status == 404
    assert stored.get("/Organization/g1/Patient").status == 404
