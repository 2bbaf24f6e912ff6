"""`_sort`: by each type of parameter, both ways."""

import pytest

from yteso.fhir.search import parse


def order(kind, sort, resources):
    query = parse(kind, [("_sort", sort)], strict=True)
    return [one["id"] for one in sorted(({"resourceType": kind, **one} for one in resources), key=query.sort_key)]


PATIENTS = [
    {"id": "1", "birthDate": "1990-05", "name": [{"text": "Đỗ An"}, {"text": "An"}], "gender": "male"},
    {"id": "2", "birthDate": "1980", "name": [{"text": "Dương"}], "gender": "female"},
    {"id": "3", "birthDate": "2001-01-01", "name": [{"text": "Ân"}], "gender": "female"},
    {"id": "4"},
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("birthdate", "2134"),
        ("-birthdate", "3124"),
        # a < â, d < đ; of several names the first counts, descending the last
        ("name", "1324"),
        ("-name", "1234"),
        ("gender,birthdate", "2314"),
        ("gender,-birthdate", "3214"),
        ("-gender,birthdate", "1234"),
        ("_id", "1234"),
        ("-_id", "4321"),
    ],
)
def test_patients_in_order_those_without_a_value_last(sort, expected):
    assert "".join(order("Patient", sort, PATIENTS)) == expected


def test_no_sort_keeps_the_order():
    query = parse("Patient", [], strict=True)
    assert {query.sort_key({"resourceType": "Patient", **one}) for one in PATIENTS} == {()}


def test_numbers_quantities_references_and_uris():
    values = [{"id": str(n), "valueQuantity": {"value": value}} for n, value in enumerate([10, 9.5, -1])]
    assert order("Observation", "value-quantity", values) == ["2", "1", "0"]
    assert order("Observation", "-value-quantity", values) == ["0", "1", "2"]
    items = [{"id": "a", "factorOverride": 2}, {"id": "b", "factorOverride": 1.5}]
    assert order("ChargeItem", "factor-override", items) == ["b", "a"]
    subjects = [{"id": "a", "subject": {"reference": "Patient/2"}}, {"id": "b", "subject": {"reference": "Group/9"}}]
    assert order("Observation", "subject", [{"id": "c", "subject": {"display": "?"}}, *subjects]) == ["b", "a", "c"]
    assert order("ValueSet", "-url", [{"id": "a", "url": "http://a"}, {"id": "b", "url": "http://b"}]) == ["b", "a"]


def test_periods_by_their_start_or_descending_by_their_end():
    stays = [
        {"id": "long", "period": {"start": "2026-01-01", "end": "2026-12-01"}},
        {"id": "short", "period": {"start": "2026-02-01", "end": "2026-02-02"}},
        {"id": "open", "period": {"start": "2026-03-01"}},
    ]
    assert order("Encounter", "date", stays) == ["long", "short", "open"]
    assert order("Encounter", "-date", stays) == ["open", "long", "short"]
