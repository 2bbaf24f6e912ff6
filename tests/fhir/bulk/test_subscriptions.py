"""Topic-based subscriptions (R4 backport) by rest-hook: asked for, greeted, told in order, mended and ended."""

import json
from collections.abc import Callable, Iterator

import psycopg
import pytest
from asking import AN, BASE, BINH, HERE, Asker, Said, patient, readings, save, token, visit, withdraw
from receiver import Receiver, receiving

from yteso.config.database import connect
from yteso.fhir.structure import check
from yteso.fhir.subscriptions import delivering, matching
from yteso.fhir.subscriptions.topics import topics
from yteso.fhir.subscriptions.wanted import EXTENSIONS
from yteso.fhir.xml import to_json
from yteso.record.ids import fhir_id


P, B = fhir_id(AN), fhir_id(BINH)
TOPICS = "https://yteso.vn/fhir/SubscriptionTopic"
END, PATIENTS = f"{TOPICS}/encounter-end", f"{TOPICS}/patient-changed"
SCOPE = "system/*.read system/Subscription.write"


def subscription(endpoint: str = "", *filters: str, **options: object) -> dict:
    """One about encounters that have ended, unless another `topic` is given."""
    channel = {
        "type": options.get("channel", "rest-hook"),
        "payload": options.get("payload", "application/fhir+json"),
        "_payload": {
            "extension": [{"url": f"{EXTENSIONS}payload-content", "valueCode": options.get("content", "id-only")}]
        },
        "header": options.get("header", ["Authorization: Bearer secret-of-the-receiver"]),
        "extension": [{"url": f"{EXTENSIONS}{name}", **value} for name, value in options.get("extra", {}).items()],
    }
    if endpoint:
        channel["endpoint"] = endpoint
    asked = {
        "resourceType": "Subscription",
        "status": options.get("status", "requested"),
        "reason": "to know",
        "criteria": options.get("topic", END),
        "_criteria": {"extension": [{"url": f"{EXTENSIONS}filter-criteria", "valueString": one} for one in filters]},
        "channel": {name: value for name, value in channel.items() if value},
    }
    asked |= {"end": options["end"]} if "end" in options else {}
    return {name: value for name, value in asked.items() if value != {"extension": []}}


@pytest.fixture
def client(node: None, conn: psycopg.Connection) -> Asker:
    return Asker(token(conn, scope=SCOPE))


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as one:
        monkeypatch.setenv("YTESO_HOOKS", one.origin)
        yield one


@pytest.fixture
def work(database: str) -> Iterator[Callable[[], None]]:
    """The worker: looks through the feed, and tells all that is due."""
    with connect(autocommit=True) as own:

        def all() -> None:
            while matching.step(own) or delivering.step(own):
                pass

        yield all


def ask(client: Asker, asked: dict, method: str = "POST", address: str = "/Subscription", **headers: str) -> Said:
    body = json.dumps(asked).encode()
    return client.ask(address, method, body, Content_Type="application/fhir+json", **headers)


def subscribed(client: Asker, *arguments: str, **options: object) -> str:
    said = ask(client, subscription(*arguments, **options))
    assert said.status == 201, said.body
    return f"/Subscription/{said.json()['id']}"


def test_from_asking_to_being_told(client, conn, receiver, work) -> None:
    said = ask(client, subscription(receiver.url))
    one = said.json()
    assert (said.status, one["status"], said.headers["ETag"]) == (201, "requested", 'W/"1"')
    assert said.headers["Location"] == f"{BASE}/Subscription/{one['id']}/_history/1"
    assert client.get(f"/Subscription/{one['id']}").json()["status"] == "requested"
    work()
    (greeting,) = receiver.said
    assert (greeting["type"], greeting["status"], greeting["events-since-subscription-start"]) == (
        *("handshake", "requested", "0"),
    )
    assert greeting["subscription"] == {"reference": f"{BASE}/Subscription/{one['id']}"}
    assert client.get(f"/Subscription/{one['id']}").json()["status"] == "active"
    save(conn, patient(), visit("a", 1))
    work()
    told = receiver.said[1]
    assert (told["type"], told["status"], told["events"]) == ("event-notification", "active", [1])
    assert told["focus"] == [f"Encounter/{fhir_id(visit('a').id)}"]
    assert told["topic"] == END
    assert receiver.headers[1]["Authorization"] == "Bearer secret-of-the-receiver"
    assert receiver.headers[1]["Content-Type"].startswith("application/fhir+json")
    for body in receiver.bodies:
        assert check(body) == []


