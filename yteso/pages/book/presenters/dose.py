"""A dose as the national files write it (`yteso.mapping.doses`), in words, and how many days it lasts."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yteso.mapping import doses
from yteso.pages.base import formats


AMOUNT = r"(\d+(?:[.,/]\d+)?)\s*([^\d\W][^*\[\]/;]*?)?"
DOSE = re.compile(
    rf"\s*{AMOUNT}\s*(?:/\s*lần)?\s*[*x]\s*(\d+)\s*lần\s*(?:/\s*ngày)?\s*(?:[*x]\s*(\d+)\s*ngày)?\s*(?:\[.*\])?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dose:
    """`words` is for people; `days` is None when nobody can tell."""

    words: str
    days: int | None


def read(text: str, quantity: Decimal | int | None) -> Dose:
    """`quantity` is what was handed out: with the total a day it gives the days when the text does not."""
    match = DOSE.fullmatch(text)
    days = doses.days(text, quantity)
    if not match:
        return Dose(text, days)
    amount, unit, times, _days_said = match.groups()
    parts = [
        _("mỗi lần %(amount)s") % {"amount": f"{_shown(amount)} {(unit or '').strip().lower()}".strip()},
        ngettext("ngày %(num)s lần", "ngày %(num)s lần", int(times)) % {"num": times},
    ]
    if days:
        parts.append(ngettext("trong %(num)s ngày", "trong %(num)s ngày", days) % {"num": days})
    words = ", ".join(parts)
    return Dose(words[:1].upper() + words[1:], days)


def _shown(amount: str) -> str:
    return amount if "/" in amount else formats.number(Decimal(amount.replace(",", ".")))
