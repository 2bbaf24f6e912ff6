"""Originals come back byte for byte, small, in bounded memory."""

import tracemalloc
from base64 import b64encode, encodebytes
from random import Random

import envelopes
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yteso.intake.original import PART, pack, unpack


def back(data: bytes, size: int = 1 << 16) -> bytes:
    chunks = (data[i : i + size] for i in range(0, len(data), size))
    return b"".join(unpack(pack(chunks)))


def packed_size(data: bytes) -> int:
    return sum(map(len, pack([data])))


def visit_file(count: int = 1, *, wrap=envelopes.base64) -> bytes:
    visits = (envelopes.visit(f"LK{n}", XML2=14, XML3=14, XML4=20, XML5=6, XML7=1) for n in range(count))
    return envelopes.envelope(*(envelopes.hoso(tables, wrap=wrap) for tables in visits))


def broken(eol: str, width: int):
    def wrap(text: str) -> str:
        line = envelopes.base64(text)
        return eol.join(line[i : i + width] for i in range(0, len(line), width))

    return wrap


runs = st.one_of(
    st.binary(max_size=2000),
    st.binary(min_size=150, max_size=3000).map(b64encode),
    st.binary(min_size=150, max_size=3000).map(encodebytes),
    st.binary(min_size=150, max_size=3000).map(lambda b: encodebytes(b).replace(b"\n", b"\r\n")),
    st.integers(200, 3000).map(lambda n: b"QUJD" * n + b"QR=="),
    st.integers(200, 3000).map(lambda n: b"A" * n),
    st.sampled_from([b">", b"<", b"<A>", b"</A>", b"=", b"==", b"\r\n", b"  ", b"\0"]),
)


@settings(deadline=None)
@given(st.lists(runs, max_size=12).map(b"".join), st.integers(1, 5000))
@example(b">" + b"QUJD" * 100 + b"QR==<", 7)
@example(b"", 1)
def test_any_bytes_in_any_chunks_come_back(data, size):
    assert back(data, size) == data


@settings(deadline=None)
@given(st.data())
def test_runs_that_cross_blocks_come_back(data):
    """Blocks are 1 MiB: put the border anywhere in and around a run."""
    shift = data.draw(st.integers(0, 6000))
    run = data.draw(st.sampled_from([b64encode(b"xml" * 1400), encodebytes(b"<A>1</A>" * 300)]))
    content = b"<A>" + b"-" * ((1 << 20) - 3000 - shift % 3000) + b"</A><B>" + run + b"</B>" + b"z" * shift
    assert back(content, data.draw(st.integers(1000, 3_000_000))) == content


@pytest.mark.parametrize("tail", [b"", b"=", b"A=", b"AB", b"AB==", b"\n", b"</A>", b"\xc3\xa9", b"<"])
def test_a_run_longer_than_a_block_comes_back(tail):
    content = b"<A>" + b64encode(Random(1).randbytes(2_500_000)) + tail
    assert back(content) == content


def test_base64_that_is_not_canonical_is_kept_as_it_is():
    content = b"<A>" + b"QUJD" * 100 + b"QR==</A>"
    assert back(content) == content


def test_a_real_envelope_shrinks_more_than_five_times():
    data = visit_file()
    assert back(data) == data
    assert len(data) / packed_size(data) > 5


@pytest.mark.parametrize(("eol", "width"), [("\n", 76), ("\r\n", 76), ("\r\n", 64), ("\n", 1000)])
def test_wrapped_base64_shrinks_as_well(eol, width):
    data = visit_file(wrap=broken(eol, width))
    assert back(data) == data
    assert len(data) / packed_size(data) > 5


def test_white_space_around_the_base64_costs_nothing():
    data = visit_file(wrap=lambda text: f"\r\n      {envelopes.base64(text)}\r\n    ")
    assert back(data) == data
    assert len(data) / packed_size(data) > 5


def test_parts_are_small_enough_to_be_rows():
    data = Random(2).randbytes(5_000_000)
    parts = list(pack([data]))
    assert len(parts) >= 3
    assert max(map(len, parts)) <= PART
    assert b"".join(unpack(parts)) == data


def test_memory_stays_small_for_a_large_file():
    piece = visit_file(100)
    tracemalloc.start()
    try:
        parts = list(pack(piece for _ in range(8)))
        peak_packing = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        size = sum(map(len, unpack(parts)))
        peak_unpacking = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == 8 * len(piece) > 50_000_000
    assert max(peak_packing, peak_unpacking) < 25_000_000


@pytest.mark.parametrize(
    "damage",
    [
        lambda parts: [],
        lambda parts: [b"\x07" + parts[0][1:]],
        lambda parts: [parts[0][:-20]],
        lambda parts: [parts[0][:40] + b"\xff\xff\xff\xff" + parts[0][44:]],
        lambda parts: [b"\x01not zstd at all"],
    ],
    ids=["nothing", "other version", "cut", "changed", "junk"],
)
def test_damaged_parts_are_noticed(damage):
    data = visit_file()
    with pytest.raises(ValueError, match="original"):
        list(unpack(damage(list(pack([data])))))
