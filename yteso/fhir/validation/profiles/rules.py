"""A profile as a tree of rules, one per element and slice, from its snapshot or from all its differentials together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yteso.fhir.definitions import COMPLEX, PRIMITIVES, RESOURCES


DEFINITION = "http://hl7.org/fhir/StructureDefinition/"
ABSTRACT = {"Resource", "DomainResource", "Element", "BackboneElement"}

Load = Callable[[str], dict[str, Any] | None]
"""The StructureDefinition of a canonical address (perhaps with |version), or None."""


class Unknown(Exception):
    """There is no profile of the address `url`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(slots=True)
class Rule:
    """`said` is the ElementDefinition, as far as anything is said of the element; names of choices end with [x]."""

    said: dict[str, Any] = field(default_factory=dict)
    children: dict[str, "Rule"] = field(default_factory=dict)
    slices: dict[str, "Rule"] = field(default_factory=dict)

    def given(self, prefix: str) -> Any:
        """The value of fixed[x], pattern[x], minValue[x] or maxValue[x]; None when there is none."""
        return next((value for name, value in self.said.items() if _is_choice(name, prefix)), None)

    @property
    def binds(self) -> bool:
        """Is anything said of the value itself or of what is below it?"""
        return bool(self.children) or any(
            name in ("type", "binding", "min", "max") or _is_choice(name, "fixed") or _is_choice(name, "pattern")
            for name in self.said
        )


@dataclass(frozen=True)
class Profile:
    url: str
    type: str
    elements: tuple[dict[str, Any], ...]

    @cached_property
    def rule(self) -> Rule:
        root = Rule()
        for element in self.elements:
            _place(root, _id(element)).said |= element
        return root


class Profiles:
    """The profiles of one validation; each is read once."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._known: dict[str, Profile] = {}

    def profile(self, url: str) -> Profile:
        """Raises Unknown, also when what it builds on is unknown."""
        if url not in self._known:
            definition = self._definition(url)
            self._known[url] = Profile(url, definition["type"], tuple(self._elements(definition, frozenset())))
        return self._known[url]

    def type(self, url: str) -> str | None:
        """The type that a profile is of, or None when it is not known."""
        if named := base_type(url):
            return named
        try:
            return self.profile(url).type
        except Unknown:
            return None

    def _definition(self, url: str) -> dict[str, Any]:
        definition = self._load(url)
        if not definition or not isinstance(definition.get("type"), str):
            raise Unknown(url)
        return definition

    def _elements(self, definition: dict[str, Any], seen: frozenset[str]) -> Iterable[dict[str, Any]]:
        """The snapshot; else the differentials from the type to the profile, the later adding to the earlier."""
        if elements := definition.get("snapshot", {}).get("element"):
            return elements
        base, found = definition.get("baseDefinition", ""), {}
        if base and not base_type(base):
            if base in seen:
                raise Unknown(base)
            found = {_id(one): one for one in self._elements(self._definition(base), seen | {base})}
        for one in definition.get("differential", {}).get("element", ()):
            found[_id(one)] = _over(found.get(_id(one), {}), one)
        return found.values()


def base_type(url: str) -> str | None:
    """The type of FHIR itself that is meant by an address of a definition."""
    name = url.partition("|")[0].removeprefix(DEFINITION)
    known = name in RESOURCES or name in COMPLEX or name in PRIMITIVES or name in ABSTRACT
    return name if known else None


def _over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    constraints = [*base.get("constraint", ()), *own.get("constraint", ())]
    return base | own | ({"constraint": constraints} if constraints else {})


def _id(element: dict[str, Any]) -> str:
    name = element.get("sliceName")
    return element.get("id") or element["path"] + (f":{name}" if name else "")


def _place(root: Rule, id: str) -> Rule:
    """The rule of an element id such as `Observation.component:systolic.value[x]`."""
    rule = root
    for part in id.split(".")[1:]:
        name, _, slice = part.partition(":")
        rule = rule.children.setdefault(name, Rule())
        if slice:
            rule = rule.slices.setdefault(slice, Rule(_typed(name, slice)))
    return rule


def _typed(name: str, slice: str) -> dict[str, Any]:
    """`value[x]:valueQuantity` is the Quantity among the values, whether or not its type is said."""
    if not name.endswith("[x]"):
        return {}
    type = slice.removeprefix(name.removesuffix("[x]"))
    code = type if type in COMPLEX else type[:1].lower() + type[1:]
    return {"type": [{"code": code}]} if code in COMPLEX or code in PRIMITIVES else {}


def _is_choice(name: str, prefix: str) -> bool:
    return name.startswith(prefix) and name[len(prefix) : len(prefix) + 1].isupper()
