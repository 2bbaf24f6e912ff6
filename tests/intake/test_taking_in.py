"""From a file at the door to the record."""

from uuid import UUID

import pytest
from arrivals import FACILITY, dossier, file_of, send

from yteso import mapping, record
from yteso.intake import service
from yteso.record.ids import document_id


@pytest.fixture
def autocommit(conn):
    conn.rollback()
    conn.autocommit = True
    return conn


def submission(conn, id: int) -> dict:
    cursor = conn.execute(
        """select status, dossiers, accepted, with_warnings, refused, standard, declared
           from intake_submission where id = %s""",
        (id,),
    )
    return dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True))


def visits(conn) -> list[tuple]:
    return conn.execute(
        "select id, source, version from record_document where kind = 'visit' order by source"
    ).fetchall()


def test_a_clean_file_is_received_then_taken_into_the_record(autocommit):
    work, new = send(autocommit, file_of(dossier(1), dossier(2)))
    assert new
    assert submission(autocommit, work.id)["status"] == "received"
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id) == {
        "status": "done",
        "dossiers": 2,
        "accepted": 2,
        "with_warnings": 0,
        "refused": 0,
        "standard": "3176",
        "declared": 2,
    }
    assert [source for _, source, _ in visits(autocommit)] == ["LK-000001", "LK-000002"]


def test_the_original_is_kept_byte_for_byte(autocommit):
    content = file_of(dossier(1))
    work, _ = send(autocommit, content)
    assert service.opener(autocommit)(work).read() == content


def test_the_same_bytes_again_get_the_same_receipt_and_change_nothing(autocommit):
    content = file_of(dossier(1))
    first, _ = send(autocommit, content)
    service.take_in(autocommit, [first])
    again, new = send(autocommit, content, name="lan-hai.xml")
    assert (again.id, new) == (first.id, False)
    assert autocommit.execute("select count(*) from intake_submission").fetchone() == (1,)
    assert len(visits(autocommit)) == 1


def test_the_same_dossier_in_another_file_is_known(autocommit):
    for content in (file_of(dossier(1)), file_of(dossier(1), dossier(2))):
        service.take_in(autocommit, [send(autocommit, content)[0]])
    rows = autocommit.execute("select saved from intake_dossier order by id").fetchall()
    assert rows == [("new",), ("same",), ("new",)]


def test_a_corrected_dossier_is_a_new_version_and_the_old_one_stays(autocommit):
    service.take_in(autocommit, [send(autocommit, file_of(dossier(1)))[0]])
    corrected = file_of(dossier(1, DIEN_THOAI="0912000001"), made="20260201")
    service.take_in(autocommit, [send(autocommit, corrected)[0]])
    assert visits(autocommit) == [(document_id("visit", FACILITY, "LK-000001"), "LK-000001", 2)]
    assert len(record.history(autocommit, document_id("visit", FACILITY, "LK-000001"))) == 2


def test_a_correction_that_arrives_before_what_it_corrects_still_wins(autocommit):
    corrected = dossier(1, DIEN_THOAI="0912000001")
    for content in (file_of(corrected, made="20260201"), file_of(dossier(1))):
        service.take_in(autocommit, [send(autocommit, content)[0]])
    current = record.read_document(autocommit, document_id("visit", FACILITY, "LK-000001"))
    assert b"0912000001" in b"".join(json for _, _, json in current.body)
    assert autocommit.execute("select saved from intake_dossier order by id").fetchall() == [("new",), ("older",)]


def test_a_dossier_with_a_critical_finding_is_shown_and_stays_out(autocommit):
    content = file_of(dossier(1), dossier(2, GIOI_TINH="7"))
    work, _ = send(autocommit, content)
    service.take_in(autocommit, [work])
    assert (submission(autocommit, work.id)["accepted"], submission(autocommit, work.id)["refused"]) == (1, 1)
    assert [source for _, source, _ in visits(autocommit)] == ["LK-000001"]
    rows = autocommit.execute(
        """select ma_lk, rule, tbl, field, f.value from intake_finding f join intake_dossier d on d.id = dossier_id
           where severity = 'critical'"""
    ).fetchall()
    assert ("LK-000002", "XML1-013", "XML1", "GIOI_TINH", "7") in rows


def test_a_dossier_that_a_fault_of_ours_keeps_out_does_not_take_the_others_with_it(autocommit, monkeypatch):
    sound = mapping.map_visit

    def faulty(visit, header):
        return sound(visit, header) if visit.ma_lk != "LK-000001" else {}["a fault"]

    monkeypatch.setattr(mapping, "map_visit", faulty)
    service.take_in(autocommit, [send(autocommit, file_of(dossier(1), dossier(2)))[0]])
    assert autocommit.execute("select rule, params from intake_finding").fetchall() == [
        ("SYS-002", {"kind": "KeyError"})
    ]
    assert [source for _, source, _ in visits(autocommit)] == ["LK-000002"]


