"""The quick way through an outer file and the XML parser agree: on what the quick one takes, and what it leaves."""

from io import BytesIO

import envelopes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yteso.intake import envelope as reading
from yteso.intake.envelope import LIMITS, Envelope, Limits
from yteso.intake.reading.outer_pattern import read_plain
from yteso.intake.reading.xml import unwrap


VISIT = envelopes.hoso(envelopes.visit(XML2=2, XML3=1))
WHOLE = envelopes.envelope(VISIT)


def read(data: bytes, limits: Limits = LIMITS):
    envelope = Envelope(BytesIO(data), size=len(data), limits=limits)
    dossiers = list(envelope)
    return dossiers, envelope.header, envelope.findings, envelope.standard, envelope.size, envelope.sha256


def taken(data: bytes, limits: Limits = LIMITS) -> bool:
    """Whether the quick way takes the file; whatever it takes, the parser reads the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_plain", lambda data, limits: None)
        parsed = read(data, limits)
    assert read(data, limits) == parsed
    return read_plain(unwrap(data), limits) is not None


def changed(old: str, new: str) -> bytes:
    assert old.encode() in WHOLE
    return WHOLE.replace(old.encode(), new.encode())


SCHEMAS = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
EMPTY = envelopes.file("XML4", "")
TAKEN = {
    "a visit": WHOLE,
    "several visits": envelopes.envelope(VISIT, envelopes.hoso(envelopes.visit("LK2")), VISIT),
    "no visit": envelopes.envelope(),
    "fewer visits than declared": envelopes.envelope(VISIT, declared=9),
    "declared in words": changed("<SOLUONGHOSO>1<", "<SOLUONGHOSO>one<"),
    "a visit without files": envelopes.envelope("<HOSO></HOSO>"),
    "an empty file": envelopes.envelope(VISIT.replace("</HOSO>", EMPTY + "</HOSO>")),
    "an unknown table": envelopes.envelope(VISIT.replace("XML3<", "XML99<")),
    "a table twice": envelopes.envelope(VISIT.replace("XML3<", "XML1<")),
    "white space between all": WHOLE.replace(b"><", b">\r\n\t <").replace(b">\r\n\t </NOI", b"></NOI"),
    "namespaces of serializers": changed("<GIAMDINHHS>", f"<GIAMDINHHS{SCHEMAS}>"),
    "a byte-order mark": b"\xef\xbb\xbf" + WHOLE,
    "no declaration": WHOLE.partition(b"\r\n")[2],
    "no CHUKYDONVI": changed("<CHUKYDONVI />", ""),
    "a blank CHUKYDONVI": changed("<CHUKYDONVI />", "<CHUKYDONVI>\n </CHUKYDONVI>"),
    "no facility": changed("99001<", "<"),
    "blanks around the facility": changed(">99001<", "> 99001 <"),
    "no day": envelopes.envelope(VISIT, made=""),
    "base64 of no XML": envelopes.envelope(envelopes.hoso(envelopes.visit(), wrap=lambda text: "AAAA")),
}
LEFT = {
    "signed": changed("<CHUKYDONVI />", "<CHUKYDONVI>MIIB</CHUKYDONVI>"),
    "an XML signature": changed("<CHUKYDONVI />", "<CHUKYDONVI><Signature/></CHUKYDONVI>"),
    "base64 in lines": WHOLE.replace(b"<NOIDUNGFILE>", b"<NOIDUNGFILE>\n"),
    "base64 that is none": WHOLE.replace(b"</NOIDUNGFILE>", b"*</NOIDUNGFILE>"),
    "nested elements": envelopes.envelope(envelopes.hoso(envelopes.visit(), wrap=lambda text: text)),
    "lower case": WHOLE.replace(b"HOSO>", b"hoso>"),
    "a kind in lower case": changed("<LOAIHOSO>XML1<", "<LOAIHOSO>xml1<"),
    "an attribute": changed("<HOSO>", '<HOSO a="1">'),
    "a comment": changed("<HOSO>", "<!-- a --><HOSO>"),
    "an entity": changed("99001<", "99&amp;001<"),
    "another character": changed("99001<", "99001đ<"),
    "another order": changed("<SOLUONGHOSO>1<", "<NGAYLAP>1<").replace(b"1</SOLUONGHOSO>", b"1</NGAYLAP>"),
    "a file without content": changed("<HOSO>", "<HOSO><FILEHOSO><LOAIHOSO>XML2</LOAIHOSO></FILEHOSO>"),
    "content twice": changed("</NOIDUNGFILE>", "</NOIDUNGFILE><NOIDUNGFILE></NOIDUNGFILE>"),
    "something after the end": WHOLE + b"x",
    "a cut file": WHOLE[:-40],
    "a file of another system": changed("<HOSO>", "<HOSO><FILEHOSO><DANHSACH_FILE/></FILEHOSO>"),
    "UTF-16": WHOLE.decode().encode("utf-16"),
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_takes(name):
    assert taken(TAKEN[name])


@pytest.mark.parametrize("name", LEFT)
def test_leaves_to_the_parser(name):
    assert not taken(LEFT[name])


@pytest.mark.parametrize("limits", [Limits(stretch=1_000), Limits(marks=1_000)], ids=["stretch", "marks"])
def test_leaves_what_the_limits_would_not_let_through(limits):
    assert not taken(WHOLE, limits)


@pytest.mark.parametrize(
    "limits", [Limits(dossiers=1), Limits(tables=2), Limits(document=500), Limits(rows=1)], ids=repr
)
def test_keeps_to_the_other_limits(limits):
    assert taken(TAKEN["several visits"], limits)


def test_a_file_longer_than_a_portion_is_parsed():
    long = envelopes.envelope(*[VISIT] * 60)
    assert len(long) > 1 << 18
    assert [dossier.rows for dossier in read(long)[0]] == [{"XML1": 1, "XML2": 2, "XML3": 1}] * 60


PIECES = st.sampled_from(
    [b"<", b">", b"</", b"/>", b"<HOSO>", b"</HOSO>", b"&", b"A", b"=", b" ", b"\n", b"<!--", b"\0"]
)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(WHOLE)), st.integers(0, 12), PIECES)
def test_agrees_on_damaged_files(place, dropped, put_in):
    taken(WHOLE[:place] + put_in + WHOLE[place + dropped :])
