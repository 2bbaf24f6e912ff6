"""XML-DSig (W3C, enveloped) of a visit file, by signxml: is all of it signed, by which key, and who vouches for that.

The reader takes dossiers from wherever they stand, so a signature must cover the whole file: one Reference with an
empty URI, no transforms but enveloped and canonicalisation, and nothing the reader looks for inside the Signature.
"""

from binascii import Error
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pybase64
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import (
    CanonicalizationMethod,
    DigestAlgorithm,
    InvalidInput,
    SignatureConfiguration,
    SignatureMethod,
    XMLVerifier,
)

from yteso.config.errors import SettingError
from yteso.intake import trust
from yteso.intake.reading import outer
from yteso.intake.reading.xml import SETTINGS, unwrap
from yteso.intake.signature import Signature, Signer


VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

MOST_MARKS = 500_000
"""`<` and `=` signs of a file that is verified: each may cost a node in each of several trees."""

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_INFO, _REFERENCE = f"{_DS}SignedInfo", f"{_DS}SignedInfo/{_DS}Reference"
_CERTIFICATES = f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate"
_MOST_CERTIFICATES = 10
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_TRANSFORMS = {_ENVELOPED} | {method.value for method in CanonicalizationMethod}
_METHODS = frozenset(method for method in SignatureMethod if not method.name.startswith(("HMAC", "DSA")))
_DIGESTS = frozenset(DigestAlgorithm)
_WEAK = {algorithm.value for algorithm in (*_METHODS, *_DIGESTS) if "SHA1" in algorithm.name}


class _Wrong(Exception):
    """The signature is no good by rule `rule`; `detail` is technical and the same in every language."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(rule)
        self.remark = rule, {"detail": detail[:100]}


def verify(data: bytes, day: date) -> Signature:
    """The signature of the file `data`, as of `day` (NGAYLAP). Whatever is in the file, this does not raise."""
    try:
        return _verify(unwrap(data), day)
    except _Wrong as wrong:
        return Signature([wrong.remark])
    except SettingError:
        raise
    except Exception as error:  # parsers of certificates and keys fail in many ways on made-up input
        return Signature([("ENV-126", {"detail": type(error).__name__})])


def _verify(data: bytes, day: date) -> Signature:
    if data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise _Wrong("ENV-126", f"> {MOST_MARKS} XML")
    root = etree.fromstring(data, _parser())
    element = _only_signature(root)
    algorithms = _algorithms(element)
    certificate, *others = _certificates(element)
    signer = _signer(certificate)
    location = f"./{element.getparent().tag}/"
    del root, element
    if not _fits(data, location, certificate):
        return Signature([("ENV-121", {"name": signer.name})], signer)
    remarks = []
    begin = datetime.combine(day, time.min, VIET_NAM)
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not (since < begin + timedelta(days=1) and begin <= until):
        days = {"day": day, "valid_from": signer.valid_from, "valid_to": signer.valid_to}
        shown = {name: f"{value:%d/%m/%Y}" for name, value in days.items()}
        remarks.append(("ENV-123", {"name": signer.name, **shown}))
    if not trust.knows(certificate, others, min(max(begin, since), until)):
        remarks.append(("ENV-122", {"name": signer.name, "issuer": _name(certificate.issuer)}))
    if _WEAK & algorithms:
        remarks.append(("ENV-124", {}))
    return Signature(remarks, signer)


def _parser() -> etree.XMLParser:
    """As the reader's, but with all that a digest covers: comments and white space."""
    return etree.XMLParser(**SETTINGS | {"remove_comments": False, "remove_pis": False})


def _only_signature(root: etree._Element) -> etree._Element:
    holders = root.iterchildren("{*}CHUKYDONVI", "{*}chukydonvi")
    found = [child for holder in holders for child in holder.iterchildren(f"{_DS}Signature")]
    if not found:
        raise _Wrong("ENV-126", "no CHUKYDONVI/Signature of XML-DSig")
    if len(found) > 1:
        raise _Wrong("ENV-125", f"{len(found)} Signature")
    for inner in found[0].iter("*"):
        if outer.local_name(inner) in outer.NAMES:
            raise _Wrong("ENV-125", f"Signature/…/{outer.local_name(inner)}")
    return found[0]


def _algorithms(signature: etree._Element) -> set[str]:
    """The algorithms of a signature that covers the whole file. Raises _Wrong when it does not."""
    references = signature.findall(_REFERENCE)
    if len(references) != 1 or references[0].get("URI") != "":
        raise _Wrong("ENV-125", "Reference " + " ".join(repr(reference.get("URI")) for reference in references))
    transforms = {step.get("Algorithm") for step in references[0].iterfind(f"{_DS}Transforms/{_DS}Transform")}
    if _ENVELOPED not in transforms:
        raise _Wrong("ENV-125", "no enveloped-signature Transform")
    method = signature.find(f"{_INFO}/{_DS}SignatureMethod").get("Algorithm")
    digest = references[0].find(f"{_DS}DigestMethod").get("Algorithm")
    known = _TRANSFORMS | {algorithm.value for algorithm in (*_METHODS, *_DIGESTS)}
    if unknown := ({method, digest} | transforms) - known:
        raise _Wrong("ENV-126", f"Algorithm {min(map(str, unknown))}")
    return {method, digest}


def _certificates(signature: etree._Element) -> list[x509.Certificate]:
    """The certificate of the signer first, then those of its issuers as far as they were sent along."""
    texts = [element.text or "" for element in signature.findall(_CERTIFICATES)]
    if not 0 < len(texts) <= _MOST_CERTIFICATES:
        raise _Wrong("ENV-126", f"{len(texts)} X509Certificate")
    try:
        found = [x509.load_der_x509_certificate(pybase64.b64decode("".join(text.split()))) for text in texts]
    except (Error, ValueError):
        raise _Wrong("ENV-126", "X509Certificate") from None
    issuers = {one.issuer for one in found if one.issuer != one.subject}
    return sorted(found, key=lambda one: one.subject in issuers)


def _fits(data: bytes, location: str, certificate: x509.Certificate) -> bool:
    """Whether the file is as it was when the owner of the certificate signed it, and all of it was signed."""
    configuration = SignatureConfiguration(
        location=location,
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
        verification_time=certificate.not_valid_before_utc,  # its days are a finding of their own
    )
    try:
        XMLVerifier().verify(data, x509_cert=certificate, parser=_parser(), expect_config=configuration)
    except InvalidSignature:
        return False
    except (InvalidInput, etree.DocumentInvalid) as error:
        raise _Wrong("ENV-125", str(error)) from None
    return True


def _signer(certificate: x509.Certificate) -> Signer:
    return Signer(
        _name(certificate.subject),
        certificate.subject.rfc4514_string(),
        certificate.issuer.rfc4514_string(),
        f"{certificate.serial_number:X}",
        certificate.not_valid_before_utc.astimezone(VIET_NAM).date(),
        certificate.not_valid_after_utc.astimezone(VIET_NAM).date(),
    )


def _name(of: x509.Name) -> str:
    """The common name, else the organisation, else the whole."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := of.get_attributes_for_oid(kind):
            return str(found[0].value)
    return of.rfc4514_string()
