"""The parameters of an operation by name, as the operations on terminology read them."""

from collections.abc import Container
from contextlib import suppress
from datetime import date

import orjson

from yteso.fhir.server.faults import Fault, Issue, shown, wrong
from yteso.fhir.server.inputs import Input, inputs
from yteso.fhir.server.requests import Request
from yteso.fhir.structure import check


Json = dict

CODING = ("system", "version", "code", "display")

_REST = {4: "-01-01", 7: "-01"}
"""What a year and a month lack to be a day."""


class Arguments:
    """Of one request. Raises Fault for a parameter that the operation does not have."""

    def __init__(self, request: Request, known: Container[str]) -> None:
        self.given: list[tuple[str, Input]] = inputs(request)
        for name, _ in self.given:
            if name not in known and not request.lenient:
                raise wrong(
                    f"Thao tác này không có tham số {shown(name)}; bỏ đi, hoặc gửi Prefer: handling=lenient.",
                    f"This operation has no parameter {shown(name)}; drop it, or send Prefer: handling=lenient.",
                )

    def all(self, name: str) -> list[Input]:
        return [value for given, value in self.given if given == name]

    def texts(self, name: str) -> list[str]:
        found = self.all(name)
        if not all(isinstance(value, str) for value in found):
            raise wrong(f"{name} là một giá trị đơn.", f"{name} is a simple value.")
        return found

    def text(self, name: str, default: str = "") -> str:
        found = self.texts(name)
        if len(found) > 1:
            raise wrong(f"{name} chỉ được có một lần.", f"{name} may be there once only.")
        return found[0] if found else default

    def flag(self, name: str) -> bool:
        value = self.text(name, "false")
        if value not in ("true", "false"):
            raise wrong(f"{name} là true hoặc false.", f"{name} is true or false.")
        return value == "true"

    def number(self, name: str) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise wrong(f"{name} là số nguyên không âm.", f"{name} is a whole number, not negative.")
        return int(value)

    def day(self, name: str) -> date | None:
        """The day of a dateTime; a month or a year is its first day."""
        value = self.text(name)
        if not value:
            return None
        with suppress(ValueError):
            return date.fromisoformat(value[:10] + _REST.get(len(value), ""))
        raise wrong(f"{name} viết như 2026-03-01.", f"{name} is written as 2026-03-01.")

    def object(self, name: str) -> Json | None:
        """A parameter of a type with elements."""
        found = self._json(name)
        return orjson.loads(found) if found else None

    def resource(self, name: str, type: str) -> Json | None:
        """A parameter that is a resource; raises Fault unless it is a sound one of the type."""
        found = self._json(name)
        if not found:
            return None
        if issues := check(found):
            raise Fault.of(422, *(Issue("error", one.code, one.vi, one.en, one.location) for one in issues))
        resource = orjson.loads(found)
        if resource["resourceType"] != type:
            raise wrong(f"{name} là một {type}.", f"{name} is a {type}.")
        return resource

    def _json(self, name: str) -> bytes | None:
        found = self.all(name)
        if len(found) > 1 or not all(isinstance(one, bytes) for one in found):
            raise wrong(f"{name} chỉ có trong Parameters, một lần.", f"{name} is in Parameters only, once.")
        return found[0] if found else None

    def codings(self) -> list[Json]:
        """What is asked of: `code` with `system`, `coding`, or the codings of `codeableConcept`; raises Fault."""
        if concept := self.object("codeableConcept"):
            found = concept.get("coding", [])
        elif coding := self.object("coding"):
            found = [coding]
        else:
            found = [{name: self.text(name) for name in CODING}]
        codings = [texts(one) for one in found] if isinstance(found, list) else []
        if not any(one.get("code") for one in codings):
            raise required("code")
        return [one for one in codings if one.get("code")]


def texts(coding: object) -> Json:
    """The parts of a Coding that are as they should be."""
    if not isinstance(coding, dict):
        return {}
    return {name: value for name in CODING if isinstance(value := coding.get(name), str) and value}


def required(name: str) -> Fault:
    return wrong(f"Thiếu tham số {name}.", f"The parameter {name} is missing.")


def answer(*parts: tuple[str, str, object]) -> bytes:
    """A Parameters resource of (name, type as in value[x], value); parts with a value of type `part` are nested."""
    return orjson.dumps({"resourceType": "Parameters", "parameter": [_out(*part) for part in parts]})


def _out(name: str, kind: str, value: object) -> Json:
    if kind == "part":
        return {"name": name, "part": [_out(*part) for part in value]}
    return {"name": name, f"value{kind}": value}
