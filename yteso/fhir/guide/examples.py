"""One example to a profile, from simulated visits: `python -m yteso.fhir.guide.examples` makes them anew."""

from functools import cache

import orjson

from yteso.fhir.guide.profiles import Json, profile_of, profiles
from yteso.fhir.guide.shapes import DATA


FILE = DATA / "examples.json"
LONGEST = 6_000
"""Bytes of an example, where there is one that short."""
PEOPLE, DAYS, FACILITIES, SEED = 4_000, 60, 8, 7


@cache
def examples() -> dict[str, Json]:
    """By the id of the profile."""
    return orjson.loads(FILE.read_bytes())


def make() -> dict[str, Json]:
    """Of each profile the richest resource that is not too long; profiles that no simulated visit has are absent."""
    from yteso import mapping
    from yteso.intake.envelope import read
    from yteso.sandbox.simulate import visits

    best: dict[str, bytes] = {}
    for file in visits(PEOPLE, DAYS, FACILITIES, SEED, per_file=50):
        envelope, dossiers = read(file.bytes)
        for dossier in dossiers:
            mapped = mapping.map_visit(dossier, envelope.header)
            for type, _, json in [*mapped.resources, ("Patient", "", mapped.patient)]:
                profile = profile_of(type, json)
                if profile:
                    best[profile.id] = max(best.get(profile.id, json), json, key=_worth)
    return {one.id: orjson.loads(best[one.id]) for one in profiles() if one.id in best}


def _worth(json: bytes) -> tuple[bool, int]:
    short = len(json) <= LONGEST
    return short, len(json) if short else -len(json)


if __name__ == "__main__":
    FILE.write_bytes(orjson.dumps(make(), option=orjson.OPT_INDENT_2) + b"\n")
