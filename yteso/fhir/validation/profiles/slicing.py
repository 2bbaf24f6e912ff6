"""Which slice of an element a value belongs to (https://hl7.org/fhir/R4/profiling.html#slicing)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from yteso.fhir.structure import references
from yteso.fhir.validation.profiles.rules import Profiles, Rule, Unknown
from yteso.fhir.validation.profiles.values import Value, children
from yteso.fhir.validation.scope import Scope


Conforms = Callable[[Value, Rule], bool]

_STEP = re.compile(r"\.?(\$this|resolve\(\)|extension\('([^']*)'\)|ofType\((\w+)\)|\w+(?:\[x\])?)")


class Slicing:
    """Of one resource. `conforms` says whether a value is as a rule says, with all below it."""

    def __init__(self, scope: Scope, profiles: Profiles, conforms: Conforms) -> None:
        self._scope, self._profiles, self._conforms = scope, profiles, conforms

    def chosen(self, value: Value, name: str, rule: Rule) -> str | None:
        """The first slice that the value belongs to; None when it is in none."""
        discriminators = rule.said.get("slicing", {}).get("discriminator") or _implied(name)
        for slice, own in rule.slices.items():
            if discriminators and all(self._discriminates(one, value, own) for one in discriminators):
                return slice
        return None

    def _discriminates(self, discriminator: dict[str, str], value: Value, rule: Rule) -> bool:
        kind, path = discriminator["type"], discriminator["path"]
        values = self._values(value, path)
        rules = self._rules(rule, path)
        match kind:
            case "exists":
                wanted = not any(one.said.get("max") == "0" for one in rules)
                return bool(values) == wanted
            case "type":
                return any(self._has_type(one, other) for one in values for other in rules)
            case "profile":
                return any(self._conforms(one, other) for one in values for other in rules)
        binding = [one for one in rules if one.binds]
        return bool(binding) and all(any(self._conforms(one, other) for one in values) for other in binding)

    def _values(self, value: Value, path: str) -> list[Value]:
        found = [value]
        for step, url, type in _steps(path):
            if step == "resolve()":
                found = list(self._resolved(found))
            elif url:
                found = [one for each in found for one in children(each, "extension") if one.value.get("url") == url]
            elif type:
                found = [one for one in found if one.type == type]
            elif step != "$this":
                found = [one for each in found for one in children(each, step)]
        return found

    def _resolved(self, values: list[Value]) -> Iterator[Value]:
        """Of a target that is not here its type is known at least."""
        for one in values:
            if isinstance(one.value, dict):
                target = self._scope.resolve(one.value)
                type = target.get("resourceType") if target else references.type_of(one.value)
                if isinstance(type, str):
                    yield Value(target, type, one.at)

    def _rules(self, rule: Rule, path: str) -> list[Rule]:
        """What the slice says of the element at this path: itself, or by a profile of its type."""
        found = [rule]
        for step, url, type in _steps(path):
            if step == "resolve()":
                found = [Rule({"type": _targets(one)}) for one in found]
            elif url:
                found = [one for each in found for one in self._extensions(each, url)]
            elif step != "$this" and not type:
                found = [one for each in found for one in self._below(each, step)]
        return found

    def _below(self, rule: Rule, name: str) -> Iterator[Rule]:
        if own := rule.children.get(name) or rule.children.get(f"{name}[x]"):
            yield from (own, *own.slices.values())
        for url in profiles_of(rule):
            try:
                yield from self._below(self._profiles.profile(url).rule, name)
            except Unknown:
                if name == "url":  # by convention that of the extension is that of its definition
                    yield Rule({"fixedUri": url.partition("|")[0]})
        if (pattern := rule.given("pattern") or rule.given("fixed")) and isinstance(pattern, dict) and name in pattern:
            yield Rule({"patternAny" if rule.given("pattern") else "fixedAny": pattern[name]})

    def _extensions(self, rule: Rule, url: str) -> Iterator[Rule]:
        for one in rule.children.get("extension", Rule()).slices.values():
            if url in profiles_of(one):
                yield one

    def _has_type(self, value: Value, rule: Rule) -> bool:
        allowed = {one.get("code") for one in rule.said.get("type", ())}
        allowed |= {self._profiles.type(url) for one in rule.said.get("type", ()) for url in one.get("profile", ())}
        return value.type in allowed


def profiles_of(rule: Rule) -> list[str]:
    return [url for one in rule.said.get("type", ()) for url in one.get("profile", ())]


def _targets(rule: Rule) -> list[dict[str, Any]]:
    targets = [url for one in rule.said.get("type", ()) for url in one.get("targetProfile", ())]
    return [{"code": "", "profile": targets}]


def _implied(name: str) -> list[dict[str, str]]:
    """Extensions are sliced by url, choices by type, whether or not it is said."""
    if name in ("extension", "modifierExtension"):
        return [{"type": "value", "path": "url"}]
    return [{"type": "type", "path": "$this"}] if name.endswith("[x]") else []


def _steps(path: str) -> list[tuple[str, str, str]]:
    return _STEP.findall(path)
