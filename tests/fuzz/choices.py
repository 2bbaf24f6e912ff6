"""Decisions taken from bytes, so that whatever changes bytes at random changes dossiers and files in small steps."""

from collections.abc import Sequence
from typing import TypeVar


T = TypeVar("T")


class Choices:
    """Bytes are used up from the front; after the last one every answer is the first or the smallest."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self, limit: int) -> int:
        """0 … limit - 1."""
        size = 1 if limit <= 256 else 2 if limit <= 65_536 else 4
        piece = self.bytes(size)
        return int.from_bytes(piece, "big") % limit

    def one(self, of: Sequence[T]) -> T:
        return of[self.number(len(of))]

    def bytes(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        self.at += size
        return piece

    def piece(self) -> bytes:
        """Up to 63 bytes as they come."""
        return self.bytes(self.number(64))

    def text(self) -> str:
        return self.piece().decode("utf-8", "replace")

    def rest(self) -> bytes:
        return self.data[self.at :]

    def __bool__(self) -> bool:
        return self.at < len(self.data)
