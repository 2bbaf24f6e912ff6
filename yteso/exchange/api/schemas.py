"""The shapes that go out. Times are those of Viet Nam, with their offset."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.timezone import localtime
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from yteso.exchange import results
from yteso.intake.models import DossierResult, FindingRow
from yteso.intake.models import Submission as Row


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _iso(text: object) -> object:
    if text is not None and not (isinstance(text, str) and _ISO.fullmatch(text)):
        raise ValueError("yyyy-mm-dd")
    return text


_DAY = {"type": "string", "format": "date", "description": "yyyy-mm-dd"}
Day = Annotated[date | None, BeforeValidator(_iso), WithJsonSchema(_DAY)]
"""A day of a query, yyyy-mm-dd and nothing else."""


class Token(BaseModel):
    """Phiên làm việc."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (the kind, not a token)
    expires_in: int = Field(description="Số giây còn hiệu lực")


class Receipt(BaseModel):
    """Biên nhận: tệp đã được lưu nguyên từng byte."""

    receipt: str = Field(description="Mã biên nhận, ví dụ YT261122-15")
    file: str = Field(description="Tên tệp")
    size: int = Field(description="Số byte")
    sha256: str = Field(description="SHA-256 của tệp, dạng hex")
    received: datetime
    new: bool = Field(description="false: cơ sở đã gửi đúng tệp này trước đó")


class Submission(BaseModel):
    """Một lần gửi và kết quả của nó."""

    receipt: str
    file: str
    size: int
    sha256: str
    facility: str
    standard: str = Field(description="3176, 4750, 130 hoặc 4210; rỗng khi chưa đọc")
    status: Literal["received", "processing", "done", "refused"]
    received: datetime
    finished: datetime | None
    declared: int | None = Field(description="Số hồ sơ mà tệp khai báo")
    dossiers: int
    accepted: int = Field(description="Số hồ sơ đạt")
    with_warnings: int = Field(description="Số hồ sơ đạt nhưng có cảnh báo")
    refused: int = Field(description="Số hồ sơ bị từ chối")


class Finding(BaseModel):
    """Một lỗi hoặc cảnh báo: ở đâu, sai gì, cách sửa. Có thể có thêm trường ở các bản sau."""

    model_config = ConfigDict(extra="allow")

    dossier: int | None = Field(description="Thứ tự hồ sơ trong tệp; null: cả tệp")
    ma_lk: str | None
    rule: str
    severity: Literal["critical", "warning"]
    table: str
    row: int | None
    field: str
    value: str
    message_vi: str
    message_en: str
    hint_vi: str


class Dossier(BaseModel):
    """Kết quả của một hồ sơ."""

    position: int
    ma_lk: str
    standard: str
    outcome: Literal["accepted", "warnings", "refused"]
    saved: str = Field(description="new, changed, same, older; rỗng: không ghi vào hồ sơ sức khỏe")
    document: UUID | None
    started: datetime | None
    ended: datetime | None
    critical: int
    warnings: int


class Submissions(BaseModel):
    items: list[Submission]
    next: str | None = Field(description="cursor của trang sau; null: hết")


class Findings(BaseModel):
    items: list[Finding]
    next: str | None = Field(description="cursor của trang sau; null: hết")


class Dossiers(BaseModel):
    items: list[Dossier]
    next: str | None = Field(description="cursor của trang sau; null: hết")


class Checked(Submission):
    """Lần gửi đã kiểm tra xong, kèm lỗi và cảnh báo (trang đầu)."""

    findings: Findings


def receipt(row: Row, new: bool) -> Receipt:
    return Receipt(**_sent(row), new=new)


def submission(row: Row) -> dict[str, Any]:
    names = ("facility", "standard", "status", "declared", "dossiers", "accepted", "with_warnings", "refused")
    finished = row.finished and localtime(row.finished)
    return _sent(row) | {name: getattr(row, name) for name in names} | {"finished": finished}


def findings(rows: Iterable[FindingRow]) -> list[Finding]:
    return [Finding(**one) for one in results.as_json(rows)]


def dossier(row: DossierResult) -> Dossier:
    times = {name: value and localtime(value) for name, value in (("started", row.started), ("ended", row.ended))}
    return Dossier(**{name: getattr(row, name) for name in Dossier.model_fields} | times)


def _sent(row: Row) -> dict[str, Any]:
    return {
        "receipt": row.receipt,
        "file": row.name,
        "size": row.size,
        "sha256": bytes(row.sha256).hex(),
        "received": localtime(row.received),
    }
