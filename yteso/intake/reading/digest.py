"""The identity of a dossier's content, whatever it was wrapped in, and its composed (NFC) form."""

from hashlib import blake2b
from unicodedata import is_normalized, normalize

import orjson

from yteso.intake.dossier import Row


# UTF-8 lead bytes of the characters composition may change: combining marks, Greek, Arabic, Indic, symbols such as the
# Ohm and Angstrom signs, kana, compatibility ideographs. Those under E1, the lead byte of every Vietnamese vowel with
# two marks, are left out for speed: Hangul jamo, Myanmar, Balinese and polytonic Greek stay as sent.
_LEADS = tuple(bytes((lead,)) for lead in (0xCC, 0xCD, 0xCE, 0xD9, 0xE0, 0xE2, 0xE3, 0xEF, 0xF0))


def seal(tables: dict[str, list[Row]]) -> bytes:
    """Compose every text in place, then BLAKE2b-128 of the tables as compact JSON with sorted keys: the order of rows
    counts, the order of tables and fields does not."""
    canonical = orjson.dumps(tables, option=orjson.OPT_SORT_KEYS)
    if any(lead in canonical for lead in _LEADS) and _compose(tables):
        canonical = orjson.dumps(tables, option=orjson.OPT_SORT_KEYS)
    return blake2b(canonical, digest_size=16).digest()


def _compose(tables: dict[str, list[Row]]) -> bool:
    """True when something changed."""
    changed = False
    for rows in tables.values():
        for row in rows:
            for name, text in row.items():
                if not is_normalized("NFC", text):
                    row[name] = normalize("NFC", text)
                    changed = True
    return changed
