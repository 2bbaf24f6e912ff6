"""Searches within a person's record: by type, by compartment, everything; pages that lose and repeat nothing."""

import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from asking import AN, BASE, BINH, HERE, THERE, link, patient, readings, save, visit, withdraw

from yteso.config.database import connect
from yteso.record.ids import fhir_id, subject_id


P = fhir_id(AN)
ELSEWHERE = fhir_id(subject_id(THERE, "BN7"))
FORM = "application/x-www-form-urlencoded"


def observations(*keys: str, **whose: str) -> list[str]:
    return [f"Observation/{fhir_id(visit(key, **whose).id)}-o{n}" for key in keys for n in range(2)]


NEWEST_FIRST = observations("d", facility=THERE, patient="BN7") + observations("c", "b", "a")


@pytest.mark.parametrize(
    "address",
    [
        f"/Observation?patient={P}",
        f"/Observation?patient=Patient/{P}",
        f"/Observation?patient={BASE}/Patient/{P}",
        f"/Observation?subject=Patient/{P}",
        f"/Observation?patient={ELSEWHERE}",
        f"/Patient/{P}/Observation",
        f"/Patient/{ELSEWHERE}/Observation",
    ],
)
def test_a_person_by_type_newest_first_over_all_linked_subjects(asker, an, address) -> None:
    said = asker.get(address)
    bundle = said.json()
    assert (said.status, bundle["resourceType"], bundle["type"]) == (200, "Bundle", "searchset")
    assert said.ids == NEWEST_FIRST
    assert "total" not in bundle
    assert said.link("next") is None
    assert said.link("self") == f"{BASE}{address}"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/Observation/_search", f"patient={P}"),
        (f"/Observation/_search?patient={P}", ""),
        (f"/Patient/{P}/Observation/_search", "_count=50"),
    ],
)
def test_a_search_as_a_form(asker, an, path, form) -> None:
    assert asker.ask(path, "POST", form.encode(), Content_Type=FORM).ids == NEWEST_FIRST


def test_a_search_as_a_form_goes_on_by_get(asker, an) -> None:
    first = asker.ask(
        "/Observation/_search", "POST", f"patient={P}&_count=3".encode(), Content_Type=f"{FORM}; charset=utf-8"
    )
    rest = [id for said in asker.pages(first.link("next")) for id in said.ids]
    assert first.ids + rest == NEWEST_FIRST


def test_an_entry_is_the_resource_as_it_is_read(asker, an) -> None:
    for entry in asker.get(f"/Observation?patient={P}").json()["entry"]:
        assert entry["search"] == {"mode": "match"}
        assert entry["resource"] == asker.get(entry["fullUrl"]).json()


def test_everything_is_every_document_patients_first(asker, an) -> None:
    said = asker.get(f"/Patient/{P}/$everything")
    kinds = [id.partition("/")[0] for id in said.ids]
    assert kinds == ["Patient"] * 2 + ["Encounter", "Observation", "Observation"] * 4
    assert set(said.ids) >= {f"Patient/{P}", f"Patient/{ELSEWHERE}", *NEWEST_FIRST}
    assert said.ids == asker.get(f"/Patient/{ELSEWHERE}/$everything").ids


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 14, 50])
def test_pages_are_the_whole_in_order(asker, an, size) -> None:
    whole = asker.get(f"/Patient/{P}/$everything").ids
    pages = [said.ids for said in asker.pages(f"/Patient/{P}/$everything?_count={size}")]
    assert [id for page in pages for id in page] == whole
    assert all(len(page) == size for page in pages[:-1])


def test_while_data_arrives_every_match_comes_exactly_once(conn, asker, an) -> None:
    whole = asker.get(f"/Patient/{P}/$everything").ids
    seen = []
    for number, said in enumerate(asker.pages(f"/Patient/{P}/$everything?_count=2")):
        seen += said.ids
        # Newer and older than all there is, changed ones that are suddenly the newest, and another person's.
        save(conn, visit(f"new{number}", 100 + number), visit(f"old{number}", -100 - number))
        save(conn, visit("abc"[number % 3], 50 + number, text=f"correction {number}", made=1 + number))
        save(conn, visit(f"else{number}", number, patient="BN2"))
    assert seen == whole


