"""The addresses of the API. What ends outside an operation (no such address, wrong method) is a problem as well."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from yteso.exchange.api import problems
from yteso.exchange.api.application import api
from yteso.exchange.api.problems import Wrong


View = Callable[..., HttpResponse]


def _for_software(view: View) -> View:
    """A token says who asks: no sign-in page, no CSRF token, no cookie."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        allowed = response.headers["Allow"]
        return problems.answer(request, Wrong(405, f"Các phương thức được nhận: {allowed}.", Allow=allowed))

    return answered


def _nothing(request: HttpRequest, rest: str) -> HttpResponse:
    return problems.answer(request, Wrong(404, "Không có địa chỉ này. Các địa chỉ có trong /api/v1/openapi.json."))


patterns, app_name, _namespace = api.urls
urlpatterns = [one for one in patterns if one.name != "api-root"]
for one in urlpatterns:
    one.callback = _for_software(one.callback)
urlpatterns.append(path("<path:rest>", _for_software(_nothing), name="api-nothing"))
