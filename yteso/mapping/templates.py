"""The templates: FHIR resources as JSON files whose leaves are placeholders for national fields.

`"{FIELD}"` is the text of a field, `"{FIELD|converter}"` its converted form (`yteso.mapping.values`), `"{#name}"` a
derived piece of JSON (`yteso.mapping.derived`), `{@name}` inside a string an id of the visit, `"%name"` an address of
`data/systems.csv`. An object that holds placeholders is left out when none of them has a value.

Directives: `$table` and `$kinds` (which rows), `$suffix` (end of the local id), `$when` (field or derived value that
must be there), `$part` (the piece goes into a list of a resource of the whole visit instead of being a resource),
`$home` (keeps what has no other place), and inside objects `$need` (placeholder without which the object makes no
sense), `$else` (what stands there instead), `$each` (one element per value of a `;` list, `"{.|converter}"`).
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yteso.mapping.names import systems


FOLDER = Path(__file__).parent / "templates"
LEAF = re.compile(r"\{([#.]?)([A-Za-z0-9_.]*)(?:\|(\w+))?\}")
DERIVED = frozenset({"family", "given", "birthtime", "comparator", "class"})
"""Converters without an inverse: what they show is a copy."""

ABSENT = {"extension": [{"url": "%x-absent", "valueCode": "unknown"}]}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One placeholder: `kind` is "" (field), "#" (derived) or "." (element of a list)."""

    kind: str
    name: str
    converter: str


@dataclass(frozen=True)
class Template:
    name: str
    table: str
    kinds: tuple[str, ...]
    suffix: str
    when: str
    part: str
    home: bool
    body: dict

    @property
    def resource_type(self) -> str:
        return self.part.partition(".")[0] or self.body["resourceType"]


def leaf(node: object) -> Leaf | None:
    match = LEAF.fullmatch(node) if isinstance(node, str) else None
    return Leaf(match[1], match[2], match[3] or "") if match else None


def _expand(node: object) -> object:
    if isinstance(node, dict):
        return {key: ABSENT_EXPANDED if (key, value) == ("$else", "absent") else _expand(value)
                for key, value in node.items()}  # fmt: skip
    if isinstance(node, list):
        return [_expand(item) for item in node]
    if isinstance(node, str) and node.startswith("%"):
        name, slash, rest = node[1:].partition("/")
        return systems()[name] + slash + rest
    return node


ABSENT_EXPANDED = _expand(ABSENT)


def _load(path: Path) -> Template:
    body = json.loads(path.read_text(encoding="utf-8"))
    table = body.pop("$table")
    header = {key: body.pop(f"${key}", default) for key, default in
              {"kinds": [""], "suffix": "", "when": "", "part": "", "home": False}.items()}  # fmt: skip
    kinds = tuple(header.pop("kinds"))
    return Template(path.stem, table, kinds, **header, body=_expand(body))


@cache
def all_templates() -> tuple[Template, ...]:
    return tuple(_load(path) for path in sorted(FOLDER.glob("*.json")))


@cache
def group(table: str, kind: str) -> tuple[Template, ...]:
    """The templates for one kind of row, the one that keeps the remaining fields first."""
    found = [t for t in all_templates() if t.table == table and kind in t.kinds]
    return tuple(sorted(found, key=lambda t: (not t.home, t.name)))


@cache
def groups() -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(t.table, kind) for t in all_templates() for kind in t.kinds}))
