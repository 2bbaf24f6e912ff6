"""The invariants of the R4 types (`data/invariants.csv`), each evaluated where it is stated."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yteso.fhir.definitions import RESOURCES, files, structure
from yteso.fhir.structure import Issue
from yteso.fhir.validation.fhirpath import Evaluator, Unable
from yteso.fhir.validation.issues import DATA, issue
from yteso.fhir.validation.places import Place


STRUCTURAL = {"ele-1", "ext-1", "ref-1", "dom-2", "dom-3", "dom-4", "dom-5", "txt-1", "txt-2"}
"""What `yteso.fhir.structure` looks at without FHIRPath."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """`en` is the text of the specification, `vi` ours."""

    key: str
    severity: str
    expression: str
    en: str
    vi: str

    def problems(self, evaluator: Evaluator, place: Place) -> Iterator[Issue]:
        try:
            holds = evaluator.holds(self.expression, place.value, place.type)
        except Unable:
            yield issue(place.at, "not-evaluated", key=self.key, en=self.en)
        else:
            if not holds:
                yield issue(place.at, "invariant", severity=self.severity, key=self.key, vi=self.vi, en=self.en)


def problems(evaluator: Evaluator, place: Place) -> Iterator[Issue]:
    """Invariants of the element and of its type that do not hold here."""
    for stated in dict.fromkeys((place.path, place.type, *_abstract(place))):
        for invariant in invariants().get(stated, ()):
            yield from invariant.problems(evaluator, place)


def _abstract(place: Place) -> tuple[str, ...]:
    """A resource that is contained in another is read with that one's narrative."""
    contained = place.at.rpartition(".")[2].startswith("contained[")
    has_text = place.path in RESOURCES and "text" in structure(place.path).elements
    return ("DomainResource",) if has_text and not contained else ()


def known(key: str, expression: str) -> bool:
    """Is this one of R4 itself, wherever it is repeated?"""
    return key in STRUCTURAL or (key, expression) in _expressions()


@cache
def _expressions() -> set[tuple[str, str]]:
    return {(row["key"], row["expression"]) for row in files.rows(DATA / "invariants.csv")}


@cache
def invariants() -> dict[str, list[Invariant]]:
    """By the path of an element or the name of a type."""
    mended = {row["expression"]: row["mended"] for row in files.rows(DATA / "mended.csv")}
    found = defaultdict(list)
    for row in files.rows(DATA / "invariants.csv"):
        expression, human = mended.get(row["expression"], row["expression"]), row["en"]
        found[row["path"]].append(Invariant(row["key"], row["severity"], expression, human, in_vietnamese(human)))
    return dict(found)


def in_vietnamese(text: str) -> str:
    """What the specification says, or the same where we have no words for it."""
    return _texts().get(text, text)


@cache
def _texts() -> dict[str, str]:
    return {row["en"]: row["vi"] for row in files.rows(DATA / "texts.csv")}
