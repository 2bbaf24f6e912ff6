"""Turns the templates of one kind of row into Python source that writes JSON text directly.

The generated function has the signature `(row, key, stt, c)`: `row` holds the fields under their 3176 names, `key` is
the row's local id (`m3`), `stt` the row number if the key does not carry it, `c` the visit being mapped
(`yteso.mapping.visit.Visit`). Each field is read once, each converted form computed once, for all resources of the
row. What no placeholder could carry exactly is written to the extension of the table ("rest").
"""

import json
from dataclasses import dataclass, field
from json.encoder import encode_basestring as quote

from yteso.mapping import derived, names, rest
from yteso.mapping.names import BASE
from yteso.mapping.templates import DERIVED, Leaf, Template, group, leaf
from yteso.mapping.values import MEMOS, NEAR_MEMOS, Memo
from yteso.record.ids import token


ALWAYS = ""
"""Condition of a piece that is always there."""

PARTS = Memo(lambda text: tuple(p.strip() for p in text.split(";") if p.strip()))
Code = tuple[str, str]
"""Source of the inside of an f-string, and the expression that says whether the piece is there."""


def _exact_parts(converter: str) -> Memo:
    """Whether a `;` list survives being split: no blanks around, nothing empty, every part convertible."""
    convert = MEMOS[converter] if converter else Memo(quote)
    return Memo(lambda text: ";".join(PARTS[text]) == text and all(convert[part] for part in PARTS[text]))


