"""The book to take away: PDF of one visit, and of everything."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from yteso.pages.book import reading
from yteso.pages.book.papers import compose
from yteso.pages.book.papers.blocks import Printed
from yteso.pages.book.papers.pdf import pdf
from yteso.pages.book.presenters.card import card
from yteso.pages.book.presenters.head import head
from yteso.pages.book.presenters.medicines import medicines
from yteso.pages.book.presenters.resources import first
from yteso.pages.book.presenters.visit import full
from yteso.pages.book.reading import citizen


@citizen
@require_safe
def visit(request: HttpRequest, id: str) -> HttpResponse:
    opened, found = reading.open_visit(request, id, reading.PRINTED)
    name = first(found.patient.get("name")).get("text", "")
    return _file(compose.one_visit(full(found, opened.facility), name, localtime()), f"luot-kham-{found.on:%Y%m%d}")


@citizen
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    opened = reading.open_book(request, reading.PRINTED)
    visits, now = opened.visits, localtime()
    heads = [head(one, opened.facility) for one in visits]
    known = card(opened.record.documents, visits, heads, opened.facility, now.date())
    taken = medicines(visits, opened.facility, now.date())
    document = compose.whole_book(known, taken, [full(one, opened.facility) for one in visits], now)
    return _file(document, f"so-suc-khoe-{now:%Y%m%d}")


def _file(document: Printed, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(pdf(document), content_type="application/pdf", headers=headers)
