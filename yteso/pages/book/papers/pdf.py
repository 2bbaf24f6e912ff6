"""Blocks → PDF. What people wrote reaches Typst as data (JSON), never as Typst code."""

import json
from functools import cache
from pathlib import Path

import typst

from yteso.pages.book.papers.blocks import Printed


TEMPLATE = Path(__file__).with_name("document.typ")
FONTS = Path(__file__).parents[2] / "static" / "fonts"


@cache
def _fonts() -> typst.Fonts:
    """Our own font, and those inside Typst for signs it lacks; never the machine's, so that all print the same."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def pdf(document: Printed) -> bytes:
    data = json.dumps(document.plain(), ensure_ascii=False).encode()
    return typst.compile({"main.typ": _template(), "data.json": data}, font_paths=_fonts(), format="pdf")
