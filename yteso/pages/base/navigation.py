"""The menu of each role, and the page each role starts on. A new area adds its lines here."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yteso.access.models import Membership, Role


@dataclass(frozen=True)
class Entry:
    """A line of the menu: the page it opens, its words, and the other pages on which it stays marked."""

    page: str
    words: str
    also: tuple[str, ...] = ()


MENUS: dict[str, tuple[Entry, ...]] = {
    Role.FACILITY: (
        Entry("facility:upload", _("Gửi hồ sơ"), ("facility:uploaded",)),
        Entry(
            "facility:submissions",
            _("Các lần gửi"),
            tuple(
                f"facility:{page}"
                for page in ("submission", "dossiers", "dossier", "history", "withdraw", "rule", "receipt")
            ),
        ),
        Entry("facility:quality", _("Chất lượng"), ("facility:quality-missing",)),
    ),
    Role.AUTHORITY: (
        Entry("authority:ranking", _("Xếp hạng"), ("authority:card",)),
        Entry("authority:silent", _("Lâu không gửi")),
        Entry("authority:interconnection", _("Liên thông")),
    ),
    Role.CITIZEN: (
        Entry("book:home", _("Sổ sức khỏe"), ("book:visit",)),
        Entry("book:medicines", _("Thuốc")),
        Entry("book:results", _("Kết quả xét nghiệm"), ("book:trend",)),
        Entry("book:papers", _("Giấy tờ"), ("book:paper",)),
        Entry("book:looked", _("Ai đã xem")),
    ),
}

START: dict[str, str] = {
    Role.FACILITY: "facility:submissions",
    Role.AUTHORITY: "authority:ranking",
    Role.CITIZEN: "book:home",
}


def menu(request: HttpRequest, member: Membership | None) -> list[dict[str, object]]:
    """Menu lines in the shape the header component takes."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    entries = MENUS.get(member.role, ()) if member else ()
    return [
        {
            "href": reverse(entry.page),
            "text": str(entry.words),
            "current": here == entry.page,
            "active": here in entry.also,
        }
        for entry in entries
    ]


def start(member: Membership) -> str | None:
    """Address of the first page of a role; None when the role has no pages yet."""
    page = START.get(member.role)
    return reverse(page) if page else None
