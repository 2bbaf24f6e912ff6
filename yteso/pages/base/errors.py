"""Error pages. They say what to do next and repeat nothing of the request. Software gets the same as a problem."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yteso.exchange.api import problems


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("Yêu cầu không hợp lệ"), _("Hãy quay lại trang trước và thử lại."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("Tài khoản của bạn không được xem trang này"),
        _("Nếu bạn cần xem, hãy liên hệ người quản trị tài khoản ở đơn vị mình."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _("Không tìm thấy trang"), _("Hãy kiểm tra lại địa chỉ, hoặc bắt đầu lại từ trang chủ."))


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("Trang đã mở quá lâu"),
        _("Vì an toàn, chưa có gì được gửi đi. Hãy quay lại trang trước và làm lại."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Must work when the database does not: no account, no menu."""
    return _page(
        request,
        500,
        _("Hệ thống gặp sự cố"),
        _("Lỗi đã được ghi lại. Hãy thử lại sau ít phút. Tệp đã nhận và đã có mã biên nhận thì không mất."),
        bare=True,
    )


def _page(request: HttpRequest, status: int, title: str, advice: str, *, bare: bool = False) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.answer(request, problems.Wrong(status, advice))
    template = "base/bare.jinja" if bare else "base/error.jinja"
    return render(request, template, {"title": title, "advice": advice, "status": status}, status=status)
