"""`Location?near`: what lies within a circle."""

import pytest
from search_cases import found, table

from yteso.fhir.search import SearchError, parse


BACH_MAI = {"latitude": 21.0008, "longitude": 105.8406}
"""Bạch Mai hospital, Hà Nội: 2.9 km from the Hoàn Kiếm lake, some 1,140 km from Chợ Rẫy in Hồ Chí Minh City."""

NEAR = table("""
    21.0287|105.8524|5|km         | yes
    21.0287|105.8524|2|km         | no
    21.0287|105.8524|5            | yes
    21.0287|105.8524              | yes
    21.0287|105.8524|5000|m       | yes
    21.0287|105.8524|2000|m       | no
    21.0287|105.8524|2.5|[mi_us]  | yes
    21.0287|105.8524|1|[mi_i]     | no
    10.7577|106.6594|50|km        | no
    10.7577|106.6594|1200|km      | yes
    10.7577|106.6594|1100|km      | no
    10.7577|106.6594|50|km,21|105.84|1|km | yes
    21.0008|105.8406|0            | yes
    # the other side of the earth
    -21.0008|-74.1594|20000|km    | no
    -21.0008|-74.1594|20016|km    | yes
""")


@pytest.mark.parametrize(("search", "expected"), NEAR)
def test_what_lies_near(search, expected):
    assert found("Location", "near", search, {"position": BACH_MAI}) == (expected == "yes")


def test_a_place_without_a_position_is_near_nothing():
    assert not found("Location", "near", "21|105|20000", {})
    assert not found("Location", "near", "21|105|20000", {"position": {"longitude": 105}})
    assert found("Location", "near:missing", "true", {})


@pytest.mark.parametrize(
    "text",
    ["", "21", "21|", "|105", "x|105", "91|105", "21|181", "21|105|-1", "21|105|5|ly", "21|105|5|km|x", "21|105|NaN"],
)
def test_what_is_no_place_is_refused(text):
    with pytest.raises(SearchError):
        parse("Location", [("near", text)], strict=True)
