"""The words and counts of the facility pages, without a page around them."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from yteso.intake.causes import Cause
from yteso.intake.findings import Finding


pytestmark = pytest.mark.usefixtures("template")


@pytest.fixture(autouse=True)
def vietnamese(template):
    from django.utils import translation

    with translation.override("vi"):
        yield


def submission(**values):
    from yteso.intake.models import Submission

    return Submission(
        **{"id": 7, "facility": "99001", "name": "a.xml", "received": datetime(2026, 8, 1, 3, tzinfo=UTC)} | values
    )


def finding(rule: str = "XML2-018", table: str = "XML2", field: str = "NGAY_YL", number: int | None = 3) -> Finding:
    return Finding(rule, "critical", table, number, field, "x")


def cause(*effects: Finding, place: tuple[str, int | None, str] = ("XML2", 3, "NGAY_YL")) -> Cause:
    return Cause(*place, finding(), list(effects))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "received"}, "Tệp đã được lưu an toàn và đang chờ đến lượt."),
        ({"status": "processing", "seen": 5, "declared": 12}, "Đã xử lý 5 trên 12 hồ sơ."),
        ({"status": "processing", "seen": 1500}, "Đã xử lý 1.500 hồ sơ."),
        ({"status": "done", "dossiers": 12, "refused": 7}, "12 hồ sơ, 7 bị từ chối."),
        ({"status": "refused"}, "Không đọc được tệp này. Mở để xem lý do."),
    ],
)
def test_progress_in_words(values: dict, words: str) -> None:
    from yteso.pages.facility.presenters import progress

    assert progress(submission(**values)).words == words


@pytest.mark.parametrize(
    ("seen", "declared", "bar"), [(5, 12, (5, 12)), (15, 12, (12, 12)), (5, None, (5, 0)), (0, 12, (0, 12))]
)
def test_the_bar_never_runs_over_its_end(seen: int, declared: int | None, bar: tuple) -> None:
    from yteso.pages.facility.presenters import progress

    shown = progress(submission(status="processing", seen=seen, declared=declared))
    assert (shown.seen, shown.total) == bar
    assert shown.moving


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "refused"}, "Chưa nhận được hồ sơ nào."),
        ({"status": "done", "refused": 1200}, "1.200 hồ sơ bị từ chối"),
        ({"status": "done", "refused": 1, "with_warnings": 1}, "Các hồ sơ đã đạt không cần gửi lại."),
        ({"status": "done", "with_warnings": 1}, "Nên xem các cảnh báo"),
        ({"status": "done", "accepted": 1}, "không có gì phải sửa"),
    ],
)
def test_advice_says_what_to_do_next(values: dict, words: str) -> None:
    from yteso.pages.facility.presenters import submission_advice

    assert words in submission_advice(submission(**values))


def test_every_status_outcome_and_way_of_saving_has_words() -> None:
    from yteso.intake.findings import CRITICAL, WARNING
    from yteso.intake.models import Outcome, Status
    from yteso.pages.facility import words

    assert set(words.STATUS) == set(Status)
    assert set(words.OUTCOME) == set(Outcome)
    assert set(words.SEVERITY) == {CRITICAL, WARNING}
    assert set(words.SAVED) == {"", "new", "same", "changed", "older"}
    assert words.MEND not in Status.values


def test_every_outcome_has_its_advice() -> None:
    from yteso.intake.models import DossierResult, Outcome
    from yteso.pages.facility.presenters import outcome_advice

    assert len({outcome_advice(DossierResult(outcome=outcome)) for outcome in Outcome}) == len(Outcome)


@pytest.mark.parametrize(
    ("table", "field", "title"),
    [
        ("XML2", "NGAY_YL", "Ngày ra y lệnh (NGAY_YL)"),
        ("XML2", "", "Bảng XML2 – Chi tiết thuốc"),
        ("XML2", "KHONG_CO", "KHONG_CO"),
        ("", "", "Cả tệp"),
    ],
)
def test_a_finding_is_headed_by_its_field_in_words(table: str, field: str, title: str) -> None:
    from yteso.pages.facility import finding_words

    assert finding_words.title(table, field) == title


@pytest.mark.parametrize(
    ("table", "number", "place", "where"),
    [
        ("XML2", 3, "XML2, dòng 3", "XML2 – Chi tiết thuốc, dòng 3"),
        ("XML2", 1234, "XML2, dòng 1.234", "XML2 – Chi tiết thuốc, dòng 1.234"),
        ("XML7", None, "XML7", "XML7 – Giấy ra viện"),
        ("", None, "cả tệp", "cả tệp"),
        ("XML99", 1, "XML99, dòng 1", "XML99, dòng 1"),
    ],
)
def test_a_place_is_a_table_and_a_row(table: str, number: int | None, place: str, where: str) -> None:
    from yteso.pages.facility.finding_words import shown

    told = shown(finding(table=table, number=number))
    assert (told.place, told.where) == (place, where)


def test_every_table_of_every_standard_has_words_in_both_languages() -> None:
    from django.utils import translation

    from yteso import standards
    from yteso.pages.facility.finding_words import table_title

    names = {name for standard in standards.STANDARDS.values() for name in standard.tables}
    for language in ("vi", "en"):
        with translation.override(language):
            assert all(table_title(name).startswith(f"{name} – ") for name in names)


@pytest.mark.parametrize(
    ("count", "dossiers", "words"),
    [
        (1, 0, "Của cả tệp"),
        (1, 1, "1 chỗ"),
        (3, 1, "3 chỗ, trong 1 hồ sơ"),
        (1500, 1200, "1.500 chỗ, trong 1.200 hồ sơ"),
    ],
)
def test_a_group_says_how_often_and_in_how_many_dossiers(count: int, dossiers: int, words: str) -> None:
    from yteso.pages.facility.finding_words import shown_group
    from yteso.pages.facility.grouping import Group, Visit

    group = Group(
        cause(), Visit(3, "", []), count, dossiers, Counter({("XML3-014", "critical", "XML3", "NGAY_YL"): 12})
    )
    told = shown_group(7, group, lambda severity, table, field: f"?at={table}.{field}")
    assert told.times == words
    assert told.many is (count > 1)
    assert told.all_href == "/co-so/lan-gui/7/loi/XML2-018/?at=XML2.NGAY_YL"
    assert told.dossier == "hồ sơ thứ 3"
    (effect,) = told.effects
    assert effect.words == "XML3 – Chi tiết dịch vụ kỹ thuật và vật tư y tế: Ngày ra y lệnh (NGAY_YL)"
    assert (effect.times, effect.href) == ("12 chỗ", "/co-so/lan-gui/7/loi/XML3-014/?at=XML3.NGAY_YL")


def test_the_same_fault_elsewhere_and_what_follows_are_told_apart() -> None:
    from yteso.pages.facility.finding_words import shown_cause

    told = shown_cause(cause(finding(number=4), finding("XML1-069", "XML1", "NAM_QT", 1)))
    assert told.same == ["XML2, dòng 4"]
    (effect,) = told.effects
    assert effect.words.startswith("XML1: Năm quyết toán (NAM_QT)")


@pytest.mark.parametrize(
    ("place", "title", "advice"),
    [
        (("XML2", 3, "NGAY_YL"), "Ngày ra y lệnh (NGAY_YL)", ""),
        (
            ("XML1", 1, "NGAY_VAO"),
            "Ngày đến khám (NGAY_VAO)",
            "Nhiều chỗ trái với giá trị này. Xem lại giá trị này trước.",
        ),
        (("XML3", None, ""), "Bảng XML3 – Chi tiết dịch vụ kỹ thuật và vật tư y tế", "Các tổng không khớp"),
    ],
)
def test_a_cause_is_headed_by_the_place_to_look_at_first(place: tuple, title: str, advice: str) -> None:
    from yteso.pages.facility.finding_words import shown_cause

    told = shown_cause(cause(place=place))
    assert told.title == title
    assert told.advice.startswith(advice)
    assert bool(told.advice) is bool(advice)


def test_why_is_said_in_words_not_in_colour_alone() -> None:
    from yteso.pages.facility.finding_words import shown

    told = shown(finding())
    assert ">Bị từ chối</strong>" in told.matters
    assert ">Ảnh hưởng tiền</strong>" in told.matters
    assert "quỹ BHYT có thể không trả dòng này" in told.why


def test_rules_of_another_version_are_shown_by_their_id() -> None:
    from yteso.pages.facility.finding_words import shown

    assert shown(finding(rule="XML2-999")).message == "XML2-999"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sửa ĐƠN", "sua don"),
        ("Nguyễn Thị Ước", "nguyen thi uoc"),
        ("", ""),
        ("ABC-1_2%", "abc-1_2%"),
        ("ÀẢÃẠ", "aaaa"),
    ],
)
def test_text_is_folded_alike_here_and_in_the_database(conn, text: str, folded: str) -> None:
    from django.db.models import Value

    from yteso.intake.models import Submission
    from yteso.pages.facility.queries import Plain, plain

    conn.execute(
        "insert into intake_submission (facility, account, name, sha256, size, standard, status, received, seen, "
        "dossiers, accepted, with_warnings, refused) values ('', '', '', '', 0, '', 'done', now(), 0, 0, 0, 0, 0)"
    )
    conn.commit()
    assert plain(text) == folded
    assert Submission.objects.annotate(folded=Plain(Value(text))).get().folded == folded


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ({}, ""),
        ({"severity": "critical", "dossier": " 9 "}, "?severity=critical&dossier=9"),
        ({"severity": "x", "khac": "1"}, ""),
        ({"table": "XML2", "at": "XML2.NGAY_YL"}, "?table=XML2&at=XML2.NGAY_YL"),
        ({"dossier": "a&b=c"}, "?dossier=a%26b%3Dc"),
    ],
)
def test_a_filter_goes_into_an_address_and_back(typed: dict, query: str) -> None:
    from django.http import QueryDict

    from yteso.pages.facility import filters

    wanted = filters.finding_filter(SimpleNamespace(GET={**typed}))
    assert filters.finding_query(wanted) == query
    assert filters.finding_filter(SimpleNamespace(GET=QueryDict(query[1:]))) == wanted


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        (None, ""),
        ({"state": "unverified", "name": None}, ""),
        ({"state": "valid", "name": "TRẠM THỬ"}, "Đã ký bởi TRẠM THỬ"),
        (
            {"state": "untrusted", "name": "TRẠM THỬ"},
            "Đã ký bởi TRẠM THỬ (hệ thống chưa biết đơn vị cấp chứng thư)",
        ),
        ({"state": "broken", "name": "TRẠM THỬ"}, "Đã ký bởi TRẠM THỬ (nội dung đã thay đổi sau khi ký)"),
    ],
)
def test_who_signed_a_file_is_said_with_what_speaks_against_it(signature: dict | None, words: str) -> None:
    from yteso.pages.facility.presenters import signed_by

    assert signed_by(submission(signature=signature)) == words


def test_every_state_of_a_signature_with_a_name_has_words() -> None:
    from yteso.intake.signature import STATES
    from yteso.pages.facility.words import SIGNATURE

    assert set(SIGNATURE) == set(STATES.values()) - {"malformed", "unverified"}
