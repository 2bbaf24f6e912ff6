"""The signature in CHUKYDONVI: who signed, whether the file is as it was signed, and what the node's policy says."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import envelopes
import pytest
from lxml import etree
from signing import DS, Owner, sign

from yteso.config.errors import SettingError
from yteso.intake import messages, signature, trust, xmldsig
from yteso.intake.envelope import Envelope, read
from yteso.intake.findings import CRITICAL, WARNING


NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
FILE = envelopes.envelope(envelopes.hoso(envelopes.visit(XML2=2, XML14=1)), made="20260115")


@pytest.fixture(scope="module")
def root() -> Owner:
    return Owner("CA THỬ NGHIỆM")


@pytest.fixture(scope="module")
def station(root: Owner) -> Owner:
    return Owner("TRẠM Y TẾ XÃ THỬ NGHIỆM", issuer=root)


@pytest.fixture(scope="module")
def signed(station: Owner) -> bytes:
    return sign(FILE, station)


@pytest.fixture
def trusting(root: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "goc.pem").write_bytes(root.pem)
    monkeypatch.setenv("YTESO_TRUST", str(tmp_path))


def examined(data: bytes) -> tuple[signature.Signature | None, dict[str, str]]:
    """The signature, and the rules found with their severity."""
    envelope, _ = read(data)
    found = signature.examine(envelope, lambda: io.BytesIO(data), received=NOW)
    return found, {finding.rule: finding.severity for finding in envelope.findings}


def state(data: bytes) -> str:
    found, _ = examined(data)
    return found.state


@pytest.mark.usefixtures("trusting")
def test_a_file_signed_by_somebody_the_node_trusts_is_valid(signed: bytes) -> None:
    found, rules = examined(signed)
    assert (found.state, rules) == ("valid", {})
    assert found.signer.name == "TRẠM Y TẾ XÃ THỬ NGHIỆM"


def test_the_signature_says_who_and_until_when(signed: bytes, station: Owner) -> None:
    told = examined(signed)[0].as_json()
    assert told == {
        "state": "untrusted",
        "name": "TRẠM Y TẾ XÃ THỬ NGHIỆM",
        "subject": "CN=TRẠM Y TẾ XÃ THỬ NGHIỆM,C=VN",
        "issuer": "CN=CA THỬ NGHIỆM,C=VN",
        "serial": f"{station.certificate.serial_number:X}",
        "valid_from": "2025-01-01",
        "valid_to": "2027-01-01",
    }


def test_without_anchors_nobody_is_known_and_the_file_is_warned_of(signed: bytes) -> None:
    assert examined(signed)[1] == {"ENV-122": WARNING}


def test_another_root_does_not_vouch_for_it(signed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "khac.pem").write_bytes(Owner("CA THỬ NGHIỆM").pem)  # the same name, another key
    monkeypatch.setenv("YTESO_TRUST", str(tmp_path / "khac.pem"))
    assert state(signed) == "untrusted"


def test_a_certificate_may_be_trusted_by_itself(
    signed: bytes, station: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tram.pem").write_bytes(station.pem)
    monkeypatch.setenv("YTESO_TRUST", str(tmp_path / "tram.pem"))
    assert state(signed) == "valid"


def test_a_chain_leads_over_the_certificates_sent_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = Owner("GỐC QUỐC GIA")
    middle = Owner("CA CÔNG CỘNG", issuer=top, authority=True)
    station = Owner("BỆNH VIỆN THỬ", issuer=middle)
    (tmp_path / "goc.pem").write_bytes(top.pem)
    monkeypatch.setenv("YTESO_TRUST", str(tmp_path))
    assert state(sign(FILE, station, chain=True)) == "valid"
    assert state(sign(FILE, station)) == "untrusted"


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("method", ["RSA_SHA256", "RSA_SHA512", "SHA256_RSA_MGF1"])
def test_strong_algorithms_are_taken(station: Owner, method: str) -> None:
    assert state(sign(FILE, station, method=method)) == "valid"


@pytest.mark.usefixtures("trusting")
def test_the_enveloped_transform_alone_is_enough(station: Owner) -> None:
    assert state(sign(FILE, station, exclude_c14n_transform_element=True)) == "valid"


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"<GIAMDINHHS>", b'<GIAMDINHHS xmlns="urn:his">'),
        lambda data: data.replace(b"GIAMDINHHS", b"giamdinhhs").replace(b"CHUKYDONVI", b"chukydonvi"),
        lambda data: data.replace(b"<CHUKYDONVI", b"<!-- a comment --><?his 4?>\r\n  <CHUKYDONVI"),
    ],
    ids=["namespace", "lower case", "comments"],
)
def test_every_way_of_writing_the_outer_file_can_be_signed(station: Owner, change) -> None:
    assert state(sign(change(FILE), station)) == "valid"


@pytest.mark.usefixtures("trusting")
def test_a_byte_order_mark_is_not_part_of_what_is_signed(signed: bytes) -> None:
    assert state(b"\xef\xbb\xbf\r\n" + signed) == "valid"


def test_a_stand_alone_table_can_be_signed(station: Owner) -> None:
    text = envelopes.document("XML0", envelopes.visit(XML0=1)["XML0"])
    table = text.replace("</CHI_TIEU_TRANG_THAI_KCB>", "<CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>")
    assert state(sign(table.encode(), station)) == "untrusted"


TAMPERED = {
    "facility": (b"99001", b"99002"),
    "day": (b"20260115", b"20260116"),
    "a byte of a table": (b"<NOIDUNGFILE>PF", b"<NOIDUNGFILE>PG"),
    "name of a table": (b"XML14", b"XML13"),
    "a line break in base64": (b"<NOIDUNGFILE>PF", b"<NOIDUNGFILE>\nPF"),
    "a blank between elements": (b"<HOSO>", b"<HOSO> "),
    "an attribute": (b"<HOSO>", b'<HOSO a="1">'),
    "a table left out": (b"<LOAIHOSO>XML14</LOAIHOSO>", b""),
    "another dossier": (b"</DANHSACHHOSO>", b"<HOSO/></DANHSACHHOSO>"),
    "beside the signature": (b"<CHUKYDONVI>", b"<CHUKYDONVI>x"),
}


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(("old", "new"), TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_changed_after_signing_breaks_the_signature(signed: bytes, old: bytes, new: bytes) -> None:
    assert signed.count(old) >= 1
    found, rules = examined(signed.replace(old, new, 1))
    assert (found.state, rules["ENV-121"]) == ("broken", CRITICAL)


@pytest.mark.parametrize("part", ["DigestValue", "SignatureValue"])
def test_a_value_of_the_signature_itself_is_changed(signed: bytes, part: str) -> None:
    start = re.search(rf"<ds:{part}>".encode(), signed).end()
    other = b"A" if signed[start : start + 1] != b"A" else b"B"
    assert state(signed[:start] + other + signed[start + 1 :]) == "broken"


def test_the_certificate_of_somebody_else_does_not_fit(signed: bytes) -> None:
    text = b"".join(Owner("NGƯỜI KHÁC").pem.splitlines()[1:-1])
    changed = re.sub(rb"(?s)(<ds:X509Certificate>).*?(</ds:X509Certificate>)", rb"\1" + text + rb"\2", signed)
    assert changed != signed
    assert state(changed) == "broken"


@pytest.mark.usefixtures("trusting")
def test_the_day_of_the_file_decides_whether_the_certificate_was_valid(root: Owner) -> None:
    def station(begin: datetime, end: datetime) -> Owner:
        return Owner(issuer=root, begin=begin, end=end)

    day = datetime(2026, 1, 15, tzinfo=UTC)
    old = station(datetime(2025, 6, 1, tzinfo=UTC), day.replace(day=10))
    found, rules = examined(sign(FILE, old))
    assert (found.state, rules) == ("expired", {"ENV-123": WARNING})
    assert found.remarks[0][1]["valid_to"] == "10/01/2026"
    early = station(day.replace(day=17), datetime(2026, 9, 1, tzinfo=UTC))
    assert state(sign(FILE, early)) == "expired"
    since_expired = station(datetime(2025, 6, 1, tzinfo=UTC), day.replace(day=20))
    assert state(sign(FILE, since_expired)) == "valid"


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(("method", "digest"), [("RSA_SHA1", "SHA256"), ("RSA_SHA256", "SHA1")])
def test_sha_1_is_warned_of_and_still_verified(station: Owner, method: str, digest: str) -> None:
    old = sign(FILE, station, method=method, digest=digest)
    found, rules = examined(old)
    assert (found.state, rules) == ("weak", {"ENV-124": WARNING})
    assert state(old.replace(b"99001", b"99002")) == "broken"


ODD = {
    "hmac": (b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
    "made-up digest": (b"http://www.w3.org/2001/04/xmlenc#sha256", b"urn:none"),
    "xpath transform": (
        b'<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>',
        b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
    ),
    "xslt transform": (
        b'<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>',
        b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
    ),
    "no certificate": (b"X509Certificate", b"X509SubjectName"),
    "no real certificate": (b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA"),
    "another namespace": (b'http://www.w3.org/2000/09/xmldsig#"', b'urn:dsig"'),
}


@pytest.mark.parametrize(("old", "new"), ODD.values(), ids=ODD)
def test_what_cannot_be_verified_is_said_so(signed: bytes, old: bytes, new: bytes) -> None:
    changed = signed.replace(old, new)
    assert changed != signed
    found, rules = examined(changed)
    assert (found.state, rules) == ("unverified", {"ENV-126": WARNING})


def rebuilt(data: bytes, change) -> bytes:
    tree = etree.fromstring(data)
    change(tree, tree.find(f"CHUKYDONVI/{DS}Signature"))
    return etree.tostring(tree)


def hide_in_object(tree, found):
    """The signed dossiers stay, others are slipped in where an enveloped signature does not look."""
    box = etree.SubElement(found, f"{DS}Object")
    box.append(etree.fromstring(envelopes.hoso(envelopes.visit("LK-EVIL"))))


def lower_case_in_object(tree, found):
    etree.SubElement(etree.SubElement(found, f"{DS}Object"), "{urn:x}macskcb").text = "99009"


def move_the_signed_aside(tree, found):
    """Classic wrapping: what was signed moves into the signature, another file takes its place."""
    etree.SubElement(found, f"{DS}Object").append(etree.fromstring(FILE))
    tree.find(".//SOLUONGHOSO").text = "2"


def two_signatures(tree, found):
    tree.find("CHUKYDONVI").append(etree.fromstring(etree.tostring(found)))


def two_holders(tree, found):
    etree.SubElement(tree, "CHUKYDONVI").append(etree.fromstring(etree.tostring(found)))


def two_references(tree, found):
    info = found.find(f"{DS}SignedInfo")
    info.append(etree.fromstring(etree.tostring(info.find(f"{DS}Reference"))))


def one_part_only(tree, found):
    tree.find(".//HOSO").set("Id", "a")
    found.find(f"{DS}SignedInfo/{DS}Reference").set("URI", "#a")


def no_uri(tree, found):
    del found.find(f"{DS}SignedInfo/{DS}Reference").attrib["URI"]


def fetched(tree, found):
    found.find(f"{DS}SignedInfo/{DS}Reference").set("URI", "http://127.0.0.1:9/x.xml")


def not_enveloped(tree, found):
    steps = found.find(f"{DS}SignedInfo/{DS}Reference/{DS}Transforms")
    steps.remove(steps[0])


def no_value(tree, found):
    found.remove(found.find(f"{DS}SignatureValue"))


ATTACKS = [
    *(hide_in_object, lower_case_in_object, move_the_signed_aside, two_signatures, two_holders, two_references),
    *(one_part_only, no_uri, fetched, not_enveloped, no_value),
]


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_signature_that_does_not_cover_the_whole_file_is_refused(signed: bytes, attack) -> None:
    found, rules = examined(rebuilt(signed, attack))
    assert (found.state, rules["ENV-125"]) == ("malformed", CRITICAL)


@pytest.mark.usefixtures("trusting")
def test_a_signature_of_one_part_is_no_signature_of_the_file(station: Owner) -> None:
    """Really signed, by a trusted key, but only the header."""
    named = FILE.replace(b"<THONGTINDONVI>", b'<THONGTINDONVI Id="a">')
    assert state(sign(named, station, reference_uri="#a")) == "malformed"


@pytest.mark.usefixtures("trusting")
def test_more_about_the_signature_may_stand_in_it(station: Owner, signed: bytes) -> None:
    """XAdES software adds its properties as an Object; what the reader reads may not be among them."""

    def properties(tree, found):
        etree.SubElement(etree.SubElement(found, f"{DS}Object"), "SigningTime").text = "2026-01-15T10:00:00"

    assert state(rebuilt(signed, properties)) == "valid"


def test_the_signature_of_another_file_does_not_fit(station: Owner, signed: bytes) -> None:
    other = FILE.replace(b"20260115", b"20260114")
    taken = re.search(rb"(?s)<CHUKYDONVI>.*</CHUKYDONVI>", signed)[0]
    assert state(other.replace(b"<CHUKYDONVI />", taken)) == "broken"


@pytest.mark.parametrize("content", ["c2lnbmVk", "<Signature/>", f'<Signature xmlns="{DS[1:-1]}"/>'])
def test_what_is_no_signature_at_all_does_not_stop_the_file(content: str) -> None:
    data = FILE.replace(b"<CHUKYDONVI />", f"<CHUKYDONVI>{content}</CHUKYDONVI>".encode())
    found, rules = examined(data)
    assert found.state in ("unverified", "malformed")
    assert rules


def test_an_unsigned_file_is_not_opened_again() -> None:
    envelope, _ = read(FILE)
    assert signature.examine(envelope, pytest.fail, received=NOW) is None
    assert envelope.findings == []


def test_a_file_refused_already_is_not_opened_again(signed: bytes) -> None:
    envelope, _ = read(signed.replace(b"<SOLUONGHOSO>1", b"<SOLUONGHOSO>9"))
    assert signature.examine(envelope, pytest.fail, received=NOW) is None
    assert [finding.rule for finding in envelope.findings] == ["ENV-001"]


def test_a_huge_signed_file_is_not_loaded(signed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "LARGEST", len(signed) - 1)
    envelope, _ = read(signed)
    found = signature.examine(envelope, pytest.fail, received=NOW)
    assert found.state == "unverified"
    assert [finding.rule for finding in envelope.findings] == ["ENV-126"]
    assert str(len(signed)) in messages.describe(envelope.findings[0]).message


def test_a_signed_file_of_countless_elements_is_not_built_into_a_tree(signed: bytes) -> None:
    crowded = signed.replace(b"</DANHSACHHOSO>", (b"<HOSO>" + b"<A/>" * 99_000 + b"</HOSO>") * 6 + b"</DANHSACHHOSO>")
    found = xmldsig.verify(crowded, NOW.date())
    assert found.state == "unverified"
    assert "500000" in found.remarks[0][1]["detail"]


POLICY = """rule,effective_from,effective_to,verdict,source
ENV-006,,2025-12-31,accept,
ENV-006,2026-01-01,2026-06-30,warn,
ENV-006,2026-07-01,,refuse,
ENV-121,,,refuse,
ENV-122,,,accept,
"""


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("20251231", {}),
        ("20260101", {"ENV-006": WARNING}),
        ("20260630", {"ENV-006": WARNING}),
        ("20260701", {"ENV-006": CRITICAL}),
        ("", {"ENV-006": WARNING}),
    ],
)
def test_the_policy_of_the_day_of_the_file_decides_about_unsigned_files(
    made: str, expected: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without NGAYLAP, the day it was received."""
    (tmp_path / "ky-so.csv").write_text(POLICY)
    monkeypatch.setenv("YTESO_SIGNING", str(tmp_path / "ky-so.csv"))
    assert examined(FILE.replace(b"20260115", made.encode()))[1] == expected


