"""The answers of the portal's services: code, receipt, time, and in words what is wrong and how to mend it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import JsonResponse

from yteso.exchange import results
from yteso.exchange.portal import codes
from yteso.intake import messages
from yteso.intake.findings import CRITICAL
from yteso.intake.models import FindingRow, Status, Submission


SHOWN = 20
"""Kinds of findings told in one answer; all findings are on the page of the submission and in the API."""

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


class Refusal(Exception):
    """A request that is answered with a situation of `situations.csv` instead of being served."""

    def __init__(self, situation: str, **blanks: object) -> None:
        super().__init__(situation)
        self.situation, self.blanks = situation, blanks


def refusal(situation: str, *, status: int = 200, **blanks: object) -> JsonResponse:
    """The answer when nothing was taken."""
    return _answer(situation, status=status, **blanks)


def received(of: Submission) -> JsonResponse:
    """The answer for a file that is stored, whatever came of it."""
    if of.status not in (Status.DONE, Status.REFUSED):
        return _answer("waiting", of=of, receipt=of.receipt)
    first = results.findings(of).filter(severity=CRITICAL).first()
    situation = "file-refused" if of.status == Status.REFUSED else "refused" if of.refused else ""
    if situation:
        code = codes.of_rule(first.rule)[0] if first else ""
        return _answer(situation, of=of, code=code, dossiers=of.dossiers, refused=of.refused, findings=_told(of))
    if of.with_warnings:
        warnings = results.findings(of).count()
        return _answer("warnings", of=of, dossiers=of.dossiers, warnings=warnings, findings=_told(of))
    return _answer("accepted", of=of, dossiers=of.dossiers)


def faults(of: Submission) -> list[dict[str, str]]:
    """Each critical finding with its code of the 4210 detail list."""
    rows = results.findings(of).filter(severity=CRITICAL)
    return [{"maLoi": codes.of_rule(row.rule)[1], "moTaLoi": _words(row)} for row in rows.iterator(2000)]


def _answer(
    situation: str, *, of: Submission | None = None, code: str = "", status: int = 200, **blanks: object
) -> JsonResponse:
    known = codes.situations()[situation]
    moment = of.received if of else datetime.now(HERE)
    body = {
        "maKetQua": code or known.code,
        "maGiaoDich": of.receipt if of else "",
        "thoiGianTiepNhan": f"{moment.astimezone(HERE):%Y%m%d%H%M%S}",
        "thongDiep": known.text.format(**blanks).strip(),
    }
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def _told(of: Submission) -> str:
    """The first place of each fault as a sentence, critical ones first as the sender must mend those."""
    kinds: dict[tuple[str, str, str], list[FindingRow | int]] = {}
    for row in results.findings(of).order_by("severity", "dossier__position", "id").iterator(2000):
        kinds.setdefault((row.rule, row.tbl, row.field), [row, -1])[1] += 1
    told = [
        f"({number}) {_words(row)}{f' (và {more} chỗ khác)' if more else ''}"
        for number, (row, more) in enumerate(list(kinds.values())[:SHOWN], 1)
    ]
    rest = len(kinds) - len(told)
    return "; ".join([*told, f"và {rest} loại lỗi, cảnh báo khác"] if rest else told)


def _words(row: FindingRow) -> str:
    said = messages.describe(results.finding(row))
    where = f"Hồ sơ {row.dossier.ma_lk or row.dossier.position}: " if row.dossier else ""
    hint = f" Cách sửa: {said.hint}" if said.hint else ""
    return f"{where}[{row.rule}] {said.message}{hint}"
