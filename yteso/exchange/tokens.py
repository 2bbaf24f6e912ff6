"""Sessions of software: opened with name and secret, carried by a token kept as its hash, over after an hour."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from yteso.exchange import credentials, limits
from yteso.exchange.models import Credential, Token


LIFETIME = timedelta(hours=1)


class WrongAccount(Exception):
    """Nobody has this name and secret. Which of the two is wrong is not said."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the client gets: the token, the portal's second token, and when both end."""

    access: str
    id_token: str
    expires: datetime


def open_session(name: str, password: str) -> Session:
    """A session for a name and a password in the portal's form. Raises WrongAccount, and limits.TooMany."""
    credential = credentials.find(name)
    limits.count(limits.SIGN_IN, credential.id if credential else "")
    if not credentials.fits(credential, password):
        raise WrongAccount
    now = timezone.now()
    Token.objects.filter(credential=credential, expires__lt=now).delete()
    access, expires = secrets.token_urlsafe(32), now + LIFETIME
    Token.objects.create(digest=_digest(access), credential=credential, expires=expires)
    return Session(access, _id_token(access, password), expires)


def holder(access: str) -> Credential | None:
    """Whose session this is; None when there is none or it is over."""
    found = Token.objects.filter(digest=_digest(access), expires__gt=timezone.now(), credential__revoked=None)
    token = found.select_related("credential").first()
    return token.credential if token else None


def belongs(access: str, id_token: str, password: str) -> bool:
    """Whether the second token came with this token and this password."""
    return constant_time_compare(_id_token(access, password), id_token)


def _id_token(access: str, password: str) -> str:
    """Made from what it vouches for, so that nothing more has to be kept."""
    return salted_hmac("yteso.exchange.id_token", f"{access}:{password.upper()}", algorithm="sha256").hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
