"""Versions and times in headers: ETag, Last-Modified, and what a client already has (RFC 9110, 13.1)."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from yteso.fhir.server.requests import Answer, Request
from yteso.record import Document


_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def headers(document: Document) -> list[tuple[str, str]]:
    """Of a resource of this version of its document."""
    return [("ETag", etag(document)), ("Last-Modified", format_datetime(document.written.astimezone(UTC), usegmt=True))]


def etag(document: Document) -> str:
    return f'W/"{document.version}"'


def unchanged(request: Request, document: Document) -> Answer | None:
    """The answer 304 when the client has this version already. If-None-Match comes before If-Modified-Since."""
    tags, since = request.header("If-None-Match"), request.header("If-Modified-Since")
    if tags:
        same = tags.strip() == "*" or str(document.version) in _TAG.findall(tags)
    else:
        same = bool(since) and document.written.replace(microsecond=0) <= _moment(since)
    return Answer(status=304, headers=headers(document)) if same else None


def _moment(text: str) -> datetime:
    """A date that cannot be read is as if it were not there."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
