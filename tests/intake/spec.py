"""The rules as tables drawn in text: what `tests/intake/rules/*.txt` say.

A rule is its id and what must hold, then its cases, one a line: `dossier | what is changed in it | findings`, and a
remark if need be. Each dossier as it is has no finding. The changes stand between dots and are made in turn:

    XML2.1.T_BHTT = 8001    a field of row 1; what follows as `T_BNCCT = 1999` is of the same row
    XML7.NGAY_RA = ∅        a field of the only row; ∅ takes it away
    +XML2.1   +XML6         one more row, like row 1, or like the sample of a table that is not there
    -XML2.1   -XML7         without a row, or a table
    priced                  the amounts of the row anew, from its quantity, prices and rates
    now = 202602010801      the moment of the check
    on = ENV-010            a rule that speaks only where a province asks for it
    drugs = 40.155,,,,,,,,  the list of drugs approved for the facility, without its heading

and of the dossier "file":

    99001 → 99002           a text, where it first stands, and what comes in its place
    +XML2 = <A/>            a table in its first dossier, with this content
    file = <HS/>            another file; `size = 120000001` is what its sender says of its length

Values may be written

    {x × 300}   "40.155 "   300 times x; blanks that count

The sums of XML1 follow the rows of XML2 and XML3. A finding is told by its place; `→ 8000` is what the message says
should stand there; `–` means that the rule has nothing to say, `…` that other rules have.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from yteso import standards
from yteso.intake.findings import Finding


FOLDER = Path(__file__).parent / "rules"
HEADING = re.compile(r"((?:XML|ENV|ALL|FLD|CAT)\w*-\w+): (.+)")


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a table."""

    rule: str
    dossiers: tuple[str, ...]
    changes: tuple[str, ...]
    finding: str
    remark: str

    @property
    def passes(self) -> bool:
        return self.finding.startswith("–")

    def __str__(self) -> str:
        what = ", ".join(self.changes).replace("∅", "none").replace(" → ", " to ").replace(" = ", "=")
        return f"{self.rule}-{'/'.join(self.dossiers)}-{what[:80]}"


@dataclass(frozen=True, slots=True)
class Table:
    """What must hold, and the cases."""

    condition: str
    cases: list[Case]


def read(text: str) -> dict[str, Table]:
    """The tables of one file by rule."""
    tables: dict[str, Table] = {}
    for line in text.splitlines():
        if heading := HEADING.fullmatch(line):
            rule, condition = heading.groups()
            tables[rule] = Table(condition, [])
        elif line.startswith("    "):
            dossiers, changes, finding, *remark = (cell.strip() for cell in line.split(" | "))
            parts = tuple(changes.split(" · ")) if changes else ()
            tables[rule].cases.append(Case(rule, tuple(dossiers.split(", ")), parts, finding, " ".join(remark)))
    return tables


def tables() -> dict[str, Table]:
    """The tables of every file; a rule has one."""
    found: dict[str, Table] = {}
    for path in sorted(FOLDER.iterdir()):
        for rule, table in read(path.read_text(encoding="utf-8")).items():
            assert rule not in found, f"{path.name}: second table for {rule}"
            found[rule] = table
    return found


def told(rule: str, findings: list[Finding]) -> str:
    """The findings as a table tells them."""
    mine = [place(finding) for finding in findings if finding.rule == rule]
    return (" · ".join(mine) or "–") + (" …" if len(mine) < len(findings) else "")


def place(finding: Finding) -> str:
    shape = standards.standard("3176").tables.get(finding.table)
    only = finding.row == 1 and shape and not shape.row
    where = ".".join(filter(None, (finding.table, "" if only else str(finding.row or ""), finding.field))) or "file"
    return f"{where} → {finding.params['expected']}" if "expected" in finding.params else where