def test_while_writers_never_rest_every_match_comes_exactly_once(conn, asker, an) -> None:
    whole = asker.get(f"/Observation?patient={P}").ids
    stop = threading.Event()

    def write(start: int) -> None:
        with connect() as own:
            number = start
            while not stop.is_set():
                save(own, visit(f"w{number}", number % 7), visit("b", number % 9, text=str(number), made=number))
                number += 2

    writers = [threading.Thread(target=write, args=(start,)) for start in (1, 2)]
    for writer in writers:
        writer.start()
    try:
        for size in (1, 2, 3):
            then = asker.get(f"/Observation?patient={P}&_count=1000").ids
            walked = [
                id for said in asker.pages(f"/Observation?patient={P}&_count={size}&_total=none") for id in said.ids
            ]
            assert len(walked) == len(set(walked))
            assert set(then) <= set(walked)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert set(whole) <= set(walked)


def test_what_is_taken_back_meanwhile_is_not_shown_and_shifts_nothing(conn, asker, an) -> None:
    pages = asker.pages(f"/Observation?patient={P}&_count=3")
    seen = next(pages).ids
    withdraw(conn, visit("c", 3))
    withdraw(conn, visit("b", 2))
    seen += [id for said in pages for id in said.ids]
    assert seen == NEWEST_FIRST[:3] + observations("a")


def test_a_person_who_is_joined_meanwhile_is_walked_on(conn, asker, an) -> None:
    pages = asker.pages(f"/Observation?patient={P}&_count=3")
    seen = next(pages).ids
    link(conn, "001090000001", (HERE, "BN1"), (THERE, "BN7"), (HERE, "BN2"), day=1)
    seen += [id for said in pages for id in said.ids]
    assert [id for id in seen if id in NEWEST_FIRST] == NEWEST_FIRST
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("total", "count"), [("accurate", 8), ("estimate", 8), ("none", None)])
def test_totals(asker, an, total, count) -> None:
    for said in asker.pages(f"/Observation?patient={P}&_count=3&_total={total}"):
        assert said.json().get("total") == count


@pytest.mark.parametrize("query", ["_summary=count", "_count=0", "_count=0&_total=accurate"])
def test_only_the_number(asker, an, query) -> None:
    said = asker.get(f"/Observation?patient={P}&{query}")
    assert (said.json()["total"], said.ids) == (8, [])


def test_nobody_is_an_empty_bundle(asker, an) -> None:
    for whose in (fhir_id(subject_id(HERE, "BN9")), "x", f"{P}&patient={fhir_id(BINH)}"):
        said = asker.get(f"/Observation?patient={whose}&_total=accurate")
        assert (said.status, said.ids, said.json()["total"], "entry" in said.json()) == (200, [], 0, False)


def test_the_same_patient_twice_is_the_patient(asker, an) -> None:
    assert asker.get(f"/Observation?patient={P}&subject=Patient/{P}").ids == NEWEST_FIRST


@pytest.mark.parametrize("id", ["x", fhir_id(subject_id(HERE, "BN9"))])
def test_everything_of_nobody_is_not_found(asker, an, id) -> None:
    assert asker.get(f"/Patient/{id}/$everything").status == 404