def test_each_event_has_the_next_number_and_comes_once_in_order(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url)
    for n in range(5):
        save(conn, visit(f"v{n}", n))
        if n % 2:
            work()
    work()
    assert receiver.numbers == [1, 2, 3, 4, 5]
    focus = [focus for one in receiver.said for focus in one["focus"]]
    assert focus == [f"Encounter/{fhir_id(visit(f'v{n}').id)}" for n in range(5)]


def test_several_events_in_one_notification(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url, extra={"max-count": {"valuePositiveInt": 3}})
    save(conn, *(visit(f"v{n}", n) for n in range(7)))
    work()
    assert [one["events"] for one in receiver.said] == [[], [1, 2, 3], [4, 5, 6], [7]]


def test_what_happened_before_is_not_told(client, conn, an, receiver, work) -> None:
    subscribed(client, receiver.url)
    work()
    assert receiver.numbers == []


@pytest.mark.parametrize(
    ("content", "focus", "whole"), [("empty", False, False), ("id-only", True, False), ("full-resource", True, True)]
)
def test_how_much_is_told(client, conn, receiver, work, content, focus, whole) -> None:
    subscribed(client, receiver.url, content=content)
    save(conn, patient(), visit("a", 1))
    work()
    bundle = json.loads(receiver.bodies[-1])
    told = receiver.said[-1]
    assert (bool(told["focus"][0]), "topic" in told) == (focus, focus)
    entries = bundle["entry"][1:]
    assert len(entries) == focus
    assert ["resource" in entry for entry in entries] == [whole] * focus
    name = f"Encounter/{fhir_id(visit('a').id)}"
    assert (name in receiver.bodies[-1].decode()) == focus
    if whole:
        assert entries[0]["resource"] == client.get(f"/{name}").json()
    logged = {(account, purpose, count) for account, _, purpose, count, _ in readings(conn) if purpose != "fhir"}
    assert logged == ({("dashboard", "subscription", 1)} if focus else set())


def test_as_xml(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url, payload="application/fhir+xml")
    save(conn, visit("a", 1))
    work()
    assert receiver.headers[1]["Content-Type"].startswith("application/fhir+xml")
    assert check(to_json(receiver.bodies[1])) == []


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ([f"Encounter?patient=Patient/{P}"], ["a"]),
        ([f"patient={P}"], ["a"]),
        ([f"Encounter?subject={BASE}/Patient/{B}"], ["f"]),
        ([f"Encounter?patient={P},{B}"], ["a", "f"]),
        ([f"Encounter?patient={P}", f"Encounter?_id={fhir_id(visit('f').id)}"], []),
        ([], ["a", "f"]),
    ],
)
def test_filters(client, conn, receiver, work, filters, told) -> None:
    subscribed(client, receiver.url, *filters)
    save(conn, visit("a", 1), visit("f", 2, patient="BN2"))
    work()
    keys = {f"Encounter/{fhir_id(visit(key).id)}": key for key in "af"}
    assert [keys[focus] for one in receiver.said for focus in one["focus"]] == told


def test_what_a_topic_is_about(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url, topic=PATIENTS, content="full-resource")
    save(conn, patient(), visit("a", 1))
    later = patient(name="An Nguyễn")
    later.started = visit("a", 1).ended
    save(conn, later)
    save(conn, visit("b", 2))
    work()
    methods = [json.loads(body)["entry"][1]["request"]["method"] for body in receiver.bodies[1:]]
    assert (receiver.numbers, methods) == ([1, 2], ["POST", "PUT"])


def test_it_has_newly_become_so_once(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url)
    save(conn, visit("a", 1))
    save(conn, visit("a", 1, text="corrected", made=1))
    work()
    assert receiver.numbers == [1]


def test_what_is_taken_back(client, conn, receiver, work) -> None:
    save(conn, visit("a", 1))
    subscribed(client, receiver.url, topic=f"{TOPICS}/record-withdrawn", content="full-resource")
    withdraw(conn, visit("a"))
    work()
    (entry,) = json.loads(receiver.bodies[-1])["entry"][1:]
    assert (entry["request"]["method"], entry["response"]["status"], "resource" in entry) == ("DELETE", "204", False)


def test_hidden_documents_are_told_of_to_nobody(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url)
    save(conn, visit("e", 5, labels=["hiv"]))
    work()
    assert receiver.numbers == []


