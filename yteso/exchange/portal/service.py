"""What all services of the portal share: POST, a code for whatever happens, and who is asking."""

import logging
from collections.abc import Callable
from functools import wraps

import psycopg
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from yteso.exchange import limits, tokens
from yteso.exchange.models import Credential
from yteso.exchange.portal import answers, reading
from yteso.exchange.portal.answers import Refusal


log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def service(view: View) -> View:
    """A service of software: POST only, and whatever happens is answered with a code."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object) -> HttpResponse:
        if request.method != "POST":
            return answers.refusal("wrong-method", status=405)
        try:
            return view(request, *args)
        except Refusal as refusal:
            return answers.refusal(refusal.situation, **refusal.blanks)
        except limits.TooMany as too_many:
            response = answers.refusal("too-many", status=429, wait=too_many.wait)
            response.headers["Retry-After"] = str(too_many.wait)
            return response
        except (psycopg.Error, OperationalError):
            log.exception("the database failed a portal service")
            return answers.refusal("not-saved")
        except Exception:
            log.exception("a portal service failed")
            return answers.refusal("fault")

    return answered


def session_in(given: reading.Fields) -> Credential:
    """The sender of a 4210 service, whose session stands in the address."""
    sender = sender_of(*(str(given.get(name, "")) for name in ("token", "id_token", "password")))
    own(sender, given)
    return sender


def sender_of(access: str, id_token: str, password: str) -> Credential:
    sender = tokens.holder(access)
    if sender is None:
        raise Refusal("no-session")
    if not tokens.belongs(access, id_token, password):
        raise Refusal("wrong-pair")
    limits.count(limits.REQUESTS, sender.id)
    return sender


def own(sender: Credential, given: reading.Fields) -> None:
    """The account's own name and the account's own facility."""
    if reading.needed(given, "username") != sender.name:
        raise Refusal("wrong-username")
    facility = reading.needed(given, "maCSKCB")
    if facility != sender.facility:
        raise Refusal("other-facility", value=facility[:20], facility=sender.facility)
