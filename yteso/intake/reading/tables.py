"""From the root of a table's document to its rows."""

import re
from dataclasses import dataclass, field
from functools import cache
from unicodedata import is_normalized, normalize

from lxml import etree

from yteso import standards
from yteso.intake.dossier import Row
from yteso.intake.reading.limits import Limits, Refused


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is laid out, over all versions: names its root, list and row may have; a flat one has no row."""

    roots: frozenset[str]
    lists: frozenset[str]
    row: str
    standalone: bool


@dataclass(slots=True)
class Read:
    """Rows of one table and their lines; `old` when the root is that of 4210, `folded` when names were lower case,
    `twice` the fields met twice in a row (row, name)."""

    rows: list[Row]
    lines: list[int]
    old: bool = False
    folded: bool = False
    twice: list[tuple[int, str]] = field(default_factory=list)

    def extend(self, other: "Read") -> None:
        """Take in another file of the same table: a visit may have several XML7 or XML9, one per newborn."""
        self.twice += [(row + len(self.rows), name) for row, name in other.twice]
        self.rows += other.rows
        self.lines += other.lines
        self.folded = self.folded or other.folded


@cache
def shapes() -> dict[str, Shape]:
    """Table id → shape, from the field tables of every version."""
    found: dict[str, list[standards.Table]] = {}
    for standard in standards.STANDARDS.values():
        for table in standard.tables.values():
            found.setdefault(table.id, []).append(table)
    return {
        kind: Shape(
            roots=frozenset(t.root for t in tables) | frozenset(t.list for t in tables if t.list),
            lists=frozenset(t.list for t in tables if t.list),
            row=next((t.row for t in tables if t.row), ""),
            standalone=any(t.standalone for t in tables),
        )
        for kind, tables in found.items()
    }


@cache
def _old_roots() -> frozenset[str]:
    new = {t.root for id, s in standards.STANDARDS.items() if id != "4210" for t in s.tables.values()}
    return frozenset(t.root for t in standards.STANDARDS["4210"].tables.values()) - new


# Lead bytes of characters that composition may change; everything Vietnamese writes is outside.
_MAY_NEED_NFC = re.compile(rb"[\xcc-\xce\xe0\xe3-\xf4]|\xe1[^\xb8-\xbb]|\xe2(?:[^\x80]|\x80[\x80\x81])")


def read_table(kind: str, root: etree._Element, limits: Limits) -> Read:
    """Rows of the table in file order, blank fields left out. Raises Refused: ENV-109 wrong root, ENV-110 too many."""
    shape = shapes()[kind]
    folded = _plain_names(root, shape)
    if root.tag not in shape.roots:
        raise Refused("ENV-109", value=str(root.tag), expected=" / ".join(sorted(shape.roots)))
    elements = _row_elements(root, shape)
    if len(elements) > limits.rows:
        raise Refused("ENV-110", what="rows", found=len(elements), limit=limits.rows)
    rows: list[Row] = []
    lines: list[int] = []
    twice = []
    for element in elements:
        texts = {e.tag: e.text for e in element}
        if len(texts) != (count := len(element)):
            twice.append((len(rows) + 1, _repeated(element)))
        if count > limits.fields:
            raise Refused("ENV-110", what="fields", found=count, limit=limits.fields)
        row = {name: text for name, text in texts.items() if text and not text.isspace()}
        if row:
            rows.append(row)
            lines.append(element.sourceline)
    return Read(rows, lines, old=root.tag in _old_roots(), folded=folded, twice=twice)


def _row_elements(root: etree._Element, shape: Shape) -> list[etree._Element]:
    if not shape.row:
        return [root]
    if root.tag in shape.lists:
        return list(root)
    return [row for child in root if child.tag in shape.lists for row in child]


def _plain_names(root: etree._Element, shape: Shape) -> bool:
    """Drop namespaces and lower case from the names of a table whose root is not as it should be."""
    if root.tag in shape.roots:
        return False
    folded = False
    for element in root.iter():
        name = etree.QName(element).localname
        folded = folded or name != name.upper()
        element.tag = name.upper()
    return folded


def _repeated(element: etree._Element) -> str:
    seen = set()
    for child in element:
        if child.tag in seen:
            return str(child.tag)
        seen.add(child.tag)
    return ""
