"""Grouping of observations by code, and the newest of each group."""

import pytest

from yteso.fhir.documents.latest import groups, latest


def observation(codes: str, at: str = "2026-01-01", text: str = "") -> dict:
    coding = [{"system": "s", "code": code} for code in codes]
    return {"code": {"coding": coding, "text": text}, "effectiveDateTime": at}


@pytest.mark.parametrize(
    ("codes", "made"),
    [
        (["a", "b", "c"], ["a", "b", "c"]),
        (["a", "b", "ac"], ["a ac", "b"]),
        (["a", "b", "ab"], ["a ab b"]),
        (["a", "b", "c", "cb", "ba"], ["a b ba c cb"]),
        (["a", "a"], ["a a"]),
    ],
)
def test_codes_that_are_equal_through_others_are_one_group(codes, made) -> None:
    found = [sorted(name for name, _ in group) for group in groups((code, observation(code)) for code in codes)]
    assert sorted(map(" ".join, found)) == made


def test_words_stand_for_a_code_where_there_is_none() -> None:
    said = [observation("", text=text) for text in ("textM", "Text", "Text", "t e x t")]
    assert len(groups(enumerate(said))) == 3
    assert len(groups(enumerate([observation("a", text="Text"), observation("", text="Text")]))) == 2


def test_a_code_is_of_its_system() -> None:
    other = {"code": {"coding": [{"system": "t", "code": "a"}]}}
    assert len(groups(enumerate([observation("a"), other]))) == 2


@pytest.mark.parametrize(("most", "expected"), [(1, "5"), (2, "544"), (3, "544"), (9, "54431")])
def test_the_newest_of_a_group(most, expected) -> None:
    said = [(day, observation("a", f"2026-01-0{day[0]}")) for day in ("4", "1", "5", "3", "4")]
    assert "".join(day for day, _ in latest(said, most)) == expected


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2026-01-01T09:00:00+07:00", "2026-01-01T03:00:00Z"),
        ("2025", "2026-01"),
        ("2026-01-01", "2026-01-01T00:00:01+07:00"),
        ("not a time", "1900-01-01"),
    ],
)
def test_times_as_they_are(older, newer) -> None:
    assert [at for at, _ in latest([(at, observation("a", at)) for at in (older, newer)])] == [newer]


def test_a_period_counts_by_its_end() -> None:
    period = {"code": {"text": "x"}, "effectivePeriod": {"start": "2020-01-01", "end": "2026-02-01"}}
    at = {"code": {"text": "x"}, "effectiveDateTime": "2026-01-01"}
    assert [name for name, _ in latest([("at", at), ("period", period)])] == ["period"]
    assert latest([("nothing", {"code": {"text": "x"}})])