def test_what_was_hidden_meanwhile_is_not_named(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url, content="full-resource")
    receiver.answers = [200, 500]
    save(conn, visit("a", 1))
    work()
    save(conn, visit("a", 1, text="about HIV", made=1, labels=["hiv"]))
    conn.execute("UPDATE subscription SET due = now()")
    conn.commit()
    work()
    assert (receiver.numbers, receiver.said[-1]["focus"]) == ([1], [""])
    assert fhir_id(visit("a").id) not in receiver.bodies[-1].decode()


def test_a_receiver_that_fails_is_tried_again_and_nothing_is_lost(client, conn, receiver, work) -> None:
    place = subscribed(client, receiver.url)
    work()
    receiver.answers = [500, 503, 302]
    for n in range(3):
        save(conn, visit(f"v{n}", n))
        work()
        one = client.get(place).json()
        assert one["status"] == "error"
        conn.execute("UPDATE subscription SET due = now()")
        conn.commit()
    assert "HTTP" in one["error"]
    work()
    one = client.get(place).json()
    assert (one["status"], "error" in one, receiver.numbers) == ("active", False, [1, 2, 3])


def test_it_rests_longer_after_each_failure_and_is_off_in_the_end(client, conn, receiver, work) -> None:
    place, rests = subscribed(client, receiver.url), []
    receiver.answers = [500] * 100
    for _ in range(delivering.TRIES):
        work()
        (rest,) = conn.execute("SELECT extract(epoch FROM due - clock_timestamp()) FROM subscription").fetchone()
        rests.append(round(rest))
        conn.execute("UPDATE subscription SET due = now()")
        conn.commit()
    assert rests[:4] == [5, 10, 20, 40]
    assert rests[-1] == 3600
    assert client.get(place).json()["status"] == "off"
    receiver.answers = []
    work()
    assert receiver.said == []
    again = client.get(place).json() | {"status": "requested"}
    assert ask(client, again, "PUT", place).json()["status"] == "requested"
    work()
    assert client.get(place).json()["status"] == "active"


def test_a_receiver_that_is_not_there_or_too_slow(client, conn, receiver, work) -> None:
    place = subscribed(client, receiver.url, extra={"timeout": {"valueUnsignedInt": 1}})
    receiver.rest = 1.5
    work()
    assert client.get(place).json()["status"] == "error"


def test_a_lease_keeps_others_away_and_ends(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url)
    with connect(autocommit=True) as own:
        assert delivering._take(own) is not None
        assert delivering._take(own) is None
    work()
    assert receiver.said == []
    conn.execute("UPDATE subscription SET leased = now()")
    conn.commit()
    work()
    assert [one["type"] for one in receiver.said] == ["handshake"]


def test_heartbeats(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url, extra={"heartbeat-period": {"valueUnsignedInt": 60}})
    work()
    conn.execute("UPDATE subscription SET spoken = now() - interval '61 s'")
    conn.commit()
    work()
    assert [one["type"] for one in receiver.said] == ["handshake", "heartbeat"]


def test_it_ends_when_it_is_to_end(client, conn, receiver, work) -> None:
    place = subscribed(client, receiver.url, end="2026-01-01T00:00:00Z")
    work()
    assert (client.get(place).json()["status"], receiver.said) == ("off", [])


def test_it_ends_with_the_last_token_of_its_client(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url)
    work()
    conn.execute("UPDATE fhir_token SET revoked = now()")
    save(conn, visit("a", 1))
    work()
    conn.rollback()
    assert conn.execute("SELECT status FROM subscription").fetchone() == ("off",)
    assert receiver.numbers == []


def test_a_narrower_token_narrows_what_is_told(client, conn, receiver, work) -> None:
    subscribed(client, receiver.url)
    work()
    conn.execute("UPDATE fhir_token SET scope = 'system/Patient.read'")
    save(conn, visit("a", 1))
    work()
    assert receiver.numbers == []


def test_changing_and_deleting(client, conn, receiver, work) -> None:
    place = subscribed(client, receiver.url)
    work()
    save(conn, visit("a", 1))
    work()
    one = client.get(place).json()
    assert ask(client, one, "PUT", place, If_Match='W/"7"').status == 412
    changed = ask(client, one | {"reason": "to know more"}, "PUT", place, If_Match='W/"1"')
    assert (changed.status, changed.headers["ETag"], changed.json()["reason"]) == (200, 'W/"2"', "to know more")
    save(conn, visit("b", 1))
    work()
    assert [one["type"] for one in receiver.said].count("handshake") == 2
    assert receiver.numbers == [1, 2]
    assert ask(client, one | {"status": "off"}, "PUT", place).json()["status"] == "off"
    save(conn, visit("c", 1))
    work()
    assert receiver.numbers == [1, 2]
    assert client.ask(place, "DELETE").status == 204
    assert client.get(place).status == client.ask(place, "DELETE").status == 404
    conn.rollback()
    assert conn.execute("SELECT count(*) FROM subscription_event").fetchone() == (0,)


