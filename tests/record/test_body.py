"""The packed body: many resources in, any one of them out."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from yteso.record import Body
from yteso.record.body import PLAIN, unpacked
from yteso.record.dictionary import dictionary, train


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


STORED = "0228b52ffd23db6fca243af500000301035354e0a2afc045ff37f8ff0203fc51071e0084f273c0a108266e02"

VISIT = [
    (
        "Observation",
        f"o{n}",
        b'{"resourceType":"Observation","id":"o%d","status":"final","category":[{"coding":[{"system":'
        b'"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}]}' % n,
    )
    for n in range(3)
]


def test_a_body_written_without_a_dictionary_stays_readable():
    plain = bytes((PLAIN,)) + zstandard.ZstdCompressor().compress(unpacked(Body.pack(VISIT)))
    assert list(Body.open(plain)) == VISIT


def test_the_dictionary_makes_a_visit_clearly_smaller():
    plain = zstandard.ZstdCompressor(level=3).compress(unpacked(Body.pack(VISIT)))
    assert len(Body.pack(VISIT)) < 0.85 * len(plain)


def test_the_dictionary_is_the_one_that_stored_bodies_were_written_with():
    """A packed body as it stands in databases: it must be readable for ever."""
    stored = bytes.fromhex(STORED)
    assert list(Body.open(stored)) == [("Patient", "p1", b'{"resourceType":"Patient","id":"p1"}')]


def test_a_dictionary_is_trained_repeatably_from_bodies():
    chance = random.Random(1)
    bodies = [b"".join(json + b"%d" % chance.getrandbits(60) for _, _, json in VISIT) for _ in range(300)]
    assert train(bodies) == train(bodies)
    assert zstandard.ZstdCompressionDict(train(bodies)).dict_id() != dictionary(2).dict_id()


def test_a_damaged_body_is_not_read_as_something_else():
    packed = bytearray(Body.pack(VISIT))
    packed[len(packed) // 2 :] = b"\0" * (len(packed) - len(packed) // 2)
    with pytest.raises(zstandard.ZstdError):
        Body.open(bytes(packed))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], [0, 1, 2, 3]),
        ([(b"718-7",)], [0, 2]),
        ([(b"718-7", b"1234")], [0, 1, 2]),
        ([(b"718-7",), (b"final",)], [2]),
        ([(b"nothing",)], []),
        ([(b"nothing",), (b"718-7",)], []),
        ([(b'"}{"',)], []),
    ],
)
def test_resources_that_hold_a_text(texts, expected):
    bodies = [b'{"code":"718-7"}', b'{"code":"1234"}', b'{"code":"718-7","status":"final","again":"718-7"}', b"{}"]
    body = Body.open(Body.pack(("Observation", str(n), json) for n, json in enumerate(bodies)))
    assert [n for n, _ in body.places(None, texts)] == expected
    assert [n for n, _ in body.places({"Encounter"}, texts)] == []


def test_where_letters_are_escaped_everything_is_possible():
    body = Body.open(Body.pack([("A", "0", rb'{"code":"718\u002d7"}'), ("A", "1", b"{}")]))
    assert [n for n, _ in body.places(None, [(b"718-7",)])] == [0, 1]
