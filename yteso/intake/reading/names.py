"""Field names as the decree spells them: lower case, namespaces and known slips are mended, the rest reported."""

from functools import cache

from yteso import standards
from yteso.intake.dossier import Dossier, Row
from yteso.intake.findings import WARNING, Finding
from yteso.intake.version import Names


_SLIPS = {"MAVATTU": "MA_VAT_TU", "T_NGUON_KHAC": "T_NGUONKHAC", "T_NGUONKHAC": "T_NGUON_KHAC"}
_MOST_REPORTED = 20


def fold_names(dossier: Dossier, names: Names) -> None:
    """Capital letters and no namespace for every field name that no version knows; one warning per table."""
    for table, found in names.items():
        renamed = {n: plain for n in found - _known(table) if (plain := n.rpartition("}")[2].upper()) != n}
        if not renamed:
            continue
        _rename(dossier.tables[table], renamed)
        names[table] = {renamed.get(name, name) for name in found}
        dossier.findings.append(Finding("ENV-115", WARNING, table, value=min(renamed)))


def mend_slips(dossier: Dossier, names: Names) -> None:
    """Once the version is known: its own spelling of a field, and ENV-112 for each field it does not have."""
    known = standards.STANDARDS[dossier.standard].tables
    for table, found in names.items():
        fields = known[table].fields if table in known else {}
        unknown = found - fields.keys()
        if not unknown:
            continue
        renamed = {n: right for n in unknown if (right := _SLIPS.get(n)) in fields and right not in found}
        if renamed:
            _rename(dossier.tables[table], renamed)
        for name in sorted(unknown - renamed.keys())[:_MOST_REPORTED]:
            row = next(i for i, row in enumerate(dossier.tables[table], 1) if name in row)
            value = dossier.tables[table][row - 1][name][:200]
            dossier.findings.append(Finding("ENV-112", WARNING, table, row, name, value))


@cache
def _known(table: str) -> frozenset[str]:
    versions = (standard.tables for standard in standards.STANDARDS.values())
    return frozenset().union(*(tables[table].fields for tables in versions if table in tables))


def _rename(rows: list[Row], names: dict[str, str]) -> None:
    rows[:] = [{names.get(name, name): text for name, text in row.items()} for row in rows]
