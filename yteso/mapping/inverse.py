"""The way back: from the FHIR resources of a visit to its national tables, by the same templates."""

import json
import re
from functools import cache

from yteso.mapping import rest
from yteso.mapping.names import BASE
from yteso.mapping.renames import backward
from yteso.mapping.templates import DERIVED, Template, all_templates, leaf
from yteso.mapping.values import FROM_FHIR
from yteso.mapping.visit import LETTERS


Row = dict[str, str]
LOCAL = re.compile(r"([a-z][0-9]*(?:\.[0-9]+)?)([a-z]*)")
TABLE_OF = {letter: table for table, letter in LETTERS.items() if letter} | {
    letter: name for name, letter in rest.LETTER.items()
}


@cache
def _templates() -> dict[tuple[str, str, str], list[Template]]:
    """Templates by the place they fill (resource type, or list of a resource), their table and end of the local id."""
    found: dict[tuple[str, str, str], list[Template]] = {}
    for template in all_templates():
        place = template.part or template.body["resourceType"]
        found.setdefault((place, template.table, template.suffix), []).append(template)
    return found


@cache
def _lists() -> tuple[tuple[str, str], ...]:
    """(resource type, member) of the lists that are made of pieces, such as the items of a claim."""
    return tuple(sorted({tuple(t.part.split(".")) for t in all_templates() if t.part}))


def unmap(resources: list[tuple[str, str, bytes]]) -> dict[str, list[Row]]:
    """The tables of a visit, with the field names and values of the version it came in.

    `resources` are those of `map_visit`, in their order (type, id, JSON); derived ones may be missing.
    """
    found = _Found()
    # the claim lists the rows of XML2 and XML3 in the order of the file, whatever became of each
    for _, name, body in sorted(resources, key=lambda r: r[0] != "ExplanationOfBenefit"):
        found.resource(name.partition("-")[2], json.loads(body, parse_float=str, parse_int=str))
    return found.tables()


class _Found:
    def __init__(self):
        self.rows: dict[str, dict[str, Row]] = {}
        self.kept: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.standard = "3176"

    def resource(self, local: str, body: dict) -> None:
        self.piece(body["resourceType"], local, body)
        for resource_type, member in _lists():
            if resource_type == body["resourceType"]:
                for element in body.get(member, ()):
                    self.piece(f"{resource_type}.{member}", element.get("id", "-"), element)

    def piece(self, place: str, local: str, body: dict) -> None:
        table, key, suffix = _address(local)
        for template in _templates().get((place, table, suffix), ()):
            row = self.rows.setdefault(table, {}).setdefault(key, {})
            _walk(template.body, body, row)
            for extension in body.get("extension", ()):
                if extension["url"] == f"{BASE}/{table.lower()}":
                    self.kept[table, key] = [(e["url"], e["valueString"]) for e in extension["extension"]]

    def tables(self) -> dict[str, list[Row]]:
        self.join_lists()
        x1 = self.finished("XML1", "", self.rows.get("XML1", {}).get("", {}), {})
        tables = {"XML1": [x1]} if x1 else {}
        for table in LETTERS:
            found = self.rows.get(table, {})
            if table != "XML1" and found:
                tables[table] = [self.finished(table, key, row, x1) for key, row in found.items()]
        return {table: [backward(table, row, self.standard) for row in rows] for table, rows in tables.items()}

    def finished(self, table: str, key: str, row: Row, x1: Row) -> Row:
        """What the templates carried, then what the extension kept, then what repeats XML1."""
        absent = set()
        number = re.match(r"[a-z]([0-9]+)", key)
        if number:
            row["STT"] = number[1]
        for name, value in self.kept.get((table, key), ()):
            if name == rest.ABSENT:
                absent.add(value)
            elif name == rest.STANDARD:
                self.standard = value
            else:
                row[name] = value
        for name, of_visit in rest.shared_fields(table).items():
            if of_visit in x1:
                row.setdefault(name, x1[of_visit])
        return {name: value for name, value in row.items() if name not in absent}

    def join_lists(self) -> None:
        x1 = self.rows.setdefault("XML1", {}).setdefault("", {})
        for name, fields in rest.PSEUDO.items():
            made = [self.finished(name, key, row, {}) for key, row in self.rows.pop(name, {}).items()]
            for field in fields:
                if any(field in row for row in made):
                    x1[field] = rest.joined(made, field)


def _address(local: str) -> tuple[str, str, str]:
    """Table, key of the row and suffix of a local id; an id of XML1 is its suffix alone."""
    if local[:1] in rest.LETTER.values():
        return TABLE_OF[local[0]], local, ""
    match = LOCAL.fullmatch(local)
    if match and local[:1] in TABLE_OF:
        return TABLE_OF[local[0]], match[1], match[2]
    return "XML1", "", local


def _walk(template: object, value: object, row: Row) -> None:
    if isinstance(template, dict) and isinstance(value, dict):
        for key, inner in template.items():
            if not key.startswith("$") and key in value:
                _walk(inner, value[key], row)
    elif isinstance(template, list) and isinstance(value, list):
        _walk_list(template, value, row)
    else:
        found = leaf(template)
        if found and found.kind != "#" and found.converter not in DERIVED:
            row.setdefault(found.name, FROM_FHIR.get(found.converter, str)(value))


def _walk_list(templates: list, values: list, row: Row) -> None:
    for template in templates:
        each = template.get("$each") if isinstance(template, dict) else None
        parts = []
        for value in values:
            if _fits(template, value):
                part: Row = {} if each else row
                _walk(template, value, part)
                parts += part.values() if each else ()
        if each and parts:
            row.setdefault(each, ";".join(parts))


def _fits(template: object, value: object) -> bool:
    """Whether a value can have come from a template: every constant there, nothing else besides its placeholders."""
    if isinstance(template, dict):
        if not isinstance(value, dict) or not value.keys() <= template.keys():
            return False
        members = [(key, inner) for key, inner in template.items() if key[0] != "$"]
        return all(_fits(inner, value[key]) if key in value else _prunable(inner) for key, inner in members)
    if isinstance(template, list):
        return isinstance(value, list) and all(any(_fits(t, v) for t in template) for v in value)
    if leaf(template):
        return isinstance(value, str)
    if isinstance(template, str) and "{@" in template:
        return isinstance(value, str) and value.startswith(template.partition("{@")[0])
    return template == value


def _prunable(template: object) -> bool:
    """Whether a piece may be missing: it holds a placeholder."""
    if isinstance(template, dict):
        return any(_prunable(inner) for inner in template.values())
    if isinstance(template, list):
        return any(_prunable(inner) for inner in template)
    return leaf(template) is not None
