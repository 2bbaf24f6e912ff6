"""How many dossiers had to be corrected after they were sent, in words and as figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yteso.config.database import connect
from yteso.intake.corrections import Counts, counts
from yteso.pages.base import formats
from yteso.pages.facility.words import MEND


DAYS = 30
"""The period when the reader names none: so many days, today included."""


@dataclass(frozen=True)
class Corrected:
    """`facts` in the shape of key figures; none when there was nothing to correct."""

    words: str
    facts: list[dict[str, str]]


def corrected(facility: str, since: date | None, until: date | None) -> Corrected | None:
    """None for a period that ends before it begins."""
    last = until or localdate()
    first = since or last - timedelta(days=DAYS - 1)
    if first > last:
        return None
    with connect() as conn:
        found = counts(conn, facility, first, last)
    period = {"first": formats.day(first), "last": formats.day(last)}
    if found == Counts(0, 0, 0, 0):
        return Corrected(_("Từ %(first)s đến %(last)s: không có hồ sơ nào phải sửa hay phải rút.") % period, [])
    if found.waiting:
        words = _("Từ %(first)s đến %(last)s. Còn %(waiting)s hồ sơ bị từ chối chưa có bản sửa được nhận.")
    else:
        words = _("Từ %(first)s đến %(last)s. Mọi hồ sơ bị từ chối đều đã được sửa hoặc đã rút.")
    return Corrected(words % (period | {"waiting": formats.number(found.waiting)}), _facts(found))


def _facts(found: Counts) -> list[dict[str, str]]:
    mend = f"{reverse('facility:submissions')}?status={MEND}" if found.waiting else ""
    return [
        {"label": _("Đã nhận, sau đó gửi bản sửa"), "value": formats.number(found.corrected), "kind": "", "href": ""},
        {"label": _("Bị từ chối, đã sửa xong"), "value": formats.number(found.mended), "kind": "good", "href": ""},
        {
            "label": _("Bị từ chối, còn chờ sửa"),
            "value": formats.number(found.waiting),
            "kind": "critical" if found.waiting else "",
            "href": mend,
        },
        {"label": _("Đã rút"), "value": formats.number(found.withdrawn), "kind": "", "href": ""},
    ]
