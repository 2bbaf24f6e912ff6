"""All that $validate looks at (https://hl7.org/fhir/R4/validation.html): structure first, then what it takes FHIRPath,
terminology and profiles to see.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yteso.fhir.definitions import RESOURCES
from yteso.fhir.structure import Issue, check
from yteso.fhir.structure.issues import issue as structural
from yteso.fhir.validation import bindings, invariants
from yteso.fhir.validation.fhirpath import Evaluator
from yteso.fhir.validation.issues import issue
from yteso.fhir.validation.places import places
from yteso.fhir.validation.profiles.checking import Checker
from yteso.fhir.validation.profiles.rules import Load, Profiles, Unknown, base_type
from yteso.fhir.validation.profiles.values import Value
from yteso.fhir.validation.scope import Scope


SHOWN = 200
"""Characters of an address, in a message."""

SEVERITIES = ("fatal", "error", "warning", "information")


@dataclass(frozen=True, slots=True)
class Validator:
    """`load` finds StructureDefinitions beyond those of R4 itself, `member_of` knows the value sets."""

    load: Load = lambda url: None
    member_of: bindings.MemberOf = lambda value, url: None

    def validate(self, data: bytes, profiles: Iterable[str] = ()) -> list[Issue]:
        """Everything to be said of one resource in JSON (UTF-8), as it should be by its type, by the profiles it names
        (meta.profile) and by these; no issue of severity error when it is valid. The severe come first.
        """
        found = check(data)
        try:
            resource = json.loads(data, parse_float=Decimal)
            if isinstance(resource, dict) and resource.get("resourceType") in tuple(RESOURCES):
                run = _Run(self, Profiles(self.load))
                found += run.resource(Scope(resource, resource), resource["resourceType"], list(profiles))
        except ValueError:
            pass  # no JSON: the structure has said so
        except RecursionError:
            found.append(structural("", "too-deep"))
        return sorted(dict.fromkeys(found), key=lambda one: SEVERITIES.index(one.severity))


@dataclass(frozen=True, slots=True)
class _Run:
    validator: Validator
    profiles: Profiles

    def resource(self, scope: Scope, at: str, asked: list[str]) -> Iterator[Issue]:
        evaluator, member_of = Evaluator(scope, self.validator.member_of), self.validator.member_of
        for place in places(scope.resource, scope.resource["resourceType"], at):
            if place.type != "Resource":
                yield from invariants.problems(evaluator, place)
                yield from bindings.of_type(member_of, place)
            elif place.value.get("resourceType") in tuple(RESOURCES):
                contained = place.path.endswith(".contained")
                yield from self.resource(scope.inner(place.value, contained=contained), place.at, [])
        checker = Checker(scope, evaluator, self.profiles, member_of)
        for url in asked:
            yield from self._profile(checker, at, url, "error")
        for url in _stated(scope.resource):
            if url not in asked:
                yield from self._profile(checker, at, url, "warning")

    def _profile(self, checker: Checker, at: str, url: str, unknown: str) -> Iterator[Issue]:
        """`unknown`: how severe it is when there is no such profile."""
        resource = checker.scope.resource
        type = resource["resourceType"]
        try:
            named = base_type(url)
            profile = None if named else self.profiles.profile(url)
            if (named or profile.type) not in (type, "Resource", "DomainResource"):
                yield issue(at, "other-profile", url=url, type=named or profile.type)
            elif profile:
                yield from checker.problems(Value(resource, type, at), profile.rule)
        except Unknown as missing:
            yield issue(at, "unknown-profile", severity=unknown, url=missing.url[:SHOWN])


def _stated(resource: dict[str, Any]) -> list[str]:
    meta = resource.get("meta")
    listed = meta.get("profile") if isinstance(meta, dict) else None
    return [url for url in listed if isinstance(url, str)] if isinstance(listed, list) else []
