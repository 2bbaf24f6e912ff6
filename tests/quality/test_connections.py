"""What was expected of a facility, and what came: visits, slips, results."""

from datetime import date

import pytest
from arrivals import dossier
from cases import referred_visit

from yteso import quality
from yteso.quality.listening import days_of_arrival


JANUARY = date(2026, 1, 1)
LATER = date(2026, 6, 1)


def lines(conn, month: date, today: date = LATER, facility: str = "99001") -> dict[str, tuple[int, int]]:
    quality.refresh(conn)
    found = quality.interconnection(conn, month, today, facility=facility).get(facility, [])
    return {line.kind: (line.came, line.expected) for line in found}


def referred(number: int):
    visit = referred_visit()
    for rows in visit.tables.values():
        for row in rows:
            row["MA_LK"] = f"LK-{number:06}"
    visit.tables["XML1"][0] |= {"MA_BN": f"BN{number:06}", "SO_CCCD": f"0010809{number:05}"}
    visit.tables["XML7"][0]["MA_YTE"] = f"BN{number:06}"
    return visit


def at_another(number: int, facility: str, arrived: str, left: str):
    """The same person, as another facility knows them."""
    visit = dossier(number, NGAY_VAO=arrived, NGAY_VAO_NOI_TRU=arrived, NGAY_RA=left, MA_BN=f"X{number}")
    for rows in visit.tables.values():
        for row in rows:
            row |= {name: facility for name in ("MA_CSKCB",) if name in row}
    visit.tables["XML7"][0] |= {"MA_YTE": f"X{number}", "NGAY_VAO": arrived, "NGAY_RA": left}
    return visit


def test_papers_and_results_come_from_the_visits_themselves(tell, autocommit) -> None:
    bare = dossier(2)
    for table in ("XML4", "XML7", "XML14"):
        del bare.tables[table]
    tell(dossier(1), bare, at="2026-01-14 10:00")
    found = lines(autocommit, JANUARY)
    del found["return"]
    assert found == {"XML14": (1, 2), "XML4": (2, 4), "XML7": (1, 2), "XML8": (2, 2)}


def test_what_is_missing_is_listed_so_that_it_can_be_mended(tell, autocommit) -> None:
    bare = dossier(2)
    del bare.tables["XML7"]
    number = tell(dossier(1), bare, at="2026-01-14 10:00")
    quality.refresh(autocommit)
    (one,) = quality.missing(autocommit, "99001", JANUARY, "XML7", LATER)
    assert (one.ma_lk, one.submission, one.position) == ("LK-000002", number, 2)
    assert quality.missing(autocommit, "99001", JANUARY, "XML8", LATER) == []
    assert quality.missing(autocommit, "99002", JANUARY, "XML7", LATER) == []


def test_a_referral_without_its_slip(tell, autocommit) -> None:
    bare = referred(2)
    del bare.tables["XML13"]
    tell(referred(1), bare, at="2026-01-14 10:00")
    assert lines(autocommit, JANUARY)["XML13"] == (1, 2)


def test_a_referred_patient_is_expected_where_they_were_sent(tell, autocommit) -> None:
    tell(referred(1), at="2026-01-14 10:00")
    assert lines(autocommit, JANUARY, date(2026, 1, 20), "99002") == {}, "two weeks are not over"
    assert lines(autocommit, JANUARY, LATER, "99002") == {"referral": (0, 1)}
    (one,) = quality.missing(autocommit, "99002", JANUARY, "referral", LATER)
    assert (one.ma_lk, one.source, one.due) == ("LK-000001", "99001", date(2026, 1, 14))


