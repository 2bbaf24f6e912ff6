"""Vietnamese names: the folded key and the dictionary order."""

from functools import reduce
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.people import fold, sort_key


LOWER = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nguyễn Văn An", "NGUYEN VAN AN"),
        ("  đặng   thị\tthuý ", "DANG THI THUY"),
        ("ĐẶNG THỊ THÚY", "DANG THI THUY"),
        ("Hoà", "HOA"),
        ("Hòa", "HOA"),
        ("Uỷ Ủy", "UY UY"),
        ("Trần Thị Ướt", "TRAN THI UOT"),
        ("Y Blơ Niê", "Y BLO NIE"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_folding(name, key):
    assert fold(name) == key


def test_every_vietnamese_letter_folds_to_a_plain_capital():
    plain = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert {fold(letter) for letter in LOWER + LOWER.upper()} == plain


@given(st.text(st.sampled_from(LOWER + LOWER.upper() + " "), max_size=30))
def test_composed_and_decomposed_names_are_one(name):
    assert fold(normalize("NFD", name)) == fold(normalize("NFC", name))
    assert sort_key(normalize("NFD", name)) == sort_key(normalize("NFC", name))


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(name):
    assert fold(fold(name)) == fold(name)


def test_the_letters_in_the_order_of_the_dictionary():
    assert "".join(sorted("zyxwvưutsrqpơôonmlkjihgfêeđdcbâăa", key=sort_key)) == "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def test_the_tones_in_the_order_of_the_dictionary():
    assert sorted(["má", "mạ", "mã", "ma", "mả", "mà"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_letters_count_before_tones():
    words = ["Hạ", "Hà", "Hai", "Hả An", "Ha An", "Hà An", "Hăng", "Hằng", "Hâm"]
    expected = ["Hà", "Hạ", "Ha An", "Hà An", "Hả An", "Hai", "Hăng", "Hằng", "Hâm"]
    assert sorted(words, key=sort_key) == expected


def test_a_list_of_names():
    expected = [
        *("An", "Ánh", "Ân", "Ấn Độ", "Bình", "Cường", "Dũng", "Đạt", "Đức", "Êm", "Hoà", "Hoan", "Oanh", "Ông"),
        *("Ơn", "Sơn", "Uyên", "Ước", "Xuân", "Yến"),
    ]
    assert sorted(set(expected), key=sort_key) == expected


def test_small_letters_before_capitals_of_the_same_name():
    assert sorted(["AN", "An", "an"], key=sort_key) == ["an", "An", "AN"]


def test_foreign_and_odd_characters_have_a_place():
    assert sorted(["Zoë", "Zoe", "Zob", "1", "O'Brien", "Obama"], key=sort_key)[0] == "1"
    assert sort_key("Zob") < sort_key("Zoë") < sort_key("Zog")


@given(st.lists(st.text(st.sampled_from(LOWER + " "), max_size=8), max_size=8))
def test_the_order_is_one_order_whatever_the_start(names):
    once = sorted(names, key=sort_key)
    again = reduce(lambda done, name: sorted([*done, name], key=sort_key), reversed(names), [])
    assert [sort_key(n) for n in once] == [sort_key(n) for n in again]
