"""Who may read what of a person's record. One small policy, until roles, consent and purposes have their own engine.

1. Whoever reads has an account and says for what. Nobody else reads anything.
2. A citizen reads their own record, all of it.
3. A facility reads what it has itself written about the person, and nothing of a person it has written nothing about.
4. An operator reads every record, and so does a registered client of the FHIR face, which further keeps to the types
   of its scope.
5. Documents with a sensitivity label are left out for everybody but the citizen, unless the reader has the right to
   each of their labels.
6. Figures about a facility, which show nothing of anybody, are seen by the facility itself and by the authority of its
   province; see `sees_figures`.
7. What a facility has sent, as it was sent, is read by that facility and by an operator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yteso.record import Document


PROVINCE = 2
"""Characters of a facility's code that name its province."""


@dataclass(slots=True, frozen=True)
class Reader:
    """Who asks, as what, and why. `person` is whose a citizen's account is; `rights` are sensitivity labels."""

    account: str
    role: str
    purpose: str
    person: UUID | None = None
    facility: str = ""
    rights: frozenset[str] = frozenset()


class Denied(Exception):
    """This reader may not open this record. Says nothing about the person, nor whether there is one."""


def readable(reader: Reader, person: UUID, documents: Iterable[Document]) -> list[Document]:
    """Those of a person's documents that this reader may see; raises `Denied` when the record is closed to them."""
    if not reader.account or not reader.purpose:
        raise Denied
    if reader.role == "citizen" and reader.person is not None and reader.person == person:
        return list(documents)
    if reader.role == "facility" and reader.facility:
        documents = [document for document in documents if document.facility == reader.facility]
        if not documents:
            raise Denied
    elif reader.role not in ("operator", "client"):
        raise Denied
    return [document for document in documents if reader.rights.issuperset(document.labels)]


def sees_figures(role: str, facility: str, *, own: str = "", province: str = "") -> bool:
    """Whether figures about `facility` are open to this role: to itself (`own`), or to the authority of its province,
    the first two characters of its code. Nobody else sees them.
    """
    if role == "facility":
        return bool(own) and own == facility
    return role == "authority" and len(province) == PROVINCE and facility.startswith(province)


def may_read_sent(reader: Reader, facility: str) -> bool:
    """Whether this reader may look at dossiers as `facility` sent them."""
    if not reader.account or not reader.purpose or not facility:
        return False
    return reader.role == "operator" or (reader.role == "facility" and reader.facility == facility)
