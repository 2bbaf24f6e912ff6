"""Schemathesis knocks on every operation of the OpenAPI document, on the live server."""

import pytest
import requests
import schemathesis
from hospital import NAME
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS


EXAMPLES = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
def test_every_operation_keeps_its_word(live: str, secret: str) -> None:
    """Requests as the document allows them, and requests it forbids: status, type, shape and refusal are as it says."""
    form = {"grant_type": "client_credentials", "client_id": NAME, "client_secret": secret}
    token = requests.post(f"{live}/api/v1/token", data=form, timeout=30).json()["access_token"]
    document = schemathesis.openapi.from_url(f"{live}/api/v1/openapi.json")
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == 6
    # Unknown parameters of an address are ignored, and the token that a bad request leaves out is put in again below.
    [negative_data_rejection] = CHECKS.get_by_names(["negative_data_rejection"])
    for operation in operations:
        for mode in GenerationMode:

            @EXAMPLES
            @given(case=operation.as_strategy(generation_mode=mode))
            def knock(case: schemathesis.Case) -> None:
                headers = {"Authorization": f"Bearer {token}"}
                case.call_and_validate(headers=headers, excluded_checks=[negative_data_rejection])

            knock()