REFUSED = [
    ({"topic": f"{TOPICS}/nothing"}, 422, "encounter-end"),
    ({"channel": "email"}, 422, "rest-hook"),
    ({"payload": "text/plain"}, 422, "application/fhir+json"),
    ({"content": "everything"}, 422, "full-resource"),
    ({"header": ["Host: inner.example"]}, 422, "header"),
    ({"header": ["X-A: b\r\nX-C: d"]}, 422, "header"),
    ({"header": ["nothing"]}, 422, "header"),
    ({"filters": ["Encounter?length=1"]}, 422, "filter-criteria"),
    ({"filters": ["Observation?code=1"]}, 422, "filter-criteria"),
    ({"filters": ["Encounter?patient.name=An"]}, 422, "tài nguyên"),
    ({"filters": ["patient:nothing=1"]}, 422, "patient"),
    ({"status": "begun"}, 422, "status"),
    ({"end": "tomorrow"}, 422, "end"),
]


def test_what_cannot_be_is_refused_with_a_reason(client, receiver) -> None:
    for asked, status, word in REFUSED:
        said = ask(client, subscription(receiver.url, *asked.get("filters", ()), **asked))
        assert (said.status, word in said.body.decode()) == (status, True)


OTHERS = [
    "",
    "ftp://hook.example.vn/x",
    "http://hook.example.vn/x",
    "https://other.example.vn/x",
    "https://hook.example.vn.evil.example/x",
    "https://user:pass@hook.example.vn/x",
    "http://127.0.0.1:1/hook",
    "http://localhost/hook",
    "https://hook.example.vn:x/",
    "https://[::1]/x",
]


def test_only_addresses_that_the_operator_allows(client, monkeypatch) -> None:
    monkeypatch.setenv("YTESO_HOOKS", "hook.example.vn, *.tinh.example.vn,http://127.0.0.1:9")
    assert [endpoint for endpoint in OTHERS if ask(client, subscription(endpoint)).status != 422] == []
    for endpoint in ("https://hook.example.vn/x?y=1", "https://a.tinh.example.vn/x", "http://127.0.0.1:9/"):
        assert ask(client, subscription(endpoint)).status == 201


def test_without_the_setting_nothing_is_called(client, monkeypatch) -> None:
    monkeypatch.delenv("YTESO_HOOKS", raising=False)
    said = ask(client, subscription("https://hook.example.vn/"))
    assert (said.status, "YTESO_HOOKS" in said.text) == (422, True)


def test_a_name_that_leads_inside_is_not_called(client, conn, receiver, work, monkeypatch) -> None:
    """Also when the name was moved there after it was accepted."""
    monkeypatch.setenv("YTESO_HOOKS", "localhost")
    place = subscribed(client, "https://localhost:1/")
    work()
    one = client.get(place).json()
    assert (one["status"], "not public" in one["error"]) == ("off", True)


def test_a_subscription_is_its_clients_alone(client, conn, stranger, receiver) -> None:
    place = subscribed(client, receiver.url)
    other = Asker(token(conn, "other", SCOPE))
    assert stranger.get(place).status == 401
    for address in (place, f"{place}/$status", f"{place}/$events", f"{place}/$get-ws-binding-token"):
        assert other.get(address).status == 404
    assert other.ask(place, "DELETE").status == ask(other, subscription(receiver.url), "PUT", place).status == 404
    assert other.get("/Subscription").json()["total"] == other.get("/Subscription/$status").json()["total"] == 0
    assert client.get("/Subscription").json()["total"] == 1


def test_the_scope(client, conn, receiver) -> None:
    reader = Asker(token(conn, "reader", "system/*.read"))
    assert ask(reader, subscription(receiver.url)).status == 403
    writer = Asker(token(conn, "writer", "system/Subscription.* system/Patient.read"))
    assert ask(writer, subscription(receiver.url)).status == 403
    assert ask(writer, subscription(receiver.url, topic=PATIENTS)).status == 201


