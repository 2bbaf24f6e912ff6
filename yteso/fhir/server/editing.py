"""Changes of the resource that stands: patch, $meta-add, $meta-delete.

Nothing is locked while the new content is made. Where somebody else was quicker it is made again of what stands then,
so that no update is lost; with If-Match it is the client that decides.
"""

from collections.abc import Callable

from yteso.fhir.server import reading, writing
from yteso.fhir.server.faults import Fault, not_of, wrong
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.server.wishes import Wish
from yteso.fhir.writing import Saved, read
from yteso.fhir.writing.content import sound
from yteso.record import RESOURCE


ATTEMPTS = 5


def edit(request: Request, change: Callable[[bytes], bytes]) -> Saved:
    """Save what `change` makes of the current version of the resource, as it is handed out; raises Fault."""
    for _ in range(ATTEMPTS):
        try:
            return writing.keep(request, wish(request, change))
        except Fault as fault:
            if fault.status != 412 or request.header("If-Match"):
                raise
    raise Fault(
        409,
        "conflict",
        "Tài nguyên đang được người khác ghi liên tục; hãy thử lại.",
        "Others keep writing this resource; try again.",
    )


def wish(request: Request, change: Callable[[bytes], bytes]) -> Wish:
    """To save what `change` makes of the version that stands, as long as it does; raises Fault."""
    type, id, asked = request.values["type"], request.values["id"], writing.expected(request)
    not_of(type, "PATCH")
    document, resource = reading.current(request)
    version = str(document.version)
    mine = asked is None or not asked.isdisjoint({"*", version})
    if mine and document.kind == RESOURCE:
        content = read(change(WHOLE(type, resource, document.version, document.written)))
    else:
        content = sound(resource)  # what a dossier owns, or a version that is not the expected one, is refused later
    if (content.type, content.id) != (type, id):
        raise wrong("Loại và id của tài nguyên không đổi được.", "Type and id of a resource cannot be changed.")
    return Wish("PUT", type, id, content, expected=frozenset({version}) if mine else asked)
