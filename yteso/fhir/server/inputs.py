"""What an operation is given: parameters of the address or of a form, or a Parameters resource in the body.

https://hl7.org/fhir/R4/operations.html#request
"""

from collections.abc import Iterator

from msgspec import DecodeError, Raw, json

from yteso.fhir.server import formats
from yteso.fhir.server.faults import wrong
from yteso.fhir.server.requests import FORM, Request


Input = str | bytes | list[tuple[str, "Input"]]
"""The text of a primitive (true, 1.50), the JSON of a resource or of another type, or the parts of a parameter."""

APPEARANCE = {"_format", "_pretty", "_summary", "_elements"}
"""Parameters that say how the answer looks."""

_fields = json.Decoder(dict[str, Raw]).decode
_list = json.Decoder(list[dict[str, Raw]]).decode


def inputs(request: Request) -> list[tuple[str, Input]]:
    """Name and value of each, in their order; a resource that comes by itself is named `resource`. Raises Fault."""
    found: list[tuple[str, Input]] = [pair for pair in request.parameters if pair[0] not in APPEARANCE]
    if request.method == "POST" and not request.kind.lower().startswith(FORM) and request.body:
        found += _brought(formats.resource(request))
    return found


def simple(request: Request) -> None:
    """From now on the texts of a Parameters resource are parameters of the request, as if they were in the address."""
    own = [pair for pair in request.parameters if pair[0] in APPEARANCE]
    request.parameters = own + [(name, value) for name, value in inputs(request) if isinstance(value, str)]


def _brought(body: bytes) -> list[tuple[str, Input]]:
    try:
        fields = _fields(body)
        if bytes(fields.get("resourceType", b"")) != b'"Parameters"':
            return [("resource", body)]
        return list(_named(fields.get("parameter")))
    except (DecodeError, KeyError, ValueError):
        raise wrong(
            "Nội dung phải là một Parameters đúng dạng: parameter có name và một value[x], resource hoặc part.",
            "The body must be a sound Parameters: parameter has a name and one value[x], resource or part.",
        ) from None


def _named(listed: Raw | None) -> Iterator[tuple[str, Input]]:
    for parameter in _list(listed) if listed else ():
        name = json.decode(parameter["name"], type=str)
        if "part" in parameter:
            yield name, list(_named(parameter["part"]))
        else:
            (carried,) = (value for key, value in parameter.items() if key == "resource" or key.startswith("value"))
            yield name, _value(carried)


def _value(raw: Raw) -> str | bytes:
    text = bytes(raw).strip()
    if text[:1] in b"{[":
        return text
    return json.decode(text) if text[:1] == b'"' else text.decode()
