"""`_filter`: one expression over the parameters of a type, as a criterion.

Source: FHIR R4, "_filter Parameter": each test asks whether some item of the parameter is so. Texts are alike whatever
their case, as it says; codes are not, as in every other search.
"""

import re
from collections.abc import Callable, Iterable

from yteso.fhir.search.conditions import Asked, Condition, ElementTest, Terms, any_item, condition, read
from yteso.fhir.search.criteria import Reader
from yteso.fhir.search.definitions import Parameter
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.filter_syntax import Comparison, Joined, Negated, Node, Step, tree
from yteso.fhir.search.kinds import dates, strings, tokens
from yteso.fhir.search.query import Criterion, Every, Not, Some
from yteso.people.text import fold


FILTER = "_filter"

_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "ap", "sa", "eb")
_LETTERS = ("eq", "ne", "co", "sw", "ew")

KNOWN = {
    "number": _PREFIXES,
    "date": (*_PREFIXES, "po"),
    "quantity": _PREFIXES,
    "string": _LETTERS,
    "uri": _LETTERS,
    "token": (*_LETTERS, "in", "ni", "ss", "sb"),
    "reference": ("eq", "ne", "re"),
    "composite": (),
    "special": (),
}
"""The operations of each type; `pr` goes with all."""

_MODIFIERS = {"in": "in", "ni": "not-in", "ss": "below", "sb": "above"}
"""What the operations on concepts are called elsewhere: a value subsumes what is below it."""

_COMMA = re.compile(r"(?<!\\),")


def filter(resource_type: str, text: str, terms: Terms) -> Criterion:
    """The criterion behind the expression. Raises SearchError."""
    return Every(FILTER, (_Meaning(text, terms).of(tree(text, FILTER), resource_type),))


class _Meaning:
    def __init__(self, text: str, terms: Terms) -> None:
        self.reader, self.terms = Reader(FILTER, text, terms), terms

    def of(self, node: Node, resource_type: str, links: int = 0) -> Criterion:
        """What a part of the expression asks of a resource of this type."""
        if isinstance(node, Negated):
            return Not(FILTER, self.of(node.part, resource_type, links))
        if isinstance(node, Joined):
            parts = tuple(self.of(part, resource_type, links) for part in node.parts)
            return (Every if node.word == "and" else Some)(FILTER, parts)
        return self._test(node, resource_type, links)

    def _test(self, test: Comparison, resource_type: str, links: int) -> Criterion:
        step, *rest = test.path
        parameter = self.reader.parameter(resource_type, step.name)
        if not rest:
            if step.kind:
                raise SearchError("modifier", FILTER, step.kind, known="–")
            return self._leaf(parameter, test.operation, test.value)
        further = test._replace(path=tuple(rest))
        return self.reader.chain(
            parameter, step.kind, lambda kind, links: self._beyond(step, further, kind, links), links
        )

    def _beyond(self, step: Step, further: Comparison, kind: str, links: int) -> tuple[Criterion, ...]:
        asked = [step.filter] if step.filter else []
        return tuple(self.of(node, kind, links) for node in (*asked, further))

    def _leaf(self, parameter: Parameter, operation: str, value: str) -> Condition:
        if operation == "pr":
            if value not in ("true", "false"):
                raise SearchError("filter_present", FILTER, value, name=parameter.code)
            return condition(self._asked(parameter, "missing", "false" if value == "true" else "true"))
        if operation not in KNOWN[parameter.type]:
            known = ", ".join(("pr", *KNOWN[parameter.type]))
            raise SearchError("filter_operation", FILTER, operation, name=parameter.code, known=known)
        if operation in _MODIFIERS:
            return condition(self._asked(parameter, _MODIFIERS[operation], value))
        if parameter.type in ("number", "date", "quantity") and operation != "po":
            return condition(self._asked(parameter, "", operation + value))
        if parameter.type in ("token", "reference") and operation in ("eq", "re"):
            return condition(self._asked(parameter, "", value))
        return self._other(parameter, operation, value)

    def _other(self, parameter: Parameter, operation: str, value: str) -> Condition:
        """What only a filter can ask. A text that begins so is what an index looks for, whatever else it must be."""
        test, begins = self._item(parameter, operation, value), parameter.type == "string" and operation in ("eq", "sw")
        modifier, alternative = ("", fold(value)) if begins else (operation, value)
        return Condition(FILTER, parameter, modifier, (alternative,), any_item(parameter, test))

    def _item(self, parameter: Parameter, operation: str, value: str) -> ElementTest:
        """What an operation asks of one item."""
        if operation == "po":
            return dates.matcher([dates.read(value, FILTER)._replace(prefix=operation)])
        if parameter.type in ("token", "reference") and operation == "eq":
            return read(self._asked(parameter, "", value))[1]
        if operation == "ne":
            equal = self._item(parameter, "eq", value)
            return lambda item: not equal(item)
        compare, wanted = _COMPARE[operation], fold(value)
        if not wanted:
            raise SearchError("string", FILTER, value)
        return lambda item: any(compare(strings.folded(text), wanted) for text in _texts(parameter, item))

    def _asked(self, parameter: Parameter, modifier: str, value: str) -> Asked:
        return Asked(parameter, modifier, _COMMA.sub(r"\\,", value), FILTER, self.terms)


def _texts(parameter: Parameter, item: object) -> Iterable[str]:
    if parameter.type == "token":
        return [code for _, code in tokens.pairs(item)]
    return strings.parts(item)


_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "eq": str.__eq__,
    "co": str.__contains__,
    "sw": str.startswith,
    "ew": str.endswith,
}
