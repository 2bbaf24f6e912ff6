"""Conditions on documents that the database answers without opening them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True, frozen=True)
class Probe:
    """What may be wanted has all words of one of `words`, or is one of `ids`, or is about one of these subjects."""

    words: tuple[frozenset[int], ...] = ()
    ids: frozenset[UUID] = frozenset()


def condition(probes: Iterable[Probe]) -> tuple[str, list[list]]:
    """All of them as SQL on `record_document d`, and its values; "true" without any."""
    texts, values = [], []
    for probe in probes:
        ways = []
        if single := [word for words in probe.words if len(words) == 1 for word in words]:
            ways.append("d.tokens && %s::bigint[]")
            values.append(single)
        for words in probe.words:
            if len(words) != 1:
                ways.append("d.tokens @> %s::bigint[]")
                values.append(list(words))
        if probe.ids:
            ways.append("d.id = ANY(%s::uuid[]) OR d.subject = ANY(%s::uuid[])")
            values += [list(probe.ids)] * 2
        texts.append(f"({' OR '.join(ways) or 'false'})")
    return " AND ".join(texts) or "true", values