def test_sensitive_documents_stay_hidden(asker, an) -> None:
    assert not any(fhir_id(visit("e").id) in id for id in asker.get(f"/Patient/{P}/$everything?_count=1000").ids)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("start=2026-03-04", "dc"),
        ("end=2026-03-03", "ba"),
        ("start=2026-03-03&end=2026-03-04", "cb"),
        ("start=2026-03", "dcba"),
        ("end=2026-02", ""),
        ("start=2027", ""),
        ("start=2026-03-04T08:00:00Z", "dc"),
        ("end=2026-03-04T06:59:59Z", "ba"),
    ],
)
def test_everything_of_a_time_of_care(asker, an, query, keys) -> None:
    said = asker.get(f"/Patient/{P}/$everything?{query}")
    found = [id.partition("/")[2] for id in said.ids if id.startswith("Encounter/")]
    known = {fhir_id(visit(key).id): key for key in "abc"} | {fhir_id(visit("d", facility=THERE).id): "d"}
    assert "".join(known[id] for id in found) == keys
    assert f"Patient/{P}" in said.ids


def test_everything_since_a_moment(conn, asker, an) -> None:
    (at,) = conn.execute("SELECT clock_timestamp()").fetchone()
    conn.commit()
    save(conn, visit("new", 9), visit("a", 1, text="second", made=1))
    said = asker.get(f"/Patient/{P}/$everything?_since={at.isoformat().replace('+', '%2B')}")
    assert {id.partition("/")[2][:26] for id in said.ids} == {fhir_id(visit("new").id), fhir_id(visit("a").id)}
    assert asker.get(f"/Patient/{P}/$everything?_since=2100").ids == []


def test_everything_of_some_types(asker, an) -> None:
    said = asker.get(f"/Patient/{P}/$everything?_type=Patient,Encounter&_type=Condition")
    assert {id.partition("/")[0] for id in said.ids} == {"Patient", "Encounter"}
    assert asker.get(f"/Patient/{P}/$everything?_type=Nothing").status == 404


@pytest.mark.parametrize(
    "address", ["/Observation", "/Observation?_count=5", "/Patient", "/Observation/_search?_count=5"]
)
def test_a_search_of_everybody_is_refused_and_says_what_to_add(asker, an, address) -> None:
    said = asker.get(address) if "_search" not in address else asker.ask(address, "POST", Content_Type=FORM)
    assert (said.status, said.json()["issue"][0]["code"]) == (403, "too-costly")
    assert "patient=" in said.text or "id" in said.text


@pytest.mark.parametrize(
    "query", ["nothing=x", "code=", "patient.nothing=An", "_sort=nothing", "_include=x", "_query=x", "=1"]
)
def test_a_parameter_that_is_not_known_is_refused_or_ignored(asker, an, query) -> None:
    said = asker.get(f"/Observation?patient={P}&{query}")
    assert said.status == 400
    assert "lenient" in said.text
    assert asker.get(f"/Observation?patient={P}&{query}", Prefer="handling=strict").status == 400
    said = asker.get(f"/Observation?patient={P}&{query}", Prefer="return=minimal; handling=lenient")
    assert said.ids == NEWEST_FIRST
    (remark,) = [entry for entry in said.json()["entry"] if entry["search"]["mode"] == "outcome"]
    name = query.partition("=")[0]
    assert name in remark["resource"]["issue"][0]["details"]["text"]
    assert said.link("self") == f"{BASE}/Observation?patient={P}"


def test_what_was_ignored_on_the_first_page_is_not_asked_for_on_the_next(asker, an) -> None:
    first = asker.get(f"/Observation?patient={P}&_sort=nothing&_count=3", Prefer="handling=lenient")
    assert [id for said in asker.pages(first.link("next")) for id in said.ids] == NEWEST_FIRST[3:]


def test_an_unknown_parameter_of_everything(asker, an) -> None:
    assert asker.get(f"/Patient/{P}/$everything?code=x").status == 400
    said = asker.get(f"/Patient/{P}/$everything?code=x", Prefer="handling=lenient")
    assert [entry["search"]["mode"] for entry in said.json()["entry"]].count("outcome") == 1


@pytest.mark.parametrize(
    "query",
    [
        "_count=x",
        "_count=-1",
        "_count=1.5",
        "_count=",
        "_count=1&_count=2",
        "_total=many",
        "_summary=some",
        "_cursor=x",
    ],
)
def test_a_wrong_value_is_refused(asker, an, query) -> None:
    for path in (f"/Observation?patient={P}&", f"/Patient/{P}/$everything?"):
        said = asker.get(path + query)
        assert said.status == 400
        assert query.partition("=")[0] in said.text


