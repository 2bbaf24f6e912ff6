"""What one visit looks like once read: tables of rows of text fields, as the decree names them."""

from dataclasses import dataclass, field
from datetime import date

from yteso.intake.findings import Finding


Row = dict[str, str]
"""Field name → text, exactly as sent (composed to NFC). A field that is missing, empty or blank has no key."""


@dataclass(slots=True)
class Dossier:
    """One visit (hồ sơ): every table that came with it.

    `tables` maps "XML1".."XML15" (also "XML0", "XML12" for stand-alone files) to its rows in file order; a table
    without rows has no key.
    `standard` is the id of the version it was written to: "3176", "4750", "130" or "4210".
    `digest` identifies the content: equal digests mean the same dossier, however it was wrapped.
    """

    position: int
    tables: dict[str, list[Row]]
    standard: str = ""
    findings: list[Finding] = field(default_factory=list)
    digest: bytes = b""

    @property
    def ma_lk(self) -> str:
        """Encounter link id, from XML1 or else from the first table that carries one; "" when there is none."""
        for rows in (self.tables.get("XML1"), *self.tables.values()):
            for row in rows or ():
                if row.get("MA_LK"):
                    return row["MA_LK"].strip()
        return ""

    @property
    def summary(self) -> Row:
        """The row of XML1, empty when there is none."""
        return next(iter(self.tables.get("XML1", ())), {})

    @property
    def rows(self) -> dict[str, int]:
        return {table: len(rows) for table, rows in sorted(self.tables.items(), key=lambda t: int(t[0][3:]))}


@dataclass(slots=True)
class Header:
    """The outer file: who sent it, when it was made (NGAYLAP), how many dossiers it declares (SOLUONGHOSO)."""

    facility: str = ""
    made: date | None = None
    declared: int | None = None
    signed: bool = False
