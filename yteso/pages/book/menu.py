"""The citizen's lines of the menu, and the page they start on."""

from django.utils.translation import gettext_lazy as _

from yteso.access.models import Role
from yteso.pages.base.navigation import MENUS, START, Entry


def register() -> None:
    MENUS[Role.CITIZEN] = (
        Entry("book:home", _("Sổ sức khỏe"), ("book:visit",)),
        Entry("book:medicines", _("Thuốc")),
        Entry("book:results", _("Kết quả xét nghiệm"), ("book:trend",)),
        Entry("book:papers", _("Giấy tờ"), ("book:paper",)),
        Entry("book:looked", _("Ai đã xem")),
    )
    START[Role.CITIZEN] = "book:home"
