"""The International Patient Summary (HL7 IPS 2.0, https://hl7.org/fhir/uv/ips) of one person's record.

`gathering` holds what there is to summarise, one module for each kind of section folds it into entries, `composing`
makes the document of them.
"""

from yteso.fhir.documents.summary.composing import PROFILES, summary
from yteso.fhir.documents.summary.gathering import TYPES, Gathered, Source, missing


__all__ = ["PROFILES", "TYPES", "Gathered", "Source", "missing", "summary"]
