"""The words of the findings: plain, complete, in one tone, with a source that a person can read."""

import re

import pytest
from cases import HEADER, NOW, change, clean_visit

from yteso import standards
from yteso.intake import checking, messages
from yteso.intake.findings import CRITICAL, WARNING, Finding


TEXTS = messages.texts()
PLACED = [rule for rule in TEXTS if re.fullmatch(r"(XML\d+(_XML\d+)?-\d+|FLD-\w+|ALL-\d+)", rule)]
WHOLE = [
    *("XML1_XML3-001", "XML1_XML7-001", "XML1_XML8-001", "XML1_XML13-001", "XML1_XML14-001", "XML5-004"),
]
"""Rules about a table that is missing, or about two that do not agree: no single field is wrong."""


@pytest.mark.parametrize("rule", [rule for rule in PLACED if rule not in WHOLE])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_message_names_place_and_field_in_words_and_the_value(rule, lang):
    text = getattr(TEXTS[rule], f"message_{lang}")
    assert text.startswith("{where}: ")
    assert "{label} ({field})" in text
    missing = re.search(
        r"thiếu|không có|trống|cần|missing|has no|blank|needs|bằng 0|is 0|có {count}|has {count}|dài|long|has {l", text
    )
    assert "{value}" in text or missing, text


@pytest.mark.parametrize("rule", TEXTS)
def test_every_text_is_a_sentence_without_slips(rule):
    words = TEXTS[rule]
    for text in (words.message_vi, words.message_en, words.hint_vi, words.hint_en):
        assert text.endswith("."), text
        assert not re.search(r"\.\.|  | [,.;:]|,,|;;|;\.|“|”|\( | \)", text), text
        assert text.count("(") == text.count(")")
        assert text.count("«") == text.count("»")
    assert words.message_vi != words.message_en
    assert words.hint_vi != words.hint_en


@pytest.mark.parametrize("rule", TEXTS)
def test_the_source_is_for_people(rule):
    said = messages.describe(Finding(rule, WARNING)).legal
    assert said
    assert not re.search(r"[a-z]+_[a-z]+|qlbv|nnh|emr|\bpc\b|yteso|mở [a-z]+$|  ", said), said


def test_an_open_checker_is_named_only_where_nothing_better_is_known():
    for rule in TEXTS:
        legal = messages.describe(Finding(rule, WARNING)).legal
        assert "Bộ kiểm tra nguồn mở" not in legal or legal == "Bộ kiểm tra nguồn mở"


def test_most_rules_name_a_decree():
    named = [rule for rule in TEXTS if re.search(r"(QĐ|TT|NĐ) \d", messages.describe(Finding(rule, WARNING)).legal)]
    assert len(named) > 0.8 * len(TEXTS)


def test_a_rule_without_a_source_of_its_own_is_told_by_its_best_kind(monkeypatch):
    bare = messages.Text("XML1-008", "", "", "{where}.", "{where}.", "A.", "B.", "")
    monkeypatch.setitem(TEXTS, "XML1-008", bare)
    assert messages.describe(Finding("XML1-008", CRITICAL)).legal == "Bảng kiểm tra của Cổng giám định BHYT"
    assert "open_checker" in standards.rules()["XML1-015"].source
    monkeypatch.setitem(TEXTS, "XML1-015", bare)
    assert messages.describe(Finding("XML1-015", WARNING)).legal == "Bộ kiểm tra nguồn mở"


@pytest.mark.parametrize("rule", checking.RULES)
def test_every_rule_has_words(rule):
    assert rule in TEXTS


# table, field, value sent → value in the message
MOMENTS = """
    XML1   NGAY_RA      202601100800    08:00 10/01/2026
    XML1   GT_THE_DEN   20261231        31/12/2026
    XML1   NGAY_VAO     100120260800    100120260800
    XML1   NGAY_VAO     20260110        20260110
    XML1   NGAY_VAO     202613010800    202613010800
    XML1   GIOI_TINH    20260110        20260110
    XML1   NGAY_VAO     ²0²601100800    ²0²601100800
"""


@pytest.mark.parametrize(
    ("table", "field", "sent", "said"), [re.split(r"  +", line.strip()) for line in MOMENTS.strip().splitlines()]
)
def test_moments_are_said_as_people_write_them(table, field, sent, said):
    assert said in messages.describe(Finding("FLD-CODE", WARNING, table, 1, field, sent)).message


def test_moments_among_the_parameters_are_said_so_too():
    params = {"ngay_vao": "202601100800", "ngay_ra": "202601140900"}
    said = messages.describe(Finding("XML2-018", CRITICAL, "XML2", 1, "NGAY_YL", "202501100800", params)).message
    assert "08:00 10/01/2025" in said
    assert "08:00 10/01/2026 – 09:00 14/01/2026" in said


@pytest.mark.parametrize(("sent", "said"), [("x", "không phải ngày giờ có thật"), (None, "thiếu Ngày ra y lệnh")])
def test_a_moment_that_is_none_is_not_said_to_be_outside_the_stay(sent, said):
    found = checking.check(change(clean_visit(), "XML2", 1, NGAY_YL=sent), HEADER, now=NOW)
    (one,) = (one for one in found if one.field == "NGAY_YL")
    for lang in ("vi", "en"):
        assert "…" not in "".join(map(str, vars_of(messages.describe(one, lang=lang))))
    assert said in messages.describe(one).message


def vars_of(message: messages.Message) -> tuple[str, str, str]:
    return message.message, message.hint, message.legal


def test_days_that_no_field_holds_are_said_so_too():
    closed = {"received": "20260210", "last": "20260205"}
    said = messages.describe(Finding("ENV-010", WARNING, "XML1", 1, "NGAY_RA", "202601140900", closed)).message
    assert "09:00 14/01/2026 gửi ngày 10/02/2026, quá hạn chốt tháng 05/02/2026" in said
    unlisted = Finding("CAT-010", WARNING, "XML9", 1, "MAXA_CU_TRU", "00001", {"ngay": "20260114"})
    assert "ngày 14/01/2026" in messages.describe(unlisted).message


def test_a_value_that_is_not_there_is_said_to_be_blank():
    missing = Finding("XML4-003", WARNING, "XML4", 1, "MA_BS_DOC_KQ")
    assert "(MA_BS_DOC_KQ) (trống) còn thiếu" in messages.describe(missing).message
    assert "(MA_BS_DOC_KQ) (blank) is missing" in messages.describe(missing, lang="en").message


def test_amounts_that_look_like_days_stay_amounts():
    params = {"expected": "20260110", "so_luong": "1", "don_gia": "20260110"}
    assert (
        "20260110" in messages.describe(Finding("XML2-009", CRITICAL, "XML2", 1, "THANH_TIEN_BV", "1", params)).message
    )
