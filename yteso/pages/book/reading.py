"""Opening the book of whoever is signed in. Every page that shows something of the record goes through here."""

from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from yteso import people, record, registry
from yteso.access.models import Role
from yteso.access.reads import Denied, Reader, Reading, Record, open_record, readings
from yteso.config.database import connect
from yteso.pages.base.roles import role_required
from yteso.pages.book.presenters.resources import Visit


citizen = role_required(Role.CITIZEN)

OWN = "own-book"
PRINTED = "own-book-pdf"
"""Purposes that these pages state in the log."""

LOG = 3000


class Facilities:
    """Names of facilities by code, asked for once each."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, code: str) -> str:
        return self._known.get(code) or self.learn({code})[code]

    def learn(self, codes: set[str]) -> dict[str, str]:
        found = registry.names(codes) if codes else {}
        self._known.update({code: found.get(code) or _("Cơ sở %(code)s") % {"code": code} for code in codes})
        return self._known


class Book:
    """A citizen's record, ready to be shown."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.facility = Facilities()
        self.facility.learn({document.facility for document in record.visits})

    @cached_property
    def visits(self) -> list[Visit]:
        """Newest first."""
        return [Visit(document) for document in self.record.visits]


def open_book(request: HttpRequest, purpose: str = OWN) -> Book:
    with connect() as conn:
        return Book(open_record(conn, _reader(request, purpose), request.membership.person))


def open_visit(request: HttpRequest, id: str, purpose: str = OWN) -> tuple[Book, Visit]:
    """One visit of the reader's own book. Someone else's is refused, and the attempt stays in that person's log."""
    book = open_book(request, purpose)
    name = record.named(id)
    document = name and book.record.document(name)
    if document and document.kind == record.VISIT:
        return book, Visit(document)
    if name:
        _refuse(request, name, purpose)
    raise Http404


def open_person(request: HttpRequest, person: UUID) -> None:
    """Passes when the reader may open this person's book; the attempt is logged either way."""
    with connect() as conn:
        try:
            open_record(conn, _reader(request, OWN), person)
        except Denied:
            raise PermissionDenied from None


def looked(request: HttpRequest) -> list[Reading]:
    """The log of the reader's own book; looking into it is not itself a reading of the record."""
    with connect() as conn:
        return readings(conn, request.membership.person, LOG)


def _refuse(request: HttpRequest, document: UUID, purpose: str) -> None:
    """Finds out whose it is, for the log alone; the reader learns nothing, not even that it exists."""
    with connect() as conn:
        known = record.read_document(conn, document)
        person = known and people.person_of(conn, known.subject)
        if person and person != request.membership.person:
            try:
                open_record(conn, _reader(request, purpose), person)
            except Denied:
                return


def _reader(request: HttpRequest, purpose: str) -> Reader:
    return Reader(
        account=request.user.get_username(), role=Role.CITIZEN, purpose=purpose, person=request.membership.person
    )
