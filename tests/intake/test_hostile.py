"""Hostile and broken input ends in a finding: no exception, no hang, no growing memory, no file read."""

import gzip
import io
import os
import tracemalloc
import zipfile
from dataclasses import replace
from random import Random

import envelopes
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yteso.intake.envelope import LIMITS, Envelope, read
from yteso.intake.findings import CRITICAL, Finding


MB = 1_000_000
GOOD = envelopes.envelope(*(envelopes.hoso(envelopes.visit(f"LK{n}", XML2=2, XML14=1)) for n in range(3)))
MAIN = envelopes.document("XML1", envelopes.visit()["XML1"])


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def refused(data: bytes) -> str:
    """The rule by which a file that gives no dossier at all is refused."""
    envelope, dossiers = read(data)
    assert dossiers == []
    assert not envelope.readable
    assert envelope.size == len(data)
    assert all(finding.severity == CRITICAL for finding in envelope.findings)
    assert len(envelope.findings) == 1
    return envelope.findings[0].rule


def inside(text: str | bytes) -> list[str]:
    """Rules by which a table with this document is refused; the rest of its dossier is read."""
    content = envelopes.b64encode(text if isinstance(text, bytes) else text.encode()).decode()
    main = envelopes.file("XML1", envelopes.base64(MAIN))
    envelope, (dossier,) = read(envelopes.envelope(f"<HOSO>{main}{envelopes.file('XML2', content)}</HOSO>"))
    assert envelope.findings == []
    assert list(dossier.tables) == ["XML1"]
    assert all(finding.table == "XML2" for finding in dossier.findings)
    return rules(dossier.findings)


ENTITIES = {
    "plain doctype": "<!DOCTYPE GIAMDINHHS>",
    "lower-case doctype": "<!doctype GIAMDINHHS>",
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("bcdefgh", "cdefghi", strict=True))
    + "]>",
    "quadratic": f'<!DOCTYPE x [<!ENTITY i "{"A" * 50_000}">]>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "external subset": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "behind a comment": "<!-- a --><?pi?><!DOCTYPE x>",
}


@pytest.mark.parametrize("doctype", ENTITIES.values(), ids=ENTITIES)
def test_a_doctype_is_refused_outside_and_inside(doctype):
    assert refused(f"{doctype}<GIAMDINHHS><A>{'&i;' * 50_000}</A></GIAMDINHHS>".encode()) == "ENV-102"
    assert inside(f'<?xml version="1.0"?>\n{doctype}<CHITIEU_CHITIET_THUOC>&i;</CHITIEU_CHITIET_THUOC>') == ["ENV-102"]


def test_an_external_entity_never_reads_the_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-4711")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    text = f"{doctype}<TONG_HOP><MA_LK>LK1</MA_LK><HO_TEN>&e;</HO_TEN></TONG_HOP>"
    for data in (
        doctype.encode() + GOOD.replace(b"99001", b"&e;"),
        envelopes.envelope(f"<HOSO>{envelopes.file('XML1', envelopes.base64(text))}</HOSO>"),
    ):
        envelope, dossiers = read(data)
        assert "TOP-SECRET" not in repr((envelope.findings, envelope.header, dossiers))
        assert "ENV-102" in rules(envelope.findings + [f for d in dossiers for f in d.findings])