def stated(conn, facility: str, patient: str, number: str, started: str) -> None:
    """A visit of the person with this number, straight into people and the record."""
    from datetime import UTC, datetime

    from yteso import people, record
    from yteso.record.ids import derive, document_id, subject_id

    when = datetime.fromisoformat(started).replace(tzinfo=UTC)
    subject = subject_id(facility, patient)
    known = people.Statement(
        subject, facility, patient, when, when.date(), when, number=number, birth="19800512", name="NGUYỄN VĂN AN",
        folded="nguyen van an", sex="1",
    )  # fmt: skip
    id = document_id("visit", facility, patient)
    with conn.transaction():
        people.resolve(conn, [known])
        made = {"made": when.date(), "received": when, "started": when, "ended": when}
        record.save(
            conn, [record.Document(subject, id, "visit", patient, facility, digest=derive(started).bytes, **made)]
        )


def number_of(conn) -> str:
    return conn.execute("select number from people_subject where facility = '99001'").fetchone()[0]


def follow_up(conn, started: str, facility: str = "99002", patient: str = "X1") -> None:
    """The same person comes to `facility`, whoever the rule about people says they are."""
    stated(conn, facility, patient, number_of(conn), started)
    subject = conn.execute("select subject from people_subject where facility = '99001'").fetchone()[0]
    theirs = conn.execute("select subject from people_subject where patient_no = %s", (patient,)).fetchone()[0]
    person = conn.execute("select person from people_link where subject = %s and until is null", (subject,)).fetchone()
    with conn.transaction():
        conn.execute("update people_link set until = clock_timestamp() where subject = %s and until is null", (theirs,))
        conn.execute("insert into people_link (subject, person, why) values (%s, %s, '{}')", (theirs, person[0]))
        conn.execute("update intake_submission set tallied = false")


@pytest.mark.parametrize(
    ("started", "came"), [("2026-01-15", 1), ("2026-01-28", 1), ("2026-02-15", 0), ("2026-01-01", 0)]
)
def test_a_referral_is_met_by_a_visit_there_in_time(tell, autocommit, started: str, came: int) -> None:
    tell(referred(1), at="2026-01-14 10:00")
    follow_up(autocommit, started)
    assert lines(autocommit, JANUARY, LATER, "99002")["referral"] == (came, 1)


def test_a_visit_elsewhere_does_not_meet_a_referral(tell, autocommit) -> None:
    tell(referred(1), at="2026-01-14 10:00")
    follow_up(autocommit, "2026-01-15", facility="99003")
    assert lines(autocommit, JANUARY, LATER, "99002")["referral"] == (0, 1)


def test_an_appointment_waits_for_its_day_and_then_is_missed(tell, autocommit) -> None:
    visit = dossier(1)
    due = visit.tables["XML14"][0]["NGAY_HEN_KL"]
    day = date(int(due[:4]), int(due[4:6]), int(due[6:]))
    tell(visit, at="2026-01-14 10:00")
    assert "return" not in lines(autocommit, day.replace(day=1), day)
    assert lines(autocommit, day.replace(day=1), LATER)["return"] == (0, 1)


def test_an_appointment_changed_by_a_correction_counts_once(tell, autocommit) -> None:
    tell(dossier(1), at="2026-01-14 10:00", made="20260114")
    moved = dossier(1, NGAY_TAI_KHAM="20260310")
    moved.tables["XML14"][0]["NGAY_HEN_KL"] = "20260310"
    tell(moved, at="2026-01-15 10:00", made="20260115")
    quality.refresh(autocommit)
    dues = autocommit.execute("select due from quality_expected where kind = 'return'").fetchall()
    assert dues == [(date(2026, 3, 10),)]


