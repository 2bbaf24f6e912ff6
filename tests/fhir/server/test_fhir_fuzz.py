"""Whatever is asked, the answer is one that a FHIR client can read, and never a fault of the server's own."""

import json
from urllib.parse import quote

import pytest
from asking import AN, Asker, visit
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yteso.fhir.server.queries import RESULT
from yteso.fhir.server.types import types
from yteso.record.ids import fhir_id


P, A = fhir_id(AN), fhir_id(visit("a").id)

anything = st.text(max_size=40)
words = st.sampled_from(
    ["Patient", "Observation", "Task", "_history", "_search", "$everything", "metadata", P, A, "1", ""]
)
segments = st.lists(words | st.sampled_from(sorted(types())) | anything.map(quote), max_size=5)
names = st.sampled_from([*sorted(RESULT), "patient", "subject", "_since", "start", "end", "_type", "code"]) | anything
values = st.sampled_from(
    [P, f"Patient/{P}", "true", "count", "accurate", "0", "1", "2026-03-01", "9999-12-31", "0001", "text", "json"]
)
queries = st.lists(st.tuples(names, values | anything), max_size=5)
headers = st.dictionaries(
    st.sampled_from(["Accept", "Prefer", "If_None_Match", "If_Modified_Since", "Host", "X_Forwarded_Proto"]),
    st.sampled_from(["localhost", "*/*", "handling=lenient", 'W/"1"']) | st.text(st.characters(max_codepoint=255)),
    max_size=3,
)
methods = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"])


def query(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


def answered(asker: Asker, address: str, method: str, body: bytes, more: dict[str, str]) -> None:
    said = asker.ask(address, method, body, **more)
    assert said.status < 500, (address, said.body)
    if said.status >= 400 and method != "HEAD":
        (issue,) = said.json()["issue"]
        assert issue["severity"] == "error"
        assert " / " in issue["details"]["text"]
    elif said.body:
        assert json.loads(said.body)["resourceType"]


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(segments, queries, methods, headers)
@example(["Patient", P, "$everything"], [("start", "9999-12-31"), ("end", "0001-01-01")], "GET", {})
@example(["Patient", P, "$everything"], [("_since", "0001-01-01T00:00:00+14:00")], "GET", {})
@example(["Patient", P, "$everything"], [("_since", "9999-12-31T23:59:59-12:00")], "GET", {})
@example(["Observation", f"{A}-o0"], [], "GET", {"If_Modified_Since": "Mon, 01 Jan 0001 00:00:00 GMT"})
@example(["Observation", f"{A}-o0"], [], "GET", {"If_Modified_Since": "Fri, 31 Dec 9999 23:59:59 -0100"})
def test_no_address_ends_in_a_fault_of_ours(asker, an, path, pairs, method, more) -> None:
    answered(asker, "/" + "/".join(path) + "?" + query(pairs), method, b"", more)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(types())), queries, st.sampled_from(["GET", "POST"]), st.booleans())
def test_no_search_of_a_person_ends_in_a_fault_of_ours(asker, an, type, pairs, method, lenient) -> None:
    form, more = query([("patient", P), *pairs]), {"Prefer": "handling=lenient"} if lenient else {}
    if method == "GET":
        answered(asker, f"/{type}?{form}", "GET", b"", more)
    else:
        answered(asker, f"/{type}/_search", "POST", form.encode(), more)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_form_ends_in_a_fault_of_ours(asker, an, body) -> None:
    answered(asker, "/Observation/_search", "POST", body, {"Content_Type": "application/x-www-form-urlencoded"})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_token_ends_in_a_fault_of_ours(stranger, an, header) -> None:
    assert stranger.get(f"/Patient/{P}", Authorization=header).status == 401
