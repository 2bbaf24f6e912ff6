"""The identity of a dossier's content, whatever it was wrapped in."""

from hashlib import blake2b

import orjson

from yteso.intake.dossier import Row


def digest(tables: dict[str, list[Row]]) -> bytes:
    """BLAKE2b-128 of the tables as compact JSON with sorted keys: order of rows counts, order of tables and fields
    does not."""
    return blake2b(orjson.dumps(tables, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
