"""The Jinja2 environment of all pages."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static as static_url
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from yteso.pages.base import formats


def environment(**options: object) -> Environment:
    """Our templates first, then the component macros of nhsuk-frontend-jinja, which need chainable undefined values."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    options["undefined"] = ChainableUndefined
    made = Environment(**options, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"])  # noqa: S701
    made.install_gettext_callables(gettext, ngettext, newstyle=True)
    made.globals.update(url=url, static=static)
    made.filters.update(
        day=formats.day, moment=formats.moment, number=formats.number, size=formats.size, national=formats.national
    )
    return made


def url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args, kwargs=kwargs)


@cache
def static(path: str) -> str:
    """Address of a static file with a digest of its content, so that a new version is fetched at once."""
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(path)
    return f"{static_url(path)}?v={hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]}"
