"""StructureDefinitions by their addresses: those of our guide, those written over FHIR or loaded from packages."""

import json
from decimal import Decimal
from typing import Any

from yteso.fhir.guide import naming
from yteso.fhir.search.index import plain_address
from yteso.fhir.server.node import connections
from yteso.record import FIRST, Probe, passing
from yteso.record.words import of_value


TYPE = "StructureDefinition"
SAME = 100
"""Definitions of one address, of other versions, that are looked at."""


def definition(canonical: str) -> dict[str, Any] | None:
    """The one of this address and |version, or the last written of all versions; None when there is none."""
    return naming.definition(canonical) or _stored(*canonical.split("|", 1))


def _stored(url: str, version: str = "") -> dict[str, Any] | None:
    probe = Probe((frozenset({of_value(TYPE, "url", plain_address(url))}),))
    with connections().taken() as conn:
        documents = passing(conn, [probe], FIRST, SAME)
    for document in sorted(documents, key=lambda one: one.written, reverse=True):
        for _, _, text in document.body.of_type(TYPE):
            found = json.loads(text, parse_float=Decimal)
            if found.get("url") == url and (not version or found.get("version") == version):
                return found
    return None
