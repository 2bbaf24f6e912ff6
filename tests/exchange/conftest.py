"""A facility with an account for its software, and the software itself."""

import pytest
from hospital import FACILITY, NAME, Software


@pytest.fixture(autouse=True)
def quick_hash(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow hash is the point of it, but not of these tests. A hash says how slow it is: any server can check it."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)


@pytest.fixture
def secret(database: str) -> str:
    """The secret of the account NAME of FACILITY."""
    from yteso.exchange import credentials

    return credentials.create(FACILITY, NAME, by="test")[1]


@pytest.fixture
def software(secret: str, live: str) -> Software:
    return Software(live, NAME, secret)


@pytest.fixture
def knocker(secret: str) -> object:
    """The account NAME of FACILITY with its session open, on the application itself."""
    from knocking import Knocker

    return Knocker(NAME, secret)


@pytest.fixture
def neighbour(secret: str) -> object:
    """The same of another facility."""
    from knocking import OTHER, OTHER_NAME, Knocker

    from yteso.exchange import credentials

    return Knocker(OTHER_NAME, credentials.create(OTHER, OTHER_NAME, by="test")[1], OTHER)
