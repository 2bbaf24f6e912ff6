"""From the FILEHOSO elements of one visit to a Dossier."""

from collections.abc import Iterable
from datetime import date

from lxml import etree

from yteso.intake.dossier import Dossier
from yteso.intake.findings import CRITICAL, WARNING, Finding
from yteso.intake.reading.content import open_content
from yteso.intake.reading.digest import seal
from yteso.intake.reading.limits import Limits, Refused
from yteso.intake.reading.names import fold_names, mend_slips
from yteso.intake.reading.tables import Read, read_document, shapes
from yteso.intake.version import field_names, tell


Sent = bytes | etree._Element | None
"""What a NOIDUNGFILE holds: the element, or the document where it is decoded already; None when it is missing."""
File = tuple[str, Sent]
"""A FILEHOSO: its LOAIHOSO in capitals, and what it holds."""


def read_dossier(position: int, files: Iterable[File], limits: Limits, made: date | None) -> Dossier:
    """One visit from its files; whatever is wrong with it is in its findings."""
    dossier = Dossier(position, {})
    reads: dict[str, Read] = {}
    for count, (kind, sent) in enumerate(files, 1):
        if count > limits.tables:
            _note(dossier, Refused("ENV-110", what="FILEHOSO", found=count, limit=limits.tables).finding)
            break
        _read_file(dossier, reads, kind, sent, limits)
    summary = reads.get("XML1")
    if not (summary and summary.rows) and not any(finding.table == "XML1" for finding in dossier.findings):
        _note(dossier, Finding("ENV-003", CRITICAL, table="XML1"))
    return finish(dossier, reads, made)


def finish(dossier: Dossier, reads: dict[str, Read], made: date | None) -> Dossier:
    """Fill the dossier from the tables read: names, version, digest."""
    for table, read in reads.items():
        if read.rows:
            dossier.tables[table] = read.rows
        for row, name in read.twice:
            _note(dossier, Finding("ENV-113", WARNING, table, row, name))
        if read.folded:
            _note(dossier, Finding("ENV-115", WARNING, table))
    names = field_names(dossier.tables)
    fold_names(dossier, names)
    old = any(read.old and read.rows for read in reads.values())
    dossier.standard = tell(dossier.tables, names, old_roots=old, made=made)
    mend_slips(dossier, names)
    dossier.digest = seal(dossier.tables)
    return dossier


def _read_file(dossier: Dossier, reads: dict[str, Read], kind: str, sent: Sent, limits: Limits) -> None:
    shape = shapes().get(kind)
    if shape is None or shape.standalone:
        _note(dossier, Finding("ENV-108", CRITICAL, value=kind[:40]))
        return
    try:
        document = open_content(sent, limits) if sent is not None else None
        if document is None:
            return
        read = read_document(kind, document, limits)
    except Refused as refused:
        refused.finding.table = kind
        _note(dossier, refused.finding)
        return
    if kind not in reads:
        reads[kind] = read
    elif kind == "XML1":
        _note(dossier, Finding("ENV-107", CRITICAL, table="XML1"))
    else:
        reads[kind].extend(read)


def _note(dossier: Dossier, finding: Finding) -> None:
    dossier.findings.append(finding)