def test_a_table_that_cannot_be_decoded_keeps_its_dossier_out(autocommit):
    content = file_of(dossier(1)).replace(
        b"<LOAIHOSO>XML4</LOAIHOSO><NOIDUNGFILE>", b"<LOAIHOSO>XML4</LOAIHOSO><NOIDUNGFILE>%%"
    )
    work, _ = send(autocommit, content)
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id)["refused"] == 1
    assert visits(autocommit) == []
    assert ("ENV-005", "XML4") in autocommit.execute("select rule, tbl from intake_finding").fetchall()


def test_a_truncated_file_enters_nothing(autocommit):
    whole = file_of(dossier(1), dossier(2), dossier(3))
    work, _ = send(autocommit, whole[: len(whole) * 2 // 3])
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id)["status"] == "refused"
    assert visits(autocommit) == []
    rules = autocommit.execute("select rule from intake_finding where dossier_id is null").fetchall()
    assert ("ENV-101",) in rules


def test_a_facility_may_not_send_the_file_of_another(autocommit):
    work, _ = send(autocommit, file_of(dossier(1)), facility="99777")
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id)["status"] == "refused"
    assert visits(autocommit) == []
    assert autocommit.execute("select rule, value from intake_finding where dossier_id is null").fetchall() == [
        ("ENV-201", FACILITY)
    ]


def test_without_a_sender_the_file_names_its_facility(autocommit):
    work, _ = send(autocommit, file_of(dossier(1)), facility="")
    assert work.facility == FACILITY


def test_a_large_file_is_looked_through_then_streamed_in_several_commits(autocommit, monkeypatch):
    monkeypatch.setattr("yteso.intake.process.IN_ONE_GO", 0)
    monkeypatch.setattr("yteso.intake.process.BATCH", 3)
    work, _ = send(autocommit, file_of(*(dossier(n) for n in range(1, 9))))
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id) | {"standard": ""} == {
        "status": "done",
        "dossiers": 8,
        "accepted": 8,
        "with_warnings": 0,
        "refused": 0,
        "standard": "",
        "declared": 8,
    }
    assert len(visits(autocommit)) == 8


def test_a_large_truncated_file_enters_nothing_either(autocommit, monkeypatch):
    monkeypatch.setattr("yteso.intake.process.IN_ONE_GO", 0)
    monkeypatch.setattr("yteso.intake.process.BATCH", 2)
    whole = file_of(*(dossier(n) for n in range(1, 7)))
    work, _ = send(autocommit, whole[: len(whole) * 2 // 3])
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id)["status"] == "refused"
    assert visits(autocommit) == []


def test_taking_in_goes_on_where_an_earlier_attempt_stopped(autocommit, monkeypatch):
    monkeypatch.setattr("yteso.intake.process.IN_ONE_GO", 0)
    monkeypatch.setattr("yteso.intake.process.BATCH", 3)
    work, _ = send(autocommit, file_of(*(dossier(n) for n in range(1, 9))))
    processor = service.Processor(autocommit, service.opener(autocommit))
    flush, commits = processor.flush, []

    def twice_only() -> None:
        if len(commits) == 2:
            raise ConnectionError("gone")
        flush()
        commits.append(1)

    processor.flush = twice_only
    with pytest.raises(ConnectionError):
        processor.run([work])
    assert autocommit.execute("select seen from intake_submission").fetchone() == (6,)
    work.seen = 6
    service.take_in(autocommit, [work])
    assert submission(autocommit, work.id)["dossiers"] == 8
    assert autocommit.execute("select count(*), count(distinct position) from intake_dossier").fetchone() == (8, 8)


def test_two_workers_on_one_file_take_it_in_once(autocommit, database):
    from threading import Thread

    from yteso.config.database import connect

    work, _ = send(autocommit, file_of(*(dossier(n) for n in range(1, 6))))

    def take() -> None:
        with connect(autocommit=True) as own:
            service.take_in(own, [work])

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert submission(autocommit, work.id)["dossiers"] == 5
    assert autocommit.execute("select count(*) from intake_dossier").fetchone() == (5,)
    assert [version for _, _, version in visits(autocommit)] == [1] * 5


def test_visits_of_one_number_at_two_facilities_are_one_person(autocommit):
    from yteso import people

    here = file_of(dossier(1))
    there_dossier = dossier(1, MA_CSKCB="99002", MA_BN="KHAC-9", MA_DKBD="99002")
    there_dossier.tables["XML7"][0]["MA_YTE"] = "KHAC-9"
    there_dossier.tables["XML14"][0]["MA_CSKCB"] = "99002"
    there = file_of(there_dossier, facility="99002")
    for content, facility in ((here, FACILITY), (there, "99002")):
        service.take_in(autocommit, [send(autocommit, content, facility=facility)[0]])
    people_found = people.find(autocommit, "001080900001")
    assert len(people_found) == 1
    assert isinstance(people_found[0], UUID)
    assert len(people.subjects_of(autocommit, people_found[0])) == 2
