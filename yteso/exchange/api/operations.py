"""The operations of the API. A credential sees only what its facility sent."""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import make_aware
from ninja import Form, Header, Path, Query, Router, Status

from yteso.exchange import credentials, receiving, results, tokens
from yteso.exchange.api import access, problems, schemas, tables
from yteso.exchange.api.problems import Fault, Wrong
from yteso.exchange.api.upload import BARE, FORM, too_large, upload
from yteso.intake import service
from yteso.intake.models import DossierResult, Submission


router = Router()

CURSOR = r"^[0-9]{0,18}$"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
KEY = "Khóa do bên gửi chọn cho lần gửi này, tối đa 64 ký tự"
ONE = Path(..., description="Mã biên nhận")
PAGE = "Số dòng một trang"
WITH_FINDINGS = 1000
"""Findings that come with the answer of a sending that waited; the rest is asked for."""

XML = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
PART = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
BODY = {"required": True, "content": {**dict.fromkeys(BARE, XML), FORM: {"schema": PART}}}
LOCATION = {"Location": {"description": "Địa chỉ của lần gửi", "schema": {"type": "string"}}}


@router.post(
    "/token",
    auth=None,
    url_name="api-token",
    operation_id="token",
    summary="Lấy phiên làm việc",
    response={200: schemas.Token, **problems.responses()},
)
def token(
    request: HttpRequest,
    response: HttpResponse,
    grant_type: Literal["client_credentials"] = Form(..., description="client_credentials"),
    client_id: str = Form("", max_length=64, description="Tên tài khoản"),
    client_secret: str = Form("", max_length=200, description="Mật khẩu"),
) -> schemas.Token:
    """OAuth 2 client_credentials: tên tài khoản và mật khẩu trong form, hoặc bằng HTTP Basic. Phiên dài một giờ."""
    name, secret = access.client(request, client_id, client_secret)
    try:
        session = tokens.open_session(name, credentials.portal_form(secret))
    except tokens.WrongAccount:
        raise Wrong(401, "Sai tên tài khoản hoặc mật khẩu.", WWW_Authenticate='Basic realm="yteso"') from None
    response.headers["Cache-Control"] = "no-store"
    return schemas.Token(access_token=session.access, expires_in=int(tokens.LIFETIME.total_seconds()))


@router.post(
    "/submissions",
    url_name="api-submissions",
    operation_id="send",
    summary="Gửi một tệp hồ sơ",
    response={200: schemas.Checked, 202: schemas.Receipt, **problems.responses(411, 413, 415)},
    openapi_extra={"requestBody": BODY, "responses": {200: {"headers": LOCATION}, 202: {"headers": LOCATION}}},
)
def send(
    request: HttpRequest,
    response: HttpResponse,
    name: str = Query("", max_length=200, description="Tên tệp, để nhận ra về sau"),
    wait: Literal["0", "1"] = Query("0", description="1: chờ kiểm tra xong và trả luôn lỗi, cảnh báo"),
    prefer: str = Header("", alias="Prefer", description="wait: như wait=1"),
    idempotency_key: str = Header("", alias="Idempotency-Key", pattern=r"^[!-~]{0,64}$", description=KEY),
) -> Status:
    """Thân của yêu cầu là tệp XML (QĐ 3176, 4750, 130 hoặc 4210), hoặc form có phần `file`.

    Tệp được lưu nguyên từng byte trước khi có trả lời. Trả lời 202 kèm biên nhận; với `wait=1` trả lời 200 kèm lỗi và
    cảnh báo, trừ tệp trên 20 MB. Gửi lại cùng một tệp không tạo lần gửi thứ hai. Cùng Idempotency-Key và cùng tệp:
    cùng trả lời; cùng Idempotency-Key mà khác tệp: 422.
    """
    source, name = upload(request, name)
    at_once = wait == "1" or prefer.replace(" ", "").lower().startswith("wait")
    try:
        row, new = receiving.receive(source, name=name, sender=request.auth, at_once=at_once, key=idempotency_key)
    except service.TooLarge:
        raise Wrong(413, too_large()) from None
    except receiving.KeyTaken:
        fault = Fault(where="header", name="Idempotency-Key", detail="đã dùng cho tệp khác")
        raise Wrong(422, "Khóa này đã dùng cho một tệp khác. Hãy dùng khóa mới cho tệp mới.", [fault]) from None
    response.headers["Location"] = f"{request.path}/{row.receipt}"
    if at_once and row.status in receiving.FINISHED:
        return Status(200, schemas.Checked(**schemas.submission(row), findings=_findings(row, "", WITH_FINDINGS)))
    return Status(202, schemas.receipt(row, new))


