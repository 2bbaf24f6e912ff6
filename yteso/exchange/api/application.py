"""The API as a whole: its document, and a problem for everything that can go wrong."""

import logging
from typing import Any

import psycopg
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yteso.exchange import limits
from yteso.exchange.api import problems
from yteso.exchange.api.access import Bearer
from yteso.exchange.api.operations import router
from yteso.exchange.api.problems import Fault, Wrong


log = logging.getLogger(__name__)

ROOT = "/api/v1/"


class Api(NinjaAPI):
    def get_openapi_schema(self, **_options: object) -> dict[str, Any]:
        """The OpenAPI 3.1 document; problems have a media type of their own."""
        document = super().get_openapi_schema(path_prefix=ROOT)
        for methods in document["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["description"] = problems.TITLES[int(status)]
                        response["content"] = {problems.TYPE: response["content"].pop("application/json")}
        return document


api = Api(
    title="yteso",
    version="1",
    description="Gửi hồ sơ khám bệnh, chữa bệnh (XML) và đọc kết quả kiểm tra.",
    docs_url=None,
    auth=Bearer(),
    urls_namespace="api",
)
api.add_router("", router)


@api.exception_handler(Wrong)
def wrong(request: HttpRequest, error: Wrong) -> HttpResponse:
    return problems.answer(request, error)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    detail = "Hãy lấy phiên làm việc tại /api/v1/token và gửi kèm header Authorization: Bearer …"
    return problems.answer(request, Wrong(401, detail, WWW_Authenticate='Bearer realm="yteso"'))


@api.exception_handler(limits.TooMany)
def too_many(request: HttpRequest, error: limits.TooMany) -> HttpResponse:
    return problems.answer(request, Wrong(429, f"Hãy thử lại sau {error.wait} giây.", Retry_After=str(error.wait)))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent is left out: it may be a secret or a person's."""
    faults = [
        Fault(where=str(one["loc"][0]), name=str(one["loc"][-1]), detail=f"{one['msg']} ({one['type']})")
        for one in error.errors
    ]
    names = ", ".join(dict.fromkeys(fault.name for fault in faults))
    return problems.answer(request, Wrong(422, f"Tham số chưa đúng hoặc còn thiếu: {names}.", faults))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problems.answer(request, Wrong(413, "Các trường của form quá lớn. Hãy gửi tệp trong phần file."))


@api.exception_handler(HttpError)
@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problems.answer(request, Wrong(400, "Không đọc được yêu cầu. Hãy kiểm tra Content-Type và nội dung."))


@api.exception_handler(psycopg.OperationalError)
@api.exception_handler(OperationalError)
def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("the database does not answer (%s)", type(error).__name__)
    detail = "Hãy gửi lại sau ít phút; gửi lại không tạo hai lần gửi."
    return problems.answer(request, Wrong(503, detail, Retry_After="30"))


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("an operation of the API failed", exc_info=error)
    return problems.answer(request, Wrong(500, "Lỗi đã được ghi lại. Hãy gửi lại sau ít phút."))
