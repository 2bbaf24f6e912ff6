"""Time in the simulation: whole minutes since 00:00 of the first day."""

from datetime import date, timedelta


DAY = 1440
CLOCK = [f"{minute // 60:02d}{minute % 60:02d}" for minute in range(DAY)]
MARGIN = 400
"""Days known before the first and after the last day, for cards, births and appointments."""


class Calendar:
    def __init__(self, start: date, days: int) -> None:
        self.start, self.days = start, days
        self.end = days * DAY
        self.dates = [start + timedelta(days=offset) for offset in range(-MARGIN, days + MARGIN)]
        self.texts = [f"{day:%Y%m%d}" for day in self.dates]
        self.months = self._months()

    def date(self, minute: int) -> date:
        return self.dates[minute // DAY + MARGIN]

    def day(self, minute: int) -> str:
        """yyyymmdd"""
        return self.texts[minute // DAY + MARGIN]

    def stamp(self, minute: int) -> str:
        """yyyymmddHHMM"""
        return self.texts[minute // DAY + MARGIN] + CLOCK[minute % DAY]

    def _months(self) -> list[tuple[int, int, int]]:
        """The calendar months of the period: (month 1-12, first day, number of days)."""
        spans: list[tuple[int, int, int]] = []
        for offset in range(self.days):
            month = self.dates[offset + MARGIN].month
            if spans and spans[-1][0] == month:
                spans[-1] = (month, spans[-1][1], spans[-1][2] + 1)
            else:
                spans.append((month, offset, 1))
        return spans
