"""A writer cut down to the rows of one shape.

Which fields a row has decides most conditions of a generated writer (`compiler.py`) before any value is seen. Rows of
one producer have few shapes, so a shape that is met often gets a function of its own, in which those conditions and
everything they guard are settled: partial evaluation of the source, over its syntax tree.
"""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence, Set


VALUES = "row_values"
"""The row as a tuple: its place costs less than its name."""


class Fold(ast.NodeTransformer):
    """Settles what follows from the fields of a shape. `fields`: their places in a row; all others are missing.

    A field that is there is not empty (see `yteso.intake.dossier.Row`).
    """

    def __init__(self, fields: Mapping[str, int]) -> None:
        self.fields = fields
        self.known: dict[str, ast.Constant] = {}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.known.get(node.id, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """`g("X")` reads a field; `pick(row)` picks those that repeat."""
        match node:
            case ast.Call(ast.Name("g"), [ast.Constant(name)]):
                place = self.fields.get(name)
                return ast.Constant(None) if place is None else ast.Subscript(_name(VALUES), ast.Constant(place), _LOAD)
            case ast.Call(ast.Name("pick")):
                return ast.Call(node.func, [_name(VALUES)], [])
        return self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.visit(node.test)
        decided = self.truth(test)
        if decided is None:
            return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))
        return self.visit(node.body if decided else node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        settles = isinstance(node.op, ast.Or)
        values: list[ast.expr] = []
        for value in map(self.visit, node.values):
            values.append(value)
            if self.truth(value) is settles:
                break
        open = [value for value in values[:-1] if self.truth(value) is None]
        return ast.BoolOp(node.op, [*open, values[-1]]) if open else values[-1]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        decided = self.truth(operand)
        return ast.UnaryOp(node.op, operand) if decided is None else ast.Constant(not decided)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        parts: list[ast.expr] = []
        for part in node.values:
            found = self.visit(part.value) if isinstance(part, ast.FormattedValue) else part
            match found, parts:
                case ast.Constant(str(text)), [*_, ast.Constant(str(before))]:
                    parts[-1] = ast.Constant(before + text)
                case ast.Constant(str(text)), _:
                    parts += [found] if text else []
                case _:
                    parts.append(ast.FormattedValue(found, -1))
        match parts:
            case [] | [ast.Constant()]:
                return parts[0] if parts else ast.Constant("")
            case [ast.FormattedValue(ast.Name(name) as piece)] if name.startswith("p_"):
                return piece
        return ast.JoinedStr(parts)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        value = self.visit(node.value)
        for target in node.targets:
            self.known.pop(getattr(target, "id", ""), None)
        match node.targets, value:
            case [ast.Name("g" | "strange")], _:
                return None
            case [ast.Name(name)], ast.Constant() | ast.Name() if name != "rest":
                self.known[name] = value
                return None
            case [ast.Tuple([ast.Name("fields"), *_])], _:
                return None
            case [ast.Tuple(targets)], _:
                self.known |= {one.id: ast.Constant(None) for one in targets if self.missing(one.id)}
        return ast.Assign(node.targets, value)

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt] | None:
        test = self.visit(node.test)
        decided = self.truth(test)
        if decided is False:
            return None
        body = [done for statement in node.body if (done := self.visit(statement))]
        return body if decided else ast.If(test, body, [])

    def missing(self, variable: str) -> bool:
        return variable.startswith("f_") and variable != "f_sex" and variable[2:] not in self.fields

    def truth(self, node: ast.expr) -> bool | None:
        """What a condition comes to; None when that depends on the row."""
        match node:
            case ast.Constant(value):
                return bool(value)
            case ast.Name(name) if name.startswith("f_") and name != "f_sex":
                return True
        return None


class Splice(ast.NodeTransformer):
    """Builds texts that are used once, in a larger text, in their place there."""

    def __init__(self, function: ast.FunctionDef) -> None:
        nodes = list(ast.walk(function))
        uses = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
        inner = {node.value.id for node in nodes if isinstance(node, ast.FormattedValue) and _is_name(node.value)}
        self.once = {name for name in inner if uses[name] == 1}
        self.texts: dict[str, list[ast.expr]] = {}

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        self.generic_visit(node)
        match node.targets, node.value:
            case [ast.Name(name)], ast.JoinedStr(parts) if name in self.once:
                self.texts[name] = parts
                return None
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        parts: list[ast.expr] = []
        for part in node.values:
            named = isinstance(part, ast.FormattedValue) and _is_name(part.value)
            parts += self.texts.get(part.value.id, [part]) if named else [self.generic_visit(part)]
        return ast.JoinedStr(parts)


def fold(source: str, shape: Sequence[str], strange: Set[str]) -> ast.Module:
    """The last function of `source`, a general writer, for rows of this shape; of its fields `strange` are unknown."""
    folding = Fold({name: place for place, name in enumerate(shape)})
    if not strange:
        folding.known["strange"] = ast.Constant(None)
    function = folding.visit(ast.parse(source).body[-1])
    function = Splice(function).visit(function)
    function.body[:0] = ast.parse(f"{VALUES} = (*row.values(),)").body
    return ast.fix_missing_locations(ast.Module([function], []))


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _name(name: str) -> ast.Name:
    return ast.Name(name, _LOAD)


_LOAD = ast.Load()
