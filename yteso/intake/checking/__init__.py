"""The checker: what is wrong in one dossier, by the field tables and the rules of its standard.

`check` needs nothing but the dossier. The modules of this package are the rules by theme; each enters its own when it
is imported, and all of them are imported here.
"""

from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from yteso.intake import messages
from yteso.intake.checking import field_rules, fields
from yteso.intake.checking.engine import RULES, Rule, Sink, Visit, register, run
from yteso.intake.dossier import Dossier, Header
from yteso.intake.facility_lists import NONE, FacilityLists
from yteso.intake.findings import Finding
from yteso.intake.policy import DEFAULT, Policy


__all__ = ["RULES", "Rule", "check"]

STANDALONE = ("XML0", "XML12")
"""Tables that travel without XML1."""

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
field_rules.enter()
register("XML1-085", tolerance=2.0)  # these two are found across dossiers, by intake.repeats
register("INT-001")
for own in messages.texts():
    if own.startswith(("ENV-", "SYS-")):
        register(own, fixed=True)


def check(
    dossier: Dossier,
    header: Header,
    *,
    now: datetime,
    policy: Policy = DEFAULT,
    lists: FacilityLists = NONE,
) -> list[Finding]:
    """What is wrong, critical first, then in the order of the tables and rows.

    A dossier without XML1 is not checked (the reader has refused it, ENV-003) unless it is a stand-alone table.
    `now` is the moment of the check (Viet Nam's clock when it carries no zone): nothing may have happened after it.
    `policy` is what the facility's province wants of the rules, `lists` what is approved for the facility.
    """
    visit, sink = Visit(dossier, header, now, policy, lists), Sink()
    if not visit.x1 and not any(table in dossier.tables for table in STANDALONE):
        return []
    fields.check(visit, sink)
    run(visit, sink)
    return sorted(sink.findings, key=_place) if len(sink.findings) > 1 else sink.findings


def _place(finding: Finding) -> tuple[bool, int, int, str]:
    number = int(finding.table[3:]) if finding.table[3:].isdigit() else 0
    return not finding.critical, number, finding.row or 0, finding.rule
