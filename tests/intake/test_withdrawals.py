"""A dossier taken back: out of the record, history kept, nobody left behind as a ghost; sent again, it is back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from arrivals import FACILITY, dossier, file_of, send

from yteso import people, record
from yteso.access.reads import Denied, Reader, open_record
from yteso.config.database import connect
from yteso.intake import restating, service, versions
from yteso.intake.dossier import Dossier
from yteso.intake.withdrawals import NoReason, withdraw
from yteso.record.ids import document_id, fhir_id, subject_id


LINK = "LK-000001"
VISIT, SUBJECT = document_id("visit", FACILITY, LINK), subject_id(FACILITY, "BN000001")
NUMBER = "001080900001"
LATER = f"{datetime.now(UTC) + timedelta(days=2):%Y%m%d}"


@pytest.fixture
def conn(conn):
    conn.autocommit = True
    return conn


@pytest.fixture
def take(conn):
    def take(content: bytes, **options: str) -> None:
        service.take_in(conn, [send(conn, content, **options)[0]])

    return take


@pytest.fixture
def back(conn):
    """Withdraw the first patient's first visit, or another."""

    def back(link: str = LINK, *, facility: str = FACILITY, reason: str = "Nhập nhầm người bệnh") -> str:
        return withdraw(conn, facility, link, reason=reason, account="nga")

    return back


def another(link: str = "LK-KHAC", days: int = 0, **fields: str) -> Dossier:
    """Another visit of the first patient, `days` after the first."""
    visit = dossier(1, **fields)
    for rows in visit.tables.values():
        for row in rows:
            row["MA_LK"] = link
            for name, value in row.items():
                if value.startswith("2026011"):
                    row[name] = f"2026011{int(value[7]) + days}{value[8:]}"
    return visit


def saved(conn) -> list[str]:
    return [outcome for (outcome,) in conn.execute("select saved from intake_dossier order by id")]


def events(conn) -> list[tuple[str, str]]:
    return [(change.kind, change.event) for change in record.changes(conn)]


def patient(conn) -> str:
    known = record.read_document(conn, SUBJECT)
    return known.body.of_type("Patient").__next__()[2].decode() if known else ""


def test_a_withdrawn_visit_leaves_the_record_and_its_history_stays(conn, take, back) -> None:
    take(file_of(dossier(1)))
    assert back() == "withdrawn"
    assert record.read_document(conn, VISIT) is None
    now, before = record.history(conn, VISIT)
    assert (now.withdrawn, now.version, before.version) == ("Nhập nhầm người bệnh", 2, 1)
    assert len(list(before.body)) > 20
    found = versions.history(conn, FACILITY, LINK)
    assert found.withdrawn
    assert found.current is None
    (one,) = found.withdrawals
    assert (one.document, one.reason, one.account) == (VISIT, "Nhập nhầm người bệnh", "nga")
    assert versions.reread(conn, found.versions[0])[0].ma_lk == LINK


def test_the_feed_tells_of_the_visit_and_of_the_patient_nothing_is_left_of(conn, take, back) -> None:
    take(file_of(dossier(1)))
    back()
    assert events(conn) == [("visit", "new"), ("patient", "new"), ("visit", "withdrawn"), ("patient", "withdrawn")]


def test_twice_is_as_good_as_once(conn, take, back) -> None:
    take(file_of(dossier(1)))
    assert [back(), back(reason="lần hai"), back()] == ["withdrawn", "already", "already"]
    assert conn.execute("select reason from intake_withdrawal").fetchall() == [("Nhập nhầm người bệnh",)]
    assert len(events(conn)) == 4


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_a_reason_is_needed_and_has_an_end(conn, take, back, reason: str) -> None:
    take(file_of(dossier(1)))
    with pytest.raises(NoReason):
        back(reason=reason)
    assert record.read_document(conn, VISIT)


def test_what_was_never_accepted_cannot_be_taken_back(conn, take, back) -> None:
    take(file_of(dossier(1, GIOI_TINH="7")))
    assert [back(), back("LK-KHAC")] == ["unknown", "unknown"]
    assert conn.execute("select count(*) from intake_withdrawal").fetchone() == (0,)


def test_nobody_takes_back_what_another_facility_sent(conn, take, back) -> None:
    take(file_of(dossier(1)))
    assert back(facility="99002") == "unknown"
    assert record.read_document(conn, VISIT)


