"""Facilities by the insurer's code. Pharmacies, practitioners and organisations join here later."""

import csv
from collections.abc import Iterable
from pathlib import Path

from psycopg import Connection


def load(file: Path) -> int:
    """Add or update facilities from a CSV with the columns code, name, kind, province, address; how many."""
    from yteso.registry.models import Facility

    names = ("code", "name", "kind", "province", "address")
    with file.open(encoding="utf-8", newline="") as stream:
        rows = [Facility(**{name: row.get(name, "") for name in names}) for row in csv.DictReader(stream)]
    Facility.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=names[1:])
    return len(rows)


def names(codes: set[str]) -> dict[str, str]:
    """Name of each known facility among `codes`."""
    from yteso.registry.models import Facility

    return dict(Facility.objects.filter(code__in=codes).values_list("code", "name"))


def known(conn: Connection, codes: Iterable[str]) -> dict[str, str]:
    """The same for callers that have a connection of their own."""
    return dict(conn.execute("SELECT code, name FROM registry_facility WHERE code = ANY(%s)", (list(codes),)))
