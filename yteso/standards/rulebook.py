"""The catalogue of checks (rules.csv): what the insurer and the ministry refuse, and why."""

from dataclasses import dataclass
from functools import cache

from yteso.standards import files


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One check. `table` is "XML1", "XML1+XML3", "ENV" or "ALL"; `fields` and `condition` are words for people.

    `severity` is "critical" (would be refused, or changes money) or "warning"; `source` names the kind of source.
    """

    id: str
    table: str
    fields: str
    condition: str
    severity: str
    source: str


@cache
def rules() -> dict[str, RuleRow]:
    """Every check by its id, in the order of the file."""
    return {row["id"]: RuleRow(**row) for row in files.rows("rules.csv")}
