"""The narrative of a section: a table, in Vietnamese, with nothing in it that is not text."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any


_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], after: str = "") -> dict[str, Any]:
    head = "".join(f"<th>{_text(column)}</th>" for column in columns)
    lines = ("".join(f"<td>{_text(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return _narrative(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{_paragraph(after)}")


def words(*paragraphs: str) -> dict[str, Any]:
    return _narrative("".join(map(_paragraph, paragraphs)))


def _paragraph(text: str) -> str:
    return f"<p>{_text(text)}</p>" if text else ""


def _narrative(inside: str) -> dict[str, Any]:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml" lang="vi" xml:lang="vi">{inside}</div>'
    return {"status": "generated", "div": div}


def _text(text: str) -> str:
    return escape(_UNPRINTABLE.sub("", text), quote=False)
