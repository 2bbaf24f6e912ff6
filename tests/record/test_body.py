"""The packed body: many resources in, any one of them out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.record import Body


names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=64)
kinds = st.sampled_from(["Patient", "Observation", "ObservationDefinition", "Encounter"])
many = st.lists(st.tuples(kinds, names, st.binary(max_size=300)), max_size=40, unique_by=lambda r: r[1])


@given(many)
def test_what_goes_in_comes_out_in_order(resources):
    body = Body.open(Body.pack(resources))
    assert list(body) == resources
    assert len(body) == len(resources)
    assert body.ids == [id for _, id, _ in resources]


@given(many)
def test_each_resource_by_its_id(resources):
    body = Body.open(Body.pack(resources))
    assert {id: body.get(id) for _, id, _ in resources} == {id: json for _, id, json in resources}
    assert body.get("NOT-AN-ID") is None


@given(many)
def test_resources_of_one_type(resources):
    body = Body.open(Body.pack(resources))
    assert list(body.of_type("Observation")) == [r for r in resources if r[0] == "Observation"]


def test_vietnamese_text_survives():
    json = '{"name":"Đặng Thị Thuý Hằng"}'.encode()
    assert Body.open(Body.pack([("Patient", "p", json)])).get("p") == json


def test_a_body_is_much_smaller_than_its_json():
    resources = [("Observation", f"o{n}", b'{"resourceType":"Observation","status":"final"}') for n in range(100)]
    assert len(Body.pack(resources)) < sum(len(json) for _, _, json in resources) / 5


def test_packing_is_repeatable():
    resources = [("Patient", "p", b"{}"), ("Encounter", "e", b"{}")]
    assert Body.pack(resources) == Body.pack(resources)


@pytest.mark.parametrize("bytes_", [b"", b"\x00abc", b"\xff", b'{"resourceType":"Patient"}'])
def test_an_unknown_format_is_refused(bytes_):
    with pytest.raises(ValueError, match="format"):
        Body.open(bytes_)


def test_threads_pack_and_open_side_by_side():
    def round_trip(n):
        resources = [("Observation", f"o{n}-{i}", b"x" * (n * i)) for i in range(50)]
        return all(list(Body.open(Body.pack(resources))) == resources for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(round_trip, range(16)))
