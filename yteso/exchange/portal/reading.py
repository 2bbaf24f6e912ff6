"""What a portal client sent, in each of the shapes met in public client code.

A form, a JSON object, and for 4210 also the bare file: as it is, as a JSON array of byte values, or as a JSON string of
base64. Which it is shows in the first character; the Content-Type of these clients cannot be relied on.
"""

import re
from urllib.parse import parse_qsl

import orjson
import pybase64
from django.http import HttpRequest, UnreadablePostError

from yteso.exchange.portal.answers import Refusal


FILE = 20_000_000
"""Bytes of a file (PORTAL_SEND_RESULT 1001: 20 MB in office hours; this door keeps to that all day)."""

BODY = 30_000_000
"""Bytes of a request: the file in base64, some of its characters written as three."""

BARE = ""
"""The field of a file that came without a name."""

Fields = dict[str, object]
"""Field name in lower case → text; bytes or a list of byte values for a bare file."""

_SPACE = re.compile(r"[\t\r\n]+")


def fields(request: HttpRequest) -> Fields:
    """Fields of the body; Refusal `too-large` or `unreadable`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY:
        raise Refusal("too-large", limit=FILE // 1_000_000)
    try:
        body = request.read()
    except UnreadablePostError:
        raise Refusal("unreadable") from None
    return _parsed(body)


def query(request: HttpRequest) -> Fields:
    """Fields of the address, as the 4210 services have them."""
    return {name.lower(): value for name, value in request.GET.items()}


def needed(given: Fields, name: str) -> str:
    """The text of a field; Refusal `missing`."""
    value = given.get(name.lower())
    text = str(value).strip() if isinstance(value, str | int) else ""
    if not text:
        raise Refusal("missing", field=name)
    return text


def file(given: Fields, name: str) -> bytes:
    """The file of the field `name`, or the bare file; Refusal `missing`, `not-base64` or `too-large`."""
    value = given.get(name.lower()) or given.get(BARE)
    if not value:
        raise Refusal("missing", field=name)
    try:
        content = _content(value)
    except (ValueError, TypeError):
        raise Refusal("not-base64", field=name) from None
    if len(content) > FILE:
        raise Refusal("too-large", limit=FILE // 1_000_000)
    return content


def _parsed(body: bytes) -> Fields:
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return {BARE: body}
    try:
        if start in (b"{", b"[", b'"'):
            found = orjson.loads(body)
            return {str(n).lower(): v for n, v in found.items()} if isinstance(found, dict) else {BARE: found}
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Refusal("unreadable") from None
    return {name.lower(): value for name, value in pairs}


def _content(value: object) -> bytes:
    """Bytes of base64 text, or of byte values. A blank is a plus sign that the client did not escape in its form."""
    if isinstance(value, str):
        return pybase64.b64decode(_SPACE.sub("", value).strip().replace(" ", "+"), validate=True)
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return bytes(value)
    raise TypeError
