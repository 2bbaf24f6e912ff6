"""JSON read so that nothing of it is lost: numbers keep their text, and a name that comes twice is noticed."""

import json

from yteso.fhir.structure.issues import Issue, issue


BROKEN = frozenset({"not-utf8", "not-json", "not-xml"})
"""Problems after which nothing could be read at all."""


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


class Twice(dict):
    """An object in which `name` stands more than once."""

    name = ""


class Unreadable(Exception):
    """`issue` says why."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.en)
        self.issue = issue


def read(data: bytes) -> object:
    """dict, list, str, Number, bool or None. Raises Unreadable."""
    try:
        return _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable(issue("", "not-utf8")) from None
    except json.JSONDecodeError as error:
        place = {"line": str(error.lineno), "column": str(error.colno), "detail": error.msg}
        raise Unreadable(issue("", "not-json", **place)) from None
    except RecursionError:
        raise Unreadable(issue("", "too-deep")) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    found = Twice(found)
    found.name = next(name for name in names if names.count(name) > 1)
    return found


def _no_number(text: str) -> None:
    raise json.JSONDecodeError(f"{text} is not JSON", text, 0)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_no_number)
