"""Whatever is searched for, of one person or of everybody: an answer or a refusal, and the pages that it promises."""

from urllib.parse import quote

import pytest
from asking import Asker, patient, save, token
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from story import LE, UCUM, P, doctors, linked_visits, name

from yteso.fhir import search
from yteso.fhir.search.conditions import MODIFIERS
from yteso.fhir.search.filter_syntax import OPERATIONS
from yteso.fhir.search.kinds.dates import PREFIXES


KINDS = ["Observation", "Encounter", "Patient", "Practitioner", "Provenance", "Location", "ValueSet"]
CODES = sorted({code for kind in KINDS for code in search.parameters(kind)})
MODIFIED = sorted({one for known in MODIFIERS.values() for one in known} | {"Patient", "Practitioner", "iterate", "x"})
RESULTS = ["_sort", "_count", "_include", "_revinclude", "_summary", "_elements", "_total", "_type", "_contained"]

code = st.sampled_from(CODES)
names = st.one_of(
    st.builds("{}:{}".format, code, st.sampled_from(MODIFIED)),
    st.builds("{}:{}.{}".format, code, st.sampled_from(KINDS), code),
    st.builds("{}.{}".format, code, code),
    st.builds("_has:{}:{}:{}".format, st.sampled_from(KINDS), code, code),
    st.builds("_has:{}:{}:_has:{}:{}:{}".format, st.sampled_from(KINDS), code, st.sampled_from(KINDS), code, code),
    st.sampled_from(RESULTS),
    code,
    st.text(max_size=12),
)
VALUES = [
    *(
        P,
        f"Patient/{P}",
        f"Practitioner/{LE}",
        name("one"),
        f"Encounter/{name('one')}",
        "finished",
        "final",
        "an",
        "Lê",
    ),
    *(
        "2026-03-01",
        "5.4",
        f"1|{UCUM}|kg",
        f"38|{UCUM}|Cel",
        f"1|{UCUM}|Ym99.Ym99",
        "29463-7",
        "http://loinc.org|",
        "|",
    ),
    *("true", "a$b", "\\", ",", "-date", "date,-code", "value-quantity", "Observation:encounter", "Provenance:target"),
    *("*", "Observation:*", "http://hl7.org/fhir/sid/icd-10|A00", "0", "1", "accurate", "count", "21|105|5|km"),
]
values = st.one_of(
    st.sampled_from(VALUES),
    st.builds("{}{}".format, st.sampled_from(PREFIXES), st.sampled_from(VALUES)),
    st.lists(st.sampled_from(VALUES), max_size=3).map(",".join),
    st.text(max_size=20),
)
test = st.builds(
    "{} {} {}".format,
    st.builds("{}.{}".format, code, code) | code,
    st.sampled_from(OPERATIONS),
    st.sampled_from(VALUES).map(lambda value: f'"{value}"' if " " in value else value),
)
expressions = st.recursive(
    test,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("not ({})".format, inner),
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("encounter[{}].status eq finished".format, inner),
    ),
    max_leaves=4,
) | st.text(max_size=20)
pairs = st.lists(st.tuples(names, values) | st.tuples(st.just("_filter"), expressions), max_size=3)

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def story(conn) -> None:
    save(conn, patient(), *doctors(), *linked_visits())


def answered(asker: Asker, path: str, asked: list[tuple[str, str]], *, lenient: bool) -> None:
    """No fault of ours; and of what is found, page by page, nothing twice."""
    address = f"{path}?" + "&".join(f"{quote(key)}={quote(value)}" for key, value in asked)
    seen: list[str] = []
    for _ in range(4):
        said = asker.get(address, Prefer="handling=lenient" if lenient else "")
        assert said.status in (200, 400, 403, 404), (said.status, address, said.body)
        if said.status != 200:
            assert " / " in said.text
            return
        seen += said.ids
        address = said.link("next") if "link" in said.json() else None
        if not address:
            break
    assert len(seen) == len(set(seen)), (path, asked)


@pytest.mark.slow
@FUZZ
@given(st.sampled_from(["Observation", "Encounter", "Provenance"]), pairs, st.booleans())
@example("Observation", [("_sort", "-_lastUpdated,value-quantity"), ("_count", "1")], False)
@example("Observation", [("_include:iterate", "*"), ("_revinclude:iterate", "Provenance:*"), ("_count", "2")], False)
@example("Observation", [("_filter", "encounter[" * 30 + "x")], False)
@example("Observation", [("value-quantity", f"1e999|{UCUM}|[degF]")], False)
@example("Encounter", [("_has:Observation:encounter:_filter", "status eq final")], False)
def test_no_search_of_a_person_ends_in_a_fault_of_ours(asker, story, kind, asked, lenient) -> None:
    answered(asker, f"/{kind}", [("patient", P), *asked], lenient=lenient)


@pytest.mark.slow
@FUZZ
@given(st.sampled_from([f"/{kind}" for kind in KINDS] + [f"/Patient/{P}/Observation", "/"]), pairs, st.booleans())
@example("/Observation", [("patient.identifier", "a|b"), ("_sort", "date")], False)
@example("/Observation", [("code", "http://loinc.org|29463-7"), ("performer.name", "le"), ("_include", "*")], False)
@example(
    "/Patient", [("_has:Observation:patient:code", "http://loinc.org|29463-7"), ("_revinclude", "Observation:*")], True
)
@example("/", [("_type", "Observation,Encounter"), ("_filter", "status eq final"), ("code", "29463-7")], True)
def test_no_search_of_everybody_ends_in_a_fault_of_ours(asker, story, path, asked, lenient) -> None:
    answered(asker, path, asked, lenient=lenient)


@pytest.mark.slow
@settings(FUZZ, max_examples=60)
@given(pairs)
def test_no_search_with_a_narrow_scope_ends_in_a_fault_of_ours(conn, node, story, asked) -> None:
    client = Asker(token(conn, "lab", "system/Observation.read"))
    answered(client, "/Observation", [("patient", P), *asked], lenient=True)
