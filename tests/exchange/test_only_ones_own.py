"""A facility never sees another's submissions: every endpoint of both doors, found in the addresses themselves."""

import json

import pytest
from hospital import broken_visit
from knocking import HERE, OTHER, stored, web


SHOWN = ["api-submissions", "api-submission", "api-findings", "api-dossiers"]
OPEN = {"api-token", "openapi-json", "api-nothing"}
ASKED = {"egw/nhankqtiepnhanhs4210", "egw/nhanchitiethsngay4210", "egw/nhanchitietloihs4210"}
SENT = {"token/take", "egw/guihosogiamdinh4210"}


@pytest.fixture
def mine(knocker) -> dict:
    """A submission of the facility with findings that name what was sent."""
    answer = knocker.post(broken_visit(), "?wait=1")
    assert answer.json()["findings"]["items"]
    return answer.json()


def address(name: str, mine: dict) -> str:
    rest = {
        "api-submissions": "",
        "api-submission": "/{}",
        "api-findings": "/{}/findings",
        "api-dossiers": "/{}/dossiers",
    }
    return "submissions" + rest[name].format(mine["receipt"])


def test_the_table_names_every_endpoint(template) -> None:
    from yteso.exchange.api.urls import urlpatterns
    from yteso.exchange.portal.services import SERVICES

    assert {one.name for one in urlpatterns} == {*SHOWN, *OPEN}
    assert set(SERVICES) == ASKED | SENT


@pytest.mark.parametrize("name", SHOWN)
def test_the_api_shows_it_to_its_facility_alone(knocker, neighbour, mine: dict, name: str) -> None:
    his, others = knocker.get(address(name, mine)), neighbour.get(address(name, mine))
    marks = (mine["receipt"], mine["sha256"], mine["findings"]["items"][0]["ma_lk"])
    assert his.status_code == 200
    assert any(mark in his.content.decode() for mark in marks)
    if name == "api-submissions":
        assert others.json() == {"items": [], "next": None}
    else:
        assert others.status_code == 404
        assert mine["receipt"] not in others.json()["detail"]
    assert not any(mark in others.content.decode() for mark in marks[1:])


@pytest.mark.parametrize("name", SHOWN[1:])
def test_anothers_is_answered_exactly_as_none(neighbour, mine: dict, name: str) -> None:
    none = mine | {"receipt": mine["receipt"] + "9"}
    answers = [neighbour.get(address(name, one)).json() | {"instance": ""} for one in (mine, none)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("accept", ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
def test_no_table_of_anothers_findings(neighbour, mine: dict, accept: str) -> None:
    assert neighbour.get(address("api-findings", mine), Accept=accept).status_code == 404


@pytest.mark.parametrize("query", ["cursor=999999", "status=done", "since=2000-01-01&until=2999-12-31", "limit=200"])
def test_no_filter_or_cursor_leads_to_anothers(neighbour, mine: dict, query: str) -> None:
    assert neighbour.get(f"submissions?{query}").json()["items"] == []


@pytest.mark.parametrize("call", sorted(ASKED))
def test_the_portal_tells_its_facility_alone(knocker, neighbour, mine: dict, call: str) -> None:
    given = {"tuNgay": "01/01/2020", "denNgay": "31/12/2999", "maGiaoDich": mine["receipt"]}
    given["ngayGui"] = "/".join(reversed(mine["received"][:10].split("-")))
    name = call.partition("/")[2]
    his, others = knocker.ask(name, **given), neighbour.ask(name, **given)
    assert next(value for value in his.values() if isinstance(value, list))
    assert not [value for value in others.values() if isinstance(value, list) and value]
    assert mine["findings"]["items"][0]["ma_lk"] not in json.dumps(others)


@pytest.mark.parametrize("call", sorted(ASKED))
def test_naming_the_other_facility_opens_nothing(neighbour, mine: dict, call: str) -> None:
    answer = neighbour.ask(call.partition("/")[2], maCSKCB="99001", maGiaoDich=mine["receipt"])
    assert (answer["maKetQua"], set(answer) & {"dsLoi", "dsHoSo", "dsKQGuiHoSoNgay"}) == ("403", set())


def test_the_same_bytes_from_another_are_another_submission(knocker, neighbour, mine: dict) -> None:
    theirs = neighbour.post(broken_visit())
    assert (theirs.json()["new"], theirs.json()["receipt"] == mine["receipt"]) == (True, False)
    assert [one["receipt"] for one in knocker.get("submissions").json()["items"]] == [mine["receipt"]]
    assert [one["receipt"] for one in neighbour.get("submissions").json()["items"]] == [theirs.json()["receipt"]]


def test_accounts_of_one_facility_see_the_same(knocker, mine: dict) -> None:
    from knocking import Knocker

    from yteso.exchange import credentials

    colleague = Knocker("99001_KHOA", credentials.create("99001", "99001_KHOA", by="test")[1])
    for name in SHOWN:
        assert colleague.get(address(name, mine)).json() == knocker.get(address(name, mine)).json()


def test_without_a_session_only_the_open_addresses_answer(mine: dict) -> None:
    for name in SHOWN:
        answer = web().get(f"/api/v1/{address(name, mine)}")
        assert (answer.status_code, mine["receipt"] in answer.json()["detail"]) == (401, False)
    assert web().post("/api/v1/submissions", b"<a/>", content_type="text/xml").status_code == 401
    assert web().get("/api/v1/openapi.json").status_code == 200
    for call in sorted(ASKED):
        assert web().post(f"/api/{call}").json()["maKetQua"] == "401"


def test_a_receipt_does_not_tell_what_others_sent_that_day(neighbour, conn) -> None:
    from datetime import datetime

    theirs = stored(facility="99001", received=datetime.now(HERE))
    own = stored(facility=OTHER, received=datetime.now(HERE))
    assert neighbour.get(f"submissions/{own.receipt}").status_code == 200
    assert neighbour.get(f"submissions/{theirs.receipt}").status_code == 404
