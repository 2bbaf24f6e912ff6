"""How an answer is written: `_format` and Accept, `_pretty` (https://hl7.org/fhir/R4/http.html#mime-type)."""

import msgspec

from yteso.fhir.server.faults import Fault
from yteso.fhir.server.requests import Request


JSON = "application/fhir+json"
_NAMES = {"json", "text/json", "application/json", JSON}
_ANY = {"*/*", "application/*", "text/*"}


def check(request: Request) -> None:
    """Raises Fault 406 when the client takes no JSON. `_format` comes before Accept."""
    asked = request.one("_format") or request.header("Accept") or JSON
    # In an address a plus sign is a blank.
    kinds = {part.partition(";")[0].strip().lower().replace(" ", "+") for part in asked.split(",")}
    if kinds.isdisjoint(_NAMES | ({""} if request.one("_format") else _ANY)):
        raise Fault(
            406,
            "not-supported",
            f"Máy chủ này trả lời bằng {JSON}; hãy dùng _format=json.",
            f"This server answers in {JSON}; use _format=json.",
        )


def laid_out(request: Request, body: bytes) -> bytes:
    """The text for people's eyes where `_pretty=true`; numbers stay as they are."""
    return msgspec.json.format(body, indent=2) if body and request.one("_pretty") == "true" else body