@pytest.mark.parametrize("value", ["Observation/x", "a b", "Patient/", "", "x,y", f"{P}?"])
def test_a_patient_that_cannot_be_one_is_refused(asker, an, value) -> None:
    assert asker.get(f"/Observation?patient={value}").status == 400


@pytest.mark.parametrize("name", ["start", "end", "_since"])
@pytest.mark.parametrize(
    "value", ["x", "2026-13", "2026-02-30", "2026-03-01T25:00:00Z", "0000", "٢٠٢٦", "2026-03-01T08"]
)
def test_a_date_that_is_none_is_refused(asker, an, name, value) -> None:
    said = asker.get(f"/Patient/{P}/$everything?{name}={value}")
    assert said.status == 400
    assert name in said.text


def test_a_page_is_never_too_large(asker, an) -> None:
    assert asker.get(f"/Observation?patient={P}&_count=99999999999999").ids == NEWEST_FIRST


def test_a_cursor_belongs_to_its_search_and_is_not_to_be_changed(asker, an) -> None:
    cursor = asker.get(f"/Observation?patient={P}&_count=2").link("next").rpartition("=")[2]
    signed = urlsafe_b64decode(cursor + "==").decode()
    moved = urlsafe_b64encode((signed[:-1] + "5").encode()).decode().rstrip("=")
    for address in (
        f"/Observation?patient={fhir_id(BINH)}&_count=2&_cursor={cursor}",
        f"/Observation?patient={P}&_count=3&_cursor={cursor}",
        f"/Encounter?patient={P}&_count=2&_cursor={cursor}",
        f"/Patient/{P}/$everything?_cursor={cursor}",
        f"/Observation?patient={P}&_count=2&_cursor={moved}",
        f"/Observation?patient={P}&_count=2&_cursor={cursor[:-9]}",
        f"/Observation?patient={P}&_count=2&_cursor=%C4%90",
    ):
        said = asker.get(address)
        assert (said.status, "_cursor" in said.text) == (400, True)


def test_a_type_that_is_not_in_the_compartment(asker, an) -> None:
    for type in ("Task", "Organization", "Device"):
        assert asker.get(f"/Patient/{P}/{type}").status == 404
    assert asker.get(f"/Task?patient={P}").ids == []


def test_a_compartment_takes_no_other_patient(asker, an) -> None:
    assert asker.get(f"/Patient/{P}/Observation?patient={fhir_id(BINH)}").ids == []


def test_every_page_is_a_reading_of_the_person(conn, asker, an) -> None:
    list(asker.pages(f"/Observation?patient={ELSEWHERE}&_count=4"))
    asker.get(f"/Patient/{P}/$everything")
    asker.get(f"/Observation?patient={P}&_summary=count")
    assert readings(conn) == [("dashboard", "client", "fhir", 6, "allowed")] * 4
    assert conn.execute("SELECT count(DISTINCT person) FROM access_read").fetchone() == (1,)


def test_a_person_whose_record_is_all_sensitive(conn, asker) -> None:
    save(conn, visit("e", labels=["hiv"]))
    assert asker.get(f"/Observation?patient={P}").ids == []
    assert asker.get(f"/Patient/{P}/$everything").status == 404
    assert [outcome for *_, outcome in readings(conn)] == ["denied", "denied"]


def test_a_person_with_many_visits(conn, asker) -> None:
    save(conn, patient(), *(visit(f"v{n}", n % 11) for n in range(40)))
    whole = asker.get(f"/Patient/{P}/$everything?_count=1000").ids
    assert len(set(whole)) == len(whole) == 121
    assert [id for said in asker.pages(f"/Patient/{P}/$everything?_count=7") for id in said.ids] == whole
