"""How many days a drug lasts, from its dose as the national files write it (XML2 LIEU_DUNG) and its amount.

"1 viên/lần * 2 lần/ngày * 5 ngày [2 viên/ngày]": the amount each time * the times a day * the days [the total a day].
"""

import re
from decimal import Decimal


_DAYS = re.compile(r"(?:[*x,;]|trong)\s*(\d+)\s*ngày", re.IGNORECASE)
_PER_DAY = re.compile(r"\[\s*(\d+(?:[.,]\d+)?)\s*[^/\]]*/\s*ngày", re.IGNORECASE)
LONGEST = 400


def days(text: str, quantity: Decimal | float | None) -> int | None:
    """None when nobody can tell. `quantity` is what was handed out: with the total a day it gives the days when the
    text does not.
    """
    said = _DAYS.search(text)
    found = int(said[1]) if said else 0
    if not found and quantity and (each := _PER_DAY.search(text)):
        per_day = Decimal(each[1].replace(",", "."))
        found = int(Decimal(str(quantity)) / per_day) if per_day else 0
    return found if 0 < found <= LONGEST else None
