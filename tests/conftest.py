"""A real PostgreSQL for the whole run; a fresh, migrated database for each test that asks for one."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import psycopg
import pytest
from databases import Databases


# Settings are read on import: a test run never touches the state of a node.
os.environ["YTESO_HOME"] = tempfile.mkdtemp(prefix="yteso-tests-")
os.environ.pop("DATABASE_URL", None)
# The browser driver keeps an event loop in the test's thread, where Django would refuse to talk to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
GIVEN_SERVER = os.environ.get("YTESO_TEST_DATABASE_URL")

TEMPLATE = f"yteso_template_{os.getpid()}"


def pytest_sessionfinish() -> None:
    shutil.rmtree(os.environ["YTESO_HOME"], ignore_errors=True)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the account of an embedded server can reach, also when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="yteso-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def module_place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a PostgreSQL server (its maintenance database); YTESO_TEST_DATABASE_URL names another one."""
    if GIVEN_SERVER:
        yield GIVEN_SERVER
        return
    from yteso.config.postgres import Server

    with open_folder() as folder:
        home = folder / "node"
        home.mkdir()
        # Durability is not what these tests are about; those that are start a server of their own.
        with Server(home, fsync="off", synchronous_commit="off", shared_buffers="'128MB'").running() as url:
            yield url


def address(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def use(url: str) -> None:
    """Point our own connections and Django's at this database."""
    os.environ["DATABASE_URL"] = url
    from yteso.config.application import start

    start()
    from django.db import connections

    from yteso.config.database import django_settings

    connections["default"].close()
    connections["default"].settings_dict.update(django_settings())


@pytest.fixture(scope="session")
def template(server: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {TEMPLATE}")
        connection.execute(f"create database {TEMPLATE}")
    use(address(server, TEMPLATE))
    from yteso.config.application import migrate

    migrate()
    from django.db import connections

    connections["default"].close()
    return TEMPLATE


@pytest.fixture(scope="session")
def databases(server: str, template: str) -> Iterator[Databases]:
    made = Databases(server, template)
    yield made
    made.remove()


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """URL of a database of this test alone, with the schema and nothing in it."""
    with taken(databases) as url:
        yield url


@pytest.fixture(scope="module")
def module_database(databases: Databases) -> Iterator[str]:
    """The same for all tests of a module: for those that write nothing."""
    with taken(databases) as url:
        yield url


@contextmanager
def taken(databases: Databases) -> Iterator[str]:
    url = databases.take()
    use(url)
    yield url
    from django.db import connections

    connections["default"].close()
    databases.give_back(url)


@pytest.fixture
def conn(database: str) -> Iterator[psycopg.Connection]:
    from yteso.config.database import connect

    with connect() as connection:
        yield connection


@pytest.fixture
def live(database: str) -> Iterator[str]:
    """Address of the real web server on this test's database."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "yteso.cli", "serve", "--port", str(port), "--processes", "1", "--websocket-port", "0"],
        env=os.environ | {"DATABASE_URL": database},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(20)


def _answering(base: str, process: subprocess.Popen) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/health", timeout=20):
                return base
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        chromium = tools.chromium.launch(
            executable_path=os.environ.get("YTESO_CHROMIUM", "/usr/bin/chromium"), headless=True, args=CHROMIUM_FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "desktop"])
def page(browser: object, request: pytest.FixtureRequest) -> Iterator[object]:
    """A page of the real browser, at the width of a phone and of a desk."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    yield context.new_page()
    context.close()
