"""Where our names live: identifier systems, code systems and extensions, in one place.

`data/systems.csv` gives every short name used in the templates (`"system": "%cccd"`) its full address. Those of the
public VN Core draft (fhir.hl7.org.vn, v0.10, a community draft) are used where the draft has a sound one; the rest is
ours under `BASE`.
"""

import csv
from functools import cache
from pathlib import Path


BASE = "https://yteso.vn/fhir"
DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one data file of this package."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def systems() -> dict[str, str]:
    """Short name → address."""
    return {row["name"]: row["uri"].replace("{base}", BASE) for row in rows("systems.csv")}


@cache
def indexed() -> frozenset[str]:
    """Addresses of the code systems whose codes are worth a token in the search index."""
    return frozenset(systems()[row["name"]] for row in rows("systems.csv") if row["indexed"] == "yes")
