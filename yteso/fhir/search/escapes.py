"""`\\,` `\\|` `\\$` and `\\\\` in the values of a search (FHIR R4, Search, "Escaping Search Parameters")."""

import re


_ESCAPED = re.compile(r"\\([,|$\\])")


def split(text: str, sign: str, most: int = -1) -> list[str]:
    """The parts between the unescaped signs, still escaped; with `most`, what follows the last split stays whole."""
    if "\\" not in text:
        return text.split(sign, most)
    parts, start, at = [], 0, 0
    while at < len(text) and len(parts) != most:
        if text[at] == "\\":
            at += 1
        elif text[at] == sign:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def plain(text: str) -> str:
    """The text without its escapes. A backslash before any other sign is only a backslash."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
