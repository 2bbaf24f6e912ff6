"""Dates, numbers and sizes in Vietnamese and in English."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest


@pytest.fixture(params=["vi", "en"])
def language(request, template) -> str:
    from django.utils import translation

    with translation.override(request.param):
        yield request.param


def test_dates_put_the_day_first_in_both_languages(language) -> None:
    from yteso.pages.base import formats

    assert formats.day(date(2026, 2, 3)) == "03/02/2026"
    assert formats.day(None) == ""
    # Six in the evening of universal time is the next day in Viet Nam.
    assert formats.day(datetime(2026, 2, 3, 18, 0, tzinfo=UTC)) == "04/02/2026"
    assert formats.moment(datetime(2026, 2, 3, 18, 5, tzinfo=UTC)) == "01:05 04/02/2026"
    assert formats.moment(None) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("20261122", "22/11/2026"),
        ("202611220905", "09:05 22/11/2026"),
        ("20261122090500", "09:05 22/11/2026"),
        ("19850000", "1985"),
        ("19850300", "03/1985"),
        ("1985", "1985"),
        ("198500000000", "00:00 1985"),
        ("", ""),
        ("hôm qua", "hôm qua"),
        ("2026112", "2026112"),
    ],
)
def test_dates_of_the_national_files_are_read_aloud(text: str, shown: str, template) -> None:
    from yteso.pages.base import formats

    assert formats.national(text) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (0, None, "0", "0"),
        (1234, None, "1.234", "1,234"),
        (1234567.5, 1, "1.234.567,5", "1,234,567.5"),
        (Decimal("5.20"), None, "5,20", "5.20"),
        (-1234, None, "-1.234", "-1,234"),
        (None, None, "", ""),
    ],
)
def test_numbers_follow_the_language(value, decimals, vi: str, en: str, language: str) -> None:
    from yteso.pages.base import formats

    assert formats.number(value, decimals) == {"vi": vi, "en": en}[language]


@pytest.mark.parametrize(
    ("count", "vi"), [(0, "0 B"), (999, "999 B"), (1000, "1,0 KB"), (12_400, "12,4 KB"), (3 * 10**9, "3,0 GB")]
)
def test_sizes_are_for_people(count: int, vi: str, template) -> None:
    from django.utils import translation

    from yteso.pages.base import formats

    with translation.override("vi"):
        assert formats.size(count) == vi
    with translation.override("en"):
        assert formats.size(count) == vi.replace(",", ".")