def check_in(autocommit, ma_lk: str, care: str = "01") -> None:
    """A stand-alone XML0 file of one visit, taken in."""
    from io import BytesIO

    from yteso.intake import service

    row = (
        f"<TRANG_THAI_KCB><MA_LK>{ma_lk}</MA_LK><STT>1</STT><MA_BN>BN1</MA_BN><HO_TEN>NGUYỄN VĂN AN</HO_TEN>"
        "<NGAY_SINH>198005120000</NGAY_SINH><GIOI_TINH>1</GIOI_TINH><MA_DOITUONG_KCB>9</MA_DOITUONG_KCB>"
        f"<NGAY_VAO>202601100800</NGAY_VAO><MA_LOAI_KCB>{care}</MA_LOAI_KCB><MA_CSKCB>99001</MA_CSKCB>"
        "<MA_DICH_VU>02.1897</MA_DICH_VU><TEN_DICH_VU>Khám Nội</TEN_DICH_VU><NGAY_YL>202601100805</NGAY_YL>"
        "</TRANG_THAI_KCB>"
    )
    file = (
        f"<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>{row}</DSACH_TRANG_THAI_KCB><CHUKYDONVI/>"
        "</CHI_TIEU_TRANG_THAI_KCB>"
    )
    work, _ = service.receive(autocommit, BytesIO(file.encode()), name="xml0.xml", facility="99001", account="nga")
    service.take_in(autocommit, [work])


def test_a_check_in_waits_for_its_dossier(tell, autocommit) -> None:
    check_in(autocommit, "LK-000001")
    check_in(autocommit, "LK-000002")
    assert lines(autocommit, JANUARY, date(2026, 1, 12)) == {}
    assert lines(autocommit, JANUARY)["check-in"] == (0, 2)
    tell(dossier(1), at="2026-01-12 10:00")
    found = lines(autocommit, JANUARY)
    assert found["check-in"] == (1, 2)
    assert [one.ma_lk for one in quality.missing(autocommit, "99001", JANUARY, "check-in", LATER)] == ["LK-000002"]


def test_an_admission_has_longer(tell, autocommit) -> None:
    check_in(autocommit, "LK-000001", "03")
    assert lines(autocommit, JANUARY, date(2026, 2, 1)) == {}
    assert lines(autocommit, JANUARY, LATER)["admission"] == (0, 1)


def test_a_province_is_the_sum_of_its_facilities(tell, autocommit) -> None:
    from yteso.quality.connections import total

    tell(referred(1), dossier(2), at="2026-01-14 10:00")
    quality.refresh(autocommit)
    found = quality.interconnection(autocommit, JANUARY, LATER, province="99")
    assert list(found) == ["99001", "99002"]
    assert [line.kind for line in found["99001"]] == ["return", "XML13", "XML14", "XML4", "XML7", "XML8"]
    sums = total(line for of in found.values() for line in of)
    assert (sums["referral"].missing, sums["XML8"].came) == (1, 2)
    assert quality.interconnection(autocommit, JANUARY, LATER, province="98") == {}


def test_silence_is_listened_for_per_province(autocommit) -> None:
    from datetime import datetime, timedelta

    for facility in ("99001", "98001"):
        for back in range(28):
            day = datetime(2026, 7, 24, 9) - timedelta(days=back)
            if day.weekday() < 5:
                autocommit.execute(
                    """insert into intake_submission (facility, account, name, sha256, size, standard, status, received,
                                                      seen, dossiers, accepted, with_warnings, refused)
                       values (%s, '', 'a', sha256(%s::text::bytea), 1, '', 'done', %s, 0, 0, 0, 0, 0)""",
                    (facility, f"{facility}{day}", day),
                )
    monday, tuesday = date(2026, 7, 27), date(2026, 7, 28)
    assert quality.silences(autocommit, "99", monday) == {}
    found = quality.silences(autocommit, "99", tuesday)
    assert list(found) == ["99001"]
    assert found["99001"].missed == (monday,)
    assert quality.silence_of(autocommit, "98001", tuesday).last == date(2026, 7, 24)
    assert quality.silence_of(autocommit, "99009", tuesday) is None
    assert set(days_of_arrival(autocommit, tuesday)) == {"99001", "98001"}


def test_registered_facilities_that_never_sent_are_named(autocommit) -> None:
    from yteso.registry.models import Facility

    Facility.objects.create(code="99005", name="Chưa gửi")
    Facility.objects.create(code="98005", name="Tỉnh khác")
    assert quality.never_heard(autocommit, "99") == ["99005"]
