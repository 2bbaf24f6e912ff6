"""Names of things in the record, derived from where they came from, so that nobody has to look one up first.

A name is 128 bits of BLAKE2b of the source key. The same dossier sent twice, or by two processes at once, is the
same document by construction.
"""

from base64 import b32decode, b32encode
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID


def derive(*parts: str) -> UUID:
    """The name of the thing identified by `parts` (order matters)."""
    return UUID(bytes=blake2b("\x1f".join(parts).encode(), digest_size=16).digest())


def subject_id(facility: str, patient_no: str) -> UUID:
    """A patient as one source knows them: the facility (MACSKCB) and its patient number (MA_BN)."""
    return derive("subject", facility, patient_no)


def document_id(kind: str, facility: str, key: str) -> UUID:
    """A document by its source key: for a visit, the facility and MA_LK."""
    return derive("document", kind, facility, key)


def token(system: str, code: str) -> int:
    """64-bit signed hash of a coded value, as kept in a document's token array."""
    return int.from_bytes(blake2b(f"{system}|{code}".encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(1_000)
def fhir_id(name: UUID, local: str = "") -> str:
    """FHIR logical id: 26 letters and digits, and the resource's place in its document (`m3`: third drug row)."""
    text = b32encode(name.bytes).decode().rstrip("=").lower()
    return f"{text}-{local}" if local else text


def named(id: str) -> UUID | None:
    """The name inside a FHIR logical id (`fhir_id` backwards); None when it is not one of ours."""
    text = id.partition("-")[0].upper()
    if len(text) != 26:
        return None
    try:
        return UUID(bytes=b32decode(text + "======"))
    except ValueError:
        return None


def own(type: str, id: str) -> UUID:
    """The document that a resource written on its own is: of its type and logical id, so that no two types collide.

    A Patient's is its subject, whoever made it: the one that its id names, where it is in the form of ours.
    """
    name = named(id) if type == "Patient" else None
    return name if name and fhir_id(name) == id else derive("resource", type, id)


def homes(type: str, id: str) -> list[UUID]:
    """The documents that a resource may be in: its own, and the one that its id names."""
    return list(dict.fromkeys(filter(None, (own(type, id), named(id)))))
