"""Pages of a long list, in the shape the pagination component takes."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _


def page_of(request: HttpRequest, rows: QuerySet | list, size: int) -> Page:
    """The page that `?page=` asks for; an impossible number gives the nearest page that exists."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def pagination(request: HttpRequest, page: Page) -> dict[str, object] | None:
    """None when everything fits on one page."""
    if page.paginator.num_pages == 1:
        return None
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    items = [
        {
            "number": number,
            "href": _address(request, number),
            "current": number == page.number,
            "ariaLabel": _("Trang %(number)s") % {"number": number},
        }
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in shown
    ]
    return {
        "ariaLabel": _("Các trang"),
        "items": items,
        "previous": page.has_previous() and {"href": _address(request, page.number - 1), "text": _("Trang trước")},
        "next": page.has_next() and {"href": _address(request, page.number + 1), "text": _("Trang sau")},
    }


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return "?" + query.urlencode()
