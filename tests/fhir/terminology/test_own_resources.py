"""What comes with the program is sound FHIR: every code system, value set and concept map."""

import orjson
import pytest

from yteso.fhir.structure import check
from yteso.fhir.terminology import BUILT_IN, codings, library, rendering
from yteso.fhir.terminology.systems import ABSTRACT


EDITIONS = [one for editions in library.built_in().values() for one in editions]


@pytest.mark.parametrize(
    "resources",
    [
        (rendering.code_system(one, whole=len(one.concepts) < 2_000) for one in EDITIONS),
        library.value_sets().values(),
        (rendering.concept_map(one) for one in library.concept_maps()),
    ],
    ids=["CodeSystem", "ValueSet", "ConceptMap"],
)
def test_they_are_sound_and_have_names_of_their_own(resources):
    resources = list(resources)
    for one in resources:
        assert check(orjson.dumps(one)) == [], one["url"]
    assert len({one["id"] for one in resources}) == len(resources)
    assert len({(one["url"], one.get("version")) for one in resources}) == len(resources)


def test_every_map_leads_from_known_codes_to_known_codes():
    unlisted = {"03980", "03983", "03984"}
    for one in library.concept_maps():
        for group in one.groups:
            sources = _codes(f"{group.source}|{group.source_version}") | unlisted
            targets = _codes(f"{group.target}|{group.target_version}")
            # Island districts without communes are in the communes' map by their district code.
            assert all(row.source in sources or len(row.source) == 3 for row in group.rows), one.id
            assert all(row.target in targets for row in group.rows if row.target), one.id


def _codes(canonical):
    return {code for one in BUILT_IN.editions(canonical.rstrip("|")) for code in one.concepts}


def test_all_but_a_few_value_sets_can_be_listed():
    unknown = [url for url in library.value_sets() if codings(url) is None]
    others = {"body-site", "condition-code", "consent-content-class", "device-action", "encounter-reason",
              "jurisdiction", "performer-role", "use-context"}  # fmt: skip
    assert {url.rpartition("/")[2] for url in unknown} <= others


def test_groups_are_marked_as_such():
    assert BUILT_IN.system("http://hl7.org/fhir/sid/icd-10").concepts["A00-A09"].abstract
    system = rendering.code_system(BUILT_IN.system("http://hl7.org/fhir/sid/icd-9-cm"))
    assert {"code": ABSTRACT, "type": "boolean"} in system["property"]