def test_what_was_taken_back_can_only_be_added_to(conn, take, back) -> None:
    take(file_of(dossier(1)))
    back()
    for statement in ("update intake_withdrawal set reason = ''", "delete from intake_withdrawal"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            conn.execute(statement)


def test_what_is_written_later_brings_it_back(conn, take, back) -> None:
    take(file_of(dossier(1)))
    back()
    take(file_of(dossier(1), dossier(2), made=LATER))
    assert record.read_document(conn, VISIT).version == 3
    assert "NGƯỜI BỆNH THỬ" in patient(conn)
    assert len(people.find(conn, NUMBER)) == 1
    assert len(people.known_as(conn, people.find(conn, NUMBER)[0])) == 1
    found = versions.history(conn, FACILITY, LINK)
    assert (found.withdrawn, found.current.number, len(found.withdrawals)) == (False, 2, 1)
    assert back() == "withdrawn"
    assert record.read_document(conn, VISIT) is None
    assert len(versions.history(conn, FACILITY, LINK).withdrawals) == 2


def test_what_was_written_before_does_not(conn, take, back) -> None:
    take(file_of(dossier(1)))
    back()
    take(file_of(dossier(1, DIEN_THOAI="0912000001"), made="20260201"))
    assert saved(conn) == ["new", "older"]
    assert record.read_document(conn, VISIT) is None
    assert patient(conn) == ""
    assert people.find(conn, NUMBER) == []


def test_a_file_dated_in_the_future_can_be_taken_back_too(conn, take, back) -> None:
    take(file_of(dossier(1), made=LATER))
    assert back() == "withdrawn"
    assert record.read_document(conn, VISIT) is None


def test_without_a_visit_nobody_is_found_and_a_record_is_empty(conn, take, back) -> None:
    take(file_of(dossier(1)))
    (person,) = people.find(conn, NUMBER)
    back()
    assert people.find(conn, NUMBER) == []
    for text in (NUMBER, "người bệnh", "DN4019900000001"):
        assert people.search(conn, text) == [], text
    assert people.known_as(conn, person) == []
    citizen = Reader(account="an", role="citizen", purpose="own-book", person=person)
    opened = open_record(conn, citizen, person)
    assert (opened.documents, opened.patient) == ([], None)
    with pytest.raises(Denied):
        open_record(conn, Reader("nga", "facility", "care", facility=FACILITY), person)


def test_the_person_stays_the_same_when_the_visit_comes_back(conn, take, back) -> None:
    take(file_of(dossier(1)))
    person = people.person_of(conn, SUBJECT)
    back()
    take(file_of(dossier(1), made=LATER))
    assert people.find(conn, NUMBER) == [person]


def test_a_person_known_elsewhere_too_stays_who_they_are(conn, take, back) -> None:
    take(file_of(dossier(1)))
    there = dossier(1, MA_CSKCB="99002", MA_BN="KHAC-9", MA_DKBD="99002")
    there.tables["XML7"][0]["MA_YTE"] = "KHAC-9"
    there.tables["XML14"][0]["MA_CSKCB"] = "99002"
    take(file_of(there, facility="99002"), facility="99002")
    (person,) = people.find(conn, NUMBER)
    back()
    assert people.find(conn, NUMBER) == [person]
    assert people.subjects_of(conn, person) == [subject_id("99002", "KHAC-9")]
    assert people.person_of(conn, SUBJECT) != person
    take(file_of(dossier(1), made=LATER))
    assert people.find(conn, NUMBER) == [person]
    assert len(people.subjects_of(conn, person)) == 2


def test_what_the_wrong_visit_said_of_the_patient_goes_with_it(conn, take, back) -> None:
    take(file_of(another()))
    (person,) = people.find(conn, NUMBER)
    other = {"HO_TEN": "NGƯỜI KHÁC", "NGAY_SINH": "198002020000"}
    wrong = another(LINK, 2, SO_CCCD="001080999999", **other)
    wrong.tables["XML14"][0].update(other)
    take(file_of(wrong, made="20260201"))
    assert people.find(conn, NUMBER) == []
    back()
    assert "NGƯỜI BỆNH THỬ" in patient(conn)
    assert people.find(conn, NUMBER) == [person]
    assert people.find(conn, "001080999999") == []
    assert record.read_document(conn, SUBJECT).started == record.read_person(conn, [SUBJECT])[1].ended


def test_an_earlier_visit_taken_back_changes_nothing_about_the_patient(conn, take, back) -> None:
    take(file_of(another(LINK, DIEN_THOAI="0911")))
    take(file_of(another(days=2), made="20260201"))
    version = record.read_document(conn, SUBJECT).version
    back()
    assert record.read_document(conn, SUBJECT).version == version
    assert "0900000000" in patient(conn)


def test_after_the_last_visit_is_gone_an_earlier_one_may_still_come(conn, take, back) -> None:
    take(file_of(another(LINK, 2)))
    back()
    take(file_of(another(DIEN_THOAI="0911000000")))
    assert "0911000000" in patient(conn)
    assert len(people.find(conn, NUMBER)) == 1


def test_withdrawn_on_many_connections_it_is_withdrawn_once(conn, take, database) -> None:
    take(file_of(dossier(1)))
    barrier = threading.Barrier(6, timeout=30)

    def one(number: int) -> str:
        with connect(autocommit=True) as own:
            barrier.wait()
            return withdraw(own, FACILITY, LINK, reason=f"lần {number}", account="nga")

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(one, range(6)))
    assert outcomes == ["already"] * 5 + ["withdrawn"]
    assert conn.execute("select count(*) from intake_withdrawal").fetchone() == (1,)
    assert len(record.history(conn, VISIT)) == 2


