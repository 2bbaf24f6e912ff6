"""What is wrong, where, and how to mend it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yteso.fhir.definitions import files


DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem. `location` is FHIRPath-like ("Patient.contact[0].name"), `code` one of OperationOutcome.issue.code.

    `problem` is our name of its kind, for programs and tests; `severity` one of OperationOutcome.issue.severity. The
    texts never repeat a value that was sent.
    """

    location: str
    problem: str
    code: str
    vi: str
    en: str
    severity: str = "error"


def issue(location: str, problem: str, **blanks: str) -> Issue:
    """The texts of data/messages.csv with their blanks filled in."""
    row = _messages()[problem]
    return Issue(location, problem, row["code"], row["vi"].format(**blanks), row["en"].format(**blanks))


def wrong_form(location: str, type: str) -> Issue:
    """A value that does not have the form of its primitive type."""
    form = _forms()[type]
    return issue(location, "format", type=type, form_vi=form["vi"], form_en=form["en"])


@cache
def _messages() -> dict[str, dict[str, str]]:
    return {row["problem"]: row for row in files.rows(DATA / "messages.csv")}


@cache
def _forms() -> dict[str, dict[str, str]]:
    return {row["type"]: row for row in files.rows(DATA / "forms.csv")}