def test_finding_ones_own(client, receiver) -> None:
    first = subscribed(client, receiver.url)
    subscribed(client, receiver.url, topic=PATIENTS, status="off")
    assert client.get("/Subscription").json()["total"] == 2
    assert client.get("/Subscription?status=off").json()["total"] == 1
    assert client.get(f"/Subscription?criteria={END}").json()["total"] == 1
    assert client.get(f"/Subscription?_id={first.rpartition('/')[2]}").ids == [first[1:]]
    assert client.get("/Subscription?_id=x").json()["total"] == 0
    assert client.get("/Subscription?payload=x").status == 400


def test_status(client, conn, receiver, work) -> None:
    place = subscribed(client, receiver.url)
    subscribed(client, receiver.url, topic=PATIENTS, status="off")
    work()
    save(conn, visit("a", 1))
    work()
    said = client.get(f"{place}/$status")
    (entry,) = said.json()["entry"]
    parameters = {one["name"]: one for one in entry["resource"]["parameter"]}
    assert (parameters["type"]["valueCode"], parameters["status"]["valueCode"]) == ("query-status", "active")
    assert parameters["events-since-subscription-start"]["valueString"] == "1"
    assert check(said.body) == []
    assert client.get("/Subscription/$status").json()["total"] == 2
    assert client.get("/Subscription/$status?status=off").json()["total"] == 1


def test_events_can_be_asked_for_again(client, conn, receiver, work) -> None:
    place = subscribed(client, receiver.url, content="empty")
    save(conn, *(visit(f"v{n}", n) for n in range(5)))
    work()
    said = client.get(f"{place}/$events?eventsSinceNumber=2&eventsUntilNumber=4&content=full-resource")
    bundle = said.json()
    assert bundle["type"] == "history"
    names = [entry["resource"]["id"] for entry in bundle["entry"][1:]]
    assert names == [fhir_id(visit(f"v{n}").id) for n in (1, 2, 3)]
    assert client.get(f"{place}/$events").json()["entry"][1:] == []
    assert client.get(f"{place}/$events?eventsSinceNumber=x").status == 400
    assert client.get(f"{place}/$events?content=all").status == 400
    assert any(purpose == "subscription" for _, _, purpose, *_ in readings(conn))


@pytest.mark.parametrize("first", [True, False])
def test_a_topic_that_is_gone_ends_it_and_holds_nobody_up(client, conn, receiver, work, first) -> None:
    place = subscribed(client, receiver.url)
    subscribed(client, receiver.url)
    gone = "UPDATE subscription SET resource = replace(resource, 'encounter-end', 'gone') WHERE id = %s"
    conn.execute(gone, (place.rpartition("/")[2],))
    conn.commit()
    if first:
        save(conn, visit("a", 1))
    work()
    one = client.get(place).json()
    assert (one["status"], "encounter-end" in one["error"]) == ("off", True)
    assert client.get("/Subscription/$status").json()["total"] == 2
    assert receiver.numbers == [1] * first


def test_no_secret_is_in_the_log(client, conn, receiver, work, caplog) -> None:
    receiver.answers = [500]
    with caplog.at_level("DEBUG"):
        subscribed(client, receiver.url)
        work()
    assert "secret" not in caplog.text
    assert receiver.url not in caplog.text


def test_topics_are_data_and_offered(stranger) -> None:
    said = stranger.get("/metadata").json()
    (rest,) = said["rest"]
    (offered,) = [one for one in rest["resource"] if one["type"] == "Subscription"]
    assert [one["valueCanonical"] for one in offered["extension"]] == list(topics())
    assert {one["code"] for one in offered["interaction"]} == {"create", "read", "update", "delete", "search-type"}
    assert {"status", "events", "get-ws-binding-token"} <= {one["name"] for one in offered["operation"]}
    (socket,) = rest["extension"]
    assert socket["valueUri"] == "ws://localhost:81/"
    assert check(json.dumps(said).encode()) == []


def test_a_visit_of_the_demo_fires_the_topics_of_the_clinic(client, conn, receiver, work) -> None:
    """Laboratory results are Observations of that category, whatever else a visit has."""
    subscribed(client, receiver.url, topic=f"{TOPICS}/laboratory-result")
    one = visit("a", 1)
    one.resources = [
        (type, id, json.replace(b'"code"', b'"category":[{"coding":[{"code":"laboratory"}]}],"code"', 1))
        if id.endswith("o1")
        else (type, id, json)
        for type, id, json in one.resources
    ]
    save(conn, patient(), one)
    work()
    assert [focus for said in receiver.said for focus in said["focus"]] == [f"Observation/{fhir_id(one.id, 'o1')}"]
    assert HERE
