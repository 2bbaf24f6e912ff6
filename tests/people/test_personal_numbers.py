"""Which personal numbers may link anybody to anybody."""

import pytest

from yteso.people import personal_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("001090000001", "001090000001"),
        (" 001 090 000 001 ", "001090000001"),
        ("001.090.000.001", "001090000001"),
        ("012345679", "012345679"),
        ("C1234567", "C1234567"),
        ("c1234568", "C1234568"),
        ("AB123457", "AB123457"),
    ],
)
def test_a_number_is_kept_without_its_spaces(text, number):
    assert personal_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "000000000000", "999999999999", "111111111", "000000000", "A0000000", "123456789", "012345678901"),
        *("123456789012", "12345", "1234567890123", "khong co", "CCCD", "00109000000a", "٠٠١٠٩٠٠٠٠٠٠١"),
    ],
)
def test_a_placeholder_or_malformed_number_is_none(text):
    assert personal_number(text) == ""
