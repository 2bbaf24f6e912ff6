"""The steps of a compiled expression: from some elements of a resource to others."""

from collections.abc import Callable


Json = dict

Step = Callable[[list, Json], list]
"""(elements found so far, the whole resource) → the elements one step on."""


def field(keys: tuple[str, ...]) -> Step:
    """The elements of these names; a choice has several, of which a resource holds one."""

    def step(nodes: list, _: Json) -> list:
        found = []
        for node in nodes:
            if type(node) is not dict:
                continue
            for key in keys:
                if (value := node.get(key)) is None:
                    continue
                if type(value) is list:
                    found += [item for item in value if item is not None]
                else:
                    found.append(value)
        return found

    return step


def having(name: str, value: str | bool) -> Step:
    """Those with this value of an element."""
    return lambda nodes, _: [node for node in nodes if type(node) is dict and node.get(name) == value]


def referring_to(kind: str) -> Step:
    """The References whose target is of this type."""
    return lambda nodes, root: [node for node in nodes if type(node) is dict and _target(node, root) == kind]


def contained(resource: Json, fragment: str) -> Json | None:
    """The resource inside this one that `#id` means."""
    inside = resource.get("contained")
    for one in inside if type(inside) is list else ():
        if type(one) is dict and one.get("id") == fragment[1:]:
            return one
    return None


def _target(reference: Json, root: Json) -> str | None:
    """Type of what a Reference points at, as far as it says so itself or its target is contained."""
    text = reference.get("reference")
    if type(text) is str:
        if text.startswith("#"):
            return (contained(root, text) or {}).get("resourceType")
        parts = text.partition("/_history/")[0].split("/")
        if len(parts) > 1 and parts[-2][:1].isupper():
            return parts[-2]
    return reference.get("type")
