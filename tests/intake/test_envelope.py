"""Reading the outer file: header, every way a table may be wrapped, streaming, what each dossier holds."""

import hashlib
import io
import unicodedata
from datetime import date

import envelopes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yteso.intake.envelope import Envelope, read
from yteso.intake.findings import CRITICAL, WARNING


TABLES = envelopes.visit(XML2=3, XML3=2, XML4=2, XML5=1, XML7=1, XML14=1)


def rules(findings) -> list[str]:
    return [finding.rule for finding in findings]


def one(data: bytes):
    envelope, dossiers = read(data)
    assert envelope.findings == []
    assert len(dossiers) == 1
    return dossiers[0]


def in_lines(width: int, eol: str):
    def wrap(text: str) -> str:
        line = envelopes.base64(text)
        return eol + eol.join(line[i : i + width] for i in range(0, len(line), width)) + eol + "    "

    return wrap


DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\r\n'
WRAPPINGS = {
    "base64": envelopes.base64,
    "base64 in lines of 76": in_lines(76, "\n"),
    "base64 in CRLF lines of 64": in_lines(64, "\r\n"),
    "base64 in CDATA": lambda text: f"<![CDATA[{envelopes.base64(text)}]]>",
    "nested elements": lambda text: f"\r\n  {text}\r\n",
    "escaped text": lambda text: DECLARED.replace("<", "&lt;") + text.replace("&", "&amp;").replace("<", "&lt;"),
    "CDATA": lambda text: f"<![CDATA[{DECLARED}{text}]]>",
    "declaration": lambda text: envelopes.base64(DECLARED + text),
    "declaration in lower case": lambda text: envelopes.base64(DECLARED.lower() + text),
    "declaration that says UTF-16": lambda text: envelopes.base64(DECLARED.replace("UTF-8", "utf-16") + text),
    "byte-order mark": lambda text: envelopes.base64("\ufeff" + DECLARED + text),
    "blank lines before the declaration": lambda text: envelopes.base64("\r\n\r\n" + DECLARED + text),
    "xmlns attributes": lambda text: envelopes.base64(
        text.replace(">", ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="urn:x">', 1)
    ),
    "a default namespace": lambda text: envelopes.base64(text.replace(">", ' xmlns="urn:his">', 1)),
    "comments and instructions": lambda text: envelopes.base64(f"<?his 4.2?><!-- made by hand -->{text}<!-- end -->"),
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_every_wrapping_gives_the_same_dossier(wrap):
    dossier = one(envelopes.envelope(envelopes.hoso(TABLES, wrap=wrap)))
    assert dossier.tables == TABLES
    assert dossier.standard == "3176"
    assert dossier.findings == []
    assert dossier.digest == one(envelopes.envelope(envelopes.hoso(TABLES))).digest


def test_header_tells_facility_day_and_declared_count():
    envelope, dossiers = read(envelopes.envelope(envelopes.hoso(TABLES), facility="99007", made="20260201"))
    assert envelope.header.facility == "99007"
    assert envelope.header.made == date(2026, 2, 1)
    assert envelope.header.declared == 1
    assert not envelope.header.signed
    assert envelope.readable
    assert envelope.standard == dossiers[0].standard == "3176"


def test_bytes_are_hashed_and_counted_in_the_same_pass():
    data = envelopes.envelope(envelopes.hoso(TABLES))
    envelope, _ = read(data)
    assert envelope.sha256 == hashlib.sha256(data).digest()
    assert envelope.size == len(data)


@pytest.mark.parametrize("signature", ["<Signature><SignedInfo/></Signature>", "c2lnbmVk"])
def test_a_signature_is_seen(signature):
    data = envelopes.envelope(envelopes.hoso(TABLES))
    signed = data.replace(b"<CHUKYDONVI />", f"<CHUKYDONVI>{signature}</CHUKYDONVI>".encode())
    envelope, _ = read(signed)
    assert envelope.header.signed


OUTER = {
    "byte-order mark": lambda d: b"\xef\xbb\xbf" + d,
    "blank lines first": lambda d: b"\r\n \n" + d,
    "no declaration": lambda d: d[d.index(b"<GIAM") :],
    "declaration in capitals": lambda d: d.replace(b"utf-8", b"UTF-8"),
    "xmlns attributes": lambda d: d.replace(b"<GIAMDINHHS>", b'<GIAMDINHHS xmlns:xsi="urn:a" xmlns:xsd="urn:b">'),
    "default namespace": lambda d: d.replace(b"<GIAMDINHHS>", b'<GIAMDINHHS xmlns="urn:a">'),
    "indented": lambda d: d.replace(b"><", b">\r\n  <"),
    "comment first": lambda d: d.replace(b"<GIAM", b"<!-- <!DOCTYPE x> --><GIAM", 1),
    "lower case": lambda d: (
        d.replace(b"GIAMDINHHS", b"giamdinhhs").replace(b"HOSO", b"hoso").replace(b"MACSKCB", b"macskcb")
    ),
    "no THONGTINHOSO": lambda d: d.replace(b"<THONGTINHOSO>", b"").replace(b"</THONGTINHOSO>", b""),
    "no HOSO": lambda d: d.replace(b"<HOSO>", b"").replace(b"</HOSO>", b""),
    "no signature element": lambda d: d.replace(b"<CHUKYDONVI />", b""),
}


@pytest.mark.parametrize("change", OUTER.values(), ids=OUTER)
def test_every_outer_variant_is_read(change):
    data = change(envelopes.envelope(envelopes.hoso(TABLES)))
    dossier = one(data)
    assert dossier.tables == TABLES
    assert dossier.findings == []


@pytest.mark.parametrize("size", [1, 7, 100, 5000])
def test_a_source_may_give_as_few_bytes_as_it_likes(size):
    class Slow(io.BytesIO):
        def read(self, most=-1):
            return super().read(min(size, most) if most > 0 else size)

    data = envelopes.envelope(*(envelopes.hoso(envelopes.visit(f"LK{n}", XML2=1)) for n in range(3)))
    dossiers = list(Envelope(Slow(data)))
    assert [d.ma_lk for d in dossiers] == ["LK0", "LK1", "LK2"]


def test_dossiers_come_in_file_order_with_their_position():
    data = envelopes.envelope(*(envelopes.hoso(envelopes.visit(f"LK{n}", XML2=2)) for n in range(500)))
    envelope, dossiers = read(data)
    assert [(d.position, d.ma_lk) for d in dossiers] == [(n + 1, f"LK{n}") for n in range(500)]
    assert envelope.findings == []
    assert all(d.rows == {"XML1": 1, "XML2": 2} for d in dossiers)


def test_tables_may_come_in_any_order():
    shuffled = dict(reversed(TABLES.items()))
    dossier = one(envelopes.envelope(envelopes.hoso(shuffled)))
    assert dossier.tables == TABLES
    assert dossier.digest == one(envelopes.envelope(envelopes.hoso(TABLES))).digest


def test_fields_may_come_in_any_order():
    turned = {table: [dict(reversed(row.items())) for row in rows] for table, rows in TABLES.items()}
    assert (
        one(envelopes.envelope(envelopes.hoso(turned))).digest == one(envelopes.envelope(envelopes.hoso(TABLES))).digest
    )


def test_order_of_rows_and_any_value_change_the_digest():
    first = one(envelopes.envelope(envelopes.hoso(TABLES))).digest
    turned = TABLES | {"XML2": TABLES["XML2"][::-1]}
    other = TABLES | {"XML5": [TABLES["XML5"][0] | {"DIEN_BIEN_LS": "Khác"}]}
    digests = {first, *(one(envelopes.envelope(envelopes.hoso(t))).digest for t in (turned, other))}
    assert len(digests) == 3
    assert all(len(digest) == 16 for digest in digests)


def test_an_xml1_without_any_value_is_no_xml1():
    _, (dossier,) = read(envelopes.envelope(envelopes.hoso({"XML1": [{"MA_LK": " "}], "XML2": [{"MA_LK": "LK1"}]})))
    assert [(finding.rule, finding.table) for finding in dossier.findings] == [("ENV-003", "XML1")]


def test_values_are_kept_as_sent_and_blank_ones_dropped():
    text = (
        "<TONG_HOP><MA_LK>LK1</MA_LK><HO_TEN>  NGUYỄN VĂN THỬ </HO_TEN><DIA_CHI><![CDATA[A & B < C]]></DIA_CHI>"
        "<MA_TAI_NAN/><GHI_CHU></GHI_CHU><CAN_NANG> \r\n </CAN_NANG><NHOM_MAU><![CDATA[]]></NHOM_MAU></TONG_HOP>"
    )
    dossier = one(envelopes.envelope(f"<HOSO>{envelopes.file('XML1', envelopes.base64(text))}</HOSO>"))
    assert dossier.tables == {"XML1": [{"MA_LK": "LK1", "HO_TEN": "  NGUYỄN VĂN THỬ ", "DIA_CHI": "A & B < C"}]}


@pytest.mark.parametrize("wrap", [envelopes.base64, str], ids=["base64", "nested"])
@pytest.mark.parametrize("name", ["NGUYỄN THỊ HƯỜNG", "Ω Å kΩ", "か\u3099"])
def test_decomposed_text_is_composed(name, wrap):
    tables = {"XML1": [TABLES["XML1"][0] | {"HO_TEN": unicodedata.normalize("NFD", name)}]}
    composed = {"XML1": [TABLES["XML1"][0] | {"HO_TEN": unicodedata.normalize("NFC", name)}]}
    dossier = one(envelopes.envelope(envelopes.hoso(tables, wrap=wrap)))
    assert dossier.tables == composed
    assert dossier.digest == one(envelopes.envelope(envelopes.hoso(composed))).digest


EMPTY = {
    "empty content": "",
    "blank content": " \r\n ",
    "list without rows": envelopes.base64("<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC/></CHITIEU_CHITIET_THUOC>"),
    "root alone": envelopes.base64("<CHITIEU_CHITIET_THUOC/>"),
    "old root alone": envelopes.base64("<DSACH_CHI_TIET_THUOC/>"),
    "row without values": envelopes.base64(
        "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><CHI_TIET_THUOC><STT/></CHI_TIET_THUOC></DSACH_CHI_TIET_THUOC>"
        "</CHITIEU_CHITIET_THUOC>"
    ),
}


@pytest.mark.parametrize("content", EMPTY.values(), ids=EMPTY)
def test_an_empty_table_is_no_table(content):
    files = envelopes.file("XML1", envelopes.base64(envelopes.document("XML1", TABLES["XML1"])))
    dossier = one(envelopes.envelope(f"<HOSO>{files}{envelopes.file('XML2', content)}</HOSO>"))
    assert list(dossier.tables) == ["XML1"]
    assert dossier.findings == []


def test_several_files_of_one_table_are_read_together():
    """A birth of twins has an XML7 for each newborn."""
    first, second = (envelopes.document("XML7", [envelopes.row("XML7", n)]) for n in (1, 2))
    main = envelopes.document("XML1", TABLES["XML1"])
    files = "".join(
        envelopes.file(table, envelopes.base64(text))
        for table, text in (("XML7", first), ("XML1", main), ("XML7", second))
    )
    dossier = one(envelopes.envelope(f"<HOSO>{files}</HOSO>"))
    assert dossier.rows == {"XML1": 1, "XML7": 2}
    assert dossier.tables["XML7"] == [envelopes.row("XML7", 1), envelopes.row("XML7", 2)]


def test_elements_inside_a_field_are_kept_as_its_text():
    text = envelopes.document("XML14", [envelopes.row("XML14", 1, DU_PHONG="@")])
    text = text.replace("@", "ký: <Signature><V>1</V></Signature>")
    main = envelopes.document("XML1", TABLES["XML1"])
    files = "".join(envelopes.file(t, envelopes.base64(x)) for t, x in (("XML1", main), ("XML14", text)))
    dossier = one(envelopes.envelope(f"<HOSO>{files}</HOSO>"))
    assert dossier.tables["XML14"][0]["DU_PHONG"] == "ký: <Signature><V>1</V></Signature>"


def test_names_of_the_header_inside_a_row_are_only_unknown_fields():
    row = TABLES["XML1"][0] | {"NGAYLAP": "19990101", "MACSKCB": "99555", "CHUKYDONVI": "x"}
    envelope, (dossier,) = read(envelopes.envelope(envelopes.hoso({"XML1": [row]}, wrap=str), facility=""))
    assert dossier.tables == {"XML1": [row]}
    assert rules(dossier.findings) == ["ENV-112"] * 3
    assert (envelope.header.facility, envelope.header.made, envelope.header.signed) == ("", date(2026, 1, 15), False)


def test_a_shallow_pass_counts_dossiers_without_their_tables():
    data = envelopes.envelope(*(envelopes.hoso(TABLES) for _ in range(5)))
    envelope = Envelope(io.BytesIO(data), shallow=True)
    dossiers = list(envelope)
    assert [d.position for d in dossiers] == [1, 2, 3, 4, 5]
    assert all(d.tables == {} and d.findings == [] for d in dossiers)
    assert (envelope.header.declared, envelope.header.facility, envelope.size) == (5, "99001", len(data))


@pytest.mark.parametrize(("declared", "found"), [(3, ["ENV-001"]), (2, []), (1, []), (0, [])])
def test_fewer_dossiers_than_declared_means_a_cut_file(declared, found):
    data = envelopes.envelope(*(envelopes.hoso(envelopes.visit(f"LK{n}")) for n in (1, 2)), declared=declared)
    envelope, dossiers = read(data)
    assert rules(envelope.findings) == found
    assert len(dossiers) == 2
    if found:
        assert envelope.findings[0].params == {"declared": "3", "found": "2"}


@pytest.mark.parametrize("facility", ["", "   "])
def test_a_file_must_name_its_facility(facility):
    envelope, dossiers = read(envelopes.envelope(envelopes.hoso(TABLES), facility=facility))
    assert rules(envelope.findings) == ["ENV-002"]
    assert envelope.readable
    assert len(dossiers) == 1


@pytest.mark.parametrize("made", ["", "20261301", "hôm nay", "15/01/2026"])
def test_a_day_that_cannot_be_read_is_left_out(made):
    envelope, dossiers = read(envelopes.envelope(envelopes.hoso(TABLES), made=made))
    assert envelope.header.made is None
    assert dossiers[0].tables == TABLES


def test_a_dossier_needs_an_xml1():
    dossier = one(envelopes.envelope(envelopes.hoso({"XML2": TABLES["XML2"]})))
    assert rules(dossier.findings) == ["ENV-003"]
    assert dossier.tables == {"XML2": TABLES["XML2"]}


def test_an_undecodable_xml1_is_not_also_called_missing():
    dossier = one(envelopes.envelope(f"<HOSO>{envelopes.file('XML1', 'không phải base64')}</HOSO>"))
    assert [(f.rule, f.table, f.severity) for f in dossier.findings] == [("ENV-005", "XML1", CRITICAL)]


def test_two_xml1_are_refused_and_never_merged():
    twice = "".join(
        envelopes.file("XML1", envelopes.base64(envelopes.document("XML1", [envelopes.row("XML1", n, ma_lk=f"LK{n}")])))
        for n in (1, 2)
    )
    dossier = one(envelopes.envelope(f"<HOSO>{twice}</HOSO>"))
    assert rules(dossier.findings) == ["ENV-107"]
    assert dossier.findings[0].critical
    assert [row["MA_LK"] for row in dossier.tables["XML1"]] == ["LK1"]


def test_other_dossiers_do_not_suffer_from_a_broken_one():
    good = envelopes.hoso(envelopes.visit("LK1"))
    bad = f"<HOSO>{envelopes.file('XML1', '!!!')}</HOSO>"
    envelope, dossiers = read(envelopes.envelope(good, bad, envelopes.hoso(envelopes.visit("LK3"))))
    assert envelope.findings == []
    assert [rules(d.findings) for d in dossiers] == [[], ["ENV-005"], []]


@pytest.mark.parametrize("kind", ["XML16", "XML0", "XML12", "", "THUOC"])
def test_a_table_that_does_not_belong_here_is_named(kind):
    main = envelopes.file("XML1", envelopes.base64(envelopes.document("XML1", TABLES["XML1"])))
    dossier = one(envelopes.envelope(f"<HOSO>{main}{envelopes.file(kind, 'PEEvPg==')}</HOSO>"))
    assert [(f.rule, f.value) for f in dossier.findings] == [("ENV-108", kind)]


def test_the_kind_of_a_table_may_be_sloppily_written():
    main = envelopes.file(" xml1\r\n", envelopes.base64(envelopes.document("XML1", TABLES["XML1"])))
    assert list(one(envelopes.envelope(f"<HOSO>{main}</HOSO>")).tables) == ["XML1"]


def test_content_of_another_table_is_refused():
    wrong = envelopes.base64(envelopes.document("XML3", TABLES["XML3"]))
    main = envelopes.file("XML1", envelopes.base64(envelopes.document("XML1", TABLES["XML1"])))
    dossier = one(envelopes.envelope(f"<HOSO>{main}{envelopes.file('XML2', wrong)}</HOSO>"))
    assert [(f.rule, f.table, f.value) for f in dossier.findings] == [
        ("ENV-109", "XML2", "CHITIEU_CHITIET_DVKT_VTYT"),
    ]
    assert "XML2" not in dossier.tables


def test_an_unknown_field_is_kept_and_warned_about_once():
    rows = [row | ({"TEN_LA": f"x{n}"} if n else {}) for n, row in enumerate(TABLES["XML2"])]
    dossier = one(envelopes.envelope(envelopes.hoso(TABLES | {"XML2": rows})))
    assert [(f.rule, f.severity, f.table, f.row, f.field, f.value) for f in dossier.findings] == [
        ("ENV-112", WARNING, "XML2", 2, "TEN_LA", "x1")
    ]
    assert dossier.tables["XML2"] == rows


def test_a_field_given_twice_in_a_row_is_warned_about():
    text = envelopes.document("XML1", TABLES["XML1"]).replace("</TONG_HOP>", "<HO_TEN>KHÁC</HO_TEN></TONG_HOP>")
    dossier = one(envelopes.envelope(f"<HOSO>{envelopes.file('XML1', envelopes.base64(text))}</HOSO>"))
    assert [(f.rule, f.row, f.field) for f in dossier.findings] == [("ENV-113", 1, "HO_TEN")]
    assert dossier.tables["XML1"][0]["HO_TEN"] == "KHÁC"


def test_a_visit_sent_twice_in_one_file_is_warned_about():
    data = envelopes.envelope(*(envelopes.hoso(envelopes.visit(name)) for name in ("LK1", "LK2", "LK1")))
    _, dossiers = read(data)
    assert [rules(d.findings) for d in dossiers] == [[], [], ["ENV-114"]]
    assert dossiers[2].findings[0].params == {"first": "1"}


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "hs.xml"
    path.write_bytes(envelopes.envelope(envelopes.hoso(TABLES)))
    envelope, dossiers = read(path)
    assert envelope.name == "hs.xml"
    assert dossiers[0].tables == TABLES


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30)
names = st.sampled_from(list(TABLES["XML2"][0]))


@settings(deadline=None)
@given(st.lists(st.dictionaries(names, words, min_size=1), min_size=1, max_size=4), st.sampled_from(list(WRAPPINGS)))
def test_any_text_survives_any_wrapping(rows, wrapping):
    tables = {"XML1": TABLES["XML1"], "XML2": [{"MA_LK": "LK-DEMO-1"} | row for row in rows]}
    if wrapping in ("CDATA", "escaped text", "a default namespace", "xmlns attributes"):
        tables["XML2"] = [{n: v.replace("]]>", "") for n, v in row.items()} for row in tables["XML2"]]
    kept = [{n: v for n, v in row.items() if v.strip()} for row in tables["XML2"]]
    data = envelopes.envelope(envelopes.hoso(tables, wrap=WRAPPINGS[wrapping]))
    _, (dossier,) = read(data)
    got = dossier.tables.get("XML2", [])
    assert [normal(row) for row in got] == [normal(row) for row in kept if row]


def normal(row):
    return {name: unicodedata.normalize("NFC", text) for name, text in row.items()}
