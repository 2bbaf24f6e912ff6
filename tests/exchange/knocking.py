"""Knocking at both doors without a server, and submissions as the intake leaves them, without an intake."""

import hashlib
from base64 import b64encode
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from hospital import FACILITY, md5


HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OTHER, OTHER_NAME = "99002", "99002_BV"

_numbers = count(1)


def web() -> Client:
    return Client(SERVER_NAME="localhost", enforce_csrf_checks=True, raise_request_exception=False)


class Knocker:
    """One account with an open session, at the portal's door and at the API."""

    def __init__(self, name: str, secret: str, facility: str = FACILITY) -> None:
        from yteso.exchange import tokens

        self.name, self.facility, self.password, self.web = name, facility, md5(secret), web()
        self.session = tokens.open_session(name, self.password)
        self.bearer = {"Authorization": f"Bearer {self.session.access}"}

    def address(self) -> dict[str, str]:
        """The session as the services of 4210 have it."""
        whose = {"username": self.name, "maCSKCB": self.facility, "password": self.password}
        return {"token": self.session.access, "id_token": self.session.id_token} | whose

    def ask(self, call: str, **given: str) -> dict[str, Any]:
        answer = self.web.post(f"/api/egw/{call}", query_params=self.address() | given)
        assert answer.status_code == 200
        return answer.json()

    def send(self, content: bytes, call: str = "guiHoSoXmlQD3176", kind: str = "130") -> dict[str, Any]:
        session = {"accessToken": self.session.access, "tokenId": self.session.id_token, "passwordHash": self.password}
        body = {"username": self.name, "maCSKCB": self.facility, "maTinh": "99", "loaiHoSo": kind}
        body["fileHSBase64"] = b64encode(content).decode()
        path = f"/api/qd130/{call}"
        return self.web.post(path, body, content_type="application/json", headers=session).json()

    def get(self, address: str, **headers: str) -> Any:
        return self.web.get(f"/api/v1/{address}", headers=self.bearer | headers)

    def post(self, content: bytes, query: str = "", kind: str = "application/xml", **headers: str) -> Any:
        address = f"/api/v1/submissions{query}"
        return self.web.post(address, content, content_type=kind, headers=self.bearer | headers)


def stored(status: str = "done", facility: str = FACILITY, received: datetime | None = None, **counts: object) -> Any:
    """A submission with these counts, as the intake leaves it."""
    from yteso.intake.models import Submission

    received = received or datetime.now(HERE)
    digest = hashlib.sha256(str(next(_numbers)).encode()).digest()
    more = {
        "facility": facility,
        "status": status,
        "received": received,
        "name": "tệp.xml",
        "sha256": digest,
        "size": 9,
    }
    return Submission.objects.create(**more | counts)


def dossier(of: Any, position: int = 1, outcome: str = "refused") -> Any:
    from yteso.intake.models import DossierResult

    return DossierResult.objects.create(submission=of, position=position, ma_lk=f"LK-{position}", outcome=outcome)


def finding(of: Any, rule: str, severity: str = "critical", of_dossier: Any = None, **more: object) -> Any:
    from yteso.intake.models import FindingRow

    plain = {"tbl": "XML1", "row": 1, "field": "NGAY_RA", "value": "x", "params": {}}
    whose = {"submission": of, "dossier": of_dossier, "rule": rule, "severity": severity}
    return FindingRow.objects.create(**whose | plain | more)
