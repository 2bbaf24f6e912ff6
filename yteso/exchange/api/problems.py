"""Errors of the API as application/problem+json (RFC 9457). They repeat nothing of what was sent."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from pydantic import BaseModel, Field


log = logging.getLogger(__name__)

TYPE = "application/problem+json"

TITLES = {
    400: "Yêu cầu không đọc được",
    401: "Cần phiên làm việc hợp lệ",
    404: "Không tìm thấy",
    405: "Địa chỉ này không nhận phương thức đó",
    406: "Không có dạng kết quả được yêu cầu",
    411: "Thiếu độ dài nội dung",
    413: "Tệp quá lớn",
    415: "Kiểu nội dung không được nhận",
    422: "Tham số chưa đúng",
    429: "Gửi quá nhiều lần trong thời gian ngắn",
    500: "Hệ thống gặp sự cố",
    503: "Hệ thống tạm thời chưa phục vụ được",
}
"""What each status means here; the page of the API explains them under the anchor that `type` names."""


class Fault(BaseModel):
    """One parameter that is not right."""

    where: str = Field(description="Nơi của tham số: query, header, path, form")
    name: str = Field(description="Tên tham số")
    detail: str = Field(description="Sai ở đâu")


class Problem(BaseModel):
    """Lỗi theo RFC 9457: sai gì và cách sửa."""

    type: str = Field(description="Loại lỗi: địa chỉ của phần giải thích")
    title: str = Field(description="Tên lỗi")
    status: int = Field(description="Mã HTTP")
    detail: str = Field(description="Sai gì và cách sửa, bằng tiếng Việt")
    instance: str = Field(description="Đường dẫn đã gọi")
    errors: list[Fault] = Field(default=[], description="Từng tham số chưa đúng")


class Wrong(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: int, detail: str, errors: list[Fault] | None = None, **headers: str) -> None:
        super().__init__(status)
        self.status, self.detail, self.errors = status, detail, errors or []
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(request: HttpRequest, wrong: Wrong) -> HttpResponse:
    title = TITLES.get(wrong.status) or HTTPStatus(wrong.status).phrase
    problem = Problem(
        type=f"/api/v1/docs#loi-{wrong.status}",
        title=title,
        status=wrong.status,
        detail=wrong.detail,
        instance=request.path[:200],
        errors=wrong.errors,
    )
    body = problem.model_dump(exclude_defaults=True)
    options = {"ensure_ascii": False}
    response = JsonResponse(body, status=wrong.status, content_type=TYPE, json_dumps_params=options)
    for name, value in wrong.headers.items():
        response.headers[name] = value
    return response


def responses(*statuses: int) -> dict[int, type[Problem]]:
    """For the document of an operation: the problems it may end in besides those that any may."""
    return dict.fromkeys(sorted((*statuses, 400, 401, 422, 429, 500, 503)), Problem)
