"""The record: documents of FHIR resources, kept for a lifetime, with every version and every change in order.

`save` and `withdraw` write what arrives in any order, `put` what is written on its own; `restate` and `retract` set
right what rested on a withdrawn visit; `changes` is the feed.
People's records are read through `yteso.access.reads` only.
"""

from yteso.record.body import Body, Resource
from yteso.record.common import of_types
from yteso.record.document import PATIENT, RESOURCE, VISIT, Document, Rank, from_visit
from yteso.record.everybody import FIRST, estimate, number, passing
from yteso.record.feed import Change, Cursor, changes, moved, rebase, recent
from yteso.record.happening import Happening, happenings
from yteso.record.ids import homes, named, own
from yteso.record.listing import Chosen, Moment, as_of, current, fill, versions
from yteso.record.locks import lock, names
from yteso.record.probing import Probe
from yteso.record.putting import Put, Standing, others, put, standing, taken_back
from yteso.record.reading import (
    by_token,
    history,
    meeting,
    read_document,
    read_person,
    read_resource,
    read_version,
    withdrawn,
)
from yteso.record.saving import Outcome, restate, retract, save, withdraw


__all__ = [
    "FIRST",
    "PATIENT",
    "RESOURCE",
    "VISIT",
    "Body",
    "Change",
    "Chosen",
    "Cursor",
    "Document",
    "Happening",
    "Moment",
    "Outcome",
    "Probe",
    "Put",
    "Rank",
    "Resource",
    "Standing",
    "as_of",
    "by_token",
    "changes",
    "current",
    "estimate",
    "fill",
    "from_visit",
    "happenings",
    "history",
    "homes",
    "lock",
    "meeting",
    "moved",
    "named",
    "names",
    "number",
    "of_types",
    "others",
    "own",
    "passing",
    "put",
    "read_document",
    "read_person",
    "read_resource",
    "read_version",
    "rebase",
    "recent",
    "restate",
    "retract",
    "save",
    "standing",
    "taken_back",
    "versions",
    "withdraw",
    "withdrawn",
]
