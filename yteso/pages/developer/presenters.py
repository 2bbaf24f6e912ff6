"""The OpenAPI document as a page shows it: one section to an operation. Its words are Vietnamese."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yteso.pages.base.cells import Cell, text


@dataclass(frozen=True)
class Operation:
    """One operation: its name, `method` and `path`, what it does, and its tables."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    parameters: list[list[Cell]]
    answers: list[list[Cell]]
    faults: list[str]


def operations(document: dict[str, Any]) -> list[Operation]:
    return [
        _operation(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()
    ]


def parameters_head() -> list[dict[str, str]]:
    return [{"text": words} for words in (_("Tham số"), _("Ở đâu"), _("Ý nghĩa"))]


def answers_head() -> list[dict[str, str]]:
    return [{"text": words} for words in (_("Mã HTTP"), _("Kiểu nội dung"), _("Ý nghĩa"))]


def _operation(method: str, path: str, one: dict[str, Any]) -> Operation:
    given = [
        (p["name"], p["in"], _words(p, p["schema"], *p["schema"].get("anyOf", ())), p.get("required"))
        for p in one["parameters"]
    ]
    for kind, media in one.get("requestBody", {}).get("content", {}).items():
        schema = media["schema"]
        fields = schema.get("properties") or {"": {}}
        needed = schema.get("required", [])
        given += [
            (name or _("(thân của yêu cầu)"), kind, _words(field), name in needed or not name)
            for name, field in fields.items()
        ]
    return Operation(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        paragraphs=one.get("description", "").split("\n\n") if one.get("description") else [],
        parameters=[
            [_code(name), _code(where), text(_required(words) if needed else words)]
            for name, where, words, needed in given
        ],
        answers=[
            [_code(str(status)), _code(", ".join(answer.get("content", {}))), text(_meaning(int(status)))]
            for status, answer in one["responses"].items()
            if int(status) < 400
        ],
        faults=[str(status) for status in one["responses"] if int(status) >= 400],
    )


def _words(*places: dict[str, Any]) -> str:
    """The description, from wherever the document has it."""
    return next((place["description"] for place in places if place.get("description")), "")


def _required(words: str) -> str:
    needed = _("Bắt buộc.")
    return f"{needed} {words}".strip()


def _meaning(status: int) -> str:
    return _("Đã nhận, kiểm tra sau") if status == 202 else _("Thành công")


def _code(words: str) -> Cell:
    return text(words, classes="app-code app-break")
