"""Whose certificates this node trusts: what YTESO_TRUST names. Without it nobody is known."""

import os
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.x509 import verification

from yteso.config.errors import SettingError


ENDINGS = (".pem", ".crt", ".cer", ".der")


def knows(certificate: x509.Certificate, others: Sequence[x509.Certificate], moment: datetime) -> bool:
    """Whether the certificate is trusted itself, or a chain leads from it over `others` to one that is.

    Chains follow RFC 5280 at `moment`. Nothing is fetched, so revocation is not seen.
    """
    anchors = trusted(os.environ.get("YTESO_TRUST", ""))
    if not anchors or certificate in anchors:
        return bool(anchors)
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store(anchors))
        .time(moment)
        .extension_policies(
            ee_policy=verification.ExtensionPolicy.permit_all(),
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
        )
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, list(others))
    except verification.VerificationError:
        return False
    return True


@cache
def trusted(place: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a bundle, or of every certificate file in a folder. Raises SettingError when one is none."""
    if not place:
        return ()
    path = Path(place)
    if not path.exists():
        raise SettingError(f"YTESO_TRUST: {path} is not there")
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS) if path.is_dir() else [path]
    return tuple(certificate for file in files for certificate in _load(file))


def _load(file: Path) -> list[x509.Certificate]:
    try:
        data = file.read_bytes()
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except (OSError, ValueError) as error:
        raise SettingError(f"YTESO_TRUST: {file} cannot be read as a certificate") from error
