"""Changes of the resource that stands: patch, $meta-add, $meta-delete.

Nothing is locked while the new content is made. Where somebody else was quicker it is made again of what stands then,
so that no update is lost; with If-Match it is the client that decides.
"""

from collections.abc import Callable

from yteso.fhir.server import reading, writing
from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.writing import Change, Saved, read
from yteso.fhir.writing.content import sound
from yteso.record import RESOURCE


ATTEMPTS = 5


def edit(request: Request, change: Callable[[bytes], bytes]) -> Saved:
    """Save what `change` makes of the current version of the resource, as it is handed out; raises Fault."""
    type, id, asked = request.values["type"], request.values["id"], writing.expected(request)
    for _ in range(ATTEMPTS):
        document, resource = reading.current(request)
        version = str(document.version)
        mine = asked is None or not asked.isdisjoint({"*", version})
        if mine and document.kind == RESOURCE:
            content = read(change(WHOLE(type, resource, document.version, document.written)))
        else:
            content = sound(resource)  # `save` refuses what a dossier owns and a version that is not the expected one
        if (content.type, content.id) != (type, id):
            raise wrong("Loại và id của tài nguyên không đổi được.", "Type and id of a resource cannot be changed.")
        try:
            return writing.keep(request, Change(type, id, content, frozenset({version}) if mine else asked))
        except Fault as fault:
            if fault.status != 412 or asked is not None:
                raise
    raise Fault(
        409,
        "conflict",
        "Tài nguyên đang được người khác ghi liên tục; hãy thử lại.",
        "Others keep writing this resource; try again.",
    )
