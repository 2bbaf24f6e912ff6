"""What is fuzzed: each target takes any bytes, and raises only when the product does something it must never do."""

import copy
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from unittest import mock

import orjson


sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "intake")]

import cases  # noqa: E402
import envelopes  # noqa: E402
from choices import Choices  # noqa: E402

from yteso import standards  # noqa: E402
from yteso.intake import checking, messages, xmldsig  # noqa: E402
from yteso.intake import envelope as reading  # noqa: E402
from yteso.intake.dossier import Dossier, Header  # noqa: E402
from yteso.intake.envelope import LIMITS, Envelope, read  # noqa: E402
from yteso.intake.findings import CRITICAL, WARNING, Finding  # noqa: E402
from yteso.intake.reading.limits import Refused  # noqa: E402
from yteso.intake.reading.outer_pattern import read_plain  # noqa: E402
from yteso.intake.reading.pattern import read_by_pattern  # noqa: E402
from yteso.intake.reading.tables import read_table  # noqa: E402
from yteso.intake.reading.xml import parse, unwrap  # noqa: E402


NOW = datetime(2026, 3, 1, 8)
SIGNED = (Path(__file__).parent / "signed.xml").read_bytes()
FITTING = {"valid", "untrusted", "expired", "weak"}
STANDARDS = tuple(standards.STANDARDS)
VISITS = [made() for made in (cases.clean_visit, cases.outpatient_visit, cases.referred_visit, cases.visit_4210)]
VALUES = (
    *("", " ", "0", "1", "-1", "1.5", "1,5", "1e308", "nan", "inf", "+0", "00", "9" * 40, "0." + "9" * 40, "²", "١"),
    *("20260115", "202601150815", "00000000", "202602300000", "99991231", "000101010000", "202601159999", "2026"),
    *("A09", "A09;B20", "J18.9;", ";", ";;;", "K01", "K01;K02", "1.2", "99001", "GD4010000000001", "001080900001"),
    *("KHÁC", "a" * 5_000, "\0", "\ufeff", "e\u0301", "\U0001f9ea", "\ud7ff", "<b>", "&amp;", "]]>", "{x}", "%s", "'"),
)
FIELDS = {
    standard: {table.id: tuple(table.fields) for table in one.tables.values()}
    for standard, one in standards.STANDARDS.items()
}


def reader(data: bytes) -> None:
    """Any bytes as a file."""
    envelope = Envelope(BytesIO(data), size=len(data))
    dossiers = list(envelope)
    assert envelope.size == len(data)
    assert len(envelope.sha256) == 32
    assert envelope.readable or not dossiers
    assert dossiers or any(finding.critical for finding in envelope.findings)
    _say(envelope.findings)
    for dossier in dossiers:
        _sound(dossier, envelope.header)
    if read_plain(unwrap(data), LIMITS):
        assert parsed(data) == (dossiers, envelope.header, envelope.findings), "two ways of reading, two results"


def parsed(data: bytes) -> tuple[list[Dossier], Header, list[Finding]]:
    """What the XML parser reads, where the quick way through the outer file is closed."""
    envelope = Envelope(BytesIO(data), size=len(data))
    with mock.patch.object(reading, "read_plain", return_value=None):
        return list(envelope), envelope.header, envelope.findings


def wrapped(data: bytes) -> None:
    """A real visit, damaged and wrapped as the bytes say; the quick way through a table reads what the parser reads."""
    choices = Choices(data)
    visit = _damaged(choices)
    files = []
    for table, rows in visit.tables.items():
        document = envelopes.document(table, rows, standard=visit.standard, cdata=bool(choices.number(2))).encode()
        document = _edited(choices, document)
        _both_ways(table, document)
        files.append(_file(choices, table, document))
    inner = b"".join(files)
    whole = envelopes.envelope("@", made=choices.one(("20260131", "", "x", "2026-1-1"))).replace(
        b"@", b"<HOSO>" + inner + b"</HOSO>"
    )
    reader(_edited(choices, whole))


def checker(data: bytes) -> None:
    """Any tables, fields and values: the checker never raises, and none of its rules does."""
    choices = Choices(data)
    dossier = _damaged(choices) if choices.number(2) else _made_up(choices)
    header = Header(choices.one(("99001", "", "\0")), choices.one((date(2026, 1, 31), None, date.min, date.max)))
    _sound(dossier, header)


def signed(data: bytes) -> None:
    """A signed file, changed: whatever still fits its signature must read as what was signed."""
    changed = _edited(Choices(data), SIGNED)
    envelope = Envelope(BytesIO(changed), size=len(changed))
    dossiers = list(envelope)
    found = xmldsig.verify(changed, NOW.date())
    if found.state in FITTING and not any(finding.critical for finding in envelope.findings):
        assert [dossier.tables for dossier in dossiers] == [dossier.tables for dossier in read(SIGNED)[1]]
        assert envelope.header == read(SIGNED)[0].header


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": reader,
    "wrapped": wrapped,
    "checker": checker,
    "signed": signed,
}


