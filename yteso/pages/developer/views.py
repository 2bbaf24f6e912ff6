from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yteso.exchange.api import problems
from yteso.exchange.api.application import api
from yteso.pages.developer import presenters


@login_not_required
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API in words. It shows nothing of anybody, and asks no other host for anything."""
    context = {
        "operations": presenters.operations(api.get_openapi_schema()),
        "parameters": presenters.parameters_head(),
        "answers": presenters.answers_head(),
        "faults": problems.TITLES,
    }
    return render(request, "developer/api.jinja", context)
