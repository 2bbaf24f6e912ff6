from functools import cache

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yteso.fhir.guide import naming
from yteso.fhir.guide import package as packed
from yteso.fhir.guide.examples import examples
from yteso.fhir.guide.profiles import profiles
from yteso.fhir.terminology import library
from yteso.pages.guide import presenters


CODES = 200
"""Codes of a code system that a page shows."""


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"counts": presenters.counts(), "head": presenters.profiles_head(), "rows": presenters.profiles_rows()}
    return render(request, "guide/index.jinja", context)


@login_not_required
@require_safe
def profile(request: HttpRequest, id: str) -> HttpResponse:
    found = next((one for one in profiles() if one.id == id), None)
    if not found:
        raise Http404
    example = examples().get(id)
    context = {
        "profile": found,
        "name": presenters.name(found),
        "head": presenters.elements_head(),
        "rows": presenters.elements_rows(found),
        "search_head": presenters.search_head(),
        "search_rows": presenters.search_rows(found),
        "example": orjson.dumps(example, option=orjson.OPT_INDENT_2).decode() if example else "",
    }
    return render(request, "guide/profile.jinja", context)


@login_not_required
@require_safe
def extensions(request: HttpRequest) -> HttpResponse:
    title = _("Phần mở rộng")
    words = _("Dữ liệu mà FHIR không có chỗ riêng nằm trong các phần mở rộng này.")
    return _list(request, title, words, presenters.extensions_head(), presenters.extensions_rows())


@login_not_required
@require_safe
def identifiers(request: HttpRequest) -> HttpResponse:
    title = _("Hệ định danh")
    words = _("Số giấy tờ và mã số được ghi trong identifier, mỗi loại một địa chỉ.")
    return _list(request, title, words, presenters.identifiers_head(), presenters.identifiers_rows())


@login_not_required
@require_safe
def code_systems(request: HttpRequest) -> HttpResponse:
    title = _("Hệ mã và tập giá trị")
    words = _("Ngày của sự kiện chọn bản danh mục. Tập giá trị của một hệ mã có cùng tên, ở /vs/ thay cho /cs/.")
    return _list(request, title, words, presenters.systems_head(), presenters.systems_rows())


@login_not_required
@require_safe
def code_system(request: HttpRequest, id: str) -> HttpResponse:
    editions = presenters.editions(id)
    if not editions:
        raise Http404
    newest = editions[0]
    context = {
        "system": newest,
        "name": presenters.name(newest),
        "editions_head": presenters.editions_head(),
        "editions_rows": presenters.editions_rows(editions),
        "head": presenters.codes_head(),
        "rows": presenters.codes_rows(newest, CODES),
        "total": len(newest.concepts),
        "shown": min(CODES, len(newest.concepts)),
        "value_set": library.value_sets()[presenters.value_set(newest)]["url"],
    }
    return render(request, "guide/code-system.jinja", context)


@login_not_required
@require_safe
def maps(request: HttpRequest) -> HttpResponse:
    title = _("Bảng chuyển mã")
    words = _("Mã cũ sang mã mới, mã trong nước sang mã quốc tế; dùng bằng thao tác ConceptMap/$translate.")
    return _list(request, title, words, presenters.maps_head(), presenters.maps_rows())


@login_not_required
@require_safe
def vn_core(request: HttpRequest) -> HttpResponse:
    title = _("So với VN Core")
    words = _(
        "VN Core (fhir.hl7.org.vn, các bản 0.1.0 đến 0.6.0 năm 2026) là bản nháp của cộng đồng, chưa phải quy định. "
        "Hướng dẫn này dùng chung địa chỉ với bản nháp ở những chỗ đã ổn, và nêu rõ chỗ khác cùng lý do."
    )
    return _list(request, title, words, presenters.vn_core_head(), presenters.vn_core_rows())


@login_not_required
@require_safe
def package(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(packed.package(), content_type="application/gzip")
    response["Content-Disposition"] = f'attachment; filename="{naming.PACKAGE}.tgz"'
    return response


@login_not_required
@require_safe
def resource(request: HttpRequest, type: str, id: str) -> HttpResponse:
    """One resource of the guide as a file."""
    found = _resources().get((type, id))
    if not found:
        raise Http404
    return HttpResponse(orjson.dumps(found, option=orjson.OPT_INDENT_2), content_type="application/fhir+json")


@cache
def _resources() -> dict[tuple[str, str], dict]:
    return {(one["resourceType"], one["id"]): one for one in naming.resources()}


def _list(request: HttpRequest, title: str, words: str, head: list, rows: list) -> HttpResponse:
    return render(request, "guide/list.jinja", {"name": title, "words": words, "head": head, "rows": rows})