def _sound(dossier: Dossier, header: Header) -> None:
    before = orjson.dumps(dossier.tables)
    found = checking.check(dossier, header, now=NOW)
    assert orjson.dumps(dossier.tables) == before, "the check changed what it checked"
    assert [finding.params.get("broken") for finding in found if finding.rule == "SYS-001"] == [], "a rule raised"
    assert found == checking.check(dossier, header, now=NOW), "twice the same dossier, two answers"
    assert [finding.critical for finding in found] == sorted((finding.critical for finding in found), reverse=True)
    _say(dossier.findings + found)


def _say(findings: list[Finding]) -> None:
    """Every finding can be put into words and into JSON."""
    for finding in findings:
        assert finding.severity in (CRITICAL, WARNING)
        assert finding.rule in messages.texts(), finding.rule
        orjson.dumps(messages.as_json(finding))


def _both_ways(table: str, document: bytes) -> None:
    document = unwrap(document)
    quick = read_by_pattern(table, document, LIMITS)
    if quick:
        try:
            slow = read_table(table, parse(document), LIMITS)
        except Refused as refused:
            raise AssertionError(f"the parser refuses what the pattern reads: {refused.finding}") from None
        assert quick[1] == slow.rows, "two ways of reading, two results"


def _damaged(choices: Choices) -> Dossier:
    """A good visit with a few changes."""
    visit = copy.deepcopy(choices.one(VISITS))
    for _ in range(choices.number(12)):
        table = choices.one(sorted(visit.tables) or ["XML1"])
        rows = visit.tables.setdefault(table, [{}])
        row = choices.one(rows) if rows else {}
        known = FIELDS[visit.standard].get(table) or ("X",)
        match choices.number(7):
            case 0 | 1 | 2:
                row[choices.one(known)] = _value(choices)
            case 3:
                row.pop(choices.one(known), None)
            case 4:
                rows.append(copy.copy(row))
            case 5:
                rows.clear()
            case 6:
                visit.tables[choices.one(sorted(FIELDS[visit.standard]))] = [copy.copy(row)]
    visit.tables = {table: [_readable(row) for row in rows if row] for table, rows in visit.tables.items()}
    visit.tables = {table: rows for table, rows in visit.tables.items() if rows}
    return visit


def _made_up(choices: Choices) -> Dossier:
    standard = choices.one(STANDARDS)
    tables: dict[str, list[dict[str, str]]] = {}
    while choices and len(tables) < 12:
        table = choices.one(sorted(FIELDS[standard]))
        names = (*FIELDS[standard][table], *FIELDS["4210"].get(table, ()), "LA")
        for _ in range(choices.number(4)):
            row = {choices.one(names): _value(choices) for _ in range(choices.number(20))}
            if row := _readable(row):
                tables.setdefault(table, []).append(row)
    return Dossier(1, tables, standard)


def _readable(row: dict[str, str]) -> dict[str, str]:
    """As the reader hands it on: no blank fields, no characters that XML forbids."""
    texts = ((name, "".join(c for c in text if c in "\t\n" or c >= " ")) for name, text in row.items())
    return {name: text for name, text in texts if text.strip()}


def _value(choices: Choices) -> str:
    return choices.text() if choices.number(4) == 0 else choices.one(VALUES)


def _edited(choices: Choices, data: bytes) -> bytes:
    """The text with a few pieces taken out, put in or doubled."""
    for _ in range(choices.number(6)):
        at = choices.number(len(data) + 1)
        if choices.number(2):
            at = max(data.find(b"<", at), 0)
        match choices.number(4):
            case 0:
                data = data[:at] + choices.piece() + data[at:]
            case 1:
                data = data[:at] + data[at + choices.number(64) :]
            case 2:
                data = data[:at] + choices.one(_PIECES) + data[at:]
            case 3:
                length = choices.number(512)
                data = data[: at + length] + data[at : at + length] + data[at + length :]
    return data


_PIECES = (
    *(b"<A>", b"</A>", b"<A/>", b"<![CDATA[", b"]]>", b"&amp;", b"&#0;", b"&#xD800;", b"&x;", b"<!--", b"-->", b"<?"),
    *(
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\r\n",
        b" ",
        b"=",
        b'"',
        b"<HOSO>",
        b"</HOSO>",
        b"<!DOCTYPE x>",
        b"\xed\xa0\x80",
    ),
    *(b"<STT>1</STT>", b"<MA_LK/>", b' xmlns="urn:x"', b"<CHUKYDONVI>", b"\xef\xbf\xbf", b"e\xcc\x81"),
    *(b"<MACSKCB>99009</MACSKCB>", b"<ds:Object>", b"</ds:Object>", b"</ds:Signature>", b"<HOSO><FILEHOSO/></HOSO>"),
)


def _file(choices: Choices, table: str, document: bytes) -> bytes:
    """One FILEHOSO; the content wrapped in one of the ways met in the wild, or badly."""
    text = b64encode(document)
    content = choices.one(
        (
            text,
            document,
            b"<![CDATA[" + document + b"]]>",
            document.replace(b"&", b"&amp;").replace(b"<", b"&lt;"),
            b"\r\n".join(text[start : start + 76] for start in range(0, len(text), 76)),
            text[:-1],
            b"",
        )
    )
    kind = choices.one((table, table, table, table.lower(), "XML99")).encode()
    return b"<FILEHOSO><LOAIHOSO>" + kind + b"</LOAIHOSO><NOIDUNGFILE>" + content + b"</NOIDUNGFILE></FILEHOSO>"
