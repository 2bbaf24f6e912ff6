"""National visit tables ↔ FHIR R4: pure functions, no I/O.

`map_visit(dossier, header)` gives the resources of a visit; `unmap(resources)` gives the tables back, field for field.
What goes where is data: `templates/*.json`, read by `yteso.mapping.templates`, compiled by `yteso.mapping.compiler`,
listed in docs/reference/mapping.md.
"""

from yteso.mapping.inverse import unmap
from yteso.mapping.names import BASE
from yteso.mapping.visit import Identity, Mapped, map_visit


__all__ = ["BASE", "Identity", "Mapped", "map_visit", "unmap"]
