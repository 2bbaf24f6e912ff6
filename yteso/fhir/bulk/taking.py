"""Taking in resources of NDJSON: each checked, the sound ones saved as if each had been put by itself.

What is wrong is told with its line. The same lines again change nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

import msgspec
import orjson
from psycopg import Connection

from yteso.access.policy import Reader
from yteso.fhir.server.faults import Fault
from yteso.fhir.writing import Change, Content, read, save
from yteso.record.ids import fhir_id


Line = tuple[int, bytes]
"""Its number, and what it says."""

Key = tuple[str, str]


class _Head(msgspec.Struct):
    resourceType: str = ""


_head = msgspec.json.Decoder(_Head).decode


@dataclass(slots=True)
class Taken:
    """How many of each type were saved (or were there already), and an OperationOutcome for each line that was not."""

    saved: Counter = field(default_factory=Counter)
    problems: list[bytes] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Taking:
    """Who writes, what they may write, and the address by which the resources refer to this server."""

    writer: Reader
    writes: Callable[[str], bool]
    base: str


def of_patients(line: bytes) -> bool:
    """Patients are saved first, since all else refers to them."""
    try:
        return _head(line).resourceType == "Patient"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def take(conn: Connection, taking: Taking, lines: Iterable[Line]) -> Taken:
    """In the caller's transaction."""
    taken = Taken()
    for together in _batches(_sound(taking, lines, taken)):
        _save(conn, taking, together, taken)
    return taken


def _sound(taking: Taking, lines: Iterable[Line], taken: Taken) -> Iterator[tuple[int, Content]]:
    for number, line in lines:
        try:
            content = read(line)
            if not taking.writes(content.type):
                raise Fault(403, "forbidden", f"Phạm vi không có {content.type}.", f"The scope lacks {content.type}.")
        except Fault as fault:
            taken.problems.append(_problem(number, fault))
        else:
            yield number, content if content.id else content.named(_id(content))


def _batches(contents: Iterable[tuple[int, Content]]) -> Iterator[dict[Key, tuple[int, Content]]]:
    """In their order, each resource once in a batch."""
    together: dict[Key, tuple[int, Content]] = {}
    for number, content in contents:
        key = content.type, content.id
        if key in together:
            yield together
            together = {}
        together[key] = number, content
    if together:
        yield together


def _save(conn: Connection, taking: Taking, together: dict[Key, tuple[int, Content]], taken: Taken) -> None:
    """All at once, or, when one of them cannot be saved, one by one."""
    try:
        with conn.transaction():
            save(conn, taking.writer, [Change(*key, content) for key, (_, content) in together.items()], taking.base)
    except Fault as fault:
        if len(together) == 1:
            ((number, _),) = together.values()
            taken.problems.append(_problem(number, fault))
        else:
            for key, one in together.items():
                _save(conn, taking, {key: one}, taken)
    else:
        taken.saved.update(type for type, _ in together)


def _id(content: Content) -> str:
    """For a resource without an id: the same content always has the same."""
    return fhir_id(UUID(bytes=blake2b(content.named("").json, digest_size=16).digest()))


def _problem(number: int, fault: Fault) -> bytes:
    issues = [issue.json | {"diagnostics": f"line {number}"} for issue in fault.issues]
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": issues})
