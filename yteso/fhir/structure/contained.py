"""Rules about contained resources (domainresource.html, dom-2 to dom-5)."""

from collections.abc import Iterator

from yteso.fhir.structure.issues import Issue, issue


def types(node: dict) -> dict[str, str]:
    """The type of each contained resource by its id."""
    return {part["id"]: part["resourceType"] for part in _parts(node) if _named(part)}


def problems(node: dict, path: str) -> list[Issue]:
    """What is wrong with what a resource contains, as far as it goes beyond one element."""
    parts = list(_parts(node))
    if not parts:
        return []
    used = set(_local(node))
    found = []
    for number, part in enumerate(parts):
        at = f"{path}.contained[{number}]"
        meta = part.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        if "id" not in part:
            found.append(issue(f"{at}.id", "contained-id"))
        elif f"#{part['id']}" not in used and "#" not in _local(part):
            found.append(issue(at, "contained-unused"))
        if "contained" in part:
            found.append(issue(f"{at}.contained", "contained-within"))
        if "versionId" in meta or "lastUpdated" in meta:
            found.append(issue(f"{at}.meta", "contained-version"))
        if "security" in meta:
            found.append(issue(f"{at}.meta.security", "contained-security"))
    return found


def _parts(node: dict) -> Iterator[dict]:
    contained = node.get("contained")
    for part in contained if isinstance(contained, list) else ():
        if isinstance(part, dict):
            yield part


def _named(part: dict) -> bool:
    return isinstance(part.get("id"), str) and isinstance(part.get("resourceType"), str)


def _local(node: object) -> Iterator[str]:
    """Everything below that could be a reference within the resource: "#" and an id."""
    if isinstance(node, dict):
        for value in node.values():
            yield from _local(value)
    elif isinstance(node, list):
        for value in node:
            yield from _local(value)
    elif isinstance(node, str) and node[:1] == "#":
        yield node
