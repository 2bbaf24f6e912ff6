"""patch over HTTP, $meta, $meta-add, $meta-delete and $diff, on resources that were written over FHIR."""

import json
import threading
from base64 import b64encode

import pytest
from asking import AN, Asker, compact, readings, save, token, visit

from yteso.fhir.patch import apply_fhirpath_patch
from yteso.fhir.server import editing
from yteso.fhir.structure.reading import read
from yteso.fhir.xml import to_json, to_xml
from yteso.record.ids import fhir_id


JSON, XML, JSON_PATCH = "application/fhir+json", "application/fhir+xml", "application/json-patch+json"
O = "/Observation/weight"  # noqa: E741
WEIGHT = (
    b'{"resourceType":"Observation","id":"weight","meta":{"tag":[{"system":"http://x","code":"t"}]},"status":"final",'
    b'"code":{"text":"weight"},"valueQuantity":{"value":65.20,"unit":"kg"},"note":[{"text":"a"},{"text":"b"}]}'
)


@pytest.fixture
def writer(conn, node) -> Asker:
    """A client that may write, and what it has written."""
    asker = Asker(token(conn, "emr", "system/*.read system/*.write"))
    assert asker.ask(O, "PUT", WEIGHT, Content_Type=JSON).status == 201
    return asker


def parameters(*operations: dict) -> bytes:
    """Each is type, path and the other parts of an operation."""
    said = []
    for operation in operations:
        parts = {name: {"valueString": value} if isinstance(value, str) else value for name, value in operation.items()}
        parts["type"] = {"valueCode": operation["type"]}
        said.append({"name": "operation", "part": [{"name": name, **value} for name, value in parts.items()]})
    return compact({"resourceType": "Parameters", "parameter": said})


