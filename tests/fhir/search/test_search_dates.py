"""Dates: what a resource says, what is searched for, and whether it is found. Times without a zone are of Viet Nam."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from search_cases import found, table

from yteso.fhir.search import SearchError, parse
from yteso.fhir.search.kinds.dates import PREFIXES, span


PREFIXED = table("""
    # the resource           | search          | found
    2026-11-25               | 2026-11-25      | yes
    2026-11-25               | eq2026-11-25    | yes
    2026-11-25               | 2026-11         | yes
    2026-11-25               | 2026            | yes
    2026-11-25               | 2026-11-24      | no
    # a month is not within one of its days
    2026-11                  | 2026-11-25      | no
    2026                     | 2026-11         | no

    2026-11-25               | ne2026-11-25    | no
    2026-11-25               | ne2026-11       | no
    2026-11                  | ne2026-11-25    | yes
    2026-11-25               | ne2026-10       | yes

    2026-11-25               | gt2026-11-24    | yes
    2026-11-25               | gt2026-11-25    | no
    2026-11-25               | gt2026-11       | no
    2026-11                  | gt2026-11-25    | yes
    2026-12-01               | gt2026-11       | yes

    2026-11-25               | lt2026-11-26    | yes
    2026-11-25               | lt2026-11-25    | no
    2026-11                  | lt2026-11-25    | yes
    2026-11-25               | lt2026-11       | no

    2026-11-25               | ge2026-11-25    | yes
    2026-11-25               | ge2026-11       | yes
    2026-11-25               | ge2026-11-26    | no
    2026-11                  | ge2026-11-25    | yes
    2026-11-25               | le2026-11-25    | yes
    2026-11-25               | le2026-11       | yes
    2026-11-25               | le2026-11-24    | no
    2026-11                  | le2026-11-25    | yes

    2026-11-26               | sa2026-11-25    | yes
    2026-11-25               | sa2026-11-25    | no
    2026-11                  | sa2026-11-25    | no
    2026-11-24               | eb2026-11-25    | yes
    2026-11-25               | eb2026-11-25    | no
    2026-11                  | eb2026-11-25    | no

    # the tenth part of the gap to now: years for what is long ago
    1950-05-01               | ap1950-05-01    | yes
    1951-05-01               | ap1950-05-01    | yes
    1900-05-01               | ap1950-05-01    | no

    # alternatives
    2026-11-25               | 2025,2026       | yes
    2026-11-25               | 2024,2025       | no
""")

TIMED = table("""
    2026-11-25T08:30:15+07:00     | 2026-11-25T08:30:15+07:00  | yes
    2026-11-25T08:30:15+07:00     | 2026-11-25T01:30:15Z       | yes
    2026-11-25T08:30:15+07:00     | 2026-11-25T08:30:15        | yes
    2026-11-25T08:30:15+07:00     | 2026-11-25T08:30           | yes
    2026-11-25T08:30:15+07:00     | 2026-11-25T08:31           | no
    # a plus that was not escaped arrives as a space
    2026-11-25T08:30:15+07:00     | 2026-11-25T08:30:15 07:00  | yes
    2026-11-25T08:30:15.250+07:00 | 2026-11-25T08:30:15+07:00  | yes
    2026-11-25T08:30:15+07:00     | 2026-11-25T08:30:15.25Z    | no
    2026-11-25T08:30:15.25Z       | 2026-11-25T08:30:15.25Z    | yes
    # one moment, two days
    2026-11-25T20:00:00Z          | 2026-11-26                 | yes
    2026-11-25T20:00:00Z          | 2026-11-25                 | no
    2026-11-25T23:59:59-05:00     | 2026-11-26                 | yes
    2026-11-25T16:59:59Z          | 2026-11-25                 | yes
    2026-11-25T17:00:00Z          | sa2026-11-25               | yes
    2026-11-25T08:30:15+07:00     | gt2026-11-25T08:30:14Z     | no
    2026-11-25T08:30:15+07:00     | gt2026-11-25T01:30:14Z     | yes
    2016-12-31T23:59:60Z          | 2017-01-01T00:00:00Z       | yes
""")

PERIODS = table("""
    2026-11-01..2026-11-30 | 2026-11       | yes
    2026-11-01..2026-11-30 | 2026-11-15    | no
    2026-11-01..2026-11-30 | ge2026-11-30  | yes
    2026-11-01..2026-11-30 | ge2026-12-01  | no
    2026-11-01..2026-11-30 | le2026-11-01  | yes
    2026-11-01..2026-11-30 | gt2026-11-29  | yes
    2026-11-01..2026-11-30 | gt2026-11-30  | no
    2026-11-01..2026-11-30 | lt2026-11-01  | no
    2026-11-01..2026-11-30 | lt2026-11-02  | yes
    2026-11-01..2026-11-30 | sa2026-10     | yes
    2026-11-01..2026-11-30 | sa2026-11-01  | no
    2026-11-01..2026-11-30 | eb2026-12     | yes
    2026-11-01..2026-11-30 | ap2026-11-15  | yes
    # an end that is missing is later than any date, a start that is missing earlier
    2026-11-01..           | 2026          | no
    2026-11-01..           | ge9999        | yes
    2026-11-01..           | gt2050        | yes
    2026-11-01..           | lt2026-11-01  | no
    2026-11-01..           | sa2026-10     | yes
    2026-11-01..           | eb9999        | no
    ..2026-11-30           | 2026          | no
    ..2026-11-30           | le0001        | yes
    # a stay that ends on that day, or begins on it
    2026-11-01..2026-11-30T15:00 | ge2026-11-30 | yes
    2026-11-01T20:00..2026-11-30 | le2026-11-01 | yes
    ..2026-11-30           | lt1900        | yes
    ..2026-11-30           | gt2026-11-30  | no
    ..2026-11-30           | eb2026-12     | yes
    ..2026-11-30           | ne2026-11     | yes
    ..                     | ge1900        | no
