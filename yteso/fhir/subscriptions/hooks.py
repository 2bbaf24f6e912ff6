"""Posting to receivers: only to addresses that the operator of the node allows, never on behalf of a client to others.

`YTESO_HOOKS` lists them, with commas. `hook.example.vn` or `*.example.vn`: over HTTPS, where the name leads to public
addresses. A whole origin, `http://127.0.0.1:9000`: exactly that, wherever it leads. Without it there are no rest-hooks.
The address a name leads to is looked up once, checked, and is the one connected to; redirects are not followed.
"""

import http.client
import os
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit


class Refused(Exception):
    """This address may not be called; says why, without the address."""


class NotTaken(Exception):
    """The receiver did not take it; says why, without what was sent."""


def check(url: str) -> None:
    """Raises Refused when the node would never call this address. Its name is not looked up yet."""
    _allowed(_split(url))


def post(url: str, body: bytes, headers: Iterable[tuple[str, str]], timeout: float) -> None:
    """Raises Refused, or NotTaken unless the receiver answers with a status of success within `timeout` seconds."""
    parts = _split(url)
    place = _place(parts)
    connection = (_Secure if parts.scheme == "https" else _Plain)(parts.netloc, timeout=timeout)
    connection.place = place
    # The timeout of a socket is that of one read: a receiver that answers drop by drop is cut off here.
    end = Timer(timeout, connection.end)
    end.start()
    try:
        connection.request("POST", _target(parts), body, dict(headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotTaken(type(error).__name__) from None
    finally:
        end.cancel()
        connection.close()
    if not 200 <= status < 300:
        raise NotTaken(f"HTTP {status}")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises when it is no number)
    except ValueError:
        raise Refused("endpoint không phải là URL / is no URL") from None
    unfit = parts.username or parts.password or parts.fragment or not url.isascii() or not url.isprintable()
    if parts.scheme not in ("http", "https") or not parts.hostname or unfit or " " in url:
        raise Refused("endpoint: https://tên-máy/đường-dẫn, không kèm người dùng / https://host/path, without a user")
    return parts


def _allowed(parts: SplitResult) -> bool:
    """Whether it is allowed as a whole origin, wherever it leads; raises Refused when it is not allowed at all."""
    origins, names = _settings(os.environ.get("YTESO_HOOKS", ""))
    port = parts.port or _PORTS[parts.scheme]
    if (parts.scheme, parts.hostname, port) in origins:
        return True
    named = any(parts.hostname == name or (name[:2] == "*." and parts.hostname.endswith(name[1:])) for name in names)
    if parts.scheme != "https" or not named:
        raise Refused(
            "endpoint không thuộc các địa chỉ được phép gọi (YTESO_HOOKS) / "
            "endpoint is not among the addresses that may be called (YTESO_HOOKS)"
        )
    return False


def _place(parts: SplitResult) -> tuple[str, int]:
    """The address and port to connect to; raises Refused and NotTaken."""
    anywhere = _allowed(parts)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or _PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except OSError:
        raise NotTaken("không tra được tên máy / the name of the host is not known") from None
    places = [place[:2] for *_, place in found]
    if not anywhere and not all(ip_address(address).is_global for address, _ in places):
        raise Refused("tên máy dẫn đến địa chỉ nội bộ / the name leads to an address that is not public")
    return places[0]


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Plain(http.client.HTTPConnection):
    place: tuple[str, int]

    def end(self) -> None:
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        self.sock = socket.create_connection(self.place, self.timeout)


class _Secure(_Plain):
    default_port = 443

    def connect(self) -> None:
        plain = socket.create_connection(self.place, self.timeout)
        self.sock = _trust().wrap_socket(plain, server_hostname=self.host)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _settings(text: str) -> tuple[frozenset[tuple[str, str | None, int]], tuple[str, ...]]:
    """Origins, and names of hosts."""
    listed = [part.strip().lower() for part in text.split(",") if part.strip()]
    origins = (urlsplit(one) for one in listed if "://" in one)
    return (
        frozenset((one.scheme, one.hostname, one.port or _PORTS[one.scheme]) for one in origins),
        tuple(one for one in listed if "://" not in one),
    )


_PORTS = {"http": 80, "https": 443}
