"""The quick way through an outer file, as `pattern` is for the tables inside: what follows the decree to the letter.

A file with one visit is mostly base64. Here it is taken out where it stands; an XML parser would copy it three times.
Anything unusual (a signature, wrapped base64, nested elements, other characters than ASCII) is left to the parser.
"""

import re
from binascii import Error
from dataclasses import dataclass

import pybase64

from yteso.intake.reading.limits import Limits
from yteso.intake.reading.pattern import PROLOG, SCHEMAS, SPACE


LONGEST = 1 << 20
"""Bytes of a file that may come this way."""

_TEXT = r"([ -%'-;=-~]{0,64}+)"
_HEADER = "".join(f"<{name}>{_TEXT}</{name}>{SPACE}" for name in ("NGAYLAP", "SOLUONGHOSO"))
_HEAD = re.compile(
    (
        f"{PROLOG}<GIAMDINHHS{SCHEMAS}>{SPACE}<THONGTINDONVI>{SPACE}<MACSKCB>{_TEXT}</MACSKCB>{SPACE}</THONGTINDONVI>"
        f"{SPACE}<THONGTINHOSO>{SPACE}{_HEADER}<DANHSACHHOSO>{SPACE}"
    ).encode()
)
_VISIT = re.compile(f"<HOSO>{SPACE}".encode())
_FILE = re.compile(f"<FILEHOSO>{SPACE}<LOAIHOSO>([A-Z0-9]{{1,16}})</LOAIHOSO>{SPACE}<NOIDUNGFILE>".encode())
_FILE_END = re.compile(f"</NOIDUNGFILE>{SPACE}</FILEHOSO>{SPACE}".encode())
_VISIT_END = re.compile(f"</HOSO>{SPACE}".encode())
_UNSIGNED = rf"(?:<CHUKYDONVI>{SPACE}</CHUKYDONVI>|<CHUKYDONVI ?/>)?+{SPACE}"
_TAIL = re.compile(f"</DANHSACHHOSO>{SPACE}</THONGTINHOSO>{SPACE}{_UNSIGNED}</GIAMDINHHS>{SPACE}\\Z".encode())

Content = tuple[str, bytes | None]
"""LOAIHOSO, and the document that NOIDUNGFILE holds in base64; None when it is empty."""


@dataclass(slots=True)
class Plain:
    """A whole outer file: the texts of its header, and the files of each visit."""

    header: dict[str, str]
    visits: list[list[Content]]


def read_plain(data: bytes, limits: Limits) -> Plain | None:
    """None when the parser has to look."""
    head = _HEAD.match(data)
    if not head or len(data) > min(LONGEST, limits.stretch, limits.marks):
        return None
    visits: list[list[Content]] = []
    at = head.end()
    while start := _VISIT.match(data, at):
        files: list[Content] = []
        at = start.end()
        while file := _FILE.match(data, at):
            begins, ends = file.end(), data.find(b"<", file.end())
            try:
                files.append((file[1].decode(), pybase64.b64decode(data[begins:ends], validate=True) or None))
            except Error:
                return None
            if not (end := _FILE_END.match(data, ends)):
                return None
            at = end.end()
        if not (end := _VISIT_END.match(data, at)):
            return None
        visits.append(files)
        at = end.end()
    if not _TAIL.match(data, at):
        return None
    names = ("MACSKCB", "NGAYLAP", "SOLUONGHOSO")
    return Plain(dict(zip(names, (text.decode() for text in head.groups()), strict=True)), visits)
