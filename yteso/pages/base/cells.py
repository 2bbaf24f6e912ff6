"""Cells of a table, in the shape the table component takes. Presenters build them; templates only place them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from yteso.pages.base import formats


Cell = dict[str, object]


def text(value: object, *, classes: str = "") -> Cell:
    return {"text": str(value), "classes": classes}


def link(words: str, href: str, *, hidden: str = "", classes: str = "app-break") -> Cell:
    """`hidden` is read out after the words, so that "Xem" in every row is told apart."""
    return {"text": words, "href": href, "visuallyHiddenText": hidden or None, "classes": classes}


def count(value: int | None) -> Cell:
    return {"text": formats.number(value), "format": "numeric"}


def tags(*pairs: tuple[str, str]) -> Cell:
    return {"html": SafeString(" ".join(tag(words, colour) for words, colour in pairs))}


def tag(words: str, colour: str) -> SafeString:
    """A coloured label; the words alone must say it all. Colours: grey green blue red orange yellow …"""
    return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, words)
