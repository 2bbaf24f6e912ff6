"""Changes to resources, small and rude: values of other kinds, names moved or gone, members twice, broken text."""

import copy
import json
import random
import re


VALUES = [
    *(
        "",
        " ",
        "a b",
        "x\ty",
        "a\n",
        "#x",
        "#",
        "{}",
        '{"id":',
        "\\",
        '"',
        '\\"',
        "\x01",
        "\x7f",
        "ố",
        "\u00a0",
        "\x85",
    ),
    *("Patient/1", "Foo/1", "Observation/2", "http://a.vn/Patient/1", "Patient?identifier=a", "urn:uuid:1"),
    *("2020-02-29", "2021-02-29", "2020-02-30", "2020-13-01", "2020", "2020-01", "2020-01-01T00:00:00Z"),
    *("2020-01-01T00:00:00", "2020-01-01T24:00:00Z", "2020-01-01t00:00:00z", "2020-01-01 00:00:00Z"),
    *("YQ==", "YQ=", "male", "final", "active", '<div xmlns="http://www.w3.org/1999/xhtml">x</div>', "<div>x</div>"),
    *(None, True, False, 0, 1, -1, 1.5, 1e300, 10**12, [], {}, [None], [[]]),
    *({"id": "x"}, {"coding": [{"code": "active"}]}, {"reference": "#x"}, {"reference": "Group/1", "type": "Group"}),
    {"extension": [{"url": "a", "valueString": "b"}]},
]
NAMES = [
    *("id", "extension", "modifierExtension", "contained", "resourceType", "text", "status", "use", "type", "display"),
    *("url", "system", "code", "value", "coding", "reference", "valueString", "valueCode", "valueQuantity"),
    *("effectiveDateTime", "effectivePeriod", "_birthDate", "_status"),
]
MEMBER = re.compile(r'"\w+":\s*(?:"[^"\\]*"|\d+|true|false)')


def objects(node):
    if isinstance(node, dict | list):
        yield node
        for below in node.values() if isinstance(node, dict) else node:
            yield from objects(below)


def damage(chance: random.Random, tree: object) -> None:
    """Change one thing somewhere."""
    there = list(objects(tree))
    node = chance.choice(there)
    value = copy.deepcopy(chance.choice(VALUES))
    if isinstance(node, dict):
        name = chance.choice(list(node) or NAMES)
        change = chance.randrange(6)
        if change == 0:
            node.pop(name, None)
        elif change in (1, 2):
            node[name] = value
        elif change == 3:
            node[chance.choice(NAMES)] = value
        elif change == 4:
            node[name] = [node.get(name)]
        else:
            other = chance.choice([one for one in there if isinstance(one, dict) and one])
            name = chance.choice(list(other))
            node[name] = copy.deepcopy(other[name])
    elif node:
        at = chance.randrange(len(node))
        change = chance.randrange(4)
        if change == 0:
            node[at] = value
        elif change == 1:
            node.append(copy.deepcopy(node[at]))
        elif change == 2:
            node.pop(at)
        else:
            node.clear()


def as_text(chance: random.Random, tree: object) -> bytes:
    """JSON in one of its many layouts, at times with a member that stands twice or a character too many."""
    spaces = chance.choice([(",", ":"), (", ", ": "), (" ,\n", " : ")])
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.5, separators=spaces)
    members = list(MEMBER.finditer(text))
    if members and chance.random() < 0.2:
        one = chance.choice(members)
        text = text[: one.end()] + "," + one[0] + text[one.end() :]
    if chance.random() < 0.1:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(['"', "{", "}", "\\", "\\u0022", "\\n", " ", "1", "e5", "\0", ","]) + text[at:]
    return text.encode()
