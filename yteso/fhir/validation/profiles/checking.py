"""Is a resource as a profile says? Element by element, slice by slice."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from yteso.fhir.definitions import structure
from yteso.fhir.structure import Issue
from yteso.fhir.validation.fhirpath import Evaluator
from yteso.fhir.validation.issues import issue
from yteso.fhir.validation.profiles import elements
from yteso.fhir.validation.profiles.rules import Profiles, Rule
from yteso.fhir.validation.profiles.slicing import Slicing
from yteso.fhir.validation.profiles.values import Value, children
from yteso.fhir.validation.scope import Scope


DEEPEST = 40
"""Elements below elements, and profiles within profiles."""

MemberOf = Callable[[Any, str], bool | None]


class Checker:
    """Of one resource, against any number of profiles."""

    def __init__(self, scope: Scope, evaluator: Evaluator, profiles: Profiles, member_of: MemberOf) -> None:
        self.scope, self.evaluator, self.profiles, self.member_of = scope, evaluator, profiles, member_of
        self._slicing = Slicing(scope, profiles, self._conforms)

    def problems(self, value: Value, rule: Rule, depth: int = 0) -> Iterator[Issue]:
        """What is wrong with a value, and with all below it."""
        if depth > DEEPEST:
            return
        yield from elements.problems(self, value, rule, depth)
        for name, child in rule.children.items():
            found = children(value, name)
            place = f"{value.at}.{name.removesuffix('[x]')}"
            yield from _number(len(found), child, place, _always(value, name))
            if not found and child.said.get("mustSupport") and child.said.get("max") != "0":
                yield issue(place, "must-support", name=name)
            for one in found:
                yield from self.problems(one, child, depth + 1)
            if child.slices:
                yield from self._slices(found, name, child, place, depth)

    def _conforms(self, value: Value, rule: Rule) -> bool:
        return all(one.severity != "error" for one in self.problems(value, rule))

    def _slices(self, found: list[Value], name: str, rule: Rule, place: str, depth: int) -> Iterator[Issue]:
        belongs = [self._slicing.chosen(one, name, rule) for one in found]
        numbers = Counter(belongs)
        for slice, own in rule.slices.items():
            yield from _number(numbers[slice], own, f"{place}:{slice}", False)
        for one, slice in zip(found, belongs, strict=True):
            if slice is not None:
                yield from self.problems(one, rule.slices[slice], depth + 1)
        yield from _arranged(found, belongs, rule, place)


def _always(parent: Value, name: str) -> bool:
    """Is the element required by its type? Then the check of the structure has missed it already."""
    try:
        element = structure(parent.type).elements.get(name.removesuffix("[x]"))
    except KeyError:  # a primitive
        return False
    return bool(element and element.min)


def _number(count: int, rule: Rule, place: str, always: bool) -> Iterator[Issue]:
    least, most = rule.said.get("min", 0), rule.said.get("max", "*")
    if count < least and not (always and not count):
        yield issue(place, "too-few", least=str(least), count=str(count))
    if most != "*" and count > int(most):
        yield issue(place, "too-many" if most != "0" else "not-allowed", most=most, count=str(count))


def _arranged(found: list[Value], belongs: list[str | None], rule: Rule, place: str) -> Iterator[Issue]:
    """`closed`: nothing but slices; `openAtEnd`: the rest after them; `ordered`: in the order of the profile."""
    slicing = rule.said.get("slicing", {})
    names = ", ".join(rule.slices)
    if slicing.get("rules") == "closed":
        for one, slice in zip(found, belongs, strict=True):
            if slice is None:
                yield issue(one.at, "no-slice", slices=names)
    order = [list(rule.slices).index(slice) if slice else len(rule.slices) for slice in belongs]
    if slicing.get("rules") != "openAtEnd":
        order = [number for number in order if number < len(rule.slices)]
    elif not slicing.get("ordered"):
        order = [number == len(rule.slices) for number in order]
    if (slicing.get("ordered") or slicing.get("rules") == "openAtEnd") and order != sorted(order):
        yield issue(place, "order", slices=names)
