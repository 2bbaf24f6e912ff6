"""Reading a visit file (hồ sơ XML of QĐ 3176, 4750, 130 and 4210): bytes in, dossiers and findings out."""

from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from yteso.intake.dossier import Dossier, Header
from yteso.intake.findings import CRITICAL, WARNING, Finding
from yteso.intake.reading import outer, standalone
from yteso.intake.reading.dossiers import File, read_dossier
from yteso.intake.reading.limits import LIMITS, Limits, Refused
from yteso.intake.reading.outer_pattern import read_plain
from yteso.intake.reading.stream import Stream
from yteso.intake.reading.xml import root_name


__all__ = ["LIMITS", "Envelope", "Limits", "read"]


class Envelope:
    """One visit file, read as a stream: iterate it once to get its dossiers.

    Bad input never raises: it ends in `findings` (of the file) or `Dossier.findings`. After iteration `header`,
    `findings`, `sha256` (32 bytes), `size` (bytes) and `standard` (of the first dossier) are complete. `readable` is
    False when nothing could be read. With `shallow` only the outer file is walked and dossiers come without tables.
    With `only` that is so for every dossier but the one at this position. Without `hashed` there is no `sha256`.
    `size` may tell the length beforehand, so that a file above `limits.file` is not opened at all.
    """

    def __init__(
        self,
        source: BinaryIO,
        *,
        name: str = "",
        size: int | None = None,
        limits: Limits = LIMITS,
        shallow: bool = False,
        only: int | None = None,
        hashed: bool = True,
    ) -> None:
        self.name = name
        self.limits = limits
        self.shallow = shallow
        self.only = only
        self.header = Header()
        self.findings: list[Finding] = []
        self.standard = ""
        self.readable = True
        self.sha256 = b""
        self.size = 0
        self.dossiers = 0
        self._announced = size or 0
        self._stream = Stream(source, limits, hashed=hashed)
        self._first: dict[str, int] = {}

    def __iter__(self) -> Iterator[Dossier]:
        try:
            for dossier in self._read():
                self._number(dossier)
                yield dossier
            if not self.dossiers:
                raise Refused("ENV-111", what="no dossier")
            self._stream.drain()
        except Refused as refused:
            self._refuse(refused)
        self.sha256, self.size = self._stream.sha256, self._stream.size

    def _read(self) -> Iterator[Dossier]:
        if self._announced > self.limits.file:
            raise Refused("ENV-009", size=self._announced, limit=self.limits.file)
        head = self._stream.head()
        if not head:
            raise Refused("ENV-111", what="empty")
        root = root_name(head).upper()
        if root == outer.ENVELOPE:
            yield from self._read_envelope(head)
            self._check_header()
        elif root in standalone.roots():
            chunks = chain((head,), self._stream)
            for dossier in standalone.read(root, chunks, self.limits, self.header):
                yield Dossier(dossier.position, {}) if self._passes_over(dossier.position) else dossier
        else:
            raise Refused("ENV-106", value=root)

    def _read_envelope(self, head: bytes) -> Iterator[Dossier]:
        more = next(iter(self._stream), b"")
        if not more and (plain := read_plain(head, self.limits)):
            for name, text in plain.header.items():
                self._take_header(name, text)
            yield from map(self._dossier, plain.visits)
        else:
            yield from self._parse_envelope(chain((head, more), self._stream))

    def _parse_envelope(self, chunks: Iterator[bytes]) -> Iterator[Dossier]:
        for element in outer.elements(chunks, self.limits):
            match outer.local_name(element):
                case "HOSO":
                    yield self._parsed(element)
                case "DANHSACHHOSO" if outer.children(element, "FILEHOSO"):
                    yield self._parsed(element)
                case name if not outer.inside_dossier(element):
                    self._take_header(name, element.text or "", nested=len(element) > 0)

    def _parsed(self, element: etree._Element) -> Dossier:
        files = outer.children(element, "FILEHOSO")
        if any(outer.children(file, "DANHSACH_FILE") for file in files):
            raise Refused("ENV-106", value="DANHSACH_FILE")
        return self._dossier(map(outer.opened, files))

    def _dossier(self, files: Iterable[File]) -> Dossier:
        if self.dossiers == self.limits.dossiers:
            raise Refused("ENV-110", what="HOSO", found=self.dossiers + 1, limit=self.limits.dossiers)
        position = self.dossiers + 1
        if self._passes_over(position):
            return Dossier(position, {})
        return read_dossier(position, files, self.limits, self.header.made)

    def _passes_over(self, position: int) -> bool:
        return self.shallow or self.only not in (None, position)

    def _take_header(self, name: str, text: str, *, nested: bool = False) -> None:
        text, header = text.strip(), self.header
        if name == "MACSKCB":
            header.facility = header.facility or text[:20]
        elif name == "NGAYLAP":
            header.made = header.made or _day(text)
        elif name == "SOLUONGHOSO":
            header.declared = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        elif name == "CHUKYDONVI":
            header.signed = bool(text) or nested

    def _number(self, dossier: Dossier) -> None:
        """Count the dossier; warn when its MA_LK came before in the same file."""
        self.dossiers += 1
        self.standard = self.standard or dossier.standard
        if link := dossier.ma_lk:
            first = self._first.setdefault(link, dossier.position)
            if first != dossier.position:
                warning = Finding("ENV-114", WARNING, "XML1", None, "MA_LK", link, {"first": str(first)})
                dossier.findings.append(warning)

    def _check_header(self) -> None:
        """Fewer dossiers than declared (a cut file), or no facility."""
        declared = self.header.declared
        if declared is not None and declared > self.dossiers:
            self._note("ENV-001", "SOLUONGHOSO", declared=declared, found=self.dossiers)
        if not self.header.facility:
            self._note("ENV-002", "MACSKCB")

    def _note(self, rule: str, field: str, **params: object) -> None:
        self.findings.append(Finding(rule, CRITICAL, field=field, params={k: str(v) for k, v in params.items()}))

    def _refuse(self, refused: Refused) -> None:
        self.findings.append(refused.finding)
        self.readable = self.dossiers > 0
        if refused.finding.rule != "ENV-009":
            try:
                self._stream.drain()
            except Refused as too_large:
                self.findings.append(too_large.finding)


def read(source: str | Path | bytes, *, limits: Limits = LIMITS) -> tuple[Envelope, list[Dossier]]:
    """Envelope and all dossiers of a small file, given its path or its bytes."""
    if isinstance(source, bytes):
        envelope = Envelope(BytesIO(source), size=len(source), limits=limits)
        return envelope, list(envelope)
    path = Path(source)
    with path.open("rb") as file:
        envelope = Envelope(file, name=path.name, size=path.stat().st_size, limits=limits)
        return envelope, list(envelope)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:8])
    except ValueError:
        return None
