"""Telling which version of the standard a dossier was written to, and reading the old spellings of 4210."""

from datetime import date

import envelopes
import pytest

from yteso import standards
from yteso.intake.envelope import read
from yteso.intake.findings import WARNING


def told(tables, *, standard="3176", made="20260115", wrap=envelopes.base64):
    hoso = envelopes.hoso(tables, standard=standard, wrap=wrap)
    envelope, (dossier,) = read(envelopes.envelope(hoso, made=made))
    assert envelope.standard == dossier.standard
    return dossier


@pytest.mark.parametrize("version", ["4210", "130", "4750", "3176"])
def test_a_full_dossier_of_every_version_is_told(version):
    ends = {"4210": "202303010930", "130": "202403010930", "4750": "202410010930", "3176": "202601150930"}[version]
    extra = {"XML13": 1} if version in ("4750", "3176") else {}
    tables = envelopes.visit(standard=version, XML2=2, XML3=2, XML4=1, XML5=1, **extra)
    tables["XML1"][0]["NGAY_RA"] = ends
    dossier = told(tables, standard=version)
    assert dossier.standard == version
    assert dossier.findings == []
    assert dossier.tables == tables


@pytest.mark.parametrize(
    ("ends", "version"),
    [
        ("202408011000", "4750"),
        ("202412312359", "4750"),
        ("202501010000", "3176"),
        ("202601011000", "3176"),
        ("202403011000", "130"),
        ("hôm qua", "3176"),
        ("", "3176"),
    ],
)
def test_without_telling_content_the_end_of_the_visit_decides(ends, version):
    assert told({"XML1": [{"MA_LK": "LK1", "MA_THE_BHYT": "X", "NGAY_RA": ends}]}).standard == version


@pytest.mark.parametrize(("made", "version"), [("20240801", "4750"), ("20260101", "3176"), ("", "3176")])
def test_without_that_the_day_of_the_file_decides(made, version):
    assert told({"XML1": [{"MA_LK": "LK1", "MA_THE_BHYT": "X"}]}, made=made).standard == version


LATE, EARLY = "202601150930", "202410010930"


@pytest.mark.parametrize(
    ("table", "row", "ends", "version"),
    [
        ("XML13", {"MA_CSKCB_DI": "99001"}, EARLY, "3176"),
        ("XML13", {"TINH_TRANG_CT": "Ổn định"}, EARLY, "3176"),
        ("XML13", {"MA_NOI_DI": "99001"}, LATE, "4750"),
        ("XML13", {"TEN_THUOC": "Paracetamol"}, LATE, "4750"),
        ("XML14", {"NGAY_HEN_KL": "20260301"}, EARLY, "3176"),
        ("XML14", {"NGAY_HEN_KL": "202603010800"}, LATE, "4750"),
        ("XML2", {"NGAY_TH_YL": "202403011000"}, "202403011000", "4750"),
        ("XML1", {"NHOM_MAU": "O"}, "202403011000", "4750"),
    ],
)
def test_content_outweighs_the_date(table, row, ends, version):
    main = {"MA_LK": "LK1", "MA_THE_BHYT": "X", "NGAY_RA": ends}
    tables = {"XML1": [main], table: [{"MA_LK": "LK1"} | row]} if table != "XML1" else {"XML1": [main | row]}
    assert told(tables).standard == version


def test_the_card_field_alone_tells_4210():
    assert told({"XML1": [{"MA_LK": "LK1", "MA_THE": "X"}]}).standard == "4210"


def test_old_roots_alone_tell_4210():
    tables = {"XML1": [{"MA_LK": "LK1"}], "XML2": [{"MA_LK": "LK1", "STT": "1"}]}
    assert told(tables, standard="4210").standard == "4210"


def test_new_fields_under_old_roots_are_not_4210():
    tables = envelopes.visit(XML2=2)
    files = envelopes.file("XML1", envelopes.base64(envelopes.document("XML1", tables["XML1"])))
    files += envelopes.file("XML2", envelopes.base64(envelopes.document("XML2", tables["XML2"], standard="4210")))
    _, (dossier,) = read(envelopes.envelope(f"<HOSO>{files}</HOSO>"))
    assert dossier.standard == "3176"
    assert dossier.tables == tables


@pytest.mark.parametrize(
    ("table", "sent", "right"),
    [
        ("XML2", "T_NGUONKHAC", "T_NGUON_KHAC"),
        ("XML3", "T_NGUON_KHAC", "T_NGUONKHAC"),
        ("XML3", "MAVATTU", "MA_VAT_TU"),
    ],
)
def test_wild_spellings_of_4210_become_those_of_the_decree(table, sent, right):
    tables = envelopes.visit(standard="4210", **{table: 2})
    wild = [{(sent if name == right else name): text for name, text in row.items()} for row in tables[table]]
    dossier = told(tables | {table: wild}, standard="4210")
    assert dossier.tables == tables
    assert dossier.findings == []


@pytest.mark.parametrize("what", ["fields", "everything"])
def test_lower_case_names_of_before_2017_are_read_with_a_warning(what):
    tables = envelopes.visit(standard="4210", XML2=2, XML3=1)
    lower = {
        table: [{name.lower(): text for name, text in row.items()} for row in rows] for table, rows in tables.items()
    }

    def wrap(text):
        for tag in ("TONG_HOP", "DSACH_CHI_TIET_THUOC", "DSACH_CHI_TIET_DVKT", "CHI_TIET_THUOC", "CHI_TIET_DVKT"):
            text = text.replace(tag, tag.lower()) if what == "everything" else text
        return envelopes.base64(text)

    dossier = told(lower, standard="4210", wrap=wrap)
    assert dossier.tables == tables
    assert dossier.standard == "4210"
    assert [(f.rule, f.severity, f.table) for f in dossier.findings] == [
        ("ENV-115", WARNING, table) for table in ("XML1", "XML2", "XML3")
    ]


def alone(table: str, rows: list[dict[str, str]]) -> bytes:
    root = standards.standard("3176").tables[table].root
    text = envelopes.document(table, rows).replace(f"</{root}>", f"<CHUKYDONVI/></{root}>")
    return ('<?xml version="1.0" encoding="utf-8"?>' + text).encode()


@pytest.mark.parametrize("table", ["XML0", "XML12"])
def test_a_stand_alone_table_is_a_file_of_its_own(table):
    known = standards.standard("3176").tables[table].fields
    rows = [{name: text for name, text in envelopes.row(table, 1).items() if name in known}]
    envelope, (dossier,) = read(alone(table, rows))
    assert envelope.findings == []
    assert dossier.tables == {table: rows}
    assert dossier.findings == []
    assert envelope.standard == "3176"
    assert not envelope.header.signed


def test_a_check_in_file_has_a_dossier_for_each_visit():
    rows = [envelopes.row("XML0", n, ma_lk=ma_lk) for n, ma_lk in enumerate(("LK1", "LK2", "LK1"), 1)]
    envelope, dossiers = read(alone("XML0", rows))
    assert [(d.position, d.ma_lk, d.rows) for d in dossiers] == [(1, "LK1", {"XML0": 2}), (2, "LK2", {"XML0": 1})]
    assert dossiers[0].tables["XML0"] == [rows[0], rows[2]]
    assert envelope.header.facility == "99001"
    assert envelope.header.made is None


def test_the_day_a_file_was_made_is_a_date():
    envelope, _ = read(envelopes.envelope(envelopes.hoso(envelopes.visit()), made="202601150805"))
    assert envelope.header.made == date(2026, 1, 15)
