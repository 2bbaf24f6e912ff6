"""Files kept byte for byte as they were sent, small: base64 is decoded before compression and restored exactly.

A packed file is one version byte, then a zstd stream of segments. A segment is a kind (`L`, `B` or `W`), the length of
its payload (4 bytes, little endian) and the payload:

- `L`: bytes as they are;
- `B`: the bytes that base64 (RFC 4648, with padding, unbroken) turns into the text that was sent;
- `W`: the same for base64 broken into lines: before the bytes, the width of a line (2 bytes, little endian) and the
  length of the line end (1: LF, 2: CR LF);
- `E`: the end, without payload.

Text becomes `B` or `W` only where encoding it again gives the very same text.
"""

from binascii import Error
from collections.abc import Iterable, Iterator
from itertools import chain
from struct import Struct
from threading import local

import pybase64
import zstandard


PART = 2 << 20
"""Most bytes in one part."""

_own = local()

_VERSION = b"\x01"
_LEVEL = 1
_BLOCK = 1 << 20
_CARRY = 1 << 18
_SHORTEST = 256
_SEGMENT = Struct("<cI")
_END = _SEGMENT.pack(b"E", 0)
_WRAP = Struct("<HB")
_LINE_ENDS = {1: b"\n", 2: b"\r\n"}


def pack(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Parts of at most 2 MiB whose `unpack` is exactly the chunks joined. Memory stays at a few megabytes."""
    blocks = _blocks(chunks)
    first = next(blocks, b"")
    rest = next(blocks, None)
    if rest is None:  # knowing the length beforehand, zstd sets up smaller tables
        yield from _parts((_VERSION, _compressor().compress(b"".join((*_segments(first), _END)))))
    else:
        yield from _parts(_stream(_new_compressor(), chain((first, rest), blocks)))


def unpack(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes as sent, in chunks of at most a few megabytes. Raises ValueError when the parts are damaged."""
    source = _Reader(parts)
    if source.read(1) != _VERSION:
        raise ValueError("not a packed original")
    try:
        with zstandard.ZstdDecompressor().stream_reader(source) as stream:
            while (head := _exactly(stream, _SEGMENT.size)) != _END:
                kind, length = _SEGMENT.unpack(head)
                yield _restore(kind, _exactly(stream, length))
            if stream.read(1):
                raise ValueError("original goes on after its end")
    except zstandard.ZstdError as error:
        raise ValueError("damaged original") from error


def _compressor() -> zstandard.ZstdCompressor:
    """One per thread: building one costs as much as using it, and two threads may not share it."""
    if not hasattr(_own, "compressor"):
        _own.compressor = _new_compressor()
    return _own.compressor


def _new_compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)


def _stream(compressor: zstandard.ZstdCompressor, blocks: Iterable[bytes]) -> Iterator[bytes]:
    stream = compressor.compressobj()
    yield _VERSION
    for block in blocks:
        yield stream.compress(b"".join(_segments(block)))
    yield stream.compress(_END)
    yield stream.flush()


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of about 1 MiB. A text that the end of a block would cut goes to the next block whole, or, when it is
    long, cut where a group of four characters ends."""
    waiting, size = [], 0
    for chunk in chunks:
        for start in range(0, len(chunk), _BLOCK):
            waiting.append(chunk[start : start + _BLOCK])
            size += len(waiting[-1])
            if size >= _BLOCK:
                block = b"".join(waiting)
                cut = _cut(block)
                yield block[:cut]
                waiting, size = [block[cut:]], len(block) - cut
    if size:
        yield b"".join(waiting)


def _cut(block: bytes) -> int:
    start = block.rfind(b">") + 1
    if block.find(b"<", start) >= 0:
        return len(block)
    length = len(block) - start
    return start if 0 < length <= _CARRY and start else len(block) - length % 4


def _segments(block: bytes) -> Iterator[bytes]:
    """The block as segments, ready to compress."""
    done = 0
    for start, end in _texts(block):
        segment = _encoded(block[start:end])
        if segment:
            yield from _literal(block[done:start])
            yield segment
            done = end
    yield from _literal(block[done:])


def _texts(block: bytes) -> Iterator[tuple[int, int]]:
    """Where long texts between tags stand, white space around them left out."""
    end = -1
    for piece in block.split(b"<"):
        start, end = end + 1, end + 1 + len(piece)
        if len(piece) >= _SHORTEST:
            text = piece[piece.find(b">") + 1 :] if start else piece
            yield end - len(text.lstrip()), end - len(text) + len(text.rstrip())


def _literal(data: bytes) -> Iterator[bytes]:
    if data:
        yield _SEGMENT.pack(b"L", len(data))
        yield data


def _encoded(text: bytes) -> bytes:
    """The text as a `B` or `W` segment, b"" when it is not base64 or would not come back the same."""
    if data := _decoded(text):
        return _SEGMENT.pack(b"B", len(data)) + data
    return _wrapped(text)


def _decoded(text: bytes) -> bytes:
    """The bytes whose base64 is exactly this text, b"" when there are none.

    Four characters make three bytes one to one, so only the length and the last group need to be compared: the first
    tells skipped characters, the second unused bits that are not zero.
    """
    try:
        data = pybase64.b64decode(text, validate=True)
    except Error:
        return b""
    last = len(data) - (len(data) % 3 or 3)
    same = len(text) == (last // 3 + 1) * 4 and pybase64.b64encode(data[last:]) == text[-4:]
    return data if same else b""


def _wrapped(text: bytes) -> bytes:
    first = text.find(b"\n")
    ending = 2 if text[first - 1 : first] == b"\r" else 1
    width = first + 1 - ending
    if not 0 < width <= 0xFFFF:
        return b""
    data = _decoded(text.replace(_LINE_ENDS[ending], b""))
    wrap = _WRAP.pack(width, ending)
    if not data or _broken(data, wrap) != text:
        return b""
    return _SEGMENT.pack(b"W", len(wrap) + len(data)) + wrap + data


def _broken(data: bytes, wrap: bytes) -> bytes:
    width, ending = _WRAP.unpack(wrap)
    text = pybase64.b64encode(data)
    return _LINE_ENDS[ending].join(text[start : start + width] for start in range(0, len(text), width))


def _restore(kind: bytes, payload: bytes) -> bytes:
    if kind == b"L":
        return payload
    if kind == b"B":
        return pybase64.b64encode(payload)
    if kind == b"W":
        return _broken(payload[_WRAP.size :], payload[: _WRAP.size])
    raise ValueError(f"unknown segment {kind!r}")


def _exactly(stream, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise ValueError("original ends too early")
    return data


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > PART:
            yield bytes(waiting[:PART])
            del waiting[:PART]
    yield bytes(waiting)


class _Reader:
    """The parts as one thing to read from."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._now = memoryview(b"")

    def read(self, size: int) -> bytes:
        while not self._now:
            part = next(self._parts, None)
            if part is None:
                return b""
            self._now = memoryview(bytes(part))
        taken, self._now = self._now[:size], self._now[size:]
        return bytes(taken)
