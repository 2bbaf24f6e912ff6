"""The worker is killed again and again while clients are being told: no event is lost, and none overtakes another."""

import json
import os

import pytest
from asking import Asker, save, token, visit
from processes import eventually, running
from receiver import receiving

from yteso.record.ids import fhir_id


VISITS, AT_ONCE = 60, 20


@pytest.fixture
def client(node, conn) -> Asker:
    return Asker(token(conn, scope="system/*.read system/Subscription.write"))


def test_killed_again_and_again(conn, database, client, monkeypatch) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("YTESO_HOOKS", receiver.origin)
        asked = {
            "resourceType": "Subscription",
            "status": "requested",
            "reason": "to know",
            "criteria": "https://yteso.vn/fhir/SubscriptionTopic/encounter-end",
            "channel": {"type": "rest-hook", "endpoint": receiver.url, "payload": "application/fhir+json"},
        }
        asked["channel"]["_payload"] = {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content",
                    "valueCode": "id-only",
                }
            ]
        }
        said = client.ask("/Subscription", "POST", json.dumps(asked).encode(), Content_Type="application/fhir+json")
        assert said.status == 201, said.body
        receiver.rest = 0.005
        for start in range(0, VISITS, AT_ONCE):
            before = len(receiver.bodies)
            with running("worker", DATABASE_URL=database, YTESO_HOOKS=os.environ["YTESO_HOOKS"]) as worker:
                save(conn, *(visit(f"v{n}", n) for n in range(start, start + AT_ONCE)))
                eventually(lambda before=before: len(receiver.bodies) > before + 2)
                worker.kill()
            # The lease of the killed worker; a real one would wait for it.
            conn.execute("UPDATE subscription SET leased = now(), due = now()")
            conn.commit()
        with running("worker", DATABASE_URL=database, YTESO_HOOKS=os.environ["YTESO_HOOKS"]):
            eventually(lambda: receiver.numbers and receiver.numbers[-1] == VISITS)
        numbers = receiver.numbers
        told = dict(zip(numbers, (focus for one in receiver.said for focus in one["focus"]), strict=True))
    assert list(dict.fromkeys(numbers)) == list(range(1, VISITS + 1))
    assert numbers == sorted(numbers)
    assert sorted(told.values()) == sorted(f"Encounter/{fhir_id(visit(f'v{n}').id)}" for n in range(VISITS))