@pytest.mark.parametrize("turn", range(4))
def test_withdrawn_while_versions_of_it_are_being_taken_in(conn, take, database, turn: int) -> None:
    """However they meet: what was on its way stays history, what is written later stands, and nothing is half done."""
    take(file_of(dossier(1)))
    works = [
        send(conn, file_of(dossier(1, DIEN_THOAI=f"091200000{n}"), dossier(2), made=f"2026020{n}"))[0]
        for n in range(1, 5)
    ]
    later = send(conn, file_of(dossier(1, DIEN_THOAI="0912000009"), made=LATER))[0]
    barrier = threading.Barrier(6, timeout=30)

    def process(work) -> None:
        with connect(autocommit=True) as own:
            barrier.wait()
            service.take_in(own, [work])

    def take_back() -> None:
        with connect(autocommit=True) as own:
            barrier.wait()
            withdraw(own, FACILITY, LINK, reason="nhầm", account="nga")

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(process, work) for work in (works if turn % 2 else [*works[1:], later])]
        jobs += [pool.submit(take_back)] + ([pool.submit(process, later)] if turn % 2 else [pool.submit(barrier.wait)])
        for job in jobs:
            job.result(60)
    current = record.read_document(conn, VISIT)
    found = versions.history(conn, FACILITY, LINK)
    assert len(found.withdrawals) == 1
    assert found.withdrawn == (current is None)
    if current:
        assert found.current.submission == later.id
        assert "0912000009" in patient(conn)
    else:
        assert patient(conn) == ""
    numbers = sorted(version.version for version in record.history(conn, VISIT))
    assert numbers == list(range(1, len(numbers) + 1))
    assert conn.execute("select count(*) from people_link where until is null").fetchone() == (2,)


OTHER = subject_id(FACILITY, "BN000009")


def corrected(**fields: str) -> Dossier:
    """The first visit, sent once more under the number of another patient."""
    return dossier(1, MA_BN="BN000009", **fields)


def test_a_visit_that_was_another_patients_leaves_nothing_of_itself_behind(conn, take) -> None:
    take(file_of(dossier(1)))
    take(file_of(corrected(), made=LATER))
    assert patient(conn) == ""
    assert record.read_document(conn, OTHER)
    (person,) = people.find(conn, NUMBER)
    assert people.subjects_of(conn, person) == [OTHER]
    assert record.history(conn, SUBJECT)[0].withdrawn == restating.MOVED


def test_nor_does_it_when_the_mistake_comes_after_its_correction(conn, take) -> None:
    take(file_of(corrected(), made=LATER))
    take(file_of(dossier(1)))
    assert saved(conn) == ["new", "older"]
    assert patient(conn) == ""
    (person,) = people.find(conn, NUMBER)
    assert people.subjects_of(conn, person) == [OTHER]


def test_nor_when_both_are_taken_in_together(conn) -> None:
    files = file_of(dossier(1)), file_of(corrected(), made=LATER)
    service.take_in(conn, [send(conn, content)[0] for content in files])
    assert patient(conn) == ""
    assert record.read_document(conn, OTHER)


def test_the_visits_that_stay_say_who_the_patient_is(conn, take) -> None:
    take(file_of(another(DIEN_THOAI="0911000001")))
    take(file_of(another("LK-NHAM", days=2, DIEN_THOAI="0922000002")))
    assert "0922000002" in patient(conn)
    take(file_of(another("LK-NHAM", days=2, DIEN_THOAI="0922000002", MA_BN="BN000009"), made=LATER))
    assert "0911000001" in patient(conn)
    assert "0922000002" not in patient(conn)
    assert "0922000002" in record.read_document(conn, OTHER).body.get(fhir_id(OTHER)).decode()
    phones = {known.subject: known.phone for known in people.known_as(conn, people.find(conn, NUMBER)[0])}
    assert phones == {SUBJECT: "0911000001", OTHER: "0922000002"}


def test_a_visit_of_the_same_file_is_heard_too(conn, take) -> None:
    take(file_of(dossier(1)))
    take(file_of(corrected(), another(days=1, DIEN_THOAI="0933000003"), made=LATER))
    assert "0933000003" in patient(conn)
