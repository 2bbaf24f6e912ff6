"""Every finding of the reader has words in both languages; that its blanks are filled the rule tables see."""

import re
from importlib.resources import files

import pytest

from yteso.intake.messages import texts


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
