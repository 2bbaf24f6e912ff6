"""What the validation says beyond the structure: problem, severity, how to mend it."""

from functools import cache
from pathlib import Path

from yteso.fhir.definitions import files
from yteso.fhir.structure import Issue


DATA = Path(__file__).parent / "data"


def issue(location: str, problem: str, *, severity: str = "", **blanks: str) -> Issue:
    """The texts of data/messages.csv with their blanks filled in; `severity` where the row leaves it open."""
    row = _messages()[problem]
    texts = row["vi"].format(**blanks), row["en"].format(**blanks)
    return Issue(location, problem, row["code"], *texts, severity or row["severity"])


@cache
def _messages() -> dict[str, dict[str, str]]:
    return {row["problem"]: row for row in files.rows(DATA / "messages.csv")}
