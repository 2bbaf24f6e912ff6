"""The bytes of a file, hashed and counted on their way to the parser."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from yteso.intake.reading.limits import Limits, Refused
from yteso.intake.reading.xml import unwrap


CHUNK = 1 << 18
HEAD = 1 << 16


class Stream:
    """Chunks of `source`; `sha256` and `size` cover what was read so far.

    A file above `limits.file` ends in ENV-009 and is not read further, so the digest then covers its beginning only.
    Without `hashed` there is no digest: who has hashed the file on its way in need not do it again.
    """

    def __init__(self, source: BinaryIO, limits: Limits, *, hashed: bool = True) -> None:
        self.source = source
        self.limits = limits
        self.size = 0
        self._hash = sha256() if hashed else None

    @property
    def sha256(self) -> bytes:
        return self._hash.digest() if self._hash else b""

    def head(self) -> bytes:
        """The first 64 KB and more, without byte-order mark and leading white space; b"" for an empty file."""
        chunks, have = [], 0
        for chunk in self:
            chunks.append(chunk)
            have += len(chunk)
            if have >= HEAD:
                break
        return unwrap(b"".join(chunks))

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.source.read(CHUNK):
            self.size += len(chunk)
            if self._hash:
                self._hash.update(chunk)
            if self.size > self.limits.file:
                raise Refused("ENV-009", size=self.size, limit=self.limits.file)
            yield chunk

    def drain(self) -> None:
        """Read to the end for the sake of the digest, up to the limit."""
        for _ in self:
            pass
