"""What the reader asked to narrow, from the address of the page."""

import re
from dataclasses import asdict, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yteso.intake.models import Outcome, Status
from yteso.pages.facility.finding_words import table_title
from yteso.pages.facility.queries import FindingFilter, SubmissionFilter
from yteso.pages.facility.words import MEND, OUTCOME, SEVERITY, STATUS, TAKEN_BACK, WITHDRAWN


Option = dict[str, object]


def submission_filter(request: HttpRequest) -> SubmissionFilter:
    return SubmissionFilter(
        text=request.GET.get("q", "").strip(),
        status=_one_of(request, "status", [MEND, *Status.values]),
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
    )


def day_field(request: HttpRequest, name: str) -> dict[str, str]:
    """What was typed as a date and, when it is none, what to say beside it."""
    typed = request.GET.get(name, "").strip()
    wrong = typed and _day(typed) is None
    return {"value": typed, "error": _("Nhập ngày như 22/11/2026") if wrong else ""}


def finding_filter(request: HttpRequest, *, rule: str = "") -> FindingFilter:
    return FindingFilter(
        severity=_one_of(request, "severity", list(SEVERITY)),
        table=request.GET.get("table", ""),
        rule=rule or request.GET.get("rule", ""),
        dossier=request.GET.get("dossier", "").strip(),
        at=request.GET.get("at", ""),
    )


def finding_query(wanted: FindingFilter) -> str:
    """The filter as an address, for the links that keep it: "" or "?severity=…"."""
    kept = {name: value for name, value in asdict(wanted).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def place_query(wanted: FindingFilter, severity: str, table: str, field: str) -> str:
    """The filter narrowed to one field, less what would hide it; the rule is in the path of its page."""
    kept = {
        "severity": severity if wanted.severity == severity else "",
        "table": table if wanted.table == table else "",
    }
    return finding_query(replace(wanted, rule="", at=f"{table}.{field}", **kept))


def outcome(request: HttpRequest) -> str:
    return _one_of(request, "outcome", [*Outcome.values, TAKEN_BACK])


def status_options(chosen: str) -> list[Option]:
    words = {value: words for value, (words, _colour) in STATUS.items()}
    return _options(_("Mọi tình trạng"), {MEND: _("Có việc cần sửa"), **words}, chosen)


def outcome_options(chosen: str) -> list[Option]:
    words = {value: words for value, (words, _colour) in OUTCOME.items()}
    return _options(_("Mọi kết quả"), words | {TAKEN_BACK: WITHDRAWN[0]}, chosen)


def severity_options(chosen: str) -> list[Option]:
    return _options(_("Lỗi và cảnh báo"), {value: words for value, (words, _colour) in SEVERITY.items()}, chosen)


def table_options(tables: list[str], chosen: str) -> list[Option]:
    return _options(_("Mọi bảng"), {name: table_title(name) for name in tables}, chosen)


def _options(every: str, words: dict[str, object], chosen: str) -> list[Option]:
    rest = [{"value": value, "text": str(text), "selected": value == chosen} for value, text in words.items()]
    return [{"value": "", "text": every}, *rest]


def _one_of(request: HttpRequest, name: str, known: list[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def _day(typed: str) -> date | None:
    """ngày/tháng/năm, also with dots or dashes; a date field of the browser would follow the phone's own habit."""
    try:
        dom, month, year = (int(part) for part in re.split(r"[/.\-\s]+", typed.strip()))
        return date(year, month, dom)
    except ValueError:
        return None
