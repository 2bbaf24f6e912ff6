"""Names: derived from the source key, and found again in a FHIR id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.record.ids import derive, document_id, fhir_id, named, subject_id, token


@given(st.uuids(), st.sampled_from(["", "m3", "x3-1"]))
def test_a_fhir_id_leads_back_to_its_document(name, local):
    assert named(fhir_id(name, local)) == name


@given(st.uuids())
def test_a_fhir_id_is_one_that_fhir_accepts(name):
    id = fhir_id(name, "m12")
    assert len(id) <= 64
    assert set(id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize("text", ["", "1", "abc-m3", "0" * 26, "x" * 27, "ă" * 26, "../../../etc/passwd-------"])
def test_other_ids_lead_nowhere(text):
    assert named(text) is None


def test_the_same_key_gives_the_same_name_and_another_key_another():
    assert document_id("visit", "99001", "LK1") == document_id("visit", "99001", "LK1")
    names = {
        document_id("visit", "99001", "LK1"),
        document_id("visit", "99002", "LK1"),
        document_id("patient", "99001", "LK1"),
        subject_id("99001", "LK1"),
    }
    assert len(names) == 4


def test_parts_do_not_run_into_each_other():
    assert derive("ab", "c") != derive("a", "bc")


@given(st.text(), st.text())
def test_a_token_fits_a_bigint(system, code):
    assert -(2**63) <= token(system, code) < 2**63