""")


# The examples of the specification, word for word.
OFFICIAL = table("""
    2013-01-14T00:00       | eq2013-01-14        | yes
    2013-01-14T10:00       | eq2013-01-14        | yes
    2013-01-15T00:00       | eq2013-01-14        | no
    2013-01-15T00:00       | ne2013-01-14        | yes
    2013-01-14T00:00       | ne2013-01-14        | no
    2013-01-14             | lt2013-01-14T10:00  | yes
    2013-01-14             | gt2013-01-14T10:00  | yes
    2013-01-21..           | ge2013-03-14        | yes
    2013-01-21..           | le2013-03-14        | yes
    2013-03-15..           | sa2013-03-14        | yes
    2013-01-21..           | sa2013-03-14        | no
    ..2013-01-21           | sa2013-03-14        | no
    2013-03-15..           | eb2013-03-14        | no
    2013-01-21..           | eb2013-03-14        | no
    ..2013-01-21           | eb2013-03-14        | yes
    2013-03-14             | ap2013-03-14        | yes
    2013-03-15             | ap2013-03-14        | yes
""")


@pytest.mark.parametrize(("says", "search", "expected"), OFFICIAL)
def test_the_examples_of_the_specification(says, search, expected):
    start, dots, end = says.partition("..")
    period = {name: text for name, text in (("start", start), ("end", end)) if text}
    value = {"effectivePeriod": period} if dots else {"effectiveDateTime": says}
    assert found("Observation", "date", search, value) == (expected == "yes")


@pytest.mark.parametrize(("says", "search", "expected"), PREFIXED)
def test_dates_and_prefixes(says, search, expected):
    assert found("Patient", "birthdate", search, {"birthDate": says}) == (expected == "yes")


@pytest.mark.parametrize(("says", "search", "expected"), TIMED)
def test_times_and_zones(says, search, expected):
    assert found("Observation", "date", search, {"effectiveDateTime": says}) == (expected == "yes")
    assert found("Observation", "date", search, {"effectiveInstant": says}) == (expected == "yes")


@pytest.mark.parametrize(("says", "search", "expected"), PERIODS)
def test_periods_against_dates(says, search, expected):
    start, _, end = says.partition("..")
    period = {name: text for name, text in (("start", start), ("end", end)) if text}
    assert found("Encounter", "date", search, {"period": period}) == (expected == "yes")


@pytest.mark.parametrize(
    ("timing", "search", "expected"),
    [
        ({"event": ["2026-11-01", "2026-11-09"]}, "2026-11", True),
        ({"event": ["2026-11-01", "2026-12-09"]}, "2026-11", False),
        ({"event": ["2026-11-01", "2026-12-09"]}, "ge2026-12-09", True),
        ({"repeat": {"boundsPeriod": {"start": "2026-11-01", "end": "2026-11-05"}}}, "2026-11", True),
        ({"repeat": {"frequency": 3}}, "ge1900", False),
        ({"code": {"text": "BID"}}, "ge1900", False),
    ],
)
def test_of_a_timing_only_its_limits_count(timing, search, expected):
    assert found("Observation", "date", search, {"effectiveTiming": timing}) is expected


NO_DATES = table("""
    , | x | 26 | 2026-13 | 2026-02-30 | 2026-1-1 | 20261125 | 2026/11/25 | 25-11-2026 | 0000 | 2026, | ２０２６ | gt
    xx2026 | eqeq2026 | 2026-11-25T08 | 2026-11-25T24:00 | 2026-11-25T08:60 | 2026-11-25T08:00:61 | 2026-11-25T08:00+7
""")


@pytest.mark.parametrize("text", [text for row in NO_DATES for text in row])
def test_what_is_no_date_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(SearchError, match="2026-11-25T08:00:00") as raised:
        parse("Patient", [("birthdate", text)], strict=True)
    assert raised.value.reason == "date"


def test_a_resource_with_an_impossible_date_is_not_found():
    assert not found("Patient", "birthdate", "ge1900", {"birthDate": "2026-02-31"})
    assert not found("Encounter", "date", "ge1900", {"period": {"start": "soon"}})
    assert not found("Encounter", "date", "ge1900", {"period": 2026})


partial = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda day: str(day)[:7]),
    st.dates().map(lambda day: str(day)[:4]),
    st.datetimes(timezones=st.timezones(), allow_imaginary=False).map(lambda at: at.isoformat("T", "seconds")),
)


@given(partial, partial)
def test_prefixes_agree_with_each_other(says, asked):
    assume(span(says) and span(asked))
    is_ = {prefix: found("Patient", "birthdate", prefix + asked, {"birthDate": says}) for prefix in PREFIXES}
    assert is_["ne"] != is_["eq"]
    assert is_["ge"] != is_["eb"]
    assert is_["le"] != is_["sa"]
    assert is_["ge"] >= (is_["gt"] or is_["eq"])
    assert is_["le"] >= (is_["lt"] or is_["eq"])
    assert not (is_["sa"] and is_["eb"])
    assert not is_["sa"] or is_["gt"]
    assert not is_["eb"] or is_["lt"]
    assert is_["eq"] + (is_["gt"] or is_["lt"]) == 1
    assert not is_["eq"] or is_["ap"]
