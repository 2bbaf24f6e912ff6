"""A dossier or a file changed as a line of the rule tables says, and what is then found in it; see `spec`."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO

from bases import APPROVED, FILE, SAMPLES, VISITS
from cases import HEADER, NOW, priced, total
from spec import Case

from yteso.intake import checking
from yteso.intake.dossier import Dossier, Header, Row
from yteso.intake.envelope import Envelope
from yteso.intake.facility_lists import COLUMNS, DAYS, NONE, FacilityLists, parse
from yteso.intake.findings import Finding
from yteso.intake.policy import DEFAULT, Policy, Setting


NOW_4210 = datetime(2023, 6, 1)

ROW = re.compile(r"([+-])(XML\d+)(?:\.(\d+))?")
FIELD = re.compile(r"(?:(XML\d+)\.(?:(\d+)\.)?)?(\w+) = (.*)", re.DOTALL)
ADDED = re.compile(r"\+(\w+) = (.*)")
REPEATED = re.compile(r"\{(.+?) × (\d+)\}")


@dataclass
class Scene:
    """`visit` or, for the dossier "file", `text`; `facts` of the check; the `table` and `row` last named."""

    visit: Dossier
    text: str = FILE
    facts: dict[str, str] = field(default_factory=dict)
    table: str = ""
    row: Row = field(default_factory=dict)

    def change(self, what: str) -> None:
        if " → " in what:
            old, new = map(value, what.split(" → "))
            assert old in self.text, old
            self.text = self.text.replace(old, new, 1)
        elif found := ADDED.fullmatch(what):
            kind, content = found.groups()
            table = f"<FILEHOSO><LOAIHOSO>{kind}</LOAIHOSO><NOIDUNGFILE>{value(content)}</NOIDUNGFILE></FILEHOSO>"
            self.text = self.text.replace("</HOSO>", table + "</HOSO>", 1)
        elif what == "priced":
            priced(self.row)
        elif found := ROW.fullmatch(what):
            self._add_or_drop(*found.groups())
        else:
            self._set(*FIELD.fullmatch(what).groups())
        if self.table in ("XML2", "XML3"):
            total(self.visit)

    def _add_or_drop(self, sign: str, table: str, at: str | None) -> None:
        self.table, rows = table, self.visit.tables.setdefault(table, [])
        if sign == "+":
            self.row = dict(rows[int(at) - 1] if at else SAMPLES[table])
            rows.append(self.row)
            if "STT" in self.row:
                self.row["STT"] = str(len(rows))
        elif at:
            del rows[int(at) - 1]
        else:
            del self.visit.tables[table]

    def _set(self, table: str | None, at: str | None, name: str, text: str) -> None:
        if name.islower():
            self.facts[name] = value(text)
            return
        if table:
            self.table, self.row = table, self.visit.tables[table][int(at or 1) - 1]
        if text == "∅":
            del self.row[name]
        else:
            self.row[name] = value(text)


def value(text: str) -> str:
    if text == "∅":
        return ""
    return REPEATED.sub(lambda found: found[1] * int(found[2]), text).removeprefix('"').removesuffix('"')


def findings(case: Case, dossier: str) -> list[Finding]:
    """Everything the checker says of the case, or the reader when it is a file."""
    facts = dict(APPROVED) if dossier == "approved" else {}
    scene = Scene(VISITS[dossier]() if dossier in VISITS else Dossier(1, {}), facts=facts)
    for change in case.changes:
        scene.change(change)
    if dossier == "file":
        return _read(scene)
    usual = NOW_4210 if scene.visit.standard == "4210" else NOW
    now = datetime.strptime(scene.facts["now"], "%Y%m%d%H%M") if "now" in scene.facts else usual
    header = HEADER if "XML1" in scene.visit.tables else Header()
    return checking.check(scene.visit, header, now=now, policy=_policy(scene.facts), lists=_lists(scene.facts))


def _policy(facts: dict[str, str]) -> Policy:
    return Policy((Setting(facts["on"], date.min, on=True),)) if "on" in facts else DEFAULT


def _lists(facts: dict[str, str]) -> FacilityLists:
    given = {
        name: f"{','.join((*columns, *DAYS))}\n{facts[name]}" for name, columns in COLUMNS.items() if name in facts
    }
    return parse(given) if given else NONE


def _read(scene: Scene) -> list[Finding]:
    data = scene.facts.get("file", scene.text).encode()
    envelope = Envelope(BytesIO(data), size=int(scene.facts.get("size", 0)))
    dossiers = list(envelope)
    return envelope.findings + [finding for dossier in dossiers for finding in dossier.findings]
