"""The implementation guide as tables. Names are in the language of the page, addresses and codes as they are."""

import csv
from collections.abc import Iterable
from typing import Protocol

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yteso.fhir import search
from yteso.fhir.guide.extensions import extensions
from yteso.fhir.guide.naming import identifiers
from yteso.fhir.guide.profiles import STANDARD, Json, Profile, profiles
from yteso.fhir.guide.shapes import DATA
from yteso.fhir.terminology import System, library
from yteso.fhir.terminology.hl7 import PUBLISHER
from yteso.mapping import BASE
from yteso.pages.base import formats
from yteso.pages.base.cells import Cell, count, link, tag, text


Row = list[Cell]


class Named(Protocol):
    vi: str
    en: str


def name(one: Named) -> str:
    return (one.en or one.vi) if get_language() == "en" else (one.vi or one.en)


def _head(*words: str) -> list[Json]:
    return [{"text": one} for one in words]


def code(words: str) -> Cell:
    return text(words, classes="app-code app-break")


# ---- all of it


def counts() -> list[Json]:
    """Key figures, each with the page that lists what is counted."""
    figures = (
        (_("hồ sơ (profile)"), len(profiles()), "#profiles"),
        (_("phần mở rộng"), sum(1 for one in extensions() if one.ours), reverse("guide:extensions")),
        (_("hệ định danh"), len(identifiers()), reverse("guide:identifiers")),
        (_("hệ mã"), len(_systems()), reverse("guide:code-systems")),
        (_("bảng chuyển mã"), len(library.concept_maps()), reverse("guide:maps")),
    )
    return [{"label": words, "value": formats.number(value), "href": href} for words, value, href in figures]


def profiles_head() -> list[Json]:
    return _head(_("Hồ sơ"), _("Loại tài nguyên"), _("Địa chỉ"))


def profiles_rows() -> list[Row]:
    return [
        [link(name(one), reverse("guide:profile", args=[one.id])), code(one.type), code(one.url)] for one in profiles()
    ]


# ---- one profile


def elements_head() -> list[Json]:
    return _head(_("Phần tử"), _("Số lần"), _("Nội dung"), _("Trường của hồ sơ"))


def elements_rows(profile: Profile) -> list[Row]:
    """The address of an extension stands with it, not in a row of its own."""
    _root, *rest = profile.resource["differential"]["element"]
    urls = {one["id"].removesuffix(".url"): one["fixedUri"] for one in rest if one["id"].endswith(".url")}
    return [
        [code(_path(one)), text(_times(one)), _content(one, urls.get(one["id"], "")), code(_fields(one))]
        for one in rest
        if not one["id"].endswith(".url")
    ]


def _path(element: Json) -> str:
    """Without the type, which stands above the table."""
    return element["id"].partition(".")[2]


def _times(element: Json) -> str:
    return f"{element['min']}..{element['max']}"


def _content(element: Json, url: str) -> Cell:
    """The value that is fixed, the codes that are bound, the type; and what it is in words."""
    fixed = next((value for key, value in element.items() if key.startswith("fixed")), url)
    bound = element.get("binding", {}).get("valueSet", "")
    types = ", ".join(one["code"] for one in element.get("type", ()) if one["code"] != "Extension")
    parts = []
    if words := _words(element.get("short", "")):
        parts.append(words)
    if fixed:
        parts.append(format_html('<span class="app-code">= {}</span>', fixed))
    if bound:
        parts.append(_bound(bound))
    if types:
        parts.append(format_html('<span class="app-code app-muted">{}</span>', types))
    return {"html": format_html_join(SafeString("<br>"), "{}", ((part,) for part in parts)), "classes": "app-break"}


def _bound(address: str) -> str:
    system = address.removeprefix(f"{BASE}/vs/")
    return format_html('<a href="{}">{}</a>', reverse("guide:code-system", args=[system]), address)


def _words(short: str) -> str:
    """The half of the label that is in the language of the page."""
    vi, _slash, en = short.partition(" / ")
    return (en or vi) if get_language() == "en" else vi


def _fields(element: Json) -> str:
    return ", ".join(one["map"] for one in element.get("mapping", ()) if one["identity"] == STANDARD)


def search_head() -> list[Json]:
    return _head(_("Tham số"), _("Kiểu"))


def search_rows(profile: Profile) -> list[Row]:
    return [[code(one.code), code(one.type)] for one in search.parameters(profile.type).values() if one.code[:1] != "_"]


