"""What a reference within the validated content can point at: contained resources and the entries of its bundle."""

from dataclasses import dataclass, field
from typing import Any


Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """`resource` is the one looked at, `root` the one that contains it (or itself), `entries` the resources of the
    bundle around them by their addresses.
    """

    resource: Resource
    root: Resource
    entries: dict[str, Resource] = field(default_factory=dict)

    def inner(self, resource: Resource, *, contained: bool) -> "Scope":
        """The scope of a resource within this one."""
        return Scope(resource, self.root if contained else resource, self.entries | _entries(self.resource))

    def resolve(self, reference: Any) -> Resource | None:
        """What a Reference, or a text of one, points at; None when it is not here."""
        url = reference.get("reference") if isinstance(reference, dict) else reference
        if not isinstance(url, str):
            return None
        if url == "#":
            return self.root
        if url.startswith("#"):
            parts = self.root.get("contained", ())
            return next((one for one in parts if isinstance(one, dict) and one.get("id") == url[1:]), None)
        return self.entries.get(url.partition("/_history/")[0])


def _entries(bundle: Resource) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    entries = bundle.get("entry") if bundle.get("resourceType") == "Bundle" else ()
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            found[f"{resource.get('resourceType')}/{resource.get('id')}"] = resource
            if isinstance(entry.get("fullUrl"), str):
                found[entry["fullUrl"]] = resource
    return found
