"""Concepts as a summary compares and shows them."""

from typing import Any

from yteso.people import fold


Concept = dict[str, Any]


def key(concept: Concept | None) -> str:
    """The same for what is the same thing: its first code, or its words where it has none; "" for nothing."""
    for coding in codings(concept):
        return f"{coding.get('system', '')}|{coding['code']}"
    text = fold((concept or {}).get("text", ""))
    return text and f"#{text}"


def codings(concept: Concept | None) -> list[dict[str, Any]]:
    return [one for one in (concept or {}).get("coding", ()) if one.get("code")]


def label(concept: Concept | None) -> str:
    """The name of the code, the words beside it, or the code itself."""
    displays = [one["display"] for one in (concept or {}).get("coding", ()) if one.get("display")]
    codes = [one["code"] for one in codings(concept)]
    return next(iter((*displays, (concept or {}).get("text", ""), *codes)), "") or next(iter(codes), "")


def code(concept: Concept | None, system: str = "") -> str:
    """The first code, of one system or any."""
    return next((one["code"] for one in codings(concept) if not system or one.get("system") == system), "")


def named(concept: Concept) -> Concept:
    """The concept with the words that people read."""
    return concept | {"text": label(concept)}
