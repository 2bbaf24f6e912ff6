"""The two tables sent as files of their own: XML0 (check-in) and XML12 (medical assessment)."""

from collections.abc import Iterable, Iterator
from functools import cache

from lxml import etree

from yteso.intake.dossier import Dossier, Header
from yteso.intake.reading import outer
from yteso.intake.reading.dossiers import finish
from yteso.intake.reading.limits import Limits
from yteso.intake.reading.tables import Read, read_table, shapes


@cache
def roots() -> dict[str, str]:
    """Root name → table id of the stand-alone tables."""
    return {root: kind for kind, shape in shapes().items() if shape.standalone for root in shape.roots}


def read(root: str, chunks: Iterable[bytes], limits: Limits, header: Header) -> Iterator[Dossier]:
    """One dossier per MA_LK (each row by itself where there is none), in order of first appearance.

    The facility comes from the rows, as there is no outer file to name it. Raises Refused.
    """
    kind = roots()[root]
    for element in outer.elements(chunks, limits, tags=("{*}" + root, "{*}" + root.lower())):
        header.signed = _signed(element)
        table = read_table(kind, element, limits)
        header.facility = next((row["MA_CSKCB"] for row in table.rows if "MA_CSKCB" in row), "")[:20]
        for position, part in enumerate(_by_visit(table), 1):
            yield finish(Dossier(position, {}), {kind: part}, header.made)


def _signed(root: etree._Element) -> bool:
    return any(len(child) or (child.text or "").strip() for child in outer.children(root, "CHUKYDONVI"))


def _by_visit(table: Read) -> list[Read]:
    visits: dict[object, Read] = {}
    for number, row in enumerate(table.rows):
        visits.setdefault(row.get("MA_LK", number), Read([], folded=table.folded)).rows.append(row)
    return list(visits.values())
