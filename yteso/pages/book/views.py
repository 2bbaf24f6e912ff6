from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from yteso.pages.base.paging import page_of, pagination
from yteso.pages.book import reading
from yteso.pages.book.presenters import looked as log
from yteso.pages.book.presenters import slips, timeline, trends
from yteso.pages.book.presenters.card import card
from yteso.pages.book.presenters.head import head
from yteso.pages.book.presenters.medicines import medicines as taken
from yteso.pages.book.presenters.visit import full
from yteso.pages.book.reading import citizen


PAGE = 25
LINES = 50


@citizen
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The health card, what comes next, and every visit."""
    book = reading.open_book(request)
    today, wanted = localdate(), timeline.Wanted.asked(request.GET)
    heads = [head(visit, book.facility) for visit in book.visits]
    page = page_of(request, [one for one in heads if wanted.takes(one)], PAGE)
    context = {
        "card": card(book.record.documents, book.visits, heads, book.facility, today),
        "coming": timeline.coming(book.visits, heads, book.facility, today),
        "running": taken(book.visits, book.facility, today).running,
        "any": bool(heads),
        "total": page.paginator.count,
        "narrowed": wanted != timeline.Wanted(),
        "choices": timeline.choices(heads, wanted),
        "years": timeline.years(list(page)),
        "pagination": pagination(request, page),
    }
    return render(request, "book/home.jinja", context)


@citizen
@require_safe
def visit(request: HttpRequest, id: str) -> HttpResponse:
    book, found = reading.open_visit(request, id)
    return render(request, "book/visit.jinja", {"visit": full(found, book.facility)})


@citizen
@require_safe
def paper(request: HttpRequest, id: str, table: str, place: int) -> HttpResponse:
    """One paper alone, for printing."""
    book, found = reading.open_visit(request, id)
    wanted = (table.upper(), place)
    shown = next((one for one in slips.papers(found, book.facility) if (one.table, one.place) == wanted), None)
    if shown is None:
        raise Http404
    return render(request, "book/paper.jinja", {"paper": shown, "head": head(found, book.facility)})


@citizen
@require_safe
def medicines(request: HttpRequest) -> HttpResponse:
    book = reading.open_book(request)
    return render(request, "book/medicines.jinja", {"taken": taken(book.visits, book.facility, localdate())})


@citizen
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    book = reading.open_book(request)
    return render(request, "book/results.jinja", {"trends": trends.trends(book.visits, book.facility)})


@citizen
@require_safe
def trend(request: HttpRequest, slug: str) -> HttpResponse:
    book = reading.open_book(request)
    shown = next((one for one in trends.trends(book.visits, book.facility) if one.slug == slug), None)
    if shown is None:
        raise Http404
    context = {"trend": shown, "summary": trends.summary(shown), "chart": trends.chart(shown)}
    return render(request, "book/trend.jinja", context)


@citizen
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Every paper, the latest first; an appointment ahead stands out."""
    book = reading.open_book(request)
    found = [one for visit in book.visits for one in slips.papers(visit, book.facility)]
    page = page_of(request, found, LINES)
    return render(request, "book/papers.jinja", {"papers": page, "pagination": pagination(request, page)})


@citizen
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    looks = log.looks(reading.looked(request), request.user.get_username(), reading.Facilities())
    context = {"others": [one for one in looks if not one.own], "own": [one for one in looks if one.own][:LINES]}
    return render(request, "book/looked.jinja", context)


@citizen
@require_safe
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """A book by whose it is. Only one's own opens; any attempt is in the log of the person it names."""
    reading.open_person(request, person)
    return redirect("book:home")
