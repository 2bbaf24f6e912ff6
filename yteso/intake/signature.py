"""The facility's signature over its file (CHUKYDONVI): who signed, and what a node makes of it.

Whether an unsigned file, an unknown issuer or an old certificate is accepted, warned of or refused is data with
effective dates (`data/signing.csv`, or the file that YTESO_SIGNING names); the day of the file (NGAYLAP) decides.
"""

import csv
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import BinaryIO

from yteso.config.errors import SettingError
from yteso.intake.envelope import Envelope
from yteso.intake.findings import CRITICAL, WARNING, Finding


LARGEST = 32_000_000
"""Bytes of a signed file that is verified: the whole of it must be held in memory, several times."""

STATES = {
    "ENV-121": "broken",
    "ENV-122": "untrusted",
    "ENV-123": "expired",
    "ENV-124": "weak",
    "ENV-125": "malformed",
    "ENV-126": "unverified",
}
"""What a signature is called after the first thing that is wrong with it."""

SETTING = "YTESO_SIGNING"

_SEVERITIES = {"accept": None, "warn": WARNING, "refuse": CRITICAL}


Remark = tuple[str, dict[str, str]]
"""A rule, and what its message needs."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The certificate behind a signature: names as RFC 4514 writes them, `name` for people, `serial` in hexadecimal."""

    name: str
    subject: str
    issuer: str
    serial: str
    valid_from: date
    valid_to: date


@dataclass(slots=True)
class Signature:
    """What is wrong with it, gravest first, and who signed; `state` is "valid" or one of STATES."""

    remarks: list[Remark]
    signer: Signer | None = None

    @property
    def state(self) -> str:
        return STATES[self.remarks[0][0]] if self.remarks else "valid"

    def as_json(self) -> dict[str, str | None]:
        """As `yteso check --json` and the submission keep it; days as yyyy-mm-dd."""
        who = {name: str(value) for name, value in asdict(self.signer).items()} if self.signer else {}
        return {"state": self.state, **{name: who.get(name) for name in Signer.__slots__}}


def examine(envelope: Envelope, open_file: Callable[[], BinaryIO], *, received: datetime) -> Signature | None:
    """The signature of a file that has been read to its end, None when it is unsigned; adds to the file's findings.

    The file is opened again only when CHUKYDONVI holds something and nothing has refused the file yet. Nothing in it
    makes this raise; a setting of the node that cannot be used does (SettingError).
    """
    day = envelope.header.made or received.date()
    if any(finding.critical for finding in envelope.findings):
        return None
    if not envelope.header.signed:
        envelope.findings += _findings([("ENV-006", {})], day)
        return None
    signature = _verified(open_file, envelope.size, day)
    envelope.findings += _findings(signature.remarks, day)
    return signature


def _verified(open_file: Callable[[], BinaryIO], size: int, day: date) -> Signature:
    if size > LARGEST:
        return Signature([("ENV-126", {"detail": f"{size} > {LARGEST} byte"})])
    from yteso.intake import xmldsig  # cryptography is not loaded for unsigned files

    with open_file() as stream:
        return xmldsig.verify(stream.read(), day)


def _findings(remarks: list[Remark], day: date) -> list[Finding]:
    graded = ((rule, _severity(rule, day, os.environ.get(SETTING, "")), params) for rule, params in remarks)
    return [
        Finding(rule, severity, "ENV", None, "CHUKYDONVI", params=params)
        for rule, severity, params in graded
        if severity
    ]


@lru_cache(10_000)
def _severity(rule: str, day: date, named: str) -> str | None:
    """What the policy of that day says; the latest line that covers it counts. None: nothing to say."""
    found = [verdict for since, until, verdict in _policy(_policy_file(named))[rule] if since <= day <= until]
    return _SEVERITIES[found[-1]] if found else None


def _policy_file(named: str) -> Path:
    return Path(named or Path(__file__).parent / "data" / "signing.csv")


@cache
def _policy(path: Path) -> dict[str, list[tuple[date, date, str]]]:
    """Per rule its verdicts with first and last day, in the order of the file. Raises SettingError."""
    if not path.exists():
        raise SettingError(f"{SETTING}: {path} is not there")
    found: dict[str, list[tuple[date, date, str]]] = {rule: [] for rule in ("ENV-006", *STATES)}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            if row["rule"] not in found or row["verdict"] not in _SEVERITIES:
                raise SettingError(f"{path}: {row['rule']} {row['verdict']}: no such rule or verdict")
            since, until = row["effective_from"], row["effective_to"]
            days = date.fromisoformat(since or "0001-01-01"), date.fromisoformat(until or "9999-12-31")
            found[row["rule"]].append((*days, row["verdict"]))
    return found
