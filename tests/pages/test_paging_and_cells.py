"""Pages of a long list and cells of a table, in the shapes the components take."""

import pytest


@pytest.fixture(autouse=True)
def vietnamese(template):
    from django.utils import translation

    with translation.override("vi"):
        yield


def asked(query: str = ""):
    from django.test import RequestFactory

    return RequestFactory().get(f"/co-so/{query}")


def turned(query: str, count: int, size: int = 10) -> dict | None:
    from yteso.pages.base.paging import page_of, pagination

    request = asked(query)
    return pagination(request, page_of(request, list(range(count)), size))


@pytest.mark.parametrize("count", [0, 1, 10])
def test_a_short_list_has_no_pages(count: int) -> None:
    assert turned("", count) is None


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ("", None, "?page=2"),
        ("?page=2", "?page=1", "?page=3"),
        ("?page=3", "?page=2", None),
        ("?page=9", "?page=2", None),
    ],
)
def test_there_is_a_way_on_and_a_way_back(query: str, before: str | None, after: str | None) -> None:
    shown = turned(query, 30)
    assert (shown["previous"] or {}).get("href") == before
    assert (shown["next"] or {}).get("href") == after


def test_many_pages_are_shortened_around_the_one_shown() -> None:
    items = turned("?page=50", 1000)["items"]
    assert ["…" if item.get("ellipsis") else item["number"] for item in items] == [1, "…", 49, 50, 51, "…", 100]
    assert [item["number"] for item in items if item.get("current")] == [50]


def test_every_page_number_is_read_out_in_words() -> None:
    assert [item["ariaLabel"] for item in turned("", 20)["items"]] == ["Trang 1", "Trang 2"]


def test_the_search_stays_in_the_address_safely() -> None:
    assert turned("?q=a%26b&page=1", 20)["next"]["href"] == "?q=a%26b&page=2"


def test_cells_are_text_not_markup() -> None:
    from yteso.pages.base import cells

    assert cells.text("<b>") == {"text": "<b>", "classes": ""}
    assert cells.link("<b>", "/a") == {"text": "<b>", "href": "/a", "classes": "app-break"}
    assert "<b>" not in cells.link("<b>", "/a", below="<i>")["html"]
    assert "&lt;i&gt;" in cells.link("<b>", "/a", below="<i>")["html"]
    assert cells.tag("<b>", "red") == '<strong class="nhsuk-tag nhsuk-tag--red">&lt;b&gt;</strong>'


def test_counts_are_numbers_of_viet_nam() -> None:
    from yteso.pages.base import cells

    assert cells.count(1234) == {"text": "1.234", "format": "numeric"}
    assert cells.count(None) == {"text": "", "format": "numeric"}


def test_several_tags_stand_side_by_side() -> None:
    from yteso.pages.base import cells

    assert cells.tags(("Đạt", "green"), ("Mới", "blue"))["html"].count("<strong") == 2
