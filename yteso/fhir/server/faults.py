"""What ends a request early, and how the client is told: OperationOutcome, Vietnamese first, English second.

https://hl7.org/fhir/R4/operationoutcome.html. No word of a request or of a record is repeated, other than names that
the specification itself could contain.
"""

import re
from dataclasses import dataclass

import orjson


_NAME = re.compile(r"[A-Za-z0-9_$:.\-]{1,64}", re.ASCII)


@dataclass(slots=True, frozen=True)
class Issue:
    """`code` is one of the value set issue-type; `where` a place in the resource, as Patient.name[0]."""

    severity: str
    code: str
    vi: str
    en: str
    where: str = ""

    @property
    def json(self) -> dict[str, object]:
        said = {"severity": self.severity, "code": self.code, "details": {"text": f"{self.vi} / {self.en}"}}
        return said | ({"expression": [self.where]} if self.where else {})


class Fault(Exception):
    """A request that is answered with an OperationOutcome: of one issue, or of those that were found."""

    def __init__(self, status: int, code: str, vi: str, en: str, **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.issues = [Issue("error", code, vi, en)]
        self.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]

    @classmethod
    def of(cls, status: int, *issues: Issue) -> "Fault":
        fault = cls(status, "", "", "")
        fault.issues = list(issues)
        return fault


def outcome(*issues: Issue) -> bytes:
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": [issue.json for issue in issues]})


def shown(name: str) -> str:
    """What a client wrote, where it can be a name; else nothing of it."""
    return name if _NAME.fullmatch(name) else "…"


def unknown_type(name: str) -> Fault:
    return Fault(
        404,
        "not-supported",
        f"FHIR R4 không có loại tài nguyên {shown(name)}; viết đúng chữ hoa, chữ thường, ví dụ Observation.",
        f"FHIR R4 has no resource type {shown(name)}; mind upper and lower case, e.g. Observation.",
    )


def out_of_scope(type: str) -> Fault:
    return Fault(
        403,
        "forbidden",
        f"Phạm vi của ứng dụng không có {type}.",
        f"The scope of this client does not have {type}.",
        WWW_Authenticate='Bearer realm="yteso", error="insufficient_scope"',
    )


def not_of(type: str, what: str) -> None:
    """Raises 405 for a Binary, which is seen by those only who may read what it belongs to (binaries.py)."""
    if type == "Binary":
        raise Fault(
            405, "not-supported", f"Binary không có {what}.", f"A Binary has no {what}.", Allow="GET, PUT, DELETE"
        )


def not_found() -> Fault:
    return Fault(
        404,
        "not-found",
        "Không có tài nguyên này. Kiểm tra loại và mã (id).",
        "There is no such resource. Check its type and id.",
    )


def gone() -> Fault:
    return Fault(
        410,
        "deleted",
        "Tài nguyên này đã được rút; các bản trước có trong _history.",
        "This resource was taken back; its earlier versions are in _history.",
    )


def wrong(vi: str, en: str) -> Fault:
    """A parameter or header that cannot be used."""
    return Fault(400, "invalid", vi, en)
