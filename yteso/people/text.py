"""Vietnamese names: one key to find them by, one to sort them by. Nothing here depends on the database's locale."""

from unicodedata import category, normalize


TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng: their order in a dictionary, after no tone at all."""

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

_PLACE = {letter: chr(0x100 + n) for n, letter in enumerate(LETTERS)}
_D = str.maketrans("đĐ", "dD")


def fold(name: str) -> str:
    """The name without tones, marks, case and stray spaces: "Đặng  Thuý" and "ĐẶNG THÚY" are both DANG THUY."""
    letters = normalize("NFD", name.translate(_D))
    return " ".join("".join(c for c in letters if category(c) != "Mn").upper().split())


def sort_key(name: str) -> str:
    """Compared as plain text (collation C) it sorts as a Vietnamese dictionary: letters, then tones, then case.

    a < ă < â …, d < đ, and the tone counts only between words of the same letters. Same order as ICU's `vi`.
    """
    letters, tones, cases = [], [], []
    for c in normalize("NFC", name):
        tone = next((t for t in normalize("NFD", c) if t in TONES), "")
        bare = normalize("NFC", normalize("NFD", c).replace(tone, "")) if tone else c
        small = bare.lower()
        letters.append(_PLACE.get(small) or _plain(small))
        tones.append(str(TONES.find(tone) + 1) if tone else "0")
        cases.append("0" if bare == small else "1")
    return "\0".join(map("".join, (letters, tones, cases)))


def _plain(c: str) -> str:
    """A letter with a foreign mark sorts as the letter without it; anything else before the letters or after them."""
    return _PLACE.get(normalize("NFD", c)[0], c)
