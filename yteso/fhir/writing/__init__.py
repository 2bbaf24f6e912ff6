"""Resources that are written over FHIR: what is kept of them, whose they are, and how they are saved together."""

from yteso.fhir.writing.content import Content, read
from yteso.fhir.writing.saving import Change, Saved, save


__all__ = ["Change", "Content", "Saved", "read", "save"]