def _literal(text: str) -> str:
    """Constant text inside an f-string delimited by single quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return escaped.replace("{", "{{").replace("}", "}}")


@dataclass
class Scope:
    """What the generated source may name, besides its arguments."""

    names: dict[str, object] = field(default_factory=dict)

    def add(self, name: str, value: object) -> str:
        self.names[name] = value
        return name


class Writer:
    """Source of one function; `head` reads the row, `body` builds the pieces."""

    def __init__(self, table: str, kind: str):
        self.table, self.kind = table, kind
        self.scope = Scope({"quote": quote, "PARTS": PARTS, "entry": rest.entry, "unknown": rest.unknown, "shared": rest.shared})
        self.head: list[str] = []
        self.body: list[str] = []
        self.part_tokens = ""
        self.indent = ""
        self.made: set[str] = set()
        self.count = 0
        self.placed: dict[str, list[str]] = {}
        self.owner: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.template: Template | None = None

    # ---- leaves

    def line(self, text: str) -> None:
        self.body.append(self.indent + text)

    def fresh(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def read(self, name: str) -> str:
        if f"f_{name}" not in self.made:
            self.made.add(f"f_{name}")
            self.head.append(f'f_{name} = g("{name}")')
        return f"f_{name}"

    def converted(self, name: str, converter: str, *, exact: bool = False) -> str:
        var = f"{'x' if exact else 'c'}_{converter}_{name}"
        if var in self.made:
            return var
        self.made.add(var)
        raw = self.read(name)
        if not converter:
            self.head.append(f'{var} = quote({raw}) if {raw} else ""')
        else:
            near = converter in NEAR_MEMOS and not exact
            memo = self.scope.add(f"{'N' if near else 'M'}_{converter}", (NEAR_MEMOS if near else MEMOS)[converter])
            self.head.append(f'{var} = {memo}[{raw}] if {raw} else ""')
        return var

    def derived(self, name: str) -> str:
        if name == "rest":
            return "rest"
        var = f"d_{name}"
        if var not in self.made:
            self.made.add(var)
            self.scope.add(f"D_{name}", derived.VALUES[name])
            self.line(f"{var} = D_{name}(row, key, c)")
        return var

    def condition(self, when: str) -> str:
        """The `$when` of a template: known before anything else, since it decides what is left over."""
        if when[0] != "#":
            return self.read(when)
        var = f"w_{when[1:]}"
        self.scope.add(f"D_{when[1:]}", derived.VALUES[when[1:]])
        self.head.append(f"{var} = D_{when[1:]}(row, key, c)")
        return var

    def place(self, name: str, converter: str, exact: str, guards: list[str], path: str) -> None:
        """Notes that the field is carried here, unless an earlier template already carries it."""
        if converter in DERIVED or self.owner.setdefault(name, self.template.name) != self.template.name:
            return
        condition = " and ".join([exact, *guards])
        places = self.placed.setdefault(name, [])
        if condition not in places:
            places.append(condition)
            self.paths[name] = f"{self.paths[name]}, {path}" if name in self.paths else path

    @property
    def resource_id(self) -> str:
        """The Encounter carries the bare name of the document."""
        visit = self.table == "XML1" and not self.template.suffix
        return "{c.document_id}" if visit else "{rid}" + self.template.suffix

    # ---- nodes

    def node(self, node: object, guards: list[str], path: str) -> Code:
        if isinstance(node, dict):
            return self.object(node, guards, path)
        if isinstance(node, list):
            return self.array(node, guards, path)
        found = leaf(node)
        if found:
            return self.leaf(found, guards, path)
        return self.constant(node), ALWAYS

    def constant(self, node: object) -> str:
        text = _literal(json.dumps(node, ensure_ascii=False))
        for name, expression in {
            "id": self.resource_id, "row": "{rid}", "patient": "{c.patient_id}",
            "document": "{c.document_id}", "facility": "{c.facility}", "icd_version": "{c.icd.id}", "key": "{key}",
        }.items():  # fmt: skip
            text = text.replace("{{@" + name + "}}", expression)
        return text

    def leaf(self, found: Leaf, guards: list[str], path: str) -> Code:
        if found.kind == "#":
            var = self.derived(found.name)
            return "{" + var + "}", var
        var = self.converted(found.name, found.converter)
        exact = self.converted(found.name, found.converter, exact=True) if found.converter in NEAR_MEMOS else var
        self.place(found.name, found.converter, exact, guards, path)
        return "{" + var + "}", var

    def object(self, node: dict, guards: list[str], path: str) -> Code:
        need = node.get("$need")
        if need:
            name, _, converter = need.partition("|")
            var = self.converted(name, converter)
            guards = [*guards, var]
        members = [(f'"{key}":', *self.node(value, guards, f"{path}.{key}"))
                   for key, value in node.items() if not key.startswith("$")]  # fmt: skip
        self.token(node)
        code, condition = self.joined(members, "{{", "}}")
        if need:
            condition = var
        if "$else" in node and condition:
            instead = self.fresh()
            self.line(f"{instead} = f'{code}' if {condition} else f'{self.node(node['$else'], guards, path)[0]}'")
            return "{" + instead + "}", ALWAYS
        return code, condition

    def array(self, node: list, guards: list[str], path: str) -> Code:
        items = []
        for item in node:
            if isinstance(item, dict) and "$each" in item:
                items.append(("", *self.each(item, guards, path)))
            else:
                items.append(("", *self.node(item, guards, path)))
        return self.joined(items, "[", "]")

    def joined(self, members: list[tuple[str, str, str]], start: str, end: str) -> Code:
        """Members that may be missing, with the commas between those that are there."""
        fixed = ",".join(_literal(label) + code for label, code, condition in members if not condition)
        by_condition: dict[str, str] = {}
        for label, code, condition in members:
            if condition:
                by_condition[condition] = by_condition.get(condition, "") + "," + _literal(label) + code
        if not by_condition:
            return start + fixed + end, ALWAYS
        if len(by_condition) == 1:
            ((condition, code),) = by_condition.items()
            return start + (fixed + code if fixed else code[1:]) + end, condition
        variables = []
        for condition, code in by_condition.items():
            variables.append(self.fresh())
            self.line(f"{variables[-1]} = f'{code}' if {condition} else ''")
        together = self.fresh()
        self.line(f"{together} = f'{''.join('{' + v + '}' for v in variables)}'")
        return start + (fixed + "{" + together + "}" if fixed else "{" + together + "[1:]}") + end, together

    def each(self, node: dict, guards: list[str], path: str) -> Code:
        """One element per part of a `;` list."""
        name = node["$each"]
        raw = self.read(name)
        converters, self.part_tokens = [], ""
        inner = self.element({k: v for k, v in node.items() if k != "$each"}, converters)
        (converter,) = set(converters)
        memo = self.scope.add(f"E_{converter}", _exact_parts(converter))
        keep = f" if M_{converter}[p]" if converter else ""
        var, exact = self.fresh(), f"e_{converter}_{name}"
        self.line(f"{var} = ','.join([f'{inner}' for p in PARTS[{raw}]{keep}]) if {raw} else ''")
        if self.part_tokens:
            self.line(f"if {var}: c.tokens.update([{self.part_tokens}[p] for p in PARTS[{raw}]])")
        if exact not in self.made:
            self.made.add(exact)
            self.head.append(f"{exact} = {raw} and {memo}[{raw}]")
        self.place(name, converter, exact, guards, path)
        return "{" + var + "}", var

    def element(self, node: object, converters: list[str]) -> str:
        if isinstance(node, dict):
            found = leaf(node.get("code"))
            if found and self._tokens(node.get("system", "")):
                self.part_tokens = self._tokens(node["system"])
            return "{{" + ",".join(f'"{k}":{self.element(v, converters)}' for k, v in node.items()) + "}}"
        if isinstance(node, list):
            return "[" + ",".join(self.element(item, converters) for item in node) + "]"
        found = leaf(node)
        if not found:
            return self.constant(node)
        converters.append(found.converter)
        if not found.converter:
            return "{quote(p)}"
        return "{" + self.scope.add(f"M_{found.converter}", MEMOS[found.converter]) + "[p]}"

    # ---- tokens of the search index

    def _tokens(self, system: str) -> str:
        if system not in names.indexed():
            return ""
        name = "T_" + "".join(c if c.isalnum() else "_" for c in system)
        return self.scope.add(name, Memo(lambda code: token(system, code)))

    def token(self, node: dict) -> None:
        found = leaf(node.get("code"))
        tokens = self._tokens(node.get("system", ""))
        if found and not found.kind and tokens:
            self.line(f"if {self.converted(found.name, found.converter)}: token({tokens}[{self.read(found.name)}])")

    # ---- the whole function

    def resource(self, template: Template) -> None:
        self.template = template
        guards = []
        if template.when:
            condition = self.condition(template.when)
            self.line(f"if {condition}:")
            self.indent, guards = "    ", [condition]
        before = dict.fromkeys(self.made)
        code, _ = self.node(template.body, guards, template.part or template.body["resourceType"])
        if template.part:
            self.line(f"c.parts['{template.part}'].append(f'{code}')")
        else:
            self.line(f"out(('{template.resource_type}', f'{self.resource_id}', f'{code}'))")
        self.made = {name for name in self.made if name in before or not name.startswith("d_")}
        self.indent = ""

    def leftovers(self) -> list[str]:
        lines = ['rest = stt and entry("STT", stt)']
        if self.table == "XML1":
            lines.append(f'rest = entry("{rest.STANDARD}", c.standard)')
        common = rest.shared_fields(self.table)
        for name, of_visit in common.items():
            raw = self.read(name)
            lines.append(f'if {raw} != x1("{of_visit}"): rest += shared("{name}", {raw})')
        for name in rest.fields(self.table):
            if name in common or (name == "STT" and self.table != "XML1"):
                continue
            places = self.placed.get(name, [])
            raw = self.read(name)
            if self.table == "XML1" and name in rest.SPLIT_FIELDS:
                places = [f"'{name}' not in c.unsplit"]
            if raw in places or f"c__{name}" in places:
                continue
            entry = f'rest += entry("{name}", {raw})'
            lost = f" and not ({' or '.join(places)})" if places else ""
            lines.append(f"if {raw}{lost}: {entry}")
        lines.append("if not row.keys() <= KNOWN: rest += unknown(row, KNOWN)")
        url = f"{BASE}/{self.table.lower()}"
        lines.append(f"if rest: rest = f'{{{{\"url\":\"{url}\",\"extension\":[{{rest[1:]}}]}}}}'")
        self.scope.add("KNOWN", frozenset([*rest.fields(self.table), *common, "STT"]))
        return lines

    def source(self) -> str:
        pieces, resources = [], []
        for template in group(self.table, self.kind):
            self.body = []
            self.resource(template)
            (pieces if template.part else resources).extend(self.body)
        leftovers = self.leftovers()
        start = ["g = row.get", "x1 = c.x1.get", "out = c.out", "token = c.token", "rid = c.stem + key"]
        lines = [*start, *self.head, *leftovers, *pieces, *resources]
        return "def write(row, key, stt, c):\n" + "".join(f"    {line}\n" for line in lines)


@dataclass(frozen=True)
class Compiled:
    """A generated function with its source and where each field goes (path of the resource, or "" for the rest)."""

    write: object
    source: str
    paths: dict[str, str]


def compile_group(table: str, kind: str) -> Compiled:
    writer = Writer(table, kind)
    source = writer.source()
    scope = dict(writer.scope.names)
    exec(compile(source, f"<{table} {kind}>", "exec"), scope)  # noqa: S102  our own templates, no outside text
    return Compiled(scope["write"], source, writer.paths)
