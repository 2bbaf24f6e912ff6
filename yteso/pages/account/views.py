from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from yteso.pages.account.forms import SignInForm
from yteso.pages.base.middleware import LANGUAGE_COOKIE
from yteso.pages.base.navigation import start
from yteso.pages.base.roles import membership


YEAR = 365 * 24 * 3600


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "account/sign-in.jinja"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the first page of the account's role."""
    member = membership(request)
    first = start(member) if member else None
    return redirect(first) if first else render(request, "account/nothing.jinja")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@login_not_required
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language in a cookie and go back to the page the reader came from."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    after = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = "/"
    response = redirect(after)
    response.set_cookie(
        LANGUAGE_COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
