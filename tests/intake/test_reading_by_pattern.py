"""The quick reader and the XML parser agree: on what the quick one takes, and on what it must leave alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yteso import standards
from yteso.intake.reading import pattern
from yteso.intake.reading.limits import LIMITS, Limits, Refused
from yteso.intake.reading.pattern import read_by_pattern
from yteso.intake.reading.tables import read_document, read_table
from yteso.intake.reading.xml import parse


XML1 = "<TONG_HOP>{}</TONG_HOP>"
DRUGS = "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>{}</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>"
DRUG = "<CHI_TIET_THUOC>{}</CHI_TIET_THUOC>"
NAME = "<HO_TEN>{}</HO_TEN>"


def quick(kind: str, text: str | bytes, limits: Limits = LIMITS) -> list[dict[str, str]] | None:
    """What the pattern reads; and where it reads anything, the parser must read the same."""
    data = text.encode() if isinstance(text, str) else text
    found = read_by_pattern(kind, data, limits)
    if found is None:
        return None
    root, rows = found
    parsed = parse(data)
    assert root == parsed.tag
    assert rows == read_table(kind, parsed, limits).rows
    return rows


TAKEN = {
    "plain": (NAME.format("TRẦN VĂN A"), {"HO_TEN": "TRẦN VĂN A"}),
    "CDATA": (NAME.format("<![CDATA[A < B & C ]] > D]]>"), {"HO_TEN": "A < B & C ]] > D"}),
    "empty CDATA": (NAME.format("<![CDATA[]]>"), {}),
    "brackets at the end of CDATA": (NAME.format("<![CDATA[A]]]>"), {"HO_TEN": "A]"}),
    "a greater-than sign": (NAME.format("A > B"), {"HO_TEN": "A > B"}),
    "line feeds": (NAME.format("một\nhai"), {"HO_TEN": "một\nhai"}),
    "blank": (NAME.format(" \n\t "), {}),
    "a no-break space": (NAME.format("\u00a0"), {}),
    "empty element": ("<STT/><HO_TEN />", {}),
    "white space between": ("\r\n\t<MA_LK>1</MA_LK>\n  <STT>2</STT>\n", {"MA_LK": "1", "STT": "2"}),
    "some fields only": ("<STT>2</STT><HO_TEN>A</HO_TEN>", {"STT": "2", "HO_TEN": "A"}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_takes(name):
    body, row = TAKEN[name]
    assert quick("XML1", XML1.format(body)) == ([row] if row else [])


DECLARATIONS = [
    "",
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="utf-8"?>\r\n',
    '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>\n\n',
]


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_takes_any_usual_declaration(declaration):
    assert quick("XML1", declaration + XML1.format("<STT>1</STT>")) == [{"STT": "1"}]


SCHEMAS = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'


def test_takes_the_namespaces_that_serializers_declare():
    assert quick("XML1", XML1.replace("<TONG_HOP>", f"<TONG_HOP{SCHEMAS}>").format("<STT>1</STT>")) == [{"STT": "1"}]
    drugs = DRUGS.replace("<CHITIEU_CHITIET_THUOC>", f"<CHITIEU_CHITIET_THUOC{SCHEMAS}>")
    assert quick("XML2", drugs.format(DRUG.format("<STT>1</STT>"))) == [{"STT": "1"}]


def test_takes_several_rows_and_leaves_out_blank_ones():
    rows = "\n".join(DRUG.format(f"<STT>{n}</STT>") for n in ("1", " ", "3"))
    assert quick("XML2", DRUGS.format(rows)) == [{"STT": "1"}, {"STT": "3"}]


@pytest.mark.parametrize("standard", standards.STANDARDS.values(), ids=lambda standard: standard.id)
def test_takes_every_table_of_every_version_with_all_its_fields(standard):
    for table in standard.tables.values():
        row = {field: f"giá trị {number}" for number, field in enumerate(table.fields)}
        body = "".join(f"<{name}>{text}</{name}>" for name, text in row.items())
        for tag in filter(None, (table.row, table.list, table.root)):
            body = f"<{tag}>{body}</{tag}>"
        assert quick(table.id, body) == [row], table.id


def test_takes_the_list_alone_as_the_root_and_that_of_4210():
    listed = "<DSACH_CHI_TIET_THUOC>{}</DSACH_CHI_TIET_THUOC>".format(DRUG.format("<STT>1</STT>"))
    assert quick("XML2", listed) == [{"STT": "1"}]
    assert read_document("XML2", listed.encode(), LIMITS).old
    assert not read_document("XML2", DRUGS.format(DRUG.format("<STT>1</STT>")).encode(), LIMITS).old


LEFT = {
    "a carriage return": NAME.format(" \r\nA"),
    "an entity": NAME.format("A &amp; B"),
    "an entity of one's own": NAME.format("&a;"),
    "a bare ampersand": NAME.format("A & B"),
    "fields in another order": "<HO_TEN>A</HO_TEN><STT>1</STT>",
    "a field twice": "<STT>1</STT><STT>2</STT>",
    "an unknown field": "<LA>1</LA>",
    "a lower-case field": "<stt>1</stt>",
    "an attribute": '<STT a="1">1</STT>',
    "an element inside a field": "<DU_PHONG>a<b>c</b></DU_PHONG>",
    "text beside CDATA": NAME.format("a<![CDATA[b]]>"),
    "two CDATA sections": NAME.format("<![CDATA[a]]><![CDATA[b]]>"),
    "the end of CDATA in a text": NAME.format("a]]>"),
    "a CDATA mark inside CDATA": NAME.format("<![CDATA[a<![CDATA[b]]>"),
    "marks that cancel out": "<STT><![CDATA[a<![CDATA[b]]></STT><HO_TEN>c]]></HO_TEN>",
    "CDATA never closed": NAME.format("<![CDATA[a"),
    "CDATA over two fields": "<STT><![CDATA[1</STT><HO_TEN>2]]></HO_TEN>",
    "a comment": "<STT>1</STT><!-- a -->",
    "an instruction": "<STT>1</STT><?a?>",
    "text between fields": "<STT>1</STT>a<HO_TEN>A</HO_TEN>",
    "a form feed between fields": "<STT>1</STT>\f",
    "a control character": NAME.format("a\x01b"),
    "NUL": NAME.format("a\0b"),
    "U+FFFE": NAME.format("\ufffe"),
    "U+FFFF": NAME.format("\uffff"),
    "a crossing": "<STT>1</HO_TEN>",
    "an open end": "<STT>1</STT></TONG_HOP><TONG_HOP>",
    "nothing": "",
}


@pytest.mark.parametrize("name", LEFT)
def test_leaves_to_the_parser(name):
    expected = [] if name == "nothing" else None
    assert quick("XML1", XML1.format(LEFT[name])) == expected


BYTES = {
    "Latin-1": XML1.format(NAME).encode().replace(b"{}", b"\xe9"),
    "a surrogate": XML1.format(NAME).encode().replace(b"{}", b"\xed\xa0\x80"),
    "UTF-16": XML1.format("<STT>1</STT>").encode("utf-16"),
    "two roots": XML1.format("<STT>1</STT>").encode() * 2,
    "text after the root": XML1.format("<STT>1</STT>").encode() + b"a",
    "a document type": b"<!DOCTYPE TONG_HOP>" + XML1.format("<STT>1</STT>").encode(),
    "a default namespace": XML1.replace("<TONG_HOP>", '<TONG_HOP xmlns="a">').format("<STT>1</STT>").encode(),
    "a foreign root": b"<TONG><STT>1</STT></TONG>",
    "cut short": XML1.format("<STT>1</STT>").encode()[:-3],
}


@pytest.mark.parametrize("name", BYTES)
def test_leaves_other_bytes_to_the_parser(name):
    assert quick("XML1", BYTES[name]) is None


def test_limits_hold(monkeypatch):
    rows = DRUGS.format(DRUG.format("<STT>1</STT>") * 3)
    assert quick("XML2", rows, Limits(rows=3)) == [{"STT": "1"}] * 3
    with pytest.raises(Refused, match="ENV-110"):
        read_document("XML2", rows.encode(), Limits(rows=2))
    assert quick("XML2", rows, Limits(fields=10)) is None
    monkeypatch.setattr(pattern, "LONGEST", len(rows) - 1)
    assert quick("XML2", rows) is None


PIECES = st.sampled_from(
    [*"<>&]['\"/ \n\r\tÁđ\u00a0\0\x01", "]]>", "<![CDATA[", "&amp;", "<STT>", "</STT>", "<STT/>", "<!--", "-->",
     "</HO_TEN>", "<HO_TEN>", "</TONG_HOP>", "<TONG_HOP>", "a", "1"]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=4))
def test_never_reads_what_the_parser_does_not(inside, after):
    """Whatever is put between the marks of a document, or after them: the same rows, or left to the parser."""
    data = (XML1.format("<STT>1</STT>" + NAME.format("".join(inside))) + "".join(after)).encode()
    if read_by_pattern("XML1", data, LIMITS) is not None:
        assert quick("XML1", data) is not None
