"""A simulated file in the eyes of the reader and the checker."""

from datetime import datetime

from yteso.intake import checking
from yteso.intake.envelope import read
from yteso.sandbox.simulate import SimulatedFile


NOW = datetime(2027, 1, 1, 8, 0)


def rules_broken(file: SimulatedFile) -> set[str]:
    envelope, dossiers = read(file.bytes)
    found = list(envelope.findings)
    for dossier in dossiers:
        found += dossier.findings + checking.check(dossier, envelope.header, now=NOW)
    return {finding.rule for finding in found}