def test_an_xinclude_is_only_an_unknown_field(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-4711")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    text = MAIN.replace("</TONG_HOP>", f"{include}<HO_TEN>{include}</HO_TEN></TONG_HOP>")
    _, (dossier,) = read(envelopes.envelope(f"<HOSO>{envelopes.file('XML1', envelopes.base64(text))}</HOSO>"))
    assert "TOP-SECRET" not in repr(dossier)


@pytest.mark.parametrize("entity", ["&khong_co;", "&amp", "&#0;", "&#xD800;", "&"])
def test_entities_that_do_not_exist_are_malformed(entity):
    assert inside(f"<CHITIEU_CHITIET_THUOC>{entity}</CHITIEU_CHITIET_THUOC>")[0] in ("ENV-101", "ENV-103")


def test_deep_nesting_is_refused_outside_and_inside():
    deep = "<A>" * 10_000 + "</A>" * 10_000
    assert refused(f"<GIAMDINHHS>{deep}</GIAMDINHHS>".encode()) == "ENV-104"
    assert inside(deep) == ["ENV-104"]
    assert inside(f"<CHITIEU_CHITIET_THUOC>{deep}</CHITIEU_CHITIET_THUOC>") == ["ENV-104"]


class Endless(io.RawIOBase):
    """A head, then the same piece again and again up to a size; remembers how much was taken."""

    def __init__(self, head: bytes, piece: bytes, size: int) -> None:
        self.head, self.piece, self.size, self.taken = head, piece, size, 0

    def read(self, most: int = -1) -> bytes:
        assert most > 0, "the reader must not ask for everything"
        data = self.head or (self.piece * (most // len(self.piece) + 1))[: min(most, self.size - self.taken)]
        self.head = b""
        self.taken += len(data)
        return data


GIGABYTE = {
    "one text": (b"<GIAMDINHHS><A>", b"x"),
    "one base64 text": (b"<GIAMDINHHS><HOSO><FILEHOSO><NOIDUNGFILE>", b"QUJD"),
    "white space": (b"<GIAMDINHHS>", b" \n"),
    "white space before the root": (b"", b" "),
    "one comment": (b"<GIAMDINHHS><!--", b"x"),
    "comments": (b"<GIAMDINHHS>", b"<!-- x -->"),
    "one attribute": (b'<GIAMDINHHS><A a="', b"x"),
    "one name": (b"<GIAMDINHHS><", b"A"),
    "empty elements": (b"<GIAMDINHHS><HOSO>", b"<A/>"),
    "elements with attributes": (b"<GIAMDINHHS><HOSO>", b'<A b=""/>'),
    "CDATA": (b"<GIAMDINHHS><A><![CDATA[", b"x"),
    "tables": (b"<GIAMDINHHS><HOSO>", b"<FILEHOSO><LOAIHOSO>XML2</LOAIHOSO></FILEHOSO>"),
    "no XML": (b"", b"\x00\x01junk"),
    "unknown root": (b"<HTML>", b"<p>x</p>"),
}


@pytest.mark.parametrize(("head", "piece"), GIGABYTE.values(), ids=GIGABYTE)
def test_a_gigabyte_of_anything_stops_early_in_bounded_memory(head, piece):
    source = Endless(head, piece, 1000 * MB)
    tracemalloc.start()
    try:
        envelope = Envelope(source)
        dossiers = list(envelope)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert dossiers == []
    assert not envelope.readable
    assert rules(envelope.findings)
    assert source.taken <= LIMITS.file + MB
    assert peak < 100 * MB


def test_a_file_announced_as_too_large_is_not_read():
    source = Endless(b"<GIAMDINHHS>", b" ", 1000 * MB)
    envelope = Envelope(source, size=1000 * MB)
    assert list(envelope) == []
    assert rules(envelope.findings) == ["ENV-009"]
    assert source.taken == 0


def test_a_file_that_grows_too_large_keeps_the_dossiers_before():
    envelope = Envelope(io.BytesIO(GOOD + b" " * 2 * MB), limits=replace(LIMITS, file=MB))
    assert len(list(envelope)) == 3
    assert rules(envelope.findings) == ["ENV-009"]
    assert envelope.readable


def test_a_long_text_inside_a_table_is_refused():
    text = f"<CHITIEU_CHITIET_THUOC><A>{'x' * 20}</A></CHITIEU_CHITIET_THUOC>"
    content = envelopes.file("XML1", envelopes.base64(text))
    _, dossiers = read(envelopes.envelope(f"<HOSO>{content}</HOSO>"), limits=replace(LIMITS, document=50))
    assert rules(dossiers[0].findings) == ["ENV-105"]


WRONG = {
    "a letter missing": "QUJ",
    "a strange letter": "QU!D",
    "Vietnamese": "Không phải base64",
    "padding first": "====",
    "padding inside": "QQ==QUJD",
    "base64url": "-_-_",
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_wrong_base64_is_named(content):
    main = envelopes.file("XML1", envelopes.base64(MAIN))
    _, (dossier,) = read(envelopes.envelope(f"<HOSO>{main}{envelopes.file('XML2', content)}</HOSO>"))
    assert [(f.rule, f.table, f.field) for f in dossier.findings] == [("ENV-005", "XML2", "NOIDUNGFILE")]
    assert list(dossier.tables) == ["XML1"]


INSIDE = {
    "text": (b"hello", "ENV-101"),
    "zip": (b"PK\x03\x04zzzz", "ENV-101"),
    "two roots": (b"<A/><B/>", "ENV-101"),
    "cut": (b"<CHITIEU_CHITIET_THUOC><DSACH", "ENV-101"),
    "only a declaration": (b'<?xml version="1.0"?>', "ENV-101"),
    "blank": (b" \r\n", "ENV-101"),
    "UTF-16": ("<?xml version='1.0' encoding='utf-16'?><A/>".encode("utf-16"), "ENV-103"),
    "UTF-16 without mark": ("<CHITIEU_CHITIET_THUOC/>".encode("utf-16-be"), "ENV-103"),
    "latin-1": ("<CHITIEU_CHITIET_THUOC>é</CHITIEU_CHITIET_THUOC>".encode("latin-1"), "ENV-103"),
    "NUL": (b"<CHITIEU_CHITIET_THUOC>\0</CHITIEU_CHITIET_THUOC>", "ENV-103"),
    "control character": (b"<CHITIEU_CHITIET_THUOC>\x07</CHITIEU_CHITIET_THUOC>", "ENV-103"),
    "unknown root": (b"<THUOC/>", "ENV-109"),
    "HTML": (b"<html><body>404</body></html>", "ENV-109"),
}


@pytest.mark.parametrize(("content", "rule"), INSIDE.values(), ids=INSIDE)
def test_content_that_is_no_table_is_named(content, rule):
    assert inside(content) == [rule]


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", GOOD)
    return buffer.getvalue()


FILES = {
    "empty": (b"", "ENV-111"),
    "blank": (b" \r\n\t ", "ENV-111"),
    "byte-order mark only": (b"\xef\xbb\xbf", "ENV-111"),
    "no dossier": (envelopes.envelope(), "ENV-111"),
    "text": ("Kính gửi cơ quan bảo hiểm".encode(), "ENV-101"),
    "JSON": (b'{"a": 1}', "ENV-101"),
    "PDF": (b"%PDF-1.7\n", "ENV-101"),
    "gzip": (gzip.compress(GOOD), "ENV-101"),
    "zip": (zipped(), "ENV-101"),
    "one sign": (b"<", "ENV-101"),
    "declaration only": (b'<?xml version="1.0"?>', "ENV-101"),
    "open declaration": (b'<?xml version="1.0"', "ENV-101"),
    "open comment": (b"<!-- abc", "ENV-101"),
    "UTF-16 little": (GOOD.decode().encode("utf-16"), "ENV-103"),
    "UTF-16 little, no mark": (GOOD.decode().encode("utf-16-le"), "ENV-103"),
    "UTF-16 big, no mark": (GOOD.decode().encode("utf-16-be"), "ENV-103"),
    "UTF-32": (GOOD.decode().encode("utf-32-be"), "ENV-103"),
    "NULs": (b"\0" * 5000, "ENV-103"),
    "NUL in the facility": (GOOD.replace(b"99001", b"99\x0001"), "ENV-103"),
    "latin-1": (GOOD.replace(b"99001", b"99\xe901"), "ENV-103"),
    "flat dialect": (b"<HS><TONG_HOP/><CHI_TIET_THUOC/><CHI_TIET_THUOC/></HS>", "ENV-106"),
    "one table alone": (MAIN.encode(), "ENV-106"),
    "HTML": (b"<html></html>", "ENV-106"),
    "grouped dialect": (
        b"<GIAMDINHHS><THONGTINHOSO><DANHSACHHOSO><FILEHOSO><MA_LK>LK1</MA_LK><DANHSACH_FILE><FILEHOSO><LOAIHOSO>XML1"
        b"</LOAIHOSO></FILEHOSO></DANHSACH_FILE></FILEHOSO></DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>",
        "ENV-106",
    ),
}


@pytest.mark.parametrize(("data", "rule"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_visit_file_is_named(data, rule):
    envelope, dossiers = read(data)
    assert dossiers == []
    assert not envelope.readable
    assert rule in rules(envelope.findings)


def test_two_hundred_thousand_attributes_do_no_harm():
    many = " ".join(f'a{n}="1"' for n in range(200_000))
    data = GOOD.replace(b"<HOSO>", f"<HOSO {many}>".encode(), 1)
    envelope, dossiers = read(data)
    assert len(dossiers) == 3
    assert envelope.findings == []


def test_too_many_tables_in_a_dossier_are_refused():
    main = envelopes.file("XML1", envelopes.base64(MAIN))
    _, (dossier,) = read(envelopes.envelope(f"<HOSO>{main}{envelopes.file('XML2', '') * 1000}</HOSO>"))
    assert rules(dossier.findings) == ["ENV-110"]


@pytest.mark.parametrize(("limit", "table"), [("rows", "XML2"), ("fields", "XML1")])
def test_too_many_rows_or_fields_are_refused(limit, table):
    data = envelopes.envelope(envelopes.hoso(envelopes.visit(XML2=60)))
    _, (dossier,) = read(data, limits=replace(LIMITS, **{limit: 50}))
    assert [(f.rule, f.table, f.params["what"].split("/")[1]) for f in dossier.findings] == [("ENV-110", table, limit)]
    assert table not in dossier.tables


def test_too_many_dossiers_stop_the_file():
    envelope, dossiers = read(GOOD, limits=replace(LIMITS, dossiers=2))
    assert len(dossiers) == 2
    assert rules(envelope.findings) == ["ENV-110"]


def test_elements_between_dossiers_are_counted():
    def filled(count: int) -> bytes:
        return GOOD.replace(b"<DANHSACHHOSO>", b"<DANHSACHHOSO>" + b"<A/>" * count)

    assert len(read(filled(100_000), limits=replace(LIMITS, marks=500_000))[1]) == 3
    envelope, _ = read(filled(600_000), limits=replace(LIMITS, marks=500_000))
    assert rules(envelope.findings) == ["ENV-110"]


def test_elements_inside_a_table_are_counted():
    text = "<CHITIEU_CHITIET_THUOC>" + "<A/>" * 20_000 + "</CHITIEU_CHITIET_THUOC>"
    data = envelopes.envelope(f"<HOSO>{envelopes.file('XML2', envelopes.base64(text))}</HOSO>")
    _, (dossier,) = read(data, limits=replace(LIMITS, marks=10_000))
    assert rules(dossier.findings) == ["ENV-110", "ENV-003"]


def test_unknown_fields_by_the_thousand_are_not_all_reported():
    rows = [{"MA_LK": "LK1"} | {f"LA{n}_{k}": "x" for k in range(200)} for n in range(30)]
    data = envelopes.envelope(envelopes.hoso({"XML1": envelopes.visit()["XML1"], "XML2": rows}))
    _, (dossier,) = read(data)
    assert len(dossier.findings) == 20


@pytest.mark.parametrize("cut", [1, 30, 500, 3000])
def test_a_cut_file_keeps_its_complete_dossiers(cut):
    envelope, dossiers = read(GOOD[:-cut])
    whole = GOOD[:-cut].count(b"</HOSO>")
    assert [d.ma_lk for d in dossiers] == [f"LK{n}" for n in range(whole)]
    assert all(d.findings == [] for d in dossiers)
    assert [(f.rule, f.severity) for f in envelope.findings] == [("ENV-101", CRITICAL)]


def test_junk_after_the_end_is_reported():
    envelope, dossiers = read(GOOD + b"<more/>")
    assert len(dossiers) == 3
    assert rules(envelope.findings) == ["ENV-101"]


def test_a_folder_of_binary_junk_gives_a_finding_each(tmp_path):
    random = Random(7)
    for n in range(40):
        (tmp_path / f"{n}.xml").write_bytes(random.randbytes(random.randrange(5000)))
    for path in sorted(tmp_path.iterdir()):
        envelope, dossiers = read(path)
        assert (dossiers, envelope.readable) == ([], False)
        assert envelope.findings


def told(data: bytes) -> None:
    """The promise for any bytes at all: no exception, and either dossiers or the reason why there are none."""
    envelope, dossiers = read(data)
    assert dossiers or envelope.findings
    assert envelope.readable == bool(dossiers)
    assert envelope.size == len(data)
    for dossier in dossiers:
        assert dossier.tables.get("XML1") or dossier.findings
        assert all(text.strip() for rows in dossier.tables.values() for row in rows for text in row.values())


@settings(deadline=None)
@given(st.binary(max_size=3000))
@example(b"<GIAMDINHHS/>")
@example(b"<GIAMDINHHS><HOSO/></GIAMDINHHS>")
@example(b"<GIAMDINHHS><HOSO><FILEHOSO/></HOSO></GIAMDINHHS>")
def test_any_bytes_end_in_a_finding(data):
    told(data)


SMALL = envelopes.envelope(
    envelopes.hoso({"XML1": [{"MA_LK": "LK1", "HO_TEN": "NGƯỜI"}], "XML2": [{"MA_LK": "LK1", "STT": "1"}]}),
    envelopes.hoso({"XML1": [{"MA_LK": "LK2", "HO_TEN": "KHÁC"}]}, wrap=str),
)
place = st.integers(0, len(SMALL) - 1)
pieces = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from(
        [b"<HOSO>", b"</HOSO>", b"<FILEHOSO>", b"<![CDATA[", b"]]>", b"<!--", b"&x;", b"<TONG_HOP/>", b"\0"]
    ),
)
changes = st.one_of(
    st.tuples(st.just("flip"), place, st.integers(1, 255)),
    st.tuples(st.just("cut"), place, st.integers(1, 200)),
    st.tuples(st.just("insert"), place, pieces),
    st.tuples(st.just("repeat"), place, st.integers(1, 300)),
)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(changes, min_size=1, max_size=6))
def test_any_damage_to_a_good_file_ends_in_dossiers_or_findings(damage):
    data = bytearray(SMALL)
    for kind, at, what in damage:
        if kind == "flip" and at < len(data):
            data[at] ^= what
        elif kind == "cut":
            del data[at : at + what]
        elif kind == "insert":
            data[at:at] = what
        elif kind == "repeat":
            data[at:at] = data[at : at + what]
    told(bytes(data))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(["flip", "cut"]), st.integers(0, 5000), st.integers(1, 255)), max_size=4))
def test_any_damage_inside_a_table_ends_in_rows_or_findings(damage):
    data = bytearray(MAIN.encode())
    for kind, at, what in damage:
        if kind == "flip":
            data[at % len(data)] ^= what
        else:
            del data[at : at + what]
            data = data or bytearray(b"<")
    content = envelopes.b64encode(bytes(data)).decode()
    told(envelopes.envelope(f"<HOSO>{envelopes.file('XML1', content)}</HOSO>"))


def test_reading_opens_no_file(monkeypatch):
    opened = []
    monkeypatch.setattr(os, "open", lambda *a, **k: opened.append(a))
    monkeypatch.setattr("builtins.open", lambda *a, **k: opened.append(a))
    read(b'<!DOCTYPE x SYSTEM "x.dtd">' + GOOD)
    read(GOOD)
    assert opened == []