# ---- extensions and identifiers


def extensions_head() -> list[Json]:
    return _head(_("Tên"), _("Địa chỉ"), _("Ở đâu"), _("Kiểu"))


def extensions_rows() -> list[Row]:
    rows = []
    for one in extensions():
        href = reverse("guide:resource", args=["StructureDefinition", one.id])
        shown = link(name(one), href) if one.ours else text(one.id)
        kinds = ", ".join(one.types) or _("nhiều phần")
        rows.append([shown, code(one.url), code(", ".join(one.contexts)), code(kinds)])
    return rows


def identifiers_head() -> list[Json]:
    return _head(_("Tên"), _("Địa chỉ"), _("Của ai"), _("Ý nghĩa"))


def identifiers_rows() -> list[Row]:
    return [
        [code(one.id), code(one.url), text("yteso" if one.ours else "VN Core"), {"html": _english(one.about)}]
        for one in identifiers()
    ]


def _english(words: str) -> str:
    return format_html('<span lang="en">{}</span>', words)


# ---- codes


def systems_head() -> list[Json]:
    return _head(_("Hệ mã"), _("Địa chỉ"), _("Các bản"), _("Số mã"))


def systems_rows() -> list[Row]:
    rows = []
    for newest, *older in _systems():
        versions = ", ".join(one.version for one in (newest, *older) if one.version) or "–"
        href = reverse("guide:code-system", args=[newest.id])
        rows.append([link(name(newest), href), code(newest.url), text(versions), count(len(newest.concepts))])
    return rows


def _systems() -> list[list[System]]:
    """Editions of each, newest first; those of HL7 itself are in its own specification."""
    return [editions for editions in library.built_in().values() if editions[0].source != PUBLISHER]


def editions(id: str) -> list[System]:
    return next((found for found in _systems() if found[0].id == id), [])


def value_set(system: System) -> str:
    return f"{BASE}/vs/{system.id}"


def editions_head() -> list[Json]:
    return _head(_("Bản"), _("Từ ngày"), _("Đến ngày"), _("Số mã"), _("Đầy đủ"), _("Nguồn"))


def editions_rows(found: Iterable[System]) -> list[Row]:
    return [
        [
            code(one.version or "–"),
            text(formats.day(one.since) if one.since else "–"),
            text(formats.day(one.until) if one.until else "–"),
            count(len(one.concepts)),
            {"html": _complete(one)},
            text(one.source or "–"),
        ]
        for one in found
    ]


def _complete(system: System) -> str:
    words = {"complete": (_("đủ"), "green"), "fragment": (_("một phần"), "yellow")}
    return tag(*words.get(system.content, (_("không có mã ở đây"), "grey")))


def codes_head() -> list[Json]:
    return _head(_("Mã"), _("Tên tiếng Việt"), _("Tên tiếng Anh"))


def codes_rows(system: System, most: int) -> list[Row]:
    listed = list(system.concepts.values())[:most]
    return [[code(one.code), text(one.vi or "–"), {"html": _english(one.en) if one.en else "–"}] for one in listed]


def maps_head() -> list[Json]:
    return _head(_("Bảng"), _("Từ"), _("Sang"), _("Có hiệu lực từ"), _("Số dòng"))


def maps_rows() -> list[Row]:
    return [
        [
            link(name(one), reverse("guide:resource", args=["ConceptMap", one.id])),
            code(_end(group.source, group.source_version)),
            code(_end(group.target, group.target_version)),
            text(formats.day(one.since) if one.since else "–"),
            count(len(group.rows)),
        ]
        for one in library.concept_maps()
        for group in one.groups
    ]


def _end(url: str, version: str) -> str:
    return f"{url}|{version}" if version else url


# ---- VN Core


def vn_core_head() -> list[Json]:
    return _head(_("Nội dung"), _("Ở đây"), _("Bản nháp VN Core"), _("So sánh"), _("Vì sao"))


def vn_core_rows() -> list[Row]:
    language = "en" if get_language() == "en" else "vi"
    with (DATA / "vn-core.csv").open(encoding="utf-8", newline="") as file:
        return [
            [
                text(row[f"topic_{language}"]),
                code(row["ours"]),
                code(row["draft"] or "–"),
                {"html": tag(_("giống"), "green") if row["same"] == "yes" else tag(_("khác"), "yellow")},
                text(row[f"why_{language}"] or "–"),
            ]
            for row in csv.DictReader(file, strict=True)
        ]
