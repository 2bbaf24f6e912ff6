"""Turns the templates of one kind of row into Python source that writes JSON text directly.

The generated function has the signature `(row, key, stt, c)`: `row` holds the fields under their 3176 names, `key` is
the row's local id (`m3`), `stt` the row number if the key does not carry it, `c` the visit being mapped
(`yteso.mapping.visit.Visit`). Each field is read once, each converted form computed once, for all resources of the
row. What no placeholder could carry exactly is written to the extension of the table ("rest").
"""

import json
from dataclasses import dataclass, field

from yteso.mapping import derived, names, rest
from yteso.mapping.names import BASE
from yteso.mapping.program import Line, Program
from yteso.mapping.templates import DERIVED, Leaf, Template, group, leaf
from yteso.mapping.values import MEMOS, NEAR_MEMOS, Memo, image, quote
from yteso.record.ids import token
from yteso.standards.shapes import ByShape


ABOUT = '"subject":{{"reference":"Patient/{c.patient_id}"}},"encounter":{{"reference":"Encounter/{c.document_id}"}}'
"""Members of nearly every resource, joined once per visit."""

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
    escaped = image(text).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
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
        self.scope = Scope(
            {
                "quote": quote,
                "PARTS": PARTS,
                "Memo": Memo,
                "entry": rest.entry,
                "unknown": rest.unknown,
                "shared": rest.shared,
            }
        )
        self.head: list[Line] = []
        self.body: list[Line] = []
        self.part_tokens = ""
        self.remembered: list[str] = []
        self.made: set[str] = set()
        self.count = 0
        self.placed: dict[str, list[str]] = {}
        self.owner: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.sex: Line | None = None
        self.template: Template | None = None

    # ---- leaves

    def let(self, variable: str, expression: str) -> str:
        self.body.append(Line("let", variable, expression))
        return variable

    def do(self, action: str) -> None:
        self.body.append(Line("do", "", action))

    def fresh(self) -> str:
        self.count += 1
        return f"p_{self.count}"

    def read(self, name: str) -> str:
        if f"f_{name}" not in self.made:
            self.made.add(f"f_{name}")
            self.head.append(Line("let", f"f_{name}", f'g("{name}")'))
        return f"f_{name}"

    def converted(self, name: str, converter: str, *, exact: bool = False) -> str:
        var = f"{'x' if exact else 'c'}_{converter}_{name}"
        if var in self.made:
            return var
        self.made.add(var)
        raw = self.read(name)
        if not converter:
            self.head.append(Line("let", var, f'quote({raw}) if {raw} else ""'))
        else:
            near = converter in NEAR_MEMOS and not exact
            memo = self.scope.add(f"{'N' if near else 'M'}_{converter}", (NEAR_MEMOS if near else MEMOS)[converter])
            self.head.append(Line("let", var, f'{memo}[{raw}] if {raw} else ""'))
        return var

    def derived(self, name: str) -> str:
        """A derived value; `#result.flag` is a part of the value `result`."""
        if name == "rest":
            return "rest"
        name, dot, part = name.partition(".")
        var = f"d_{name}"
        if var not in self.made:
            self.made.add(var)
            self.scope.add(f"D_{name}", derived.VALUES[name])
            needs = derived.NEEDS.get(name)
            given = "row, key, c" if needs is None else ", ".join(self.argument(need) for need in needs)
            self.let(var, f"D_{name}({given})")
        return var + dot + part

    def argument(self, need: str) -> str:
        """What a derived value is made of: a field, another derived value, or the sex of the patient."""
        if need == "@sex":
            self.sex = Line("let", "f_sex", "c.sex")
            return "f_sex"
        return self.derived(need[1:]) if need[0] == "#" else self.read(need)

    def condition(self, when: str) -> str:
        """The `$when` of a template: known before anything else, since it decides what is left over."""
        if when[0] != "#":
            return self.read(when)
        var = f"w_{when[1:]}"
        self.scope.add(f"D_{when[1:]}", derived.VALUES[when[1:]])
        self.head.append(Line("let", var, f"D_{when[1:]}(row, key, c)"))
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
            "document": "{c.document_id}", "facility": "{c.facility_text}", "icd_version": "{c.icd.id}", "key": "{key}",
        }.items():  # fmt: skip
            text = text.replace("{{@" + name + "}}", expression)
        return text

    def leaf(self, found: Leaf, guards: list[str], path: str) -> Code:
        if found.kind == "#":
            var = self.derived(found.name)
            if var.endswith(".coding"):
                known = var.removesuffix("coding") + "token"
                self.body.append(Line("token", known, f"[{known}]"))
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
        self.token(node, guards)
        code, condition = self.joined(members, "{{", "}}", keep=node is self.template.body)
        if need:
            condition = var
        if "$else" in node and condition:
            instead = self.node(node["$else"], guards, path)[0]
            chosen = self.let(self.fresh(), f"f'{code}' if {condition} else f'{instead}'")
            return "{" + chosen + "}", ALWAYS
        return code, condition

    def array(self, node: list, guards: list[str], path: str) -> Code:
        items = []
        for item in node:
            if isinstance(item, dict) and "$each" in item:
                items.append(("", *self.each(item, guards, path)))
            else:
                url = item.get("url", "") if isinstance(item, dict) else ""
                items.append(("", *self.node(item, guards, f"{path}({url.rpartition('/')[2]})" if url else path)))
        # a constant element keeps the list, whatever becomes of the others
        return self.joined(items, "[", "]", keep=not all(condition for _, _, condition in items))

    def joined(self, members: list[tuple[str, str, str]], start: str, end: str, *, keep: bool = False) -> Code:
        """Members that may be missing, with the commas between those that are there.

        Without any of them the whole is missing too, unless it is to `keep` its constants.
        """
        fixed = ",".join(_literal(label) + code for label, code, condition in members if not condition)
        by_condition: dict[str, str] = {}
        for label, code, condition in members:
            if condition:
                by_condition[condition] = by_condition.get(condition, "") + "," + _literal(label) + code
        if not by_condition:
            return start + fixed + end, ALWAYS
        if len(by_condition) == 1 and not keep:
            ((condition, code),) = by_condition.items()
            return start + (fixed + code if fixed else code[1:]) + end, condition
        variables = [self.let(self.fresh(), f"f'{code}' if {c} else ''") for c, code in by_condition.items()]
        together = self.let(self.fresh(), f"f'{''.join('{' + v + '}' for v in variables)}'")
        return start + (
            fixed + "{" + together + "}" if fixed else "{" + together + "[1:]}"
        ) + end, ALWAYS if keep else together

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
        self.remembered.append(f"R_{var} = Memo(lambda {raw}: ','.join([f'{inner}' for p in PARTS[{raw}]{keep}]))")
        self.let(var, f"R_{var}[{raw}] if {raw} else ''")
        if self.part_tokens:
            self.body.append(Line("token", var, f"[{self.part_tokens}[p] for p in PARTS[{raw}]]"))
        if exact not in self.made:
            self.made.add(exact)
            self.head.append(Line("let", exact, f"{raw} and {memo}[{raw}]"))
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

    def token(self, node: dict, guards: list[str]) -> None:
        code = node.get("code")
        found = leaf(code)
        tokens = self._tokens(node.get("system", ""))
        if tokens and isinstance(code, str) and not found:
            self.body.append(Line("token", " and ".join(guards) or "True", f"[{tokens}[{code!r}]]"))
        elif found and not found.kind and tokens:
            condition = self.converted(found.name, found.converter)
            self.body.append(Line("token", condition, f"[{tokens}[{self.read(found.name)}]]"))

    # ---- the whole function

    def resource(self, template: Template) -> None:
        self.template = template
        condition = self.condition(template.when) if template.when else ""
        before = frozenset(self.made)
        root = template.part or template.body["resourceType"] + (f"({template.suffix})" if template.suffix else "")
        code, _ = self.node(template.body, [condition] if condition else [], root)
        code = code.replace(ABOUT, "{c.about}")
        if template.part:
            action = f"c.parts['{template.part}'].append(f'{code}')"
        else:
            action = f"c.out(('{template.resource_type}', f'{self.resource_id}', f'{code}'))"
        self.do(f"if {condition}: {action}" if condition else action)
        # derived values belong to their template: the order of the templates in the source is not this one
        self.made = {name for name in self.made if name in before or not name.startswith("d_")}

    def leftovers(self) -> list[Line]:
        """Entries of the extension: fields without a place, or whose value no place could carry exactly."""
        lines = []
        if self.table == "XML1":
            lines.append(Line("keep", "c.standard", f'entry("{rest.STANDARD}", c.standard)'))
        common = rest.shared_fields(self.table)
        for name, of_visit in common.items():
            raw = self.read(name)
            lines.append(Line("keep", f'{raw} != x1("{of_visit}")', f'shared("{name}", {raw})'))
        for name in rest.fields(self.table):
            if name in common or (name == "STT" and self.table != "XML1"):
                continue
            places, raw = self.placed.get(name, []), self.read(name)
            if self.table == "XML1" and name in rest.SPLIT_FIELDS:
                places = [f"'{name}' not in c.unsplit"]
            if raw not in places and f"c__{name}" not in places:
                lost = f" and not ({' or '.join(places)})" if places else ""
                entry = f'f\',{{{{"url":"{name}","valueString":{{quote({raw})}}}}}}\''
                lines.append(Line("keep", raw + lost, entry))
        self.scope.add("KNOWN", frozenset([*rest.fields(self.table), *common, "STT"]))
        return lines

    def lines(self) -> list[Line]:
        """All lines; pieces of lists before the resources that hold the lists."""
        pieces, resources = [], []
        for template in group(self.table, self.kind):
            self.body = []
            self.resource(template)
            (pieces if template.part else resources).extend(self.body)
        leftovers = self.leftovers()
        return [*self.head, *filter(None, [self.sex]), *leftovers, *pieces, *resources]


@dataclass(frozen=True)
class Compiled:
    """A generated writer, by the shape of the row, with its source and the paths each field goes to (none: to the
    extension of the table)."""

    writers: ByShape
    source: str
    paths: dict[str, str]


def compile_group(table: str, kind: str) -> Compiled:
    writer = Writer(table, kind)
    program = Program(table)
    source = program.source(writer.lines(), f"{BASE}/{table.lower()}")
    source = "".join(f"{line}\n" for line in writer.remembered) + source
    scope = dict(writer.scope.names)
    exec(compile(source, f"<{table} {kind}>", "exec"), scope)  # noqa: S102  our own templates, no outside text
    return Compiled(program.link(scope, source), source, writer.paths)
