"""Arranges the lines of a generated writer so that what repeats between rows is computed once.

Most fields of a drug, service or result row say the same in row after row (the code, the name, the unit, the price).
A line that depends on such fields only moves into a first function, remembered by the values of those fields; the
second function adds what varies: ids, moments, values, people (`data/varying.csv`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from operator import itemgetter

from yteso.mapping.folding import fold
from yteso.mapping.names import rows
from yteso.mapping.values import Memo
from yteso.standards.shapes import ByShape, Shape


VARIABLE = re.compile(r"\b(?:f_|c_|x_|e_|p_|d_|w_)\w+")
OF_THE_ROW = ("{c.", "{rid}", "{key}", "{rest}", "(row, key, c)")
REMEMBERED = 4_000
"""Kinds of rows kept per table."""
SHAPES = 1_000
"""Different sets of fields kept per table."""


@cache
def varying() -> dict[str, frozenset[str]]:
    """Tables whose rows repeat → the fields that do not."""
    found: dict[str, set[str]] = {}
    for row in rows("varying.csv"):
        found.setdefault(row["table"], set()).add(row["field"])
    return {table: frozenset(names) for table, names in found.items()}


@dataclass(slots=True)
class Line:
    """`let`: a variable and its expression; `keep`: a condition and an entry of the extension; `token`: a condition
    and a list of tokens; `do`: an action for every row."""

    kind: str
    left: str
    right: str

    def needs(self) -> set[str]:
        return set(VARIABLE.findall(self.right + ("" if self.kind == "let" else " " + self.left)))

    def text(self, tokens: str = "c.tokens.update({})") -> str:
        if self.kind == "let":
            return f"{self.left} = {self.right}"
        if self.kind == "keep":
            return f"if {self.left}: rest += {self.right}"
        if self.kind == "token":
            return f"if {self.left}: {tokens.format(self.right)}"
        return self.right


@dataclass
class Program:
    """The two functions of one kind of row."""

    table: str
    first: list[Line] = field(default_factory=list)
    second: list[Line] = field(default_factory=list)
    stable: list[str] = field(default_factory=list)

    def source(self, lines: list[Line], url: str) -> str:
        reads = [line for line in lines if line.right.startswith("g(")]
        self.arrange(lines)
        made = [line.left for line in self.first if line.kind == "let"]
        wanted = set().union(*(line.needs() for line in self.second))
        passed = [name for name in [*self.stable, *made] if name in wanted]
        fields = [line.right[3:-2] for line in reads if line.left in self.stable]
        return self.first_source(passed) + self.second_source(passed, fields, url)

    def arrange(self, lines: list[Line]) -> None:
        apart = varying().get(self.table)
        known: set[str] = set()
        for line in lines:
            if line.right == "c.sex":
                self.stable.append(line.left)
                known.add(line.left)
            elif line.right.startswith("g("):
                if apart is None or line.right[3:-2] in apart:
                    self.second.append(line)
                else:
                    self.stable.append(line.left)
                    known.add(line.left)
            elif apart and line.kind != "do" and self.repeats(line, known):
                known.add(line.left)
                self.first.append(line)
            else:
                self.second.append(line)

    def repeats(self, line: Line, known: set[str]) -> bool:
        return line.needs() <= known and not any(mark in line.right for mark in OF_THE_ROW)

    def first_source(self, passed: list[str]) -> str:
        if not self.stable:
            return ""
        body = [f"{', '.join(self.stable)}, = values", 'rest, tokens = "", []']
        body += [line.text("tokens += {}") for line in self.first]
        body.append(f"return {''.join(name + ', ' for name in passed)}rest, tokens")
        return "def repeated(values):\n" + "".join(f"    {line}\n" for line in body)

    def second_source(self, passed: list[str], fields: list[str], url: str) -> str:
        body = ["g = row.get", "x1 = c.x1.get", "rid = c.stem + key"]
        if self.stable:
            key = "fields, pick(row), c.sex" if "f_sex" in self.stable else "fields, pick(row)"
            body.append("fields, pick, strange = SHAPES[tuple(row)]")
            body.append(f"{''.join(name + ', ' for name in passed)}rest, tokens = REPEATED[{key}]")
            body.append("if tokens: c.tokens.update(tokens)")
        else:
            body += ["strange = row.keys() - KNOWN", 'rest = ""']
        body.append('if stt: rest += entry("STT", stt)')
        before = [line for line in self.second if not self.late(line)]
        body += [line.text() for line in before]
        body.append("if strange: rest += unknown(row, strange)")
        body.append(f"""if rest: rest = f'{{{{"url":"{url}","extension":[{{rest[1:]}}]}}}}'""")
        body += [line.text() for line in self.second if self.late(line)]
        self.fields = tuple(fields)
        return "def write(row, key, stt, c):\n" + "".join(f"    {line}\n" for line in body)

    def late(self, line: Line) -> bool:
        """Pieces come after the extension is complete, in the order of the templates."""
        return line.kind in ("do", "token") or line.left.startswith(("p_", "d_"))

    def link(self, scope: dict, source: str) -> ByShape:
        """Give the compiled `scope` what it names; its writers, (row, key, stt, c), by shape."""
        shapes = Shapes(self.fields, scope["KNOWN"], scope.get("repeated"))
        scope["SHAPES"], scope["REPEATED"] = shapes.shapes, shapes.repeated
        return ByShape(scope["write"], partial(own, scope, source, shapes))


class Shapes:
    """Rows of one producer have the same fields in the same order; what follows from that is found once per shape."""

    def __init__(self, fields: tuple[str, ...], known: frozenset[str], compute: Callable):
        self.fields, self.known, self.compute = fields, known, compute
        self.shapes = Memo(self.shape, SHAPES)
        self.repeated = Memo(self.values, REMEMBERED)

    def shape(self, names: Shape) -> tuple[Shape, Callable, frozenset[str]]:
        """The fields that repeat, a function that picks their values, and fields no version knows."""
        fields = tuple(name for name in self.fields if name in names)
        return fields, picking(fields), frozenset(names) - self.known

    def values(self, key: tuple) -> tuple:
        fields, picked, *more = key
        found = dict(zip(fields, picked, strict=True))
        return self.compute((*map(found.get, self.fields), *more))


def own(scope: dict, source: str, shapes: Shapes, shape: Shape) -> Callable:
    """The last function of `source` for rows of this shape alone."""
    fields, _, strange = shapes.shapes[shape]
    names = scope | {"fields": fields, "pick": picking([*map(shape.index, fields)]), "strange": strange}
    exec(compile(fold(source, shape, strange), "<own>", "exec"), names)  # noqa: S102  as in compiler.py
    return names["write"]


def picking(places: Sequence) -> Callable:
    """The values at these places of a row, as a tuple."""
    return itemgetter(*places) if len(places) > 1 else lambda row: tuple(row[place] for place in places)
