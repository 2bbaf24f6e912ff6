"""What changed between two versions of a resource, as a FHIRPath Patch that makes the new one of the old one.

A list is compared as a text of elements: what is equal stays, what stands at the same place is compared inside.
Nothing is emptied on the way, so that no operation looks for a parent that an earlier one removed.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from yteso.fhir.definitions import PRIMITIVES
from yteso.fhir.patch.tree import Json, Node, grow, json, text
from yteso.fhir.patch.values import given
from yteso.fhir.structure.reading import Number, read


Operation = dict[str, Json]


def difference(old: bytes, new: bytes) -> bytes:
    """A Parameters resource of patch operations; both are valid resources of one type. Raises NotApplicable."""
    before, after = (grow("Resource", read(data)) for data in (old, new))
    found = list(_inside(before.type, before, after))
    return text({"resourceType": "Parameters"} | ({"parameter": found} if found else {}))


def _inside(path: str, old: Node, new: Node) -> Iterator[Operation]:
    of = old.structure.keys
    gone = [key for key in old.members if key not in new.members]
    for key, nodes in new.members.items():
        element, _ = of[key]
        another = next((known for known in gone if of[known][0] is element), None)
        if key in old.members:
            yield from _lists(f"{path}.{element.name}", old.members[key], nodes, many=element.many)
        elif another:  # of a choice, another type
            gone.remove(another)
            yield _operation("replace", f"{path}.{element.name}", value=nodes[0])
        else:
            yield from (_operation("add", path, name=element.name, value=node) for node in nodes)
    for key in gone:
        yield from _deleted(f"{path}.{of[key][0].name}", 0, len(old.members[key]), many=of[key][0].many)


def _lists(path: str, old: list[Node], new: list[Node], *, many: bool) -> Iterator[Operation]:
    """From the end to the beginning, so that the numbers of what comes before stay as they were."""
    matcher = SequenceMatcher(None, [_shown(one) for one in old], [_shown(one) for one in new], autojunk=False)
    for _, start, end, first, last in reversed([part for part in matcher.get_opcodes() if part[0] != "equal"]):
        both = min(end - start, last - first)
        yield from _deleted(path, start + both, end, many=many)
        for number, node in enumerate(new[first + both : last], start + both):
            yield _operation("insert", path, index=number, value=node)
        for number in range(both):
            at = f"{path}[{start + number}]" if many else path
            yield from _pair(at, old[start + number], new[first + number])


def _pair(path: str, old: Node, new: Node) -> Iterator[Operation]:
    if old.type in PRIMITIVES or old.type != new.type:
        yield _operation("replace", path, value=new)
    else:
        yield from _inside(path, old, new)


def _deleted(path: str, start: int, end: int, *, many: bool) -> Iterator[Operation]:
    for number in reversed(range(start, end)):
        yield _operation("delete", f"{path}[{number}]" if many else path)


def _shown(node: Node) -> bytes:
    return node.type.encode() + text([node.value, json(node)])


def _operation(
    type: str, path: str, *, name: str = "", value: Node | None = None, index: int | None = None
) -> Operation:
    parts: list[Json] = [{"name": "type", "valueCode": type}, {"name": "path", "valueString": path}]
    if name:
        parts.append({"name": "name", "valueString": name})
    if index is not None:
        parts.append({"name": "index", "valueInteger": Number(index)})
    if value:
        parts.append(given("value", value))
    return {"name": "operation", "part": parts}
