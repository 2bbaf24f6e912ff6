"""What every template may use besides its own values."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from yteso.pages.base.navigation import menu
from yteso.pages.base.roles import membership


def page(request: HttpRequest) -> dict[str, object]:
    """`language`, `languages` (switch), `menu`, `member` (role and facility), `signed_in` (name), `cspNonce`."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    member = getattr(request, "membership", None) or (membership(request) if signed_in else None)
    return {
        "language": get_language(),
        "languages": _languages(request),
        "member": member,
        "menu": menu(request, member),
        "signed_in": (request.user.get_full_name() or request.user.get_username()) if signed_in else "",
        # A string is the component library's own name for it; it must be read here, before the header is written.
        "cspNonce": str(request.csp_nonce),
    }


def _languages(request: HttpRequest) -> list[dict[str, str]]:
    back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return [
        {"code": code, "name": name, "href": f"{reverse('language', args=[code])}?{back}"}
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]
