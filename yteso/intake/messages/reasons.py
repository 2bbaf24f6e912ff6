"""Why a finding matters: the dossier is refused, money is lost, or readers are misled.

`data/why.csv` has the kinds and their general sentence; `data/reasons.csv` the particular reason per rule, per field of
a table (XML1.HO_TEN), per field of any table, or per table, the first of these that is there. Whether a dossier is
refused is the finding's severity; whether the insurer refuses it too, the source of its rule.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yteso import standards
from yteso.intake.findings import CRITICAL, Finding


REFUSED, MONEY, QUALITY = "refused", "money", "quality"

_INSURER = re.compile(r"portal_|insurer_block_list|card_lookup|error_catalogue")
"""Kinds of source (rules.csv) that say what the insurer's portal refuses."""


@dataclass(frozen=True, slots=True)
class Why:
    """`kinds` is any of "refused" and "money", or else "quality"; `text` says it in a sentence or two."""

    kinds: tuple[str, ...]
    text: str


def why(finding: Finding, *, lang: str = "vi") -> Why:
    """Why it should be mended, `lang` "vi" or "en"."""
    reason = _reason(finding.rule, finding.table, finding.field)
    money = reason["why"] == MONEY if reason else False
    refused = [REFUSED] if finding.critical else []
    kinds = tuple(refused + ([MONEY] if money else [])) or (QUALITY,)
    said = [_kinds()[kind][f"text_{lang}"] for kind in refused + (["insurer"] if refused and _insurer(finding) else [])]
    if reason:
        said.append(reason[f"why_{lang}"])
    elif not refused:
        said.append(_kinds()[QUALITY][f"text_{lang}"])
    return Why(kinds, " ".join(said))


def title(kind: str, lang: str) -> str:
    """A kind in a word or two, for a tag."""
    return _kinds()[kind][f"title_{lang}"]


def _insurer(finding: Finding) -> bool:
    row = standards.rules().get(finding.rule)
    return bool(row) and row.severity == CRITICAL and bool(_INSURER.search(row.source))


def _reason(rule: str, table: str, field: str) -> dict[str, str] | None:
    known = _reasons()
    return next((known[key] for key in (rule, f"{table}.{field}", field, table) if key in known), None)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table in `data`."""
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


@cache
def _kinds() -> dict[str, dict[str, str]]:
    return {row["why"]: row for row in rows("why.csv")}


@cache
def _reasons() -> dict[str, dict[str, str]]:
    return {key: row for row in rows("reasons.csv") for key in row["keys"].split(";")}
