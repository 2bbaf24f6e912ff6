"""Every finding of the reader has words in both languages, with every blank filled."""

import re
from importlib.resources import files

import envelopes
import pytest

from yteso.intake.envelope import read
from yteso.intake.messages import describe, texts


def sources() -> str:
    reading = files("yteso.intake") / "reading"
    paths = [path for path in reading.iterdir() if path.name.endswith(".py")] + [files("yteso.intake") / "envelope.py"]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


RAISED = sorted(set(re.findall(r'"(ENV-\d{3})"', sources())))
OWN = [rule for rule in RAISED if rule > "ENV-100"]


def test_the_reader_raises_the_rules_it_promises():
    assert [rule for rule in texts() if "ENV-101" <= rule <= "ENV-115"] == OWN
    assert len(OWN) == 15


@pytest.mark.parametrize("rule", OWN)
def test_every_rule_says_what_is_wrong_and_how_to_mend_it(rule):
    words = texts()[rule]
    assert words.severity in ("critical", "warning")
    assert words.tables
    for text in (words.message_vi, words.message_en, words.hint_vi, words.hint_en):
        assert text.endswith(".")
    assert words.message_vi != words.message_en


MAIN = envelopes.document("XML1", envelopes.visit()["XML1"])


def table(content: str, kind: str = "XML2") -> bytes:
    main = envelopes.file("XML1", envelopes.base64(MAIN))
    return envelopes.envelope(f"<HOSO>{main}{envelopes.file(kind, envelopes.base64(content))}</HOSO>")


TWICE = envelopes.hoso(envelopes.visit("LK1"))
CASES = {
    "ENV-101": [b"hello", b"<GIAMDINHHS>", table("<A>"), b"\x1f\x8bgzip"],
    "ENV-102": [b"<!DOCTYPE x><x/>", table("<!DOCTYPE x><x/>")],
    "ENV-103": ["<x/>".encode("utf-16"), table("<x>\0</x>"), b"<GIAMDINHHS>\xff</GIAMDINHHS>"],
    "ENV-104": [table("<A>" * 300)],
    "ENV-105": [b"<GIAMDINHHS><A>" + b"x" * 11_000_000],
    "ENV-106": [b"<HS/>"],
    "ENV-107": [envelopes.envelope(f"<HOSO>{envelopes.file('XML1', envelopes.base64(MAIN)) * 2}</HOSO>")],
    "ENV-108": [table("<A/>", "XML99")],
    "ENV-109": [table("<A/>")],
    "ENV-110": [table("<A/>" * 20, "XML2").replace(b"<HOSO>", b"<HOSO>" + b"<FILEHOSO/>" * 100)],
    "ENV-111": [b"", envelopes.envelope()],
    "ENV-112": [table(envelopes.document("XML2", [{"MA_LK": "LK1", "LA": "x"}]))],
    "ENV-113": [
        table(envelopes.document("XML14", [{"MA_LK": "1"}]).replace("<MA_LK>", "<MA_LK>0</MA_LK><MA_LK>"), "XML14")
    ],
    "ENV-114": [envelopes.envelope(TWICE, TWICE)],
    "ENV-115": [table(envelopes.document("XML2", [{"ma_lk": "LK1"}]))],
}


@pytest.mark.parametrize(("rule", "data"), [(rule, data) for rule, cases in CASES.items() for data in cases])
def test_a_real_finding_fills_every_blank(rule, data):
    envelope, dossiers = read(data)
    findings = envelope.findings + [finding for dossier in dossiers for finding in dossier.findings]
    (finding, *_) = [finding for finding in findings if finding.rule == rule]
    for lang in ("vi", "en"):
        said = describe(finding, lang=lang)
        for text in (said.message, said.hint):
            assert text
            assert not re.search(r"[{}…]|\( *;|None", text), text
