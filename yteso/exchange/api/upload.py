"""The file in a request: as the body itself, or as the part `file` of a form."""

from typing import BinaryIO

from django.http import HttpRequest

from yteso.exchange.api.problems import Fault, Wrong
from yteso.intake.envelope import LIMITS


BARE = ("application/xml", "text/xml", "application/octet-stream")
FORM = "multipart/form-data"
UNNAMED = "api.xml"


def upload(request: HttpRequest, name: str) -> tuple[BinaryIO, str]:
    """The file to read, and its name. Raises Wrong: 400, 411, 413, 415 or 422."""
    if request.content_type not in (*BARE, FORM):
        raise Wrong(415, f"Hãy gửi tệp bằng Content-Type {', '.join(BARE)} hoặc {FORM}.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit():
        raise Wrong(411, "Hãy gửi kèm header Content-Length.")
    if int(length) > LIMITS.file:
        raise Wrong(413, too_large())
    if request.content_type == FORM:
        return _part(request, name)
    if int(length) == 0:
        raise Wrong(400, "Nội dung rỗng. Hãy gửi tệp XML trong thân của yêu cầu.")
    return request, name or UNNAMED


def too_large() -> str:
    return f"Tệp lớn nhất được nhận là {LIMITS.file // 1_000_000} MB. Hãy chia thành nhiều tệp."


def _part(request: HttpRequest, name: str) -> tuple[BinaryIO, str]:
    file = request.FILES.get("file")
    if file is None:
        fault = Fault(where="form", name="file", detail="thiếu tệp")
        raise Wrong(422, "Form phải có phần tên file chứa tệp XML.", [fault])
    return file, name or file.name or UNNAMED
