"""Accounts, and a browser page that is watched: console clean, no other host."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import PASSWORD
from playwright.sync_api import expect


LOCALE = Path(__file__).parents[2] / "yteso" / "pages" / "locale"


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    """The English words are compiled during setup; a test run compiles them again, so that it sees today's."""
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-D", "django", "-d", str(LOCALE)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="session")
def hashed(template: str) -> str:
    """PASSWORD as the database keeps it, hashed once: a slow hash is the point of it, but not of these tests."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def make_account(database: str, hashed: str) -> Callable[..., object]:
    """Make an account: `make_account("nga", role="facility", facility="99001")`; the password is PASSWORD."""

    def make(
        username: str,
        *,
        role: str = "",
        facility: str = "",
        person: object = None,
        name: str = "",
        province: str = "",
    ) -> object:
        from django.contrib.auth.models import User

        from yteso.access.models import Membership

        user = User.objects.create(username=username, password=hashed, last_name=name)
        if role:
            province = province or ("99" if role == "authority" else "")
            Membership.objects.create(user=user, role=role, facility=facility, person=person, province=province)
        return user

    return make


@pytest.fixture
def client(database: str) -> object:
    from django.test import Client

    return Client(SERVER_NAME="localhost")


@pytest.fixture
def watched(page: object, live: str) -> Iterator[object]:
    """The browser page; afterwards: nothing was written to the console, nothing was asked of another host."""
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    said, hosts = [], set()
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(re.sub(r"^(\w+://[^/]*|\w+:).*", r"\1", request.url, flags=re.S)))
    yield page
    # An error page is reported on the console by the browser itself.
    assert [line for line in said if "the server responded with a status of 4" not in line] == []
    assert hosts <= {live, "data:", "blob:"}
