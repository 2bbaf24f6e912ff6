"""A request as the interactions see it, read from the WSGI environment (PEP 3333)."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from yteso.fhir.server.clients import Client
from yteso.fhir.server.faults import Fault, wrong


PREFIX = "/fhir/R4"
_KEPT = {"HTTP_HOST", "HTTP_AUTHORIZATION", "HTTP_PREFER", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme"}
"""What a request within another has of it."""
FORM = "application/x-www-form-urlencoded"
LARGEST_FORM = 100_000
LARGEST = 64_000_000
"""Bytes of a body."""
MOST_PARAMETERS = 200


class Request:
    """`values` are what the route took from the path: type, id, version. `client` is None on the open paths only."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.method: str = variables["REQUEST_METHOD"]
        self.path: str = variables.get("PATH_INFO", "").removeprefix(PREFIX)
        self.values: dict[str, str] = {}
        self.client: Client | None = None

    def header(self, name: str) -> str:
        return self._variables.get("HTTP_" + name.upper().replace("-", "_"), "")

    @property
    def kind(self) -> str:
        """The Content-Type."""
        return self._variables.get("CONTENT_TYPE", "")

    @cached_property
    def body(self) -> bytes:
        """What came with the request, other than a form."""
        return self._read(LARGEST)

    def chunks(self, size: int, most: int) -> Iterator[bytes]:
        """The body as it comes, for what is too long to be held at once; raises Fault 413."""
        length = 0
        while chunk := self._variables["wsgi.input"].read(size):
            length += len(chunk)
            if length > most:
                raise Fault(413, "too-long", f"Nội dung quá {most:,} byte.", f"The body is longer than {most:,} bytes.")
            yield chunk

    @cached_property
    def parameters(self) -> list[tuple[str, str]]:
        """Those of the address, then those of the form of a POST, in their order."""
        return _pairs(self._variables.get("QUERY_STRING", "")) + (self._form() if self._has_form else [])

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.parameters if known == name]

    def one(self, name: str, default: str = "") -> str:
        """The value of a parameter that may be there once."""
        found = self.all(name)
        if len(found) > 1:
            raise wrong(f"{name} chỉ được có một lần.", f"{name} may be there once only.")
        return found[0] if found else default

    def leave_out(self, pairs: Container[tuple[str, str]]) -> None:
        """Go on as if these parameters had not been sent."""
        self.parameters = [pair for pair in self.parameters if pair not in pairs]

    @property
    def lenient(self) -> bool:
        """Whether what is unknown is to be ignored rather than refused (Prefer: handling=lenient)."""
        return "lenient" in (value for name, value in preferences(self.header("Prefer")) if name == "handling")

    @property
    def address(self) -> str:
        """As the client called it."""
        query = self._variables.get("QUERY_STRING", "")
        return f"{self.base}{self.path}" + (f"?{query}" if query else "")

    @cached_property
    def base(self) -> str:
        """Address of the FHIR face as the client called it; the host must be one of the node's names."""
        variables = self._variables
        host = variables.get("HTTP_HOST", "")
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            raise wrong(
                "Tên máy chủ trong Host không thuộc hệ thống này (xem YTESO_HOSTS).",
                "The name in Host is not one of this node (see YTESO_HOSTS).",
            )
        secure = variables.get("wsgi.url_scheme") == "https" or (
            settings.HTTPS and variables.get("HTTP_X_FORWARDED_PROTO") == "https"
        )
        return f"http{'s' if secure else ''}://{host}{PREFIX}"

    def entry(self, method: str, address: str, body: bytes = b"", **headers: str) -> "Request":
        """A request in this one, of the same client: an entry of a bundle; `address` is relative to the base."""
        path, _, query = address.partition("?")
        kept = {name: value for name, value in self._variables.items() if name in _KEPT}
        own = {"REQUEST_METHOD": method, "PATH_INFO": f"{PREFIX}/{unquote(path)}", "QUERY_STRING": query}
        sent = {"CONTENT_TYPE": "application/fhir+json", "wsgi.input": BytesIO(body)}
        sent["HTTP_ACCEPT"] = "application/fhir+json"
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items() if value}
        request = Request(kept | own | sent | named)
        request.client, request.base = self.client, self.base
        return request

    def inner(self, path: str, parameters: Iterable[tuple[str, str]] = ()) -> "Request":
        """A GET by the same client within this request, on no conditions of its headers."""
        request = self.entry("GET", f"{path[1:]}?{urlencode(list(parameters))}")
        request.values = self.values
        return request

    @property
    def _has_form(self) -> bool:
        """A search that is posted is a form, and the parameters of an operation may be one."""
        return self.method == "POST" and (self._kind == FORM or self.path.endswith("/_search"))

    @property
    def _kind(self) -> str:
        return self.kind.partition(";")[0].strip().lower()

    def _form(self) -> list[tuple[str, str]]:
        if self._kind not in {FORM, ""}:
            raise Fault(415, "not-supported", f"_search nhận {FORM}.", f"_search takes {FORM}.")
        return _pairs(self._read(LARGEST_FORM).decode("latin-1"))

    def _read(self, most: int) -> bytes:
        body = self._variables["wsgi.input"].read(most + 1)
        if len(body) > most:
            raise Fault(413, "too-long", f"Nội dung quá {most:,} byte.", f"The body is longer than {most:,} bytes.")
        return body


@dataclass(slots=True)
class Answer:
    """`body` is JSON text, as stored or built, which the application sends in the format that was asked for; a body
    that is no resource says its own `kind` (a Content-Type), and is sent as it is. One too long to be held at once is
    a `stream`, whose length is in the headers where it is known.
    """

    body: bytes = b""
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    kind: str = ""
    stream: Iterator[bytes] | None = None


def preferences(text: str) -> list[tuple[str, str]]:
    """The parts of a Prefer header (RFC 7240) in lower case."""
    parts = (part.partition("=") for part in text.lower().replace(";", ",").split(","))
    return [(name.strip(), value.strip().strip('"')) for name, _, value in parts]


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise wrong("Quá nhiều tham số.", "There are too many parameters.") from None
