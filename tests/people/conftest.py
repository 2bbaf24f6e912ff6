"""Statements about patients: who a facility says somebody is, and when."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from yteso.people import Statement, fold
from yteso.record.ids import subject_id


def state(patient: str, *, facility: str = "99001", day: int = 0, made: int = 0, **facts: str) -> Statement:
    facts.setdefault("folded", fold(facts.get("name", "")))
    return Statement(
        subject=subject_id(facility, patient),
        facility=facility,
        patient_no=patient,
        seen=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day),
        made=date(2026, 3, 1) + timedelta(days=made),
        received=datetime(2026, 3, 1, tzinfo=UTC),
        **facts,
    )


@pytest.fixture
def says() -> Callable[..., Statement]:
    return state


AN = {"number": "001090000001", "birth": "19900105", "name": "Nguyễn Văn An"}


@pytest.fixture
def an() -> dict[str, str]:
    return dict(AN)
