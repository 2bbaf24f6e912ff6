"""Which code and which words answer what happened: tables beside this module, codes of the portal's own lists."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Call:
    """A sending service: its name, the value of loaiHoSo, and the stand-alone table it takes ("": an envelope)."""

    call: str
    loaiHoSo: str
    table: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Code of PORTAL_SEND_RESULT and text with blanks."""

    situation: str
    code: str
    text: str


@cache
def calls() -> dict[str, Call]:
    """Services by name in lower case: how the 3176 names are spelt is unconfirmed, so case does not count."""
    return {row["call"].lower(): Call(**row) for row in _rows("calls.csv")}


@cache
def situations() -> dict[str, Situation]:
    return {row["situation"]: Situation(**row) for row in _rows("situations.csv")}


@cache
def of_rule(rule: str) -> tuple[str, str]:
    """Codes for a critical finding, of PORTAL_SEND_RESULT and of PORTAL_ERROR_DETAIL_4210; the longest prefix wins."""
    fitting = [row for row in _rows("rules.csv") if rule.startswith(row["rule"])]
    best = max(fitting, key=lambda row: len(row["rule"]))
    return best["send"], best["detail"]


def _rows(name: str) -> list[dict[str, str]]:
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))
