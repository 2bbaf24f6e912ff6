"""Who may see what: nobody unsigned-in, no facility another's, no role another's pages; and the headers that guard."""

import re

import pytest
from sent import send


OPEN = {"health", "sign-in", "sign-out", "language", "api-docs"}
"""Pages that show nothing of anybody."""

GUIDE = "/fhir/guide"
"""The implementation guide: data about data, made-up examples."""

SOFTWARE = ("portal-", "api-", "openapi-")
"""Doors for software: they answer to a token, never to a cookie (tests/exchange)."""

SAMPLES = {"int": "1", "slug": "a", "str": "a", "uuid": "6f1b8a50-0000-4000-8000-000000000000", "path": "a"}


def addresses() -> list[tuple[str, str]]:
    """Every address of the application, with sample values in its holes, and the name of its page."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns, before: str):
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLPattern):
                hole = re.compile(r"<(?:(\w+):)?\w+>")
                yield one.name or route, "/" + hole.sub(lambda m: SAMPLES.get(m[1] or "str", "1"), route)
            else:
                yield from walk(one.url_patterns, route)

    return list(walk(get_resolver().url_patterns, ""))


def test_nobody_sees_anything_unsigned_in(client) -> None:
    closed = [
        (name, address)
        for name, address in addresses()
        if name not in OPEN and not name.startswith(SOFTWARE) and not address.startswith(GUIDE)
    ]
    assert len(closed) > 10
    for name, address in closed:
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/dang-nhap/?next="), name


@pytest.mark.parametrize("role", ["", "citizen", "steward", "authority", "operator"])
def test_other_roles_do_not_see_the_facility_pages(client, make_account, role: str) -> None:
    user = make_account("an", role=role, person="6f1b8a50-0000-4000-8000-000000000000" if role == "citizen" else None)
    client.force_login(user)
    pages = [address for _name, address in addresses() if address.startswith("/co-so/")]
    assert pages
    for address in pages:
        assert client.get(address).status_code == 403, address


def test_a_facility_does_not_see_the_files_of_another(client, make_account, conn) -> None:
    number = send(conn)
    other = [address.replace("/1/", f"/{number}/") for _name, address in addresses() if "/lan-gui/" in address]
    client.force_login(make_account("la", role="facility", facility="99002"))
    assert {client.get(address).status_code for address in other} == {404}
    assert "chưa gửi tệp nào" in client.get("/co-so/").content.decode()
    session = client.session
    session["uploaded"] = [number]
    session.save()
    assert "YT" not in client.get("/co-so/gui/da-nhan/").content.decode()


def test_the_language_page_leads_nowhere_else(client) -> None:
    assert client.get("/ngon-ngu/en/?next=https://elsewhere.example/").headers["Location"] == "/"
    assert client.get("/ngon-ngu/en/?next=//elsewhere.example/").headers["Location"] == "/"
    assert client.get("/ngon-ngu/en/?next=/co-so/").headers["Location"] == "/co-so/"
    assert client.get("/ngon-ngu/fr/").status_code == 404


def test_signing_out_needs_a_deliberate_press(client, make_account) -> None:
    client.force_login(make_account("nga", role="facility", facility="99001"))
    assert client.get("/dang-xuat/").status_code == 405
    assert client.get("/co-so/").status_code == 200


def test_what_a_browser_prefers_does_not_choose_the_language(client) -> None:
    page = client.get("/dang-nhap/", headers={"accept-language": "en-US,en;q=0.9"})
    assert page.headers["Content-Language"] == "vi"
    assert '<html lang="vi">' in page.content.decode()


def test_pages_are_guarded_by_strict_headers(client, make_account) -> None:
    client.force_login(make_account("nga", role="facility", facility="99001"))
    first, second = client.get("/co-so/"), client.get("/co-so/")
    policy = dict(part.strip().split(" ", 1) for part in first.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    nonce = re.fullmatch(r"'nonce-([\w+/=-]{16,})'", policy["script-src"])[1]
    assert nonce in first.content.decode()
    assert nonce not in second.content.decode()
    assert "unsafe" not in first.headers["Content-Security-Policy"]
    assert "no-store" in first.headers["Cache-Control"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["X-Frame-Options"] == "DENY"
    assert first.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in first.headers["Permissions-Policy"]


def test_pages_have_no_inline_style_or_handler(client, make_account, conn) -> None:
    number = send(conn)
    client.force_login(make_account("nga", role="facility", facility="99001"))
    for path in ("", "gui/", f"lan-gui/{number}/", f"lan-gui/{number}/ho-so/", f"lan-gui/{number}/bien-nhan/"):
        html = client.get(f"/co-so/{path}").content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html), path
        assert not re.search(r"<style|href=\"https?:|src=\"https?:", html), path


def test_no_english_of_the_component_library_shows_through(client, make_account, conn) -> None:
    number = send(conn)
    client.force_login(make_account("nga", role="facility", facility="99001"))
    english = re.compile(
        r"\b(Back|Next|Previous|Page|Error|Menu|More|Skip|Search|Show|Choose|Important|NHS|homepage)\b"
    )
    for path in ("", "gui/", f"lan-gui/{number}/", f"lan-gui/{number}/ho-so/", f"lan-gui/{number}/bien-nhan/"):
        html = re.sub(r"(class|data-module|id|src|href|rel|name|hx-\w+)=(\"[^\"]*\"|'[^']*')", "", _body(client, path))
        assert not english.search(html), (path, english.search(html))


def _body(client, path: str) -> str:
    html = client.get(f"/co-so/{path}").content.decode()
    return re.sub(r"<script.*?</script>", "", html.split("<body", 1)[1], flags=re.DOTALL)


def test_a_fault_shows_a_plain_page_without_its_words(client, make_account, database, monkeypatch) -> None:
    from django.db import connection

    client.force_login(make_account("nga", role="facility", facility="99001"))
    with connection.cursor() as cursor:
        cursor.execute("alter table intake_submission rename to elsewhere")
    client.raise_request_exception = False
    response = client.get("/co-so/?q=0123456789")
    html = response.content.decode()
    assert response.status_code == 500
    assert "Hệ thống gặp sự cố" in html
    assert "0123456789" not in html
    assert "intake_submission" not in html


def test_a_form_without_its_token_is_refused_in_words(database, make_account) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    client.force_login(make_account("nga", role="facility", facility="99001"))
    response = client.post("/co-so/gui/")
    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in response.content.decode()
