"""A finding: one thing that is wrong in what was sent, where it is, and by which rule."""

import dataclasses
from dataclasses import dataclass


CRITICAL = "critical"
WARNING = "warning"


@dataclass(slots=True)
class Finding:
    """One mistake. `row` counts from 1 inside its table; `params` fill the message of the rule.

    A finding holds facts only; `yteso.intake.messages.describe` turns it into words in Vietnamese and English.
    """

    rule: str
    severity: str
    table: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""
    params: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def critical(self) -> bool:
        return self.severity == CRITICAL
