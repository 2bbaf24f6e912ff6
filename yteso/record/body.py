"""The packed body of a document: its FHIR resources, compressed together, each one readable without parsing JSON.

First byte: the format. 1 is a zstd frame of: number of resources, length of the names (both uint32, little-endian),
the names ("Observation/abc" per line), the end offset of each resource (uint32), the JSON texts one after the other.
Other numbers are for later formats (a trained dictionary); bodies already written stay readable.
"""

import struct
from collections.abc import Iterable, Iterator
from threading import local

import zstandard


Resource = tuple[str, str, bytes]
"""Resource type, logical id, JSON."""

FORMAT = 1
LEVEL = 3
LARGEST = 256 * 1024 * 1024

_HEAD = struct.Struct("<II")
_own = local()


class Body:
    """The resources of one document, in the order they were packed."""

    __slots__ = ("_bounds", "_data", "_place", "names")

    def __init__(self, names: list[str], bounds: list[tuple[int, int]], data: bytes):
        self.names = names
        self._bounds = bounds
        self._data = data
        self._place: dict[str, int] | None = None

    @staticmethod
    def pack(resources: Iterable[Resource]) -> bytes:
        resources = list(resources)
        names = "\n".join(f"{kind}/{id}" for kind, id, _ in resources).encode()
        ends, end = [], 0
        for _, _, json in resources:
            end += len(json)
            ends.append(end)
        table = struct.pack(f"<{len(ends)}I", *ends)
        parts = (_HEAD.pack(len(resources), len(names)), names, table, *(json for _, _, json in resources))
        return bytes((FORMAT,)) + _compressor().compress(b"".join(parts))

    @classmethod
    def open(cls, packed: bytes) -> "Body":
        if packed[:1] != bytes((FORMAT,)):
            raise ValueError("unknown body format")
        data = _decompressor().decompress(memoryview(packed)[1:], max_output_size=LARGEST)
        count, length = _HEAD.unpack_from(data)
        start = _HEAD.size + length
        names = data[_HEAD.size : start].decode().split("\n") if count else []
        base = start + 4 * count
        ends = [base + end for end in struct.unpack_from(f"<{count}I", data, start)]
        return cls(names, list(zip([base, *ends], ends, strict=False)), data)

    @property
    def ids(self) -> list[str]:
        return [name.partition("/")[2] for name in self.names]

    def get(self, id: str) -> bytes | None:
        """JSON of the resource with this logical id."""
        if self._place is None:
            self._place = {known: n for n, known in enumerate(self.ids)}
        n = self._place.get(id)
        return None if n is None else self._slice(n)

    def of_type(self, kind: str) -> Iterator[Resource]:
        start = kind + "/"
        return (self._resource(n) for n, name in enumerate(self.names) if name.startswith(start))

    def __iter__(self) -> Iterator[Resource]:
        return (self._resource(n) for n in range(len(self.names)))

    def __len__(self) -> int:
        return len(self.names)

    def _slice(self, n: int) -> bytes:
        start, end = self._bounds[n]
        return self._data[start:end]

    def _resource(self, n: int) -> Resource:
        kind, _, id = self.names[n].partition("/")
        return kind, id, self._slice(n)


def _compressor() -> zstandard.ZstdCompressor:
    """One per thread: building one costs more than using it, and two threads may not share it."""
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return _own.compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_own, "decompressor"):
        _own.decompressor = zstandard.ZstdDecompressor()
    return _own.decompressor
