"""Every word of the pages has its English one."""

import re

from yteso.pages.tools import catalogue


HOLE = re.compile(r"%\((\w+)\)s|%%\{(\w+)\}")


def words(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_every_message_has_english_words() -> None:
    known = catalogue.known()
    without = [one.id for one in catalogue.collected() if one.id and one.id not in known]
    without += [one.id for one in catalogue.missing(known)]
    assert without == [], "run: python -m yteso.pages.tools.catalogue"


def test_no_english_words_are_kept_for_messages_that_are_gone() -> None:
    used = catalogue.collected()
    assert [one.id for one in catalogue.known() if one.id and one.id not in used] == []


def test_translations_keep_every_hole() -> None:
    for message in catalogue.known():
        *singular, plural = catalogue.english(message)
        holes = set(HOLE.findall(words(message.id)[0]))
        assert not message.id or set(HOLE.findall(plural)) == holes, plural
        # One of a thing needs no number: "once a day".
        assert all(holes - set(HOLE.findall(text)) <= {("num", "")} for text in singular), singular


def test_english_is_not_vietnamese_left_over() -> None:
    marks = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
    assert [t for m in catalogue.known() if m.id for t in catalogue.english(m) if marks.search(t)] == []