AMEND = {"type": "replace", "path": "Observation.status", "value": {"valueCode": "amended"}}
BODIES = {
    "JSON Patch": (JSON_PATCH, b'[{"op":"replace","path":"/status","value":"amended"}]'),
    "FHIRPath Patch": (JSON, parameters(AMEND)),
    "FHIRPath Patch as plain JSON": ("application/json; charset=utf-8", parameters(AMEND)),
    "FHIRPath Patch in XML": (XML, to_xml(parameters(AMEND))),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_patch_changes_what_it_names_and_nothing_else(writer, case) -> None:
    type, body = BODIES[case]
    said = writer.ask(O, "PATCH", body, Content_Type=type)
    assert (said.status, said.headers["ETag"]) == (200, 'W/"2"')
    assert said.body == writer.get(O).body
    assert b'"value":65.20,"unit":"kg"' in said.body
    before, after = read(writer.get(f"{O}/_history/1").body), read(said.body)
    assert (before.pop("status"), after.pop("status")) == ("final", "amended")
    assert before.pop("meta")["tag"] == after.pop("meta")["tag"]
    assert before == after


def test_the_answer_is_as_the_client_prefers(writer) -> None:
    type, body = BODIES["JSON Patch"]
    assert writer.ask(O, "PATCH", body, Content_Type=type, Prefer="return=minimal").body == b""
    said = writer.ask(O, "PATCH", body, Content_Type=type, Prefer="return=OperationOutcome")
    assert said.json()["resourceType"] == "OperationOutcome"
    assert said.headers["ETag"] == 'W/"2"'  # it changed nothing more
    assert writer.ask(O, "PATCH", body, Content_Type=type, Accept=XML).headers["Content-Type"].startswith(XML)


@pytest.mark.parametrize(
    ("tag", "status"), [('W/"1"', 200), ("*", 200), ('W/"7", W/"1"', 200), ('W/"7"', 412), ("1", 400)]
)
def test_if_match(writer, tag, status) -> None:
    type, body = BODIES["FHIRPath Patch"]
    assert writer.ask(O, "PATCH", body, Content_Type=type, If_Match=tag).status == status
    assert writer.get(O).headers["ETag"] == ('W/"2"' if status == 200 else 'W/"1"')


@pytest.mark.parametrize(
    ("type", "body", "status", "words"),
    [
        (JSON_PATCH, b'[{"op":"remove","path":"/code"}]', 422, "code"),
        (JSON_PATCH, b'[{"op":"replace","path":"/status","value":"unheard"}]', 422, "status"),
        (JSON_PATCH, b'[{"op":"test","path":"/status","value":"amended"}]', 422, "test"),
        (JSON_PATCH, b'[{"op":"replace","path":"/id","value":"other"}]', 400, "id"),
        (JSON_PATCH, b'[{"op":"replace","path":"/resourceType","value":"Basic"}]', 422, ""),
        (JSON_PATCH, b'[{"op":"replace","path":"","value":[]}]', 422, ""),
        (JSON_PATCH, b"{}", 400, "RFC 6902"),
        (JSON, b"{}x", 400, ""),
        (JSON, WEIGHT, 400, "Parameters"),
        (JSON, b'{"resourceType":"Parameters","parameter":[{"name":"operation"}]}', 400, "type"),
        (JSON, b'{"resourceType":"Parameters","parameter":[{"name":"x","valueCode":"y"}]}', 400, "operation"),
        (JSON, parameters({"type": "delete", "path": "Observation.note"}), 422, "one element"),
        (JSON, parameters({"type": "delete", "path": "Observation.code"}), 422, "code"),
        (JSON, parameters(AMEND, {"type": "delete", "path": "Observation."}), 400, "FHIRPath"),
        (XML, b"<Parameters/>", 400, ""),
        ("application/xml-patch+xml", b"<diff/>", 415, JSON_PATCH),
        ("application/merge-patch+json", b"{}", 415, JSON_PATCH),
        ("", b"{}", 415, JSON_PATCH),
    ],
)
def test_what_is_refused_changes_nothing(writer, type, body, status, words) -> None:
    said = writer.ask(O, "PATCH", body, Content_Type=type)
    assert said.status == status, said.body
    assert said.json()["resourceType"] == "OperationOutcome"
    assert words in said.body.decode()
    assert ("Accept-Patch" in said.headers) == (status == 415)
    assert writer.get(O).headers["ETag"] == 'W/"1"'


def test_a_condition_says_which(writer) -> None:
    def an(number: int) -> bytes:
        identifier = {"system": "http://x", "value": str(number)}
        return compact({"resourceType": "Patient", "identifier": [identifier], "name": [{"text": "An"}]})

    ids = [writer.ask("/Patient", "POST", an(number), Content_Type=JSON).json()["id"] for number in (7, 9, 9)]
    body = b'[{"op":"add","path":"/gender","value":"male"}]'
    said = writer.ask("/Patient?identifier=http://x|7", "PATCH", body, Content_Type=JSON_PATCH)
    assert said.status == 200, said.body
    assert (said.json()["id"], said.json()["gender"]) == (ids[0], "male")
    for query, status in (("?identifier=http://x|8", 404), ("?identifier=http://x|9", 412), ("", 400)):
        assert writer.ask(f"/Patient{query}", "PATCH", body, Content_Type=JSON_PATCH).status == status


def bundle(kind: str, *entries: tuple[str, bytes]) -> bytes:
    said = [{"request": {"method": "PATCH", "url": url}, "resource": json.loads(body)} for url, body in entries]
    return compact({"resourceType": "Bundle", "type": kind, "entry": said})


BINARY = compact(
    {
        "resourceType": "Binary",
        "contentType": JSON_PATCH,
        "data": b64encode(b'[{"op":"replace","path":"/code/text","value":"mass"}]').decode(),
    }
)


@pytest.mark.parametrize("kind", ["batch", "transaction"])
@pytest.mark.parametrize(("patch", "changed"), [(parameters(AMEND), b'"amended"'), (BINARY, b'"mass"')])
def test_a_patch_as_an_entry(writer, kind, patch, changed) -> None:
    said = writer.ask("/", "POST", bundle(kind, ("Observation/weight", patch)), Content_Type=JSON)
    assert said.status == 200, said.body
    (entry,) = said.json()["entry"]
    assert (entry["response"]["status"], entry["response"]["etag"]) == ("200 OK", 'W/"2"')
    assert changed in writer.get(O).body
    assert b"65.20" in writer.get(O).body


def test_a_patch_that_fails_takes_its_transaction_along(writer) -> None:
    second = WEIGHT.replace(b'"id":"weight"', b'"id":"second"')
    writer.ask("/Observation/second", "PUT", second, Content_Type=JSON)
    wrong = parameters({"type": "delete", "path": "Observation.note"})
    entries = (("Observation/weight", parameters(AMEND)), ("Observation/second", wrong))
    said = writer.ask("/", "POST", bundle("transaction", *entries), Content_Type=JSON)
    assert (said.status, writer.get(O).headers["ETag"]) == (422, 'W/"1"')
    said = writer.ask("/", "POST", bundle("batch", *entries), Content_Type=JSON)
    assert [one["response"]["status"][:3] for one in said.json()["entry"]] == ["200", "422"]
    assert writer.get(O).headers["ETag"] == 'W/"2"'


def test_a_binary_is_for_those_alone_who_may_read_what_it_belongs_to(writer) -> None:
    said = writer.ask("/Binary", "POST", b"secret", Content_Type="text/plain")
    assert said.status == 201
    address = said.headers["Location"].partition("/_history")[0]
    for method, at in (
        *(("GET", f"{address}/$meta"), ("GET", f"{address}/$diff"), ("GET", "/Binary/_history")),
        *(("PATCH", address), ("POST", f"{address}/$meta-add")),
    ):
        body = meta("u") if "add" in at else BODIES["JSON Patch"][1]
        type = JSON if "add" in at else JSON_PATCH
        assert writer.ask(at, method, body, Content_Type=type).status == 405, at
    id = address.rpartition("/")[2]
    assert writer.get(f"/$diff?from=Binary/{id}&to=Binary/{id}").status == 405
    assert id not in writer.get("/_history").body.decode()


def test_the_place_in_the_patch_is_told(writer) -> None:
    body = parameters(AMEND, {"type": "delete", "path": "Observation.note"})
    issue = writer.ask(O, "PATCH", body, Content_Type=JSON).json()["issue"][0]
    assert issue["expression"] == ["Parameters.parameter[1]"]


def test_what_is_not_there_and_what_is_gone(writer) -> None:
    type, body = BODIES["JSON Patch"]
    assert writer.ask("/Observation/none", "PATCH", body, Content_Type=type).status == 404
    writer.ask(O, "DELETE")
    assert writer.ask(O, "PATCH", body, Content_Type=type).status == 410


def test_what_a_dossier_owns_is_not_patched(conn, writer) -> None:
    save(conn, visit("a"))
    type, body = BODIES["JSON Patch"]
    said = writer.ask(f"/Encounter/{fhir_id(visit('a').id)}", "PATCH", body, Content_Type=type)
    assert (said.status, said.json()["issue"][0]["code"]) == (422, "business-rule")


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("system/*.read system/Observation.write", 200),
        ("system/*.read", 403),
        ("system/*.write", 403),
        ("system/Observation.cruds", 200),
    ],
)
def test_who_patches_reads_and_writes(conn, writer, scope, status) -> None:
    type, body = BODIES["JSON Patch"]
    assert Asker(token(conn, "other", scope)).ask(O, "PATCH", body, Content_Type=type).status == status


