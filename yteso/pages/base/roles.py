"""Who may open a page: a person signed in, acting in one of the page's roles."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from yteso.access.models import Membership


View = Callable[..., HttpResponse]


def membership(request: HttpRequest, *roles: str) -> Membership | None:
    """The account's first membership in one of `roles` (any role when none is given), else None."""
    if not request.user.is_authenticated:
        return None
    held = sorted(request.user.memberships.all(), key=lambda one: one.pk)
    return next((one for one in held if not roles or one.role in roles), None)


def role_required(*roles: str) -> Callable[[View], View]:
    """Open the view to accounts in one of `roles` only; the view finds the membership in `request.membership`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request.membership = membership(request, *roles)
            if request.membership is None:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = roles
        return guarded

    return decorate
