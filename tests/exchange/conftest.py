"""A facility with an account for its software, and the software itself."""

import pytest
from hospital import FACILITY, NAME, Software


@pytest.fixture
def secret(database: str) -> str:
    """The secret of the account NAME of FACILITY."""
    from yteso.exchange import credentials

    return credentials.create(FACILITY, NAME, by="test")[1]


@pytest.fixture
def software(secret: str, live: str) -> Software:
    return Software(live, NAME, secret)
