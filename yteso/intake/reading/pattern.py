"""The quick way through a table's document: one regular expression per table, written from its field table.

Nearly every document follows the decree to the letter: the fields of a row in the order of the field table, text or
CDATA in them, white space between them. Such a document is read four times as fast by a pattern as by an XML parser.
The pattern only takes what the parser would read to the same rows; for anything else `read_by_pattern` says None and
the parser reads it, or says what is wrong with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import compress

from yteso import standards
from yteso.intake.dossier import Row
from yteso.intake.reading.limits import Limits


LONGEST = 1 << 20
"""Bytes of a document that may come this way; below it none of the parser's own limits can be reached."""

SPACE = r"[ \t\r\n]*+"
_W3C = r"http://www\.w3\.org/2001"
SCHEMAS = rf'(?: xmlns:xsi="{_W3C}/XMLSchema-instance")?+(?: xmlns:xsd="{_W3C}/XMLSchema")?+'
_VERSION = r'version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?+(?: standalone="(?:yes|no)")?+'
PROLOG = rf"(?:<\?xml {_VERSION} ?\?>{SPACE})?+"
_CDATA = r"<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*\]\]>"  # not )*+ : Python before 3.11.5 then takes no empty run
_OPEN, _CLOSE = b"<![CDATA[", b"]]>"
_CONTROLS = bytes(code for code in range(1, 32) if chr(code) not in "\t\r\n")
_NO_CHARACTERS = "\uffff".encode()[:2]
"""How U+FFFE and U+FFFF begin: with the controls, what XML 1.0 does not allow in a text (section 2.2); NUL, too, but it
parts the values here. The parser tells the few others that begin so (full-width letters) from them."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How one version lays out one table: `names` are the groups of `row`; a `flat` one is a single row, its root."""

    root: str
    names: tuple[str, ...]
    flat: bool
    head: re.Pattern[bytes]
    row: re.Pattern[bytes]
    tail: re.Pattern[bytes]


def read_by_pattern(kind: str, data: bytes, limits: Limits) -> tuple[str, list[Row]] | None:
    """Root name and rows of table `kind`, blank fields left out; None when the parser has to look."""
    if len(data) > LONGEST:
        return None
    for pattern in _patterns(kind):
        if (head := pattern.head.match(data)) and (found := _rows(pattern, data, head.end(), limits)) is not None:
            return pattern.root, found
    return None


def _rows(pattern: Pattern, data: bytes, at: int, limits: Limits) -> list[Row] | None:
    groups: list[bytes] = []
    match = pattern.row.match
    while row := match(data, at):
        groups += row.groups(b"")
        at = row.end()
    width = len(pattern.names)
    most = width if pattern.flat else width * limits.rows
    if not pattern.tail.match(data, at) or width > limits.fields or not 0 < len(groups) <= most:
        return None
    texts = _texts(groups)
    if texts is None:
        return None
    if any(map(str.isspace, texts)):
        texts = ["" if text.isspace() else text for text in texts]
    filled = (
        dict(compress(zip(pattern.names, row, strict=True), row)) for row in zip(*[iter(texts)] * width, strict=True)
    )
    return [row for row in filled if row]


def _texts(groups: list[bytes]) -> list[str] | None:
    """The text of each group, or None when one of them is not a text as XML wants it, or has an entity in it."""
    joined = b"\0" + b"\0".join(groups)
    if joined.count(b"\0") != len(groups) or len(joined.translate(None, _CONTROLS)) != len(joined):
        return None
    if _NO_CHARACTERS in joined:
        return None
    if b"&" in joined and any(b"&" in group for group in groups if not group.startswith(_OPEN)):
        return None
    sections = joined.count(_OPEN)
    if sections != joined.count(_CLOSE) or sections != joined.count(b"\0" + _OPEN):
        return None
    if sections:
        joined = joined.replace(_OPEN, b"").replace(_CLOSE, b"")
    if b"\r" in joined:  # the parser drops blanks before it, in a text that begins so
        return None
    try:
        return joined[1:].decode().split("\0")
    except UnicodeDecodeError:
        return None


@cache
def _patterns(kind: str) -> tuple[Pattern, ...]:
    """Every layout of the table, newest version first."""
    layouts = dict.fromkeys(
        (path, table.row or table.root, tuple(table.fields))
        for standard in reversed(standards.STANDARDS.values())
        if (table := standard.tables.get(kind))
        for path in _paths(table)
    )
    return tuple(_pattern(*layout) for layout in layouts)


def _paths(table: standards.Table) -> Iterator[tuple[str, ...]]:
    """The elements around the rows: the root and the list, or the list alone; nothing where the root is the row."""
    if not table.row:
        yield ()
    else:
        yield (table.root, table.list) if table.list else (table.root,)
        if table.list:
            yield (table.list,)


def _pattern(path: tuple[str, ...], row: str, names: tuple[str, ...]) -> Pattern:
    start = [f"<{name}{'' if at else SCHEMAS}>{SPACE}" for at, name in enumerate((*path, row))]
    end = "".join(f"</{name}>{SPACE}" for name in reversed(path))
    fields = "".join(map(_field, names))
    return Pattern(
        path[0] if path else row,
        names,
        not path,
        re.compile((PROLOG + "".join(start[:-1])).encode()),
        re.compile(f"{start[-1]}{fields}</{row}>{SPACE}".encode()),
        re.compile(rf"{end}\Z".encode()),
    )


def _field(name: str) -> str:
    """The field, once or not at all."""
    return rf"(?:<{name}>({_CDATA}|[^<]*+)</{name}>{SPACE}|<{name} ?/>{SPACE}|)"