def test_a_policy_may_accept_in_silence(signed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ky-so.csv").write_text(POLICY)
    monkeypatch.setenv("YTESO_SIGNING", str(tmp_path / "ky-so.csv"))
    found, rules = examined(signed)
    assert (found.state, rules) == ("untrusted", {})


@pytest.mark.parametrize("line", ["ENV-006,,,maybe,", "XML1-001,,,warn,"])
def test_a_policy_with_a_mistake_is_refused(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ky-so.csv").write_text(f"rule,effective_from,effective_to,verdict,source\n{line}\n")
    monkeypatch.setenv("YTESO_SIGNING", str(tmp_path / "ky-so.csv"))
    with pytest.raises(SettingError, match="no such rule or verdict"):
        examined(FILE)


def test_the_policy_of_the_product_speaks_of_every_rule_and_says_why() -> None:
    assert set(signature._policy(signature._policy_file(""))) == {"ENV-006", *signature.STATES}
    lines = signature._policy_file("").read_text(encoding="utf-8").splitlines()[1:]
    assert all(line.split(",", 4)[4] for line in lines)


def test_every_kind_of_certificate_file_can_be_trusted(root: Owner, tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(root.pem + Owner("B").pem)
    (tmp_path / "c.cer").write_bytes(xmldsig.pybase64.b64decode(b"".join(root.pem.splitlines()[1:-1])))
    (tmp_path / "readme.txt").write_text("not a certificate")
    assert len(trust.trusted(str(tmp_path))) == 3
    (tmp_path / "d.crt").write_text("not a certificate")
    with pytest.raises(SettingError, match=r"YTESO_TRUST: .*d\.crt"):
        trust.trusted(f"{tmp_path}/")


def test_a_mistake_of_the_operator_is_not_blamed_on_the_file(signed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTESO_TRUST", "/khong/co")
    with pytest.raises(SettingError, match="YTESO_TRUST: /khong/co is not there"):
        examined(signed)
    monkeypatch.setenv("YTESO_SIGNING", "/khong/co")
    with pytest.raises(SettingError, match="YTESO_SIGNING"):
        examined(FILE)


def test_every_remark_has_words_with_every_blank_filled(signed: bytes, root: Owner) -> None:
    old = Owner(issuer=root, end=datetime(2025, 12, 1, tzinfo=UTC))
    files = [FILE, signed, signed.replace(b"99001", b"99002"), sign(FILE, old, method="RSA_SHA1")]
    files += [rebuilt(signed, two_signatures), signed.replace(b"xmlenc#sha256", b"xmlenc#none")]
    seen = set()
    for data in files:
        envelope = Envelope(io.BytesIO(data))
        list(envelope)
        signature.examine(envelope, lambda data=data: io.BytesIO(data), received=NOW)
        for finding in envelope.findings:
            seen.add(finding.rule)
            for lang in ("vi", "en"):
                said = messages.describe(finding, lang=lang)
                assert not re.search(r"[{}…]|None", said.message + said.hint), said
    assert seen == set(signature.STATES)
