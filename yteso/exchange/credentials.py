"""Accounts of software. The secret is made here, shown once, and kept as a slow hash only.

The portal's clients send the upper-case hex MD5 of their password, never the password. So that one account opens both
doors, the slow hash is made of that MD5, and the API turns the secret it is given into the MD5 first.
"""

import hashlib
import re
import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError
from django.utils import timezone

from yteso.exchange.models import Credential, Token


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{2,63}", re.ASCII)
FACILITY = re.compile(r"[0-9A-Z]{5}", re.ASCII)


class NotMade(ValueError):
    """The credential cannot be made; the message says why."""


def create(facility: str, name: str, *, by: str) -> tuple[Credential, str]:
    """A new credential of a facility and its secret, which nobody can read again. Raises NotMade."""
    if not FACILITY.fullmatch(facility):
        raise NotMade(f"Mã cơ sở phải đủ 5 ký tự / a facility code has 5 characters: {facility}")
    if not NAME.fullmatch(name):
        raise NotMade(f"Tên gồm 3-64 chữ không dấu, số hoặc _ . @ - / 3-64 plain letters, digits or _ . @ -: {name}")
    secret = secrets.token_urlsafe(24)
    try:
        made = Credential.objects.create(
            facility=facility, name=name, secret=make_password(portal_form(secret)), created_by=by
        )
    except IntegrityError:
        raise NotMade(f"Tên đã có người dùng / this name is taken: {name}") from None
    return made, secret


def revoke(name: str) -> bool:
    """Close the credential and all its sessions for good; False when there is none that is open."""
    closed = Credential.objects.filter(name=name, revoked=None).update(revoked=timezone.now())
    Token.objects.filter(credential__name=name).delete()
    return bool(closed)


def find(name: str) -> Credential | None:
    """The open credential of this name."""
    return Credential.objects.filter(name=name, revoked=None).first() if NAME.fullmatch(name) else None


def fits(credential: Credential | None, password: str) -> bool:
    """Whether this is the credential's password, in the portal's form; an unknown account takes as long as a known."""
    if credential is None:
        make_password(password)
        return False
    return check_password(password.upper(), credential.secret)


def portal_form(secret: str) -> str:
    """The secret as the portal's clients send it: upper-case hex MD5."""
    return hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest().upper()
