"""The packed body of a document: its FHIR resources, compressed together, each one readable without parsing JSON.

First byte: the format. The rest is a zstd frame of: number of resources, length of the names (both uint32,
little-endian), the names ("Observation/abc" per line), the end offset of each resource (uint32), the JSON texts one
after the other. Format 1 is plain zstd; format 2 uses the dictionary in `data/`, trained on synthetic visits, which
takes off two fifths (see dictionary.py). Bodies once written stay readable: a better dictionary is a new format.
"""

import struct
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence, Sized
from itertools import accumulate
from threading import local

import zstandard

from yteso.record.dictionary import dictionary


Resource = tuple[str, str, bytes]
"""Resource type, logical id, JSON."""

Texts = Sequence[Sequence[bytes]]
"""Of each, one must be in the bytes of a resource."""

PLAIN, TRAINED = 1, 2
LEVEL = 1
LARGEST = 256 * 1024 * 1024
"""Bytes of JSON in one document, at most."""

_HEAD = struct.Struct("<II")
_own = local()


class Body:
    """The resources of one document, in the order they were packed."""

    __slots__ = ("_data", "_ends", "_place", "_start", "names")

    def __init__(self, names: list[str], start: int, ends: tuple[int, ...], data: bytes):
        self.names = names
        self._start = start
        self._ends = ends
        self._data = data
        self._place: dict[str, int] | None = None

    @staticmethod
    def pack(resources: Iterable[Resource]) -> bytes:
        found = list(resources)
        return _packed(found, b"".join([json for _, _, json in found]))

    @staticmethod
    def pack_images(resources: Sequence[tuple[str, str, str]]) -> bytes:
        """The same from texts whose characters are the bytes of the JSON: one conversion for all of them."""
        return _packed(resources, "".join([image for _, _, image in resources]).encode("latin-1"))

    @classmethod
    def open(cls, packed: bytes) -> "Body":
        data = unpacked(packed)
        count, length = _HEAD.unpack_from(data)
        start = _HEAD.size + length
        names = data[_HEAD.size : start].decode().split("\n") if count else []
        return cls(names, start + 4 * count, struct.unpack_from(f"<{count}I", data, start), data)

    @property
    def ids(self) -> list[str]:
        return [name.partition("/")[2] for name in self.names]

    def get(self, id: str) -> bytes | None:
        """JSON of the resource with this logical id."""
        if self._place is None:
            self._place = {known: n for n, known in enumerate(self.ids)}
        n = self._place.get(id)
        return None if n is None else self._slice(n)

    def find(self, kind: str, id: str) -> bytes | None:
        """JSON of the resource of this type and logical id."""
        name = f"{kind}/{id}"
        return self._slice(self.names.index(name)) if name in self.names else None

    def places(self, kinds: Container[str] | None, texts: Texts = ()) -> Iterator[tuple[int, Resource]]:
        """The resources of these types, or all, each with its place; only they are cut out of the body.

        With `texts` some that do not hold one of each are left out. JSON that escapes letters has to be read.
        """
        inside = [n for n, name in enumerate(self.names) if kinds is None or name.partition("/")[0] in kinds]
        among = self._holding(texts, inside[0], inside[-1]) if texts and inside else None
        for n in inside if among is None else sorted(among.intersection(inside)):
            yield n, self._resource(n)

    def _holding(self, texts: Texts, first: int, last: int) -> set[int] | None:
        """Where one of each of the texts stands, looked for in all from first to last at once; None: anywhere."""
        begin, end = self._start + (self._ends[first - 1] if first else 0), self._start + self._ends[last]
        if self._escapes_letters(begin, end):
            return None
        found = ({n for text in alternatives for n in self._with(text, begin, end)} for alternatives in texts)
        return set.intersection(*found)

    def _escapes_letters(self, begin: int, end: int) -> bool:
        # Most have no backslash at all, which is found out at a tenth of the cost.
        first = self._data.find(b"\\", begin, end)
        return first >= 0 and self._data.find(b"\\u", first, end) >= 0

    def _with(self, text: bytes, begin: int, end: int) -> Iterator[int]:
        data, start, ends = self._data, self._start, self._ends
        at = data.find(text, begin, end)
        while at >= 0:
            n = bisect_right(ends, at - start)
            if at - start + len(text) <= ends[n]:
                yield n
            at = data.find(text, start + ends[n], end)

    def of_type(self, kind: str) -> Iterator[Resource]:
        start = kind + "/"
        return (self._resource(n) for n, name in enumerate(self.names) if name.startswith(start))

    def __iter__(self) -> Iterator[Resource]:
        return (self._resource(n) for n in range(len(self.names)))

    def __len__(self) -> int:
        return len(self.names)

    def _slice(self, n: int) -> bytes:
        start = self._ends[n - 1] if n else 0
        return self._data[self._start + start : self._start + self._ends[n]]

    def _resource(self, n: int) -> Resource:
        kind, _, id = self.names[n].partition("/")
        return kind, id, self._slice(n)


def _packed(resources: Sequence[tuple[str, str, Sized]], joined: bytes) -> bytes:
    names = "\n".join([f"{kind}/{id}" for kind, id, _ in resources]).encode()
    ends = accumulate([len(json) for _, _, json in resources])
    table = struct.pack(f"<{len(resources)}I", *ends)
    frame = b"".join((_HEAD.pack(len(resources), len(names)), names, table, joined))
    return bytes((TRAINED,)) + _compressor().compress(frame)


def unpacked(packed: bytes) -> bytes:
    """The frame's content."""
    if packed[:1] not in (bytes((PLAIN,)), bytes((TRAINED,))):
        raise ValueError("unknown body format")
    return _decompressor(packed[0]).decompress(memoryview(packed)[1:], max_output_size=LARGEST)


def _compressor() -> zstandard.ZstdCompressor:
    """One per thread: building one costs more than using it, and two threads may not share it."""
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=dictionary(TRAINED))
    return _own.compressor


def _decompressor(format: int) -> zstandard.ZstdDecompressor:
    if not hasattr(_own, "decompressors"):
        _own.decompressors = {
            PLAIN: zstandard.ZstdDecompressor(),
            TRAINED: zstandard.ZstdDecompressor(dict_data=dictionary(TRAINED)),
        }
    return _own.decompressors[format]
