"""What the book says of a resource: dates, doses, ranges, flags, money, in the words of the page's language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import book_data
import pytest
from cases import change, clean_visit, outpatient_visit, referred_visit, visit_4210

from yteso.access.reads import Reading
from yteso.pages.book.presenters import (
    card,
    costs,
    course,
    dose,
    head,
    looked,
    medicines,
    results,
    slips,
    timeline,
    trends,
    words,
)
from yteso.pages.book.presenters.drugs import drugs
from yteso.pages.book.presenters.visit import full


def place(code: str) -> str:
    return f"Cơ sở {code}"


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with book_data.language():
        yield


@pytest.mark.parametrize(
    "text, quantity, said, days",
    [
        ("1 viên * 2 lần * 5 ngày", None, "Mỗi lần 1 viên, ngày 2 lần, trong 5 ngày", 5),
        ("1 Viên/lần * 2 lần/ngày * 28 ngày [2 Viên/ngày]", None, "Mỗi lần 1 viên, ngày 2 lần, trong 28 ngày", 28),
        ("0.5 viên * 1 lần * 7 ngày", None, "Mỗi lần 0,5 viên, ngày 1 lần, trong 7 ngày", 7),
        ("0,5 viên/lần * 1 lần/ngày", None, "Mỗi lần 0,5 viên, ngày 1 lần", None),
        ("1/2 viên * 2 lần * 10 ngày", None, "Mỗi lần 1/2 viên, ngày 2 lần, trong 10 ngày", 10),
        ("5 ml x 3 lần x 5 ngày", None, "Mỗi lần 5 ml, ngày 3 lần, trong 5 ngày", 5),
        ("1 viên/lần * 2 lần/ngày [2 viên/ngày]", 60, "Mỗi lần 1 viên, ngày 2 lần, trong 30 ngày", 30),
        ("Sáng 1 viên, chiều 1 viên", 60, "Sáng 1 viên, chiều 1 viên", None),
        ("Sáng 1, tối 1, trong 14 ngày", None, "Sáng 1, tối 1, trong 14 ngày", 14),
        ("1 viên * 2 lần * 9999 ngày", None, "Mỗi lần 1 viên, ngày 2 lần", None),
        ("1 viên * 2 lần * 0 ngày", None, "Mỗi lần 1 viên, ngày 2 lần", None),
        ("[0 viên/ngày]", 10, "[0 viên/ngày]", None),
        ("", None, "", None),
    ],
)
def test_a_dose_is_read_out(text, quantity, said, days) -> None:
    found = dose.read(text, quantity)
    assert (found.words, found.days) == (said, days)


@pytest.mark.parametrize(
    "low, high, shown",
    [
        (Decimal("4"), Decimal("10"), "4 – 10"),
        (Decimal("0.16"), Decimal("1.0"), "0,16 – 1,0"),
        (None, Decimal("5.2"), "≤ 5,2"),
        (Decimal("1"), None, "≥ 1"),
        (None, None, ""),
    ],
)
def test_a_reference_range_in_words(low, high, shown) -> None:
    assert results.range_words(low, high) == shown


@pytest.mark.parametrize(
    "unit, shown",
    [("10^9/L", "10⁹/L"), ("10*12/L", "10¹²/L"), ("mmol/L", "mmol/L"), ("%", "%"), ("", "")],
)
def test_powers_of_ten_in_units_are_raised(unit, shown) -> None:
    assert results.shown_unit(unit) == shown


@pytest.mark.parametrize(
    "born, today, shown",
    [
        ("1965-03-12", date(2026, 3, 11), "60 tuổi"),
        ("1965-03-12", date(2026, 3, 12), "61 tuổi"),
        ("2025-01-31", date(2026, 1, 30), "11 tháng tuổi"),
        ("2023-12-01", date(2026, 12, 1), "3 tuổi"),
        ("1965", date(2026, 1, 1), "khoảng 61 tuổi"),
        ("1965-03", date(2026, 1, 1), ""),
        ("", date(2026, 1, 1), ""),
        ("2027-01-01", date(2026, 1, 1), ""),
    ],
)
def test_age(born, today, shown) -> None:
    assert card.age(born, today) == shown


@pytest.mark.parametrize(
    "text, shown", [("1965-03-12", "12/03/1965"), ("1965-03", "03/1965"), ("1965", "1965"), ("", "")]
)
def test_a_birth_date_may_be_known_in_part(text, shown) -> None:
    assert words.birth(text) == shown


@pytest.mark.parametrize(
    "value, flag, flag_words",
    [
        ("12.4", "H", "Cao ↑"),
        ("3.9", "L", "Thấp ↓"),
        ("7", "N", "Bình thường"),
        ("10", "N", "Bình thường"),
        ("<4", "", ""),
        ("Âm tính", "", ""),
    ],
)
def test_a_result_is_flagged_in_words(value, flag, flag_words) -> None:
    visit = book_data.visit_of(change(clean_visit(), "XML4", 1, GIA_TRI=value))
    line = results.groups(visit)[0].lines[0]
    assert (line.name, line.flag, line.flag_words) == ("WBC", flag, flag_words)
    assert line.value == value.replace(".", ",")


@pytest.mark.parametrize("value, shown", [("5.40", "5,40"), ("1.019", "1,019"), ("250.000", "250"), ("250", "250")])
def test_results_keep_the_places_the_laboratory_wrote_unless_they_read_as_thousands(value, shown) -> None:
    visit = book_data.visit_of(change(clean_visit(), "XML4", 1, GIA_TRI=value))
    assert results.groups(visit)[0].lines[0].value == shown


@pytest.mark.parametrize("sent, shown", [("56.000", "56 viên"), ("7.50", "7,5 viên"), ("1000.000", "1.000 viên")])
def test_quantities_have_no_idle_zeros(sent, shown) -> None:
    visit = book_data.visit_of(change(clean_visit(), "XML2", 1, SO_LUONG=sent))
    assert drugs(visit)[0].quantity == shown
    assert costs.costs(visit).items[0].quantity == shown.removesuffix(" viên")


def test_results_are_grouped_by_service_and_images_have_findings() -> None:
    blood, image = results.groups(book_data.visit_of(clean_visit()))
    assert (blood.name, blood.kind) == ("Tổng phân tích tế bào máu", "Xét nghiệm")
    assert [line.name for line in blood.lines] == ["WBC", "HGB"]
    assert blood.lines[1].range == "135 – 175"
    assert (image.name, image.kind, image.lines) == ("Chụp Xquang ngực thẳng", "Chẩn đoán hình ảnh", [])
    assert image.findings[0].description == "Đám mờ đáy phổi phải"
    assert image.findings[0].conclusion == "Theo dõi viêm phổi phải"
    assert image.conclusion == "", "it is not said twice"


def test_results_without_their_service_come_last() -> None:
    dossier = change(clean_visit(), "XML4", 1, MA_DICH_VU="99.9999.9999")
    groups = results.groups(book_data.visit_of(dossier))
    assert groups[-1].name == "Kết quả khác"
    assert [line.name for line in groups[-1].lines] == ["WBC"]


def test_a_visit_in_one_glance() -> None:
    one = head.head(book_data.visit_of(clean_visit()), place)
    assert one.when == "10/01/2026 – 14/01/2026"
    assert (one.diagnosis, one.code, one.more) == ("Viêm phổi, không đặc hiệu", "J18.9", "và 1 bệnh kèm theo")
    assert (one.facility, one.kind, one.year) == ("Cơ sở 99001", "Điều trị nội trú", 2026)
    assert [badge.words for badge in one.badges] == [
        "Kết quả xét nghiệm", "Đơn thuốc", "Giấy ra viện", "Giấy hẹn khám lại",
    ]  # fmt: skip


def test_the_diagnosis_is_in_the_doctors_words_when_the_code_says_nothing() -> None:
    dossier = change(clean_visit(), "XML1", 1, MA_BENH_CHINH="ZZZ.9", CHAN_DOAN_RV="đau đầu chưa rõ")
    assert head.head(book_data.visit_of(dossier), place).diagnosis == "Đau đầu chưa rõ"


def test_a_visit_in_the_oldest_standard_is_shown_too() -> None:
    one = full(book_data.visit_of(visit_4210()), place)
    assert one.head.code == "J18.9"
    assert one.drugs[0].dose == "Mỗi lần 1 viên, ngày 2 lần, trong 5 ngày"
    assert one.costs.insurer == "38.960 đ"


def test_facts_of_a_visit_leave_out_what_is_not_stated() -> None:
    facts = dict(full(book_data.visit_of(clean_visit()), place).facts)
    assert facts["Kết quả điều trị"] == "Đỡ"
    assert facts["Hình thức ra viện"] == "Ra viện"
    assert facts["Khoa"] == "Khoa Nội tổng hợp"
    assert facts["Cân nặng"] == "62,5 kg"
    assert "Chuyển đến" not in facts
    referred = dict(full(book_data.visit_of(referred_visit()), place).facts)
    assert referred["Chuyển đến"] == "Cơ sở 99002"


def test_diagnoses_main_first() -> None:
    found = full(book_data.visit_of(clean_visit()), place).diagnoses
    assert [(one.role, one.code) for one in found] == [("Bệnh chính", "J18.9"), ("Bệnh kèm theo", "I10")]


def test_drugs_say_what_how_and_until_when() -> None:
    dossier = book_data.with_dose(clean_visit(), "1 viên/lần * 2 lần/ngày * 28 ngày [2 viên/ngày]")
    one, other = drugs(book_data.visit_of(dossier))
    assert (one.name, one.strength, one.form, one.route, one.how) == (
        "Amoxicilin", "500mg", "Viên nén", "Uống", "Uống sau ăn",
    )  # fmt: skip
    assert (one.start, one.end, one.given) == (date(2026, 1, 10), date(2026, 2, 6), False)
    assert other.given
    named = change(dossier, "XML2", 1, TEN_THUOC="Amoxicilin 500 mg")
    assert drugs(book_data.visit_of(named))[0].strength == "", "the name says it already"


def test_money_is_rounded_to_dong_and_zero_is_said() -> None:
    found = costs.costs(book_data.visit_of(clean_visit()))
    assert (found.total, found.insurer, found.own, found.other) == ("933.002 đ", "746.401 đ", "186.600 đ", "")
    assert [one.name for one in found.items][:3] == ["Amoxicilin", "Paracetamol", "Khám Nội"]
    assert found.items[-1].name == "Bơm tiêm 5 ml"
    assert {one.name for one in found.items if one.group.startswith("Ngày giường")} == {"Giường nội khoa loại 2"}
    assert found.items[0].own == "2.000 đ"


def test_vital_signs_leave_the_note_and_become_a_table() -> None:
    note = "CSST<M92_T38.5_HA130/85_NT22> Sốt, ho đờm"
    visit = book_data.visit_of(change(clean_visit(), "XML5", 1, DIEN_BIEN_LS=note))
    (signs,) = course.signs(visit)
    assert (signs.pulse, signs.temperature, signs.breaths, signs.pressure) == (
        "92 lần/phút", "38,5 °C", "22 lần/phút", "130/85 mmHg",
    )  # fmt: skip
    assert course.notes(visit)[0].parts == ["Sốt, ho đờm"]
    odd = "CSST<đo sau> Tỉnh"
    unread = book_data.visit_of(change(clean_visit(), "XML5", 1, DIEN_BIEN_LS=odd))
    assert course.notes(unread)[0].parts == [odd], "nothing is dropped that the table does not show"


def test_papers_say_what_the_facility_wrote_in_words() -> None:
    papers = {one.table: one for one in slips.papers(book_data.visit_of(referred_visit()), place)}
    assert set(papers) == {"XML13", "XML7", "XML8"}
    referral = papers["XML13"]
    lines, texts = dict(referral.lines), dict(referral.texts)
    assert (referral.title, referral.number) == ("Giấy chuyển cơ sở khám bệnh, chữa bệnh", "15")
    assert lines["Cơ sở chuyển đến"] == "Cơ sở 99002"
    assert lines["Bệnh chính (ICD-10)"] == "Viêm phổi, không đặc hiệu (J18.9)"
    assert lines["Giới tính"] == "Nam"
    assert lines["Dân tộc"] == "Kinh"
    assert lines["Thẻ BHYT có giá trị đến ngày"] == "31/12/2026"
    assert lines["Ngày sinh"] == "12/03/1965"
    assert lines["Ngày đến khám"] == "08:00 10/01/2026"
    assert lines["Lý do chuyển tuyến"] == "Đủ điều kiện, đúng quy định chuyển"
    assert texts["Hướng điều trị"] == "Điều trị chuyên khoa"
    assert "Mã liên kết" not in lines


def test_a_visit_without_papers_has_none() -> None:
    assert slips.papers(book_data.visit_of(outpatient_visit()), place) == []


@pytest.mark.parametrize(
    "days, until", [(0, "hôm nay"), (1, "ngày mai"), (5, "còn 5 ngày"), (-1, None)], ids=["today", "1", "5", "past"]
)
def test_appointments_from_today_on_are_coming(days, until) -> None:
    visits = [book_data.visit_of(clean_visit())]
    heads = [head.head(one, place) for one in visits]
    found = timeline.coming(visits, heads, place, date(2026, 1, 28) - timedelta(days=days))
    assert [one.until for one in found] == ([until] if until else [])


def stay(first: date, ma_lk: str, dose: str, *, facility: str = book_data.HOSPITAL) -> object:
    dossier = book_data.moved(book_data.with_dose(outpatient_visit(), dose), first)
    return book_data.visit_of(book_data.called(dossier, ma_lk, facility=facility))


MONTHLY = "1 viên * 2 lần * 28 ngày"


@pytest.mark.parametrize(
    "today, running, ended",
    [
        (date(2026, 3, 1), ["Cơ sở 99002"], []),
        (date(2026, 3, 28), ["Cơ sở 99002"], []),
        (date(2026, 3, 29), [], ["Cơ sở 99002"]),
        (date(2026, 4, 27), [], ["Cơ sở 99002"]),
        (date(2026, 4, 28), [], []),
    ],
)
def test_a_medicine_is_current_until_the_last_day_of_its_supply(today, running, ended) -> None:
    visits = [stay(date(2026, 3, 1), "B", MONTHLY, facility="99002"), stay(date(2026, 2, 1), "A", MONTHLY)]
    found = medicines.medicines(visits, place, today)
    assert [one.facility for one in found.running] == running
    assert [one.facility for one in found.ended] == ended
    assert all(one.long_term for one in found.running + found.ended)


def test_a_short_course_is_current_but_never_of_long_use() -> None:
    visits = [stay(date(2026, 3, 1), "A", "1 viên * 2 lần * 5 ngày")]
    found = medicines.medicines(visits, place, date(2026, 3, 5))
    assert [(one.until, one.long_term) for one in found.running] == [("05/03/2026", False)]
    assert medicines.medicines(visits, place, date(2026, 3, 6)) == medicines.Medicines([], [])


def test_what_was_given_once_is_no_current_medicine() -> None:
    visits = [book_data.visit_of(clean_visit())]
    assert medicines.medicines(visits, place, date(2026, 1, 10)).running == []


def test_facilities_that_disagree_on_the_blood_group_are_both_shown() -> None:
    def patient(group: str) -> dict[str, object]:
        system = "https://yteso.vn/fhir/cs/nhom-mau"
        coded = {"coding": [{"system": system, "code": group}]}
        return {"extension": [{"url": "https://yteso.vn/fhir/nhom-mau", "valueCodeableConcept": coded}]}

    stated = [(patient("O+"), "A"), (patient("A+"), "B"), (patient("O+"), "C"), ({}, "D")]
    assert [(one.value, one.source) for one in card.blood(stated)] == [("O+", "A"), ("A+", "B")]


def test_an_allergy_is_said_once_with_its_latest_source() -> None:
    def said(ma_lk: str, first: date, substance: str) -> object:
        dossier = change(clean_visit(), "XML5", 1, DIEN_BIEN_LS=f"Tiền sử dị ứng thuốc: {substance}. Sốt")
        return book_data.visit_of(book_data.called(book_data.moved(dossier, first), ma_lk))

    visits = [said("B", date(2026, 5, 1), "penicillin"), said("A", date(2026, 1, 1), "Penicillin")]
    (one,) = card.allergies(visits, place)
    assert (one.value, one.source) == ("Penicillin", "01/05/2026, Cơ sở 99001")


def test_long_illnesses_come_from_visits_of_long_care_in_the_last_year() -> None:
    def checked(ma_lk: str, first: date, **fields: str) -> object:
        dossier = book_data.moved(outpatient_visit(), first)
        return book_data.visit_of(book_data.called(dossier, ma_lk, **fields))

    visits = [
        checked("C", date(2026, 6, 1), MA_LOAI_KCB="05", MA_BENH_CHINH="I10"),
        checked("B", date(2026, 5, 1), MA_LOAI_KCB="08", MA_BENH_CHINH="I10"),
        checked("A", date(2026, 4, 1), MA_LOAI_KCB="01", MA_BENH_CHINH="J18.9"),
        checked("0", date(2024, 4, 1), MA_LOAI_KCB="05", MA_BENH_CHINH="E11.9"),
    ]
    heads = [head.head(one, place) for one in visits]
    found = card.illnesses(visits, heads, date(2026, 7, 1))
    assert [one.value for one in found] == ["Bệnh lý tăng huyết áp (I10)"]
    assert found[0].source == "01/06/2026, Cơ sở 99001"


def test_the_insurance_card_is_that_of_the_latest_visit() -> None:
    (one,) = card.insurance([book_data.visit_of(clean_visit())], place)
    assert one.value == "DN4019900000001"
    assert one.source == "có giá trị từ 01/01/2026 đến 31/12/2026, nơi đăng ký ban đầu: Cơ sở 99001"


def measured(value: str, first: date, ma_lk: str, unit: str = "10^9/L") -> object:
    dossier = change(outpatient_visit(), "XML4", 1, GIA_TRI=value, DON_VI_DO=unit)
    return book_data.visit_of(book_data.called(book_data.moved(dossier, first), ma_lk))


def test_the_same_test_over_time_and_the_chart_says_what_the_table_says() -> None:
    visits = [measured("3.25", date(2026, 3, 1), "B"), measured("12.4", date(2026, 1, 1), "A")]
    trend = next(one for one in trends.trends(visits, place) if one.name == "WBC")
    assert [point.result.value for point in trend.points] == ["12,4", "3,25"]
    chart = trends.chart(trend)
    assert chart["values"] == [12.4, 3.25]
    assert chart["flags"] == ["H", "L"]
    assert chart["times"] == [int(point.result.at.timestamp()) for point in trend.points]
    assert (chart["low"], chart["high"], chart["decimal"]) == (4.0, 10.0, ",")
    assert trends.summary(trend) == (
        "Biểu đồ WBC: 2 kết quả từ 01/01/2026 đến 01/03/2026. Thấp nhất 3,25, cao nhất 12,4, gần nhất 3,25 10⁹/L."
    )


def test_another_unit_is_another_chart_and_one_result_is_none() -> None:
    visits = [measured("3.25", date(2026, 3, 1), "B", "mg/L"), measured("12.4", date(2026, 1, 1), "A")]
    assert [one.name for one in trends.trends(visits, place)] == ["HGB"]


def test_signs_tell_addresses_apart() -> None:
    assert trends.slug("neu% G/L") != trends.slug("neu# G/L")
    assert trends.slug("6690-2 10*9/L").startswith("6690-2-10-9-l-")


def reading(hour: int, account: str, role: str, outcome: str = "allowed", purpose: str = "own-book") -> Reading:
    at = datetime(2026, 7, 1, hour, tzinfo=UTC)
    return Reading(at, account, role, "99001" if role == "facility" else "", purpose, 3, outcome)


def test_readings_of_one_day_by_one_reader_are_one_line() -> None:
    log = [
        reading(5, "an", "citizen"),
        reading(4, "nga", "facility", purpose="Khám bệnh"),
        reading(3, "an", "citizen"),
        reading(2, "la", "citizen", "denied"),
    ]
    own, staff, other = looked.looks(log, "an", place)
    assert (own.who, own.times, own.own, own.when) == ("Bạn", "2", True, "12:00 01/07/2026")
    assert (staff.who, staff.facility, staff.purpose) == ("Nhân viên cơ sở khám, chữa bệnh", "Cơ sở 99001", "Khám bệnh")
    assert (other.who, other.denied, other.own) == ("Tài khoản người dân khác", True, False)


def test_numbers_and_code_words_follow_the_language_of_the_page() -> None:
    with book_data.language("en"):
        one = full(book_data.visit_of(clean_visit()), place)
        assert one.head.kind == "Inpatient"
        assert one.drugs[0].dose == "1 viên each time, 2 times a day, for 1 day"
        assert one.results[0].lines[0].value == "12.4"
        assert one.costs.total == "933,002 đ"
        assert (
            dict(next(paper for paper in one.papers if paper.table == "XML14").lines)["Re-examination date"]
            == "28/01/2026"
        )
