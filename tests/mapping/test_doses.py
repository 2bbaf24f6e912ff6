"""How long a drug lasts, as visit files state it."""

from decimal import Decimal

import pytest

from yteso.mapping import doses


@pytest.mark.parametrize(
    ("text", "quantity", "days"),
    [
        ("1 viên/lần * 2 lần/ngày * 5 ngày [2 viên/ngày]", None, 5),
        ("1 viên/lần * 2 lần/ngày * 5 ngày [2 viên/ngày]", 99, 5),
        ("2 viên x 1 lần, trong 28 ngày", None, 28),
        ("[2 viên/ngày]", 14, 7),
        ("[0,5 viên/ngày]", Decimal("7.5"), 15),
        ("[1.5 viên/ngày]", 10.5, 7),
        ("[2 viên/ngày]", None, None),
        ("[0 viên/ngày]", 14, None),
        ("1 tuýp dùng cả đợt", 1, None),
        ("", 30, None),
        ("1 viên * 500 ngày", None, None),
    ],
)
def test_days_of_supply(text, quantity, days) -> None:
    assert doses.days(text, quantity) == days
