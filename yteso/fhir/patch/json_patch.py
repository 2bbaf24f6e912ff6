"""JSON Patch (RFC 6902)."""

import json
from decimal import Decimal, InvalidOperation

import jsonpatch
from jsonpointer import JsonPointerException

from yteso.fhir.patch.errors import NoPatch, NotApplicable
from yteso.fhir.patch.tree import Json, text
from yteso.fhir.structure.reading import Number


class _Exact(Number):
    """A number that is equal to another in value, as the operation `test` wants it, and keeps its text."""

    __slots__ = ()
    __hash__ = Number.__hash__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Exact):
            return False
        try:
            return Decimal(self) == Decimal(other)
        except InvalidOperation:  # an exponent beyond every use
            return str(self) == str(other)


_DECODER = json.JSONDecoder(parse_int=_Exact, parse_float=_Exact)


def apply_json_patch(resource: bytes, patch: bytes) -> bytes:
    """The resource after the operations, one after the other; all or nothing. Raises NoPatch, NotApplicable."""
    try:
        operations = jsonpatch.JsonPatch(_DECODER.decode(patch.decode()))
        changed = operations.apply(_DECODER.decode(resource.decode()), in_place=True)
        return text(_without_empty(changed))
    except jsonpatch.JsonPatchTestFailed:
        raise NotApplicable("Một phép test không đúng.", "A test has failed.") from None
    except jsonpatch.JsonPatchConflict:
        raise NotApplicable(
            "Một path hay from không có trong tài nguyên.", "A path or from is not there in the resource."
        ) from None
    except (jsonpatch.JsonPatchException, JsonPointerException, ValueError, TypeError, RecursionError):
        raise NoPatch(
            "Nội dung phải là một JSON Patch đúng dạng (RFC 6902).", "The body must be a sound JSON Patch (RFC 6902)."
        ) from None


def _without_empty(value: Json) -> Json:
    """Lists stay as long as they were, since what stands beside a primitive has the same number."""
    if isinstance(value, list):
        return [_without_empty(one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _without_empty(one) for name, one in value.items()}
    return {name: one for name, one in inner.items() if one not in ({}, [])}