def test_a_patch_reads_and_that_is_logged(conn, writer) -> None:
    writer.ask(O, "PATCH", BODIES["JSON Patch"][1], Content_Type=JSON_PATCH)
    assert readings(conn) == [("emr", "client", "fhir", 1, "allowed")]


def test_patches_at_once_all_count(writer) -> None:
    """Eight writers append a note each; whoever was overtaken begins again."""
    editing_attempts, said = editing.ATTEMPTS, []

    def append(number: int) -> None:
        body = b'[{"op":"add","path":"/note/-","value":{"text":"%d"}}]' % number
        said.append(writer.ask(O, "PATCH", body, Content_Type=JSON_PATCH).status)

    threads = [threading.Thread(target=append, args=(number,)) for number in range(editing_attempts - 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [200] * len(threads)
    texts = [note["text"] for note in writer.get(O).json()["note"]]
    assert sorted(texts) == sorted(["a", "b", *map(str, range(len(threads)))])


def test_what_is_always_overtaken_is_told_so(writer, monkeypatch) -> None:
    current = editing.reading.current

    def overtaken(request):
        found = current(request)
        found[0].version -= 1
        return found

    monkeypatch.setattr(editing.reading, "current", overtaken)
    type, body = BODIES["JSON Patch"]
    assert writer.ask(O, "PATCH", body, Content_Type=type).status == 409


def test_options_say_which_patches(stranger) -> None:
    said = stranger.ask(O, "OPTIONS")
    assert "PATCH" in said.headers["Allow"]
    assert said.headers["Accept-Patch"] == f"{JSON_PATCH}, {JSON}, {XML}"
    assert "Accept-Patch" not in stranger.ask("/metadata", "OPTIONS").headers


def test_what_is_offered(stranger) -> None:
    statement = stranger.get("/metadata").json()
    assert statement["patchFormat"] == [JSON_PATCH, JSON, XML]
    assert statement["format"] == [JSON, XML, "json", "xml"]
    (rest,) = statement["rest"]
    assert {"code": "history-system"} in rest["interaction"]
    assert "diff" in {one["name"] for one in rest["operation"]}
    basic = next(one for one in rest["resource"] if one["type"] == "Basic")
    assert {"patch", "history-type", "history-instance"} <= {one["code"] for one in basic["interaction"]}
    assert {"meta", "meta-add", "meta-delete", "diff"} <= {one["name"] for one in basic["operation"]}


def meta(*tags: str, **more: object) -> bytes:
    value = {"tag": [{"system": "http://x", "code": code} for code in tags]} if tags else {}
    return compact({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": value | more}]})


def returned(said) -> dict:
    assert said.status == 200, said.body
    (parameter,) = said.json()["parameter"]
    assert parameter["name"] == "return"
    return parameter["valueMeta"]


def codes(said) -> list[str]:
    return [one["code"] for one in returned(said).get("tag", [])]


def test_meta_is_told(writer) -> None:
    assert codes(writer.get(f"{O}/$meta")) == ["t"]
    assert returned(writer.get(f"{O}/$meta"))["versionId"] == "1"
    assert codes(writer.get(f"{O}/_history/1/$meta")) == ["t"]
    assert writer.get("/Observation/none/$meta").status == 404


def test_meta_is_added_to_and_taken_from(writer) -> None:
    for body in (meta("u"), to_xml(meta("u", "t"))):
        said = writer.ask(f"{O}/$meta-add", "POST", body, Content_Type=JSON if body[:1] == b"{" else XML)
        assert codes(said) == ["t", "u"]
    profile = "http://hl7.org/fhir/StructureDefinition/bodyweight"
    assert returned(writer.ask(f"{O}/$meta-add", "POST", meta(profile=[profile]), Content_Type=JSON))["profile"] == [
        profile
    ]
    assert writer.get(O).headers["ETag"] == 'W/"3"'
    assert b"65.20" in writer.get(O).body
    assert codes(writer.ask(f"{O}/$meta-delete", "POST", meta("t", "none"), Content_Type=JSON)) == ["u"]
    last = returned(writer.ask(f"{O}/$meta-delete", "POST", meta("u", profile=[profile]), Content_Type=JSON))
    assert "tag" not in last and "profile" not in last
    assert codes(writer.get(f"{O}/_history/1/$meta")) == ["t"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"resourceType":"Parameters"}', 400),
        (b'{"resourceType":"Parameters","parameter":[{"name":"meta","valueString":"x"}]}', 400),
        (b'{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":1}}]}', 400),
        (b'{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":1}]}}]}', 422),
        (meta(lastUpdated="2020-01-01T00:00:00Z"), 200),
    ],
)
def test_meta_that_cannot_be(writer, body, status) -> None:
    said = writer.ask(f"{O}/$meta-add", "POST", body, Content_Type=JSON)
    assert said.status == status, said.body
    assert writer.get(O).headers["ETag"] == 'W/"1"'


def test_meta_is_changed_by_post_and_by_who_may_write(conn, writer) -> None:
    assert writer.get(f"{O}/$meta-add").status == 405
    assert Asker(token(conn, "other")).ask(f"{O}/$meta-add", "POST", meta("u"), Content_Type=JSON).status == 403


def test_the_difference_of_two_versions_is_a_patch(writer) -> None:
    heavier = WEIGHT.replace(b"65.20", b"66.00").replace(b'{"text":"a"},', b"").replace(b'"t"}', b'"u"}')
    writer.ask(O, "PUT", heavier, Content_Type=JSON)
    first, second = (writer.get(f"{O}/_history/{n}").body for n in (1, 2))
    ways = [
        writer.get(f"{O}/$diff?fromVersion=1"),
        writer.get(f"{O}/$diff"),
        writer.get(f"{O}/$diff?fromVersion=1&toVersion=2"),
        writer.get("/$diff?from=Observation/weight/_history/1&to=Observation/weight"),
        writer.get(
            "/$diff?from=Observation/weight/_history/1&to=http://localhost/fhir/R4/Observation/weight/_history/2"
        ),
        writer.ask(
            *(
                f"{O}/$diff",
                "POST",
                b'{"resourceType":"Parameters","parameter":[{"name":"fromVersion","valueId":"1"}]}',
            ),
            Content_Type=JSON,
        ),
    ]
    assert {one.status for one in ways} == {200}
    assert len({one.body for one in ways}) == 1
    assert b'"valueDecimal":66.00' in ways[0].body
    without = {"meta"}
    patched = read(apply_fhirpath_patch(first, ways[0].body))
    assert patched["meta"]["tag"] == read(second)["meta"]["tag"]
    assert {k: v for k, v in patched.items() if k not in without} == {
        k: v for k, v in read(second).items() if k not in without
    }
    back = writer.get(f"{O}/$diff?fromVersion=2&toVersion=1", Accept=XML)
    said = writer.ask(O, "PATCH", back.body, Content_Type=XML)
    assert said.status == 200, said.body
    assert read(said.body)["valueQuantity"] == read(first)["valueQuantity"]
    assert json.loads(to_json(back.body))["resourceType"] == "Parameters"


def test_no_difference(writer) -> None:
    assert writer.get(f"{O}/$diff").json() == {"resourceType": "Parameters"}
    other = WEIGHT.replace(b'"id":"weight"', b'"id":"other"')
    writer.ask("/Observation/other", "PUT", other, Content_Type=JSON)
    said = writer.get("/$diff?from=Observation/weight&to=Observation/other")
    assert said.json() == {"resourceType": "Parameters"}


def test_the_difference_of_what_a_dossier_says(conn, asker) -> None:
    save(conn, visit("a"))
    save(conn, visit("a", text="second", made=1))
    said = asker.get(f"/Encounter/{fhir_id(visit('a').id)}/$diff?fromVersion=1")
    (operation,) = said.json()["parameter"]
    assert {"name": "path", "valueString": "Encounter.text.div"} in operation["part"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{O}/$diff?fromVersion=9", 404),
        (f"{O}/$diff?version=1", 400),
        ("/Observation/none/$diff", 404),
        ("/$diff", 400),
        ("/$diff?from=Observation/weight", 400),
        ("/$diff?from=weight&to=weight", 400),
        ("/$diff?from=Observation/weight&to=Nothing/weight", 404),
        ("/$diff?from=Observation/weight&to=Observation/none", 404),
        (f"/$diff?from=Observation/weight&to=Patient/{fhir_id(AN)}", 400),
    ],
)
def test_a_difference_that_cannot_be(conn, writer, an, address, status) -> None:
    said = writer.get(address)
    assert (said.status, said.json()["resourceType"]) == (status, "OperationOutcome"), said.body


def test_a_difference_keeps_to_the_scope(conn, writer, an) -> None:
    reader = Asker(token(conn, "lab", "system/Observation.read"))
    assert reader.get("/$diff?from=Observation/weight&to=Observation/weight").status == 200
    assert reader.get(f"/$diff?from=Patient/{fhir_id(AN)}&to=Patient/{fhir_id(AN)}").status == 403


def test_what_is_written_in_xml_is_the_same(writer) -> None:
    said = writer.ask("/Observation/weight", "PUT", to_xml(WEIGHT), Content_Type=XML, Accept=XML)
    assert (said.status, said.headers["ETag"]) == (200, 'W/"1"')  # it is what stands
    created = writer.ask("/Observation", "POST", to_xml(WEIGHT), Content_Type="text/xml")
    assert created.status == 201
    assert b'"value":65.20' in created.body
