"""Why a finding matters: refused, money or quality, in plain words of both languages."""

import re

import pytest

from yteso import standards
from yteso.intake import checking, messages
from yteso.intake.findings import CRITICAL, WARNING, Finding
from yteso.intake.messages import reasons


# rule, severity, table, field → kinds, and words of the reason
TABLE = """
    XML1-018        critical  XML1   MA_THE_BHYT    refused money   quỹ không trả tiền lượt khám này
    XML1-074        critical  XML1   T_TONGCHI_BV   refused money   không thanh toán được hồ sơ
    XML2-009        critical  XML2   THANH_TIEN_BV  refused money   trả thiếu, trả thừa hoặc không trả
    XML3_XML4-002   critical  XML4   MO_TA          refused         bác sĩ khám sau không đọc được kết quả
    XML3_XML4-002   critical  XML4   KET_LUAN       refused         bác sĩ khám sau không đọc được kết quả
    XML1-001        critical  XML1   HO_TEN         refused         vào nhầm hồ sơ của người khác
    XML1-015        warning   XML1   MA_DANTOC      quality         thống kê theo địa phương
    XML1-064        warning   XML1   MA_LOAI_KCB    quality         áp sai quy tắc
    XML2-020        warning   XML2   NGAY_YL        money           quỹ không trả tiền lượt khám này
    XML11-002       warning   XML11  SO_NGAY_NGHI   money           cơ quan BHXH không trả chế độ
    ENV-101         critical  ENV    -              refused         không đọc được
    FLD-CODE        warning   XML13  MA_LYDO_CT     money           nơi nhận không rõ bệnh
    ALL-001         warning   XML5   GHI_CHU        quality         Diễn biến là chỗ duy nhất
    SYS-001         warning   -      -              quality         Lỗi của hệ thống này
    UNKNOWN         warning   -      -              quality         thiếu hoặc chưa đúng
    UNKNOWN         critical  -      -              refused         chưa vào hồ sơ sức khỏe
"""
ROWS = [re.split(r"  +", line.strip()) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("rule", "severity", "table", "field", "kinds", "words"), ROWS)
def test_kind_and_reason(rule, severity, table, field, kinds, words):
    found = messages.why(Finding(rule, severity, table.strip("-"), None, field.strip("-")))
    assert list(found.kinds) == kinds.split()
    assert words in found.text


def test_a_finding_made_a_warning_is_not_called_refused():
    assert messages.why(Finding("XML1-018", WARNING, "XML1", 1, "MA_THE_BHYT")).kinds == ("money",)


def test_only_what_the_insurer_refuses_is_said_to_be_refused_there():
    portal = "Cổng giám định BHYT cũng trả lại"
    assert portal in messages.why(Finding("XML1-013", CRITICAL, "XML1", 1, "GIOI_TINH")).text
    assert portal not in messages.why(Finding("XML7-005", CRITICAL, "XML7", 1, "MA_BS")).text


@pytest.mark.parametrize("severity", [CRITICAL, WARNING])
@pytest.mark.parametrize("rule", checking.RULES)
def test_every_rule_has_sentences_in_both_languages(rule, severity):
    finding = Finding(rule, severity, checking.RULES[rule].tables[0])
    for lang in ("vi", "en"):
        found = messages.why(finding, lang=lang)
        assert found.kinds
        assert found.text.endswith(".")
        assert ".." not in found.text
        assert all(messages.why_title(kind, lang) for kind in found.kinds)


def test_reasons_name_rules_fields_and_tables_that_exist():
    tables = {name: table for standard in standards.STANDARDS.values() for name, table in standard.tables.items()}
    every = [table for standard in standards.STANDARDS.values() for table in standard.tables.items()]
    fields = {name for _, table in every for name in table.fields}
    placed = {f"{name}.{field}" for name, table in every for field in table.fields}
    rules = {*standards.rules(), *messages.texts()}
    keys = [key for row in reasons.rows("reasons.csv") for key in row["keys"].split(";")]
    assert len(keys) == len(set(keys)) > 150
    assert [key for key in keys if key not in fields | placed | rules | tables.keys()] == []


def test_reasons_are_money_or_quality():
    """Refused is the severity of the finding, not a reason of its field."""
    assert {row["why"] for row in reasons.rows("reasons.csv")} == {"money", "quality"}
