"""What pages load: all of it is here, named by its content, small on the way, and asks no other host."""

import gzip
import re
from pathlib import Path

import pytest


PAGES = Path(__file__).parents[2] / "yteso" / "pages"
STATIC = PAGES / "static"
SENT = sorted(path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"})


def named(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


@pytest.fixture
def environment(template):
    from jinja2 import DictLoader

    from yteso.pages.jinja import environment

    return environment(loader=DictLoader({}))


@pytest.mark.parametrize("path", SENT, ids=named)
def test_no_file_asks_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"@import|importScripts|sendBeacon", text)
    # Bundled scripts name the addresses of their manuals in their messages; nothing else has a reason to.
    if "vendor" not in path.parts:
        assert set(re.findall(r"https?://[\w.-]+", text)) <= {"http://www.w3.org"}


def test_everything_the_styles_name_is_here() -> None:
    for path in SENT:
        if path.suffix == ".css":
            names = re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text(encoding="utf-8"))
            missing = [name for name in names if not name.startswith("data:") and not (path.parent / name).exists()]
            assert missing == [], path.name


def test_everything_the_templates_name_is_here(environment) -> None:
    names = {name for file in PAGES.rglob("*.jinja") for name in re.findall(r'static\("([^"]+)"\)', file.read_text())}
    assert len(names) > 5
    for name in names:
        assert (STATIC / name).is_file(), name


def test_every_class_of_our_own_has_a_style() -> None:
    styled = set(re.findall(r"\.(app-[\w-]+)", (STATIC / "yteso.css").read_text()))
    used = set()
    for folder in ("base", "account", "facility"):
        for file in [*(PAGES / folder).rglob("*.jinja"), *(PAGES / folder).rglob("*.py")]:
            used |= set(re.findall(r"(?<![\w-])app-[a-z_-]+[a-z](?![\w-]*\{)", file.read_text()))
    assert len(used) > 10
    assert used - styled == set()


def test_an_address_changes_with_the_content(environment) -> None:
    from hashlib import sha256

    from yteso.pages.jinja import static

    body = (STATIC / "yteso.css").read_bytes()
    assert static("yteso.css") == f"/static/yteso.css?v={sha256(body).hexdigest()[:10]}"
    with pytest.raises(FileNotFoundError):
        static("khong-co.css")


@pytest.mark.parametrize("name", ["yteso.css", "yteso.js", "favicon.svg", "fonts/BeVietnamPro-Regular.woff2"])
def test_files_are_served_to_anyone_and_kept_for_a_while(client, name: str) -> None:
    response = client.get(f"/static/{name}")
    assert b"".join(response.streaming_content) == (STATIC / name).read_bytes()
    assert response.headers["Cache-Control"] == "max-age=3600, public"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"/static/{name}", headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["../views.py", "%2e%2e/jinja.py", "khong-co.css", ""])
def test_nothing_else_is_served(client, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (302, 404)


def test_a_compressed_twin_holds_the_same() -> None:
    """Twins are made during setup; one left from before would serve the old file."""
    for twin in STATIC.rglob("*.gz"):
        assert gzip.decompress(twin.read_bytes()) == twin.with_suffix("").read_bytes(), f"{twin.name}: run make setup"


def test_bundled_works_carry_their_licences() -> None:
    for folder in [*(STATIC / "vendor").iterdir(), STATIC / "fonts"]:
        if folder.is_dir():
            assert list(folder.glob("LICENSE*")) + list(folder.glob("OFL*")), folder.name
