"""Months as their first days."""

from datetime import date, timedelta


def first(day: date) -> date:
    return day.replace(day=1)


def before(month: date, count: int = 1) -> date:
    """The month `count` months earlier; a negative count is later."""
    years, months = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, months + 1, 1)


def after(month: date) -> date:
    return before(month, -1)


def last_day(month: date) -> date:
    return after(month) - timedelta(days=1)


def parse(text: str) -> date | None:
    """yyyy-mm of the years 1900 to 2099; None for anything else."""
    try:
        month = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
    # At the ends of the calendar there is no month before or after.
    return month if month and 1900 <= month.year < 2100 else None
