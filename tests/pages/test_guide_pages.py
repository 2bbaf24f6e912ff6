"""The implementation guide in the browser: open to everybody, readable at any width, complete."""

import io
import tarfile

import pytest
from browsing import follow, look
from playwright.sync_api import expect

from yteso.fhir.guide.profiles import profiles


def test_the_guide_is_read_from_its_first_page(watched, live: str) -> None:
    watched.goto(live + "/fhir/guide")
    expect(watched.get_by_role("heading", level=1)).to_have_text("Hướng dẫn triển khai FHIR R4")
    look(watched, "guide")
    follow(watched.get_by_role("link", name="Thuốc được chỉ định"))
    expect(watched.get_by_role("heading", level=1)).to_have_text("Thuốc được chỉ định")
    expect(watched.get_by_text("= completed").first).to_be_visible()
    expect(watched.get_by_text("XML2.NGAY_YL").first).to_be_visible()
    look(watched, "guide-profile")
    follow(watched.get_by_role("link", name="Hướng dẫn FHIR"))
    follow(watched.get_by_role("link", name="So với VN Core"))
    look(watched, "guide-vn-core")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("extensions", "https://yteso.vn/fhir/nhom-mau"),
        ("identifiers", "http://fhir.hl7.org.vn/core/sid/cccd"),
        ("code-systems", "http://hl7.org/fhir/sid/icd-10"),
        ("code-systems/icd-10", "TT06-2026"),
        ("maps", "ICD-10: Quyết định 4469"),
    ],
)
def test_every_list_of_the_guide(watched, live: str, address: str, words: str) -> None:
    watched.goto(f"{live}/fhir/guide/{address}")
    expect(watched.get_by_text(words).first).to_be_visible()
    look(watched, "guide-" + address.replace("/", "-"))


def test_every_profile_has_a_page_in_both_languages(client) -> None:
    for language, title in (("vi", "vi"), ("en", "en")):
        client.cookies["language"] = language
        for one in profiles():
            html = client.get(f"/fhir/guide/profiles/{one.id}").content.decode()
            assert getattr(one, title).replace("'", "&#39;") in html
            assert one.url in html


def test_the_pages_speak_english(client) -> None:
    client.cookies["language"] = "en"
    assert "FHIR R4 implementation guide" in client.get("/fhir/guide").content.decode()
    html = client.get("/fhir/guide/profiles/luot-kham").content.decode()
    assert "Arrival moment" in html
    assert "Ngày đến khám" not in html


def test_the_package_and_its_resources_are_downloaded(client) -> None:
    answer = client.get("/fhir/guide/package.tgz")
    with tarfile.open(fileobj=io.BytesIO(answer.content), mode="r:gz") as archive:
        assert "package/package.json" in archive.getnames()
    profile = client.get("/fhir/guide/StructureDefinition/luot-kham.json")
    assert profile["Content-Type"] == "application/fhir+json"
    assert profile.json()["url"] == "https://yteso.vn/fhir/StructureDefinition/luot-kham"


@pytest.mark.parametrize("address", ["profiles/khac", "code-systems/khac", "StructureDefinition/khac.json"])
def test_what_is_not_in_the_guide_is_not_found(client, address: str) -> None:
    assert client.get(f"/fhir/guide/{address}").status_code == 404
