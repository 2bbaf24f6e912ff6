"""Active ingredients of the national drug list and routes of use."""

from functools import cache

from yteso.catalogues import files


@cache
def active_ingredients() -> dict[str, str]:
    """National ingredient code ("40.1") → Vietnamese name."""
    return dict(files.columns("medicines/ingredients.csv"))


@cache
def routes() -> dict[str, str]:
    """Route of use ("1.01") → Vietnamese name."""
    return dict(files.columns("medicines/routes.csv"))
