"""Certificates made on the fly, and visit files signed with them as a facility's software does it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod, XMLSigner


BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
DS = "{http://www.w3.org/2000/09/xmldsig#}"


@dataclass
class Owner:
    """A key and its certificate; `issuer` None signs itself."""

    name: str = "TRẠM Y TẾ XÃ THỬ NGHIỆM"
    issuer: "Owner | None" = None
    begin: datetime = BEGIN
    end: datetime = END
    authority: bool = False
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048), repr=False)

    def __post_init__(self) -> None:
        issuer = self.issuer or self
        usage = dict.fromkeys(
            (
                *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
                *("encipher_only", "decipher_only"),
            ),
            False,
        )
        authority = self.authority or self.issuer is None
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(self.name))
            .issuer_name(named(issuer.name))
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.begin)
            .not_valid_after(self.end)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=authority, crl_sign=authority, **usage),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        )
        self.certificate = builder.sign(issuer.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])


class _OldSigner(XMLSigner):
    """Signs with SHA-1, too, as software of before 2017 does."""

    def check_deprecated_methods(self) -> None:
        pass


def sign(
    data: bytes,
    owner: Owner,
    *,
    method: str = "RSA_SHA256",
    digest: str = "SHA256",
    chain: bool = False,
    **options: object,
) -> bytes:
    """The file with an enveloped signature in its CHUKYDONVI."""
    root = etree.fromstring(data)
    (holder,) = root.iterchildren("{*}CHUKYDONVI", "{*}chukydonvi")
    holder.append(etree.Element(f"{DS}Signature", {"Id": "placeholder"}, nsmap={"ds": DS[1:-1]}))
    signer = _OldSigner(
        signature_algorithm=SignatureMethod[method],
        digest_algorithm=DigestAlgorithm[digest],
        c14n_algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    )
    certificates = [owner.certificate] + ([owner.issuer.certificate] if chain and owner.issuer else [])
    signed = signer.sign(root, key=owner.key, cert=certificates, **options)
    return etree.tostring(signed, xml_declaration=True, encoding="utf-8")