@router.get(
    "/submissions",
    url_name="api-submissions",
    operation_id="list",
    summary="Các lần gửi của cơ sở, mới nhất trước",
    response={200: schemas.Submissions, **problems.responses()},
)
def list_(
    request: HttpRequest,
    status: Literal["", "received", "processing", "done", "refused"] = Query("", description="Tình trạng của tệp"),
    since: schemas.Day = None,
    until: schemas.Day = None,
    cursor: str = Query("", pattern=CURSOR, description="`next` của trang trước"),
    limit: int = Query(50, ge=1, le=200, description=PAGE),
) -> schemas.Submissions:
    """Nhận từ đầu ngày `since` đến hết ngày `until`."""
    found = Submission.objects.filter(facility=request.auth.facility).order_by("-id")
    if status:
        found = found.filter(status=status)
    if since:
        found = found.filter(received__gte=_midnight(since))
    if until:
        found = found.filter(received__lt=_midnight(until) + timedelta(days=1))
    if cursor:
        found = found.filter(id__lt=int(cursor))
    rows = list(found[: limit + 1])
    following = str(rows[limit - 1].id) if len(rows) > limit else None
    items = [schemas.Submission(**schemas.submission(row)) for row in rows[:limit]]
    return schemas.Submissions(items=items, next=following)


@router.get(
    "/submissions/{receipt}",
    url_name="api-submission",
    operation_id="submission",
    summary="Một lần gửi",
    response={200: schemas.Submission, **problems.responses(404)},
)
def submission(request: HttpRequest, receipt: str = ONE) -> schemas.Submission:
    return schemas.Submission(**schemas.submission(_of(request, receipt)))


@router.get(
    "/submissions/{receipt}/findings",
    url_name="api-findings",
    operation_id="findings",
    summary="Lỗi và cảnh báo của một lần gửi",
    response={200: schemas.Findings, **problems.responses(404, 406)},
    openapi_extra={
        "responses": {
            200: {
                "content": {
                    tables.CSV: {"schema": {"type": "string"}},
                    tables.XLSX: {"schema": {"type": "string", "format": "binary"}},
                }
            }
        }
    },
)
def findings(
    request: HttpRequest,
    receipt: str = ONE,
    cursor: str = Query("", pattern=CURSOR, description="`next` của trang trước (JSON)"),
    limit: int = Query(200, ge=1, le=1000, description="Số dòng một trang (JSON)"),
) -> Any:
    """Header Accept chọn dạng: application/json (từng trang), text/csv hoặc XLSX (tất cả)."""
    of = _of(request, receipt)
    match request.get_preferred_type(["application/json", tables.CSV, tables.XLSX]):
        case "application/json":
            return _findings(of, cursor, limit)
        case tables.CSV:
            return tables.as_csv(of)
        case tables.XLSX:
            return tables.as_xlsx(of)
    raise Wrong(406, f"Các dạng có: application/json, {tables.CSV}, {tables.XLSX}.")


@router.get(
    "/submissions/{receipt}/dossiers",
    url_name="api-dossiers",
    operation_id="dossiers",
    summary="Kết quả từng hồ sơ của một lần gửi",
    response={200: schemas.Dossiers, **problems.responses(404)},
)
def dossiers(
    request: HttpRequest,
    receipt: str = ONE,
    outcome: Literal["", "accepted", "warnings", "refused"] = Query("", description="Kết quả của hồ sơ"),
    cursor: str = Query("", pattern=CURSOR, description="`next` của trang trước"),
    limit: int = Query(200, ge=1, le=1000, description=PAGE),
) -> schemas.Dossiers:
    found = DossierResult.objects.filter(submission=_of(request, receipt)).order_by("position")
    if outcome:
        found = found.filter(outcome=outcome)
    rows, following = _page(found, cursor, limit)
    return schemas.Dossiers(items=[schemas.dossier(row) for row in rows], next=following)


def _of(request: HttpRequest, receipt: str) -> Submission:
    found = results.submission(request.auth.facility, receipt)
    if found is None:
        raise Wrong(404, "Cơ sở không có lần gửi mang mã biên nhận này.")
    return found


def _findings(of: Submission, cursor: str, limit: int) -> schemas.Findings:
    rows, following = _page(results.findings(of), cursor, limit)
    return schemas.Findings(items=schemas.findings(rows), next=following)


def _page(found: Any, cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """What came of a file no longer changes, so the place in the list is a cursor."""
    start = int(cursor or 0)
    rows = list(found[start : start + limit + 1])
    return rows[:limit], str(start + limit) if len(rows) > limit else None


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min))
