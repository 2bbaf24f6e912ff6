"""When a dossier of the insurer's settlement may still come."""

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.values import MINUTES


LAST_DAY = 5
"""Day of the next month until which the dossiers of a month are taken (result code 701 of the portal)."""


@rule("ENV-010", standards=ALL, on=False)
def comes_before_its_month_is_closed(v: Visit, add: Add) -> None:
    """Off unless a province asks for it: the insurer closes its month, a health record takes a late visit gladly."""
    if not v.left:
        return
    year, month = divmod(int(v.left[:4]) * 12 + int(v.left[4:6]), 12)
    closed = f"{year}{month + 1:02}{LAST_DAY:02}2359"
    if v.now > closed and MINUTES[closed]:
        add("XML1", 1, "NGAY_RA", v.left, received=v.now[:8], last=closed[:8])
