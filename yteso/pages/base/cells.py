"""Cells of a table, in the shape the table component takes. Presenters build them; templates only place them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from yteso.pages.base import formats


Cell = dict[str, object]


def text(value: object, *, classes: str = "") -> Cell:
    return {"text": str(value), "classes": classes}


def link(words: str, href: str, *, below: str = "", classes: str = "app-break") -> Cell:
    """A link, and under it a smaller line in the type of codes."""
    if not below:
        return {"text": words, "href": href, "classes": classes}
    small = format_html('<br><span class="app-code app-muted">{}</span>', below)
    return {"html": format_html('<a href="{}">{}</a>{}', href, words, small), "classes": classes}


def count(value: int | None) -> Cell:
    return {"text": formats.number(value), "format": "numeric"}


def tags(*pairs: tuple[str, str]) -> Cell:
    return {"html": SafeString(" ".join(tag(words, colour) for words, colour in pairs))}


def tag(words: str, colour: str) -> SafeString:
    """A coloured label; the words alone must say it all. Colours: grey green blue red orange yellow …"""
    return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, words)
