"""All that a resource refers to, and what those refer to."""

import pytest

from yteso.fhir.documents import closure, exact


BASE = "http://here/fhir/R4"


def find(**known: dict):
    """A shelf of resources: `a={...}` is A/a."""
    shelf = {
        f"{id[0].upper()}/{id}": exact.write({"resourceType": id[0].upper(), "id": id, **one})
        for id, one in known.items()
    }
    return lambda name: (shelf[name], name) if name in shelf else None


def to(*names: str) -> dict:
    return {"x": [{"y": {"reference": name}} for name in names]}


def test_everything_once_the_root_first() -> None:
    shelf = find(a=to("B/b", "C/c"), b=to("C/c", "A/a"), c=to("D/d"), d={}, e={})
    assert list(closure.closed("A/a", shelf, BASE)) == ["A/a", "B/b", "C/c", "D/d"]


@pytest.mark.parametrize("reference", ["B/b", f"{BASE}/B/b", "B/b/_history/3", f"{BASE}/B/b/_history/3"])
def test_the_ways_to_refer(reference) -> None:
    assert list(closure.closed("A/a", find(a=to(reference), b={}), BASE)) == ["A/a", "B/b"]


@pytest.mark.parametrize("reference", ["#b", "http://there/fhir/B/b", "urn:uuid:b", "B/x", "b", "B/b/c", ""])
def test_what_is_not_ours_or_not_there_is_left_out(reference) -> None:
    assert list(closure.closed("A/a", find(a=to(reference), b={}), BASE)) == ["A/a"]


def test_nothing_for_a_root_that_is_not_there() -> None:
    assert closure.closed("A/a", find(), BASE) == {}


def test_there_is_an_end() -> None:
    many = {f"b{n}": to(f"B/b{n + 1}") for n in range(600)}
    with pytest.raises(closure.TooMany):
        closure.closed("A/a", find(a=to("B/b0"), **many), BASE)
