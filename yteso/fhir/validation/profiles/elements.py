"""What a profile says of one value: its type, its content, its codes, its target, its invariants."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from yteso.fhir.definitions import RESOURCES
from yteso.fhir.structure import Issue, references
from yteso.fhir.validation import bindings
from yteso.fhir.validation.fhirpath import order
from yteso.fhir.validation.invariants import Invariant, in_vietnamese, known
from yteso.fhir.validation.issues import issue
from yteso.fhir.validation.places import Place
from yteso.fhir.validation.profiles.rules import Rule, Unknown, base_type
from yteso.fhir.validation.profiles.values import Value, fits, same


if TYPE_CHECKING:
    from yteso.fhir.validation.profiles.checking import Checker

SHOWN = 200
"""Characters of what a profile wants, in a message."""


def problems(checker: "Checker", value: Value, rule: Rule, depth: int) -> Iterator[Issue]:
    said = rule.said
    types = said.get("type", ())
    codes = [one["code"] for one in types if one.get("code")]
    if codes and not _allowed(value.type, codes):
        yield issue(value.at, "type", type=value.type, allowed=", ".join(codes))
        return
    own = [one for one in types if one.get("code") in (value.type, "Resource")]
    if value.value is not None:
        yield from _content(value, rule)
        yield from _coded(checker, value, said.get("binding", {}))
        for type in own if value.type == "Reference" else ():
            yield from _target(checker, value, type.get("targetProfile", ()))
        for constraint in said.get("constraint", ()):
            yield from _invariant(checker, value, constraint)
    named = [url for one in own for url in one.get("profile", ()) if not base_type(url)]
    yield from _profiled(checker, value, named, depth)


def _allowed(type: str, codes: list[str]) -> bool:
    anything = {"Resource", "DomainResource"} if type in RESOURCES else {"Element", "BackboneElement"}
    return (
        type in codes
        or not anything.isdisjoint(codes)
        or "." in type
        or any(code.startswith("http://hl7.org/fhirpath/") for code in codes)
    )


def _content(value: Value, rule: Rule) -> Iterator[Issue]:
    fixed, pattern = rule.given("fixed"), rule.given("pattern")
    if fixed is not None and not same(value.value, fixed):
        yield issue(value.at, "fixed", wanted=_shown(fixed))
    if pattern is not None and not fits(value.value, pattern):
        yield issue(value.at, "pattern", wanted=_shown(pattern))
    least, most = rule.given("minValue"), rule.given("maxValue")
    if least is not None and order(value.value, least) == -1:
        yield issue(value.at, "too-small", wanted=_shown(least))
    if most is not None and order(value.value, most) == 1:
        yield issue(value.at, "too-large", wanted=_shown(most))
    longest = rule.said.get("maxLength")
    if longest is not None and isinstance(value.value, str) and len(value.value) > longest:
        yield issue(value.at, "too-long", wanted=str(longest))


def _coded(checker: "Checker", value: Value, binding: dict[str, Any]) -> Iterator[Issue]:
    if binding.get("strength") in ("required", "extensible") and binding.get("valueSet"):
        yield from bindings.problems(checker.member_of, value, binding["valueSet"], binding["strength"])


def _target(checker: "Checker", value: Value, profiles: list[str]) -> Iterator[Issue]:
    """The type of what a Reference points at; one that is within reach is checked as a whole where it stands."""
    allowed = {checker.profiles.type(url) for url in profiles}
    resource = checker.scope.resolve(value.value)
    type = resource.get("resourceType") if resource else references.type_of(value.value)
    if allowed and type in RESOURCES and allowed.isdisjoint({type, "Resource", None}):
        yield issue(value.at, "target", type=type, allowed=", ".join(sorted(map(str, allowed))))


def _invariant(checker: "Checker", value: Value, constraint: dict[str, Any]) -> Iterator[Issue]:
    key, expression = constraint.get("key", ""), constraint.get("expression", "")
    source = constraint.get("source", "")
    if known(key, expression) or (source and base_type(source)):
        return  # of the type itself, evaluated where it is stated
    human = constraint.get("human", "")
    invariant = Invariant(key, constraint.get("severity", "error"), expression, human, in_vietnamese(human))
    if expression:
        yield from invariant.problems(checker.evaluator, Place(value.value, value.type, value.type, value.at))
    else:
        yield issue(value.at, "not-evaluated", key=key, en=human)


def _profiled(checker: "Checker", value: Value, urls: list[str], depth: int) -> Iterator[Issue]:
    """A value of a type that has profiles is as one of them says."""
    first: list[Issue] = []
    for url in urls:
        try:
            found = list(checker.problems(value, checker.profiles.profile(url).rule, depth + 1))
        except Unknown as unknown:
            found = [issue(value.at, "unknown-profile", severity="warning", url=unknown.url)]
        if all(one.severity != "error" for one in found):
            yield from found
            return
        first = first or found
    yield from first


def _shown(value: Any) -> str:
    text = orjson.dumps(value, default=str).decode() if isinstance(value, dict | list) else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
