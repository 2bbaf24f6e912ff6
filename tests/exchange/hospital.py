"""What a hospital has: visit files of its own, and the software that sends them."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

import requests

from yteso.sandbox import simulate


FACILITY, NAME = "99001", "99001_BV"


@cache
def visits() -> list[bytes]:
    """Files of one visit each, without mistakes."""
    made = simulate.visits(people=40, days=30, facilities=1, seed=3)
    return [file.bytes for file in made if file.facility == FACILITY]


@cache
def broken_visit() -> bytes:
    """A file whose visit ends before it begins."""
    from base64 import b64decode
    from re import sub

    def earlier(match: object) -> bytes:
        text = b64decode(match[1])
        return b64encode(sub(rb"<NGAY_RA>\d{12}", b"<NGAY_RA>202001010000", text)).join((b">", b"<"))

    return sub(rb">([A-Za-z0-9+/=]{200,})<", earlier, visits()[0])


def check_in(facility: str = FACILITY) -> bytes:
    """XML0 of one visit."""
    row = {
        "MA_LK": "LK-0001",
        "STT": "1",
        "MA_BN": "BN0001",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "NGAY_SINH": "198001010000",
        "GIOI_TINH": "1",
        "MA_DOITUONG_KCB": "9",
        "NGAY_VAO": "202601150800",
        "MA_LOAI_KCB": "01",
        "MA_CSKCB": facility,
        "MA_DICH_VU": "02.1897",
        "TEN_DICH_VU": "Khám Nội",
        "NGAY_YL": "202601150805",
    }
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in row.items())
    return (
        "<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>"
        f"<TRANG_THAI_KCB>{fields}</TRANG_THAI_KCB>"
        "</DSACH_TRANG_THAI_KCB><CHUKYDONVI /></CHI_TIEU_TRANG_THAI_KCB>"
    ).encode()


def md5(secret: str) -> str:
    return hashlib.md5(secret.encode()).hexdigest().upper()


@dataclass
class Software:
    """A portal client as hospitals run them: an address, an account, and the requests of the insurer's guide."""

    base: str
    name: str
    secret: str
    facility: str = FACILITY
    key: dict[str, str] = field(default_factory=dict)

    def take(self) -> dict:
        answer = self._post("/api/token/take", {"username": self.name, "password": md5(self.secret)})
        self.key = answer.get("APIKey", {})
        return answer

    def send(self, content: bytes, call: str = "guiHoSoXmlQD3176", **changes: str) -> dict:
        body = {
            "username": self.name,
            "loaiHoSo": "0" if call.lower().startswith("checkin") else "130",
            "maTinh": self.facility[:2],
            "maCSKCB": self.facility,
            "fileHSBase64": b64encode(content).decode(),
        }
        return self._post(f"/api/qd130/{call}", body | changes, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {
            "accessToken": self.key.get("access_token", ""),
            "tokenId": self.key.get("id_token", ""),
            "passwordHash": md5(self.secret),
        }

    def send_4210(self, content: bytes, headers: dict[str, str] | None = None, **changes: str) -> dict:
        given = self.address(loaiHoSo="3", maTinh=self.facility[:2]) | changes
        return self._post(f"/api/egw/guiHoSoGiamDinh4210?{urlencode(given)}", content, headers=headers)

    def ask(self, call: str, **given: str) -> dict:
        return self._post(f"/api/egw/{call}?{urlencode(self.address(**given))}", {})

    def address(self, **given: str) -> dict[str, str]:
        return {
            "token": self.key.get("access_token", ""),
            "id_token": self.key.get("id_token", ""),
            "username": self.name,
            "password": md5(self.secret),
            "maCSKCB": self.facility,
        } | given

    def _post(self, path: str, body: object, headers: dict[str, str] | None = None) -> dict:
        answer = requests.post(self.base + path, data=body, headers=headers, timeout=60)
        assert answer.status_code in (200, 405, 429), answer.status_code
        return answer.json()
