"""From the root of a table's document to its rows."""

from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from yteso import standards
from yteso.intake.dossier import Row
from yteso.intake.reading.limits import Limits, Refused
from yteso.intake.reading.pattern import read_by_pattern
from yteso.intake.reading.xml import parse


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is laid out, over all versions: names its root, list and row may have; a flat one has no row."""

    roots: frozenset[str]
    lists: frozenset[str]
    row: str
    standalone: bool


@dataclass(slots=True)
class Read:
    """Rows of one table; `old` when the root is that of 4210, `folded` when names were lower case,
    `twice` the fields met twice in a row (row, name)."""

    rows: list[Row]
    old: bool = False
    folded: bool = False
    twice: list[tuple[int, str]] = field(default_factory=list)

    def extend(self, other: "Read") -> None:
        """Take in another file of the same table: a visit may have several XML7 or XML9, one per newborn."""
        self.twice += [(row + len(self.rows), name) for row, name in other.twice]
        self.rows += other.rows
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


_FIELD_PARENTS = {0: etree.XPath("boolean(*/*)"), 1: etree.XPath("boolean(*/*/*)"), 2: etree.XPath("boolean(*/*/*/*)")}


def read_document(kind: str, document: bytes | etree._Element, limits: Limits) -> Read:
    """Rows of the table from its document, or from its root. Raises Refused, as `read_table` and `parse`."""
    if not isinstance(document, bytes):
        return read_table(kind, document, limits)
    if found := read_by_pattern(kind, document, limits):
        root, rows = found
        return Read(rows, old=root in _old_roots())
    return read_table(kind, parse(document), limits)


def read_table(kind: str, root: etree._Element, limits: Limits) -> Read:
    """Rows of the table in file order, blank fields left out. Raises Refused: ENV-109 wrong root, ENV-110 too many."""
    shape = shapes()[kind]
    folded = _plain_names(root, shape)
    if root.tag not in shape.roots:
        raise Refused("ENV-109", value=str(root.tag), expected=" / ".join(sorted(shape.roots)))
    elements = _row_elements(root, shape)
    if len(elements) > limits.rows:
        raise Refused("ENV-110", what="dòng/rows", found=len(elements), limit=limits.rows)
    depth = 0 if not shape.row else 1 if root.tag in shape.lists else 2
    if _FIELD_PARENTS[depth](root):
        _flatten_fields(elements)
    read = Read([], old=root.tag in _old_roots(), folded=folded)
    for element in elements:
        _read_row(read, element, limits)
    return read


def _read_row(read: Read, element: etree._Element, limits: Limits) -> None:
    if len(element) > limits.fields:
        raise Refused("ENV-110", what="trường/fields", found=len(element), limit=limits.fields)
    pairs = [(field.tag, text) for field in element if (text := field.text) and not text.isspace()]
    row = dict(pairs)
    if len(row) != len(pairs):
        read.twice.append((len(read.rows) + 1, _repeated(pairs)))
    if row:
        read.rows.append(row)


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


def _flatten_fields(rows: list[etree._Element]) -> None:
    """Turn elements inside a field into its text, so that nothing is lost (3176 lets DU_PHONG hold a signature)."""
    for field_element in (f for row in rows for f in row if len(f)):
        inner = "".join(etree.tostring(child, encoding="unicode") for child in field_element)
        text = (field_element.text or "") + inner
        del field_element[:]
        field_element.text = text


def _repeated(pairs: list[tuple[str, str]]) -> str:
    names = [name for name, _ in pairs]
    return next(name for place, name in enumerate(names) if name in names[:place])
