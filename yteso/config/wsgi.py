"""The web application, as granian serves it: the FHIR face, and the pages for everything else."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yteso.config.settings")
pages = get_wsgi_application()

from yteso.fhir.server import application as fhir  # noqa: E402 (needs the settings)


def application(variables: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    face = fhir.application if fhir.belongs(variables["PATH_INFO"]) else pages
    return face(variables, start)
