"""Opening a session, and sending files."""

from datetime import UTC
from io import BytesIO

from django.http import HttpRequest, HttpResponse, JsonResponse

from yteso import standards
from yteso.exchange import receiving, tokens
from yteso.exchange.models import Credential
from yteso.exchange.portal import answers, codes, reading
from yteso.exchange.portal.answers import Refusal
from yteso.exchange.portal.service import own, sender_of, service, session_in
from yteso.intake.reading.limits import Refused
from yteso.intake.reading.xml import root_name, unwrap


ENVELOPE = "GIAMDINHHS"


@service
def take(request: HttpRequest) -> HttpResponse:
    """A session for `username` and `password` (MD5 of the password)."""
    given = reading.query(request) | reading.fields(request)
    name, password = reading.needed(given, "username"), reading.needed(given, "password")
    try:
        session = tokens.open_session(name, password)
    except tokens.WrongAccount:
        raise Refusal("wrong-account") from None
    key = {
        "access_token": session.access,
        "id_token": session.id_token,
        "token_type": "Bearer",
        "username": name,
        "expires_in": f"{session.expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return JsonResponse({"maKetQua": "200", "APIKey": key})


@service
def send(request: HttpRequest, wanted: codes.Call) -> HttpResponse:
    """The 130 family: session in headers, everything else in the body."""
    head = request.headers
    sender = sender_of(head.get("accessToken", ""), head.get("tokenId", ""), head.get("passwordHash", ""))
    given = reading.fields(request)
    own(sender, given)
    _right_kind(wanted, given)
    return _receive(wanted, sender, reading.file(given, "fileHSBase64"))


@service
def send_4210(request: HttpRequest) -> HttpResponse:
    """4210: everything but the file in the address."""
    wanted, given = codes.calls()["guihosogiamdinh4210"], reading.query(request)
    sender = session_in(given)
    _right_kind(wanted, given)
    return _receive(wanted, sender, reading.file(reading.fields(request), "fileHS"))


@service
def unknown(request: HttpRequest) -> HttpResponse:
    raise Refusal("no-call")


def _right_kind(wanted: codes.Call, given: reading.Fields) -> None:
    reading.needed(given, "maTinh")
    kind = reading.needed(given, "loaiHoSo")
    if kind != wanted.loaiHoSo:
        raise Refusal("wrong-kind", value=kind[:20], expected=wanted.loaiHoSo)


def _receive(wanted: codes.Call, sender: Credential, content: bytes) -> HttpResponse:
    _right_root(wanted, content)
    submission, _new = receiving.receive(BytesIO(content), name=f"{wanted.call}.xml", sender=sender, at_once=True)
    return answers.received(submission)


def _right_root(wanted: codes.Call, content: bytes) -> None:
    """A known file at the wrong service is sent back; one that is not known at all goes in, to be told why not."""
    alone = {table.id: table.root for table in standards.standard("3176").tables.values() if table.standalone}
    expected = alone.get(wanted.table, ENVELOPE)
    try:
        root = root_name(unwrap(content[:65536])).upper()
    except Refused:
        return
    if root != expected and root in (ENVELOPE, *alone.values()):
        raise Refusal("wrong-root", expected=expected, value=root)
