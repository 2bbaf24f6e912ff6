"""Helpers of the search tests: tables drawn in text, one search asked of one resource, and a resource's own values."""

import gzip
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import orjson

from yteso.fhir.search import parameters, parse


EXAMPLES = Path(__file__).parents[1] / "examples/search.jsonl.gz"


def table(text: str) -> list[tuple[str, ...]]:
    """Rows of a table whose columns are set apart by ` | `; lines that begin with # are remarks."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = (line.split(" | ") for line in lines if line and line[0] != "#")
    return [tuple(cell.strip() for cell in row) for row in rows]


def found(kind: str, name: str, value: str, resource: dict, **how) -> bool:
    """Does `kind?name=value` find the resource?"""
    return parse(kind, [(name, value)], strict=True, **how).matches({"resourceType": kind, **resource})


@cache
def examples() -> list[dict]:
    return [orjson.loads(line) for line in gzip.decompress(EXAMPLES.read_bytes()).splitlines()]


def escaped(text: str) -> str:
    for sign in "\\,|$":
        text = text.replace(sign, "\\" + sign)
    return text


def own(kind: str, element: object) -> Iterator[str]:
    """Searches that must find a resource with this element, written without the code under test."""
    match kind, element:
        case "date", str() if element[0].isdigit():
            yield from (element, "ge" + element, "le" + element, "ap" + element)
        case "date", {"start": start}:
            yield from ("ge" + start, "sa1700")
        case "string", str():
            yield from (escaped(element), escaped(element[: len(element) // 2 + 1]))
        case "string", dict():
            yield from (escaped(text) for key in ("family", "text", "city") if (text := element.get(key)))
        case "token", bool():
            yield str(element).lower()
        case "token", str():
            yield escaped(element)
        case "token", {"coding": codings}:
            for coding in codings:
                yield from own("token", coding)
        case ("token", {"code": code}) | ("token", {"value": code}):
            yield escaped(code)
            yield f"{escaped(element.get('system', ''))}|{escaped(code)}"
        case "number", int() | float():
            yield from (str(element), f"ge{element}", f"le{element}", f"ap{element}")
        case "quantity", {"value": value, "code": code, "system": system} if "comparator" not in element:
            yield from (f"{value}", f"{value}|{system}|{code}", f"{value}||{code}")
        case "quantity", {"value": value, "currency": code}:
            yield f"{value}||{code}"
        case "reference", {"reference": text} if text[0] != "#":
            yield text
        case ("reference", str()) | ("uri", str()) if element[0] != "#":
            yield element


def lacking(kind: str, text: str) -> str:
    """A search like `text` for a value that nothing has."""
    return {
        "date": "1799-02-03",
        "number": "987654321987",
        "quantity": "987654321987",
        "string": "khong ai co ten nay",
    }.get(kind, text + "-khong-co")


def found_by_its_own(resource: dict) -> None:
    """Asserts that every value of the resource finds it, that a value it lacks does not, and what is missing."""
    kind = resource["resourceType"]
    for code, parameter in parameters(kind).items():
        elements = parameter.values(resource)
        searches = [text for element in elements for text in own(parameter.type, element) if text.strip()]
        for text in searches:
            assert found(kind, code, text, resource), (code, text)
            assert not found(kind, code, lacking(parameter.type, text), resource), (code, text)
            assert found(kind, code, f"{lacking(parameter.type, text)},{text}", resource), (code, text)
        if parameter.type != "composite":
            assert found(kind, f"{code}:missing", "true" if not elements else "false", resource)
            assert not found(kind, f"{code}:missing", "false" if not elements else "true", resource)
