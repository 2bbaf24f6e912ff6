"""What the monthly figures count: each visit once, as it was told last, in the month it ended."""

from datetime import date

from arrivals import dossier
from cases import change, total

from yteso import quality, record
from yteso.quality.cards import top_rules
from yteso.record.ids import document_id


def broken(number: int, **fields: str):
    """Refused: no admission reason."""
    return dossier(number, LY_DO_VV="", **fields)


def shaky(number: int):
    """Accepted with a warning: two notes of the same words."""
    visit = dossier(number)
    first, second, *_ = visit.tables["XML5"]
    second["DIEN_BIEN_LS"] = first["DIEN_BIEN_LS"]
    return visit


def test_good_and_bad_dossiers_are_counted_raw(tell, figures) -> None:
    tell(dossier(1), dossier(2), broken(3), shaky(4), at="2026-01-14 10:00")
    found = figures("2026-01")
    assert found["correct"] == (3, 4)
    assert found["complete"] == (4, 4)
    assert found["clean"] == (3, 4)
    assert found["clean.warning"] == (3, 4)
    assert found["timely"] == (3, 3)
    assert found["same"] == (3, 3)
    assert found["complete.XML7"] == (4, 4)
    assert "complete.XML13" not in found


def test_a_missing_paper_makes_a_visit_incomplete(tell, figures) -> None:
    visit = dossier(1)
    del visit.tables["XML14"]
    tell(visit, dossier(2), at="2026-01-14 10:00")
    found = figures("2026-01")
    assert found["complete"] == (1, 2)
    assert found["complete.XML14"] == (1, 2)


def test_a_dossier_without_its_main_table_is_one_bad_visit(tell, figures) -> None:
    visit = dossier(1)
    del visit.tables["XML1"]
    tell(visit, dossier(2), at="2026-01-14 10:00")
    found = figures("2026-01")
    assert (found["correct"], found["complete"], found["clean"]) == ((1, 2), (1, 2), (1, 1))


def test_a_correction_takes_the_place_of_what_was_wrong(tell, figures) -> None:
    tell(broken(1), at="2026-01-14 10:00")
    assert figures("2026-01")["correct"] == (0, 1)
    tell(dossier(1), at="2026-01-20 10:00", made="20260120")
    found = figures("2026-01")
    assert found["correct"] == (1, 1)
    assert found["same.correction"] == (1, 1)
    assert found["timely"] == (0, 1), "it was not accepted until days later"


def test_a_good_visit_sent_again_late_stays_timely(tell, figures) -> None:
    tell(dossier(1), at="2026-01-14 10:00", made="20260114")
    tell(dossier(1, DIA_CHI="Số 9, phường khác"), at="2026-01-30 10:00", made="20260130")
    found = figures("2026-01")
    assert found["timely"] == (1, 1)
    assert found["same"] == (1, 1)
    assert found["same.correction"] == (1, 1)


def test_a_correction_that_was_refused_leaves_the_record_behind(tell, figures) -> None:
    tell(dossier(1), at="2026-01-14 10:00", made="20260114")
    tell(broken(1), at="2026-01-20 10:00", made="20260120")
    found = figures("2026-01")
    assert found["correct"] == (0, 1)
    assert found["same"] == (0, 1)
    assert found["same.correction"] == (0, 1)


def test_an_older_version_that_arrives_late_changes_nothing(tell, figures) -> None:
    tell(dossier(1, DIA_CHI="Số 9, phường khác"), at="2026-01-20 10:00", made="20260120")
    before = figures("2026-01")
    tell(dossier(1), at="2026-01-21 10:00", made="20260114")
    assert figures("2026-01") == before


def test_the_same_content_in_another_file_is_the_same_visit(tell, figures) -> None:
    tell(dossier(1), at="2026-01-14 10:00")
    tell(dossier(1), dossier(2), at="2026-01-15 08:00")
    found = figures("2026-01")
    assert found["correct"] == (2, 2)
    assert "same.correction" not in found


def test_a_withdrawn_visit_is_not_counted(tell, figures, autocommit) -> None:
    first = tell(dossier(1), dossier(2), at="2026-01-14 10:00")
    assert figures("2026-01")["correct"] == (2, 2)
    moment = autocommit.execute("select now()").fetchone()[0]
    with autocommit.transaction():
        document = document_id("visit", "99001", "LK-000001")
        assert record.withdraw(autocommit, document, "gửi nhầm", made=date(2026, 3, 1), received=moment)
        autocommit.execute("update intake_submission set tallied = false where id = %s", (first,))
    assert figures("2026-01")["correct"] == (1, 1)


def test_a_visit_that_moves_to_another_month_leaves_the_old_one(tell, figures) -> None:
    tell(broken(1), at="2026-01-14 10:00", made="20260114")
    assert figures("2026-01")["correct"] == (0, 1)
    moved = broken(1, NGAY_VAO="202602010800", NGAY_RA="202602030900")
    tell(moved, at="2026-02-04 10:00", made="20260204")
    assert figures("2026-02")["correct"] == (0, 1)
    assert figures("2026-01") == {}


def test_facilities_do_not_mix_even_with_the_same_link_ids(tell, figures) -> None:
    tell(dossier(1), at="2026-01-14 10:00")
    other = broken(1)
    other.tables["XML1"][0]["MA_CSKCB"] = "99002"
    tell(other, at="2026-01-14 11:00", facility="99002")
    assert figures("2026-01")["correct"] == (1, 1)
    assert figures("2026-01", "99002")["correct"] == (0, 1)


def test_the_same_patient_admitted_at_the_same_minute_twice_is_a_duplicate(tell, figures) -> None:
    twin = dossier(2, MA_BN="BN000001", SO_CCCD="001080900001")
    twin.tables["XML7"][0]["MA_YTE"] = "BN000001"
    twin.tables["XML2"].pop()  # with the same sums it would be refused (XML1-085)
    twin = total(twin)
    tell(dossier(1), twin, dossier(3), at="2026-01-14 10:00")
    found = figures("2026-01")
    assert found["clean.duplicate"] == (1, 3)
    assert found["clean"] == (1, 3)


def test_placeholders_and_coarse_codes_show(tell, figures) -> None:
    tell(change(dossier(1, DIEN_THOAI="0000000000"), "XML2", 1, LIEU_DUNG="theo y lệnh"), at="2026-01-14 10:00")
    found = figures("2026-01")
    assert found["clean.placeholder"] == (0, 1)
    assert found["deep.dose"] == (1, 2)
    done, of = found["deep"]
    assert of - done == 1


def test_rules_count_visits_and_patients_and_keep_samples(tell, autocommit) -> None:
    again = broken(3, MA_BN="BN000001", SO_CCCD="001080900001", NGAY_VAO="202601120800")
    tell(broken(1), again, broken(2), shaky(4), at="2026-01-14 10:00")
    quality.refresh(autocommit)
    found = {one.rule: one for one in top_rules(autocommit, "99001", date(2026, 1, 1), 50)}
    reason = found["XML1-004"]
    assert (reason.severity, reason.dossiers, reason.patients) == ("critical", 3, 2)
    assert {one.ma_lk for one in reason.samples} == {"LK-000001", "LK-000002", "LK-000003"}
    assert found["XML5-003"].severity == "warning"


def test_counting_again_changes_nothing(tell, figures, autocommit) -> None:
    tell(dossier(1), broken(2), at="2026-01-14 10:00")
    before = figures("2026-01")
    assert quality.refresh(autocommit) == 0
    assert quality.refresh(autocommit, everything=True) == 1
    assert figures("2026-01") == before


def test_a_file_still_on_its_way_is_not_counted(tell, figures, autocommit) -> None:
    number = tell(dossier(1), at="2026-01-14 10:00")
    autocommit.execute("update intake_submission set status = 'processing' where id = %s", (number,))
    assert figures("2026-01") == {}


def test_only_one_process_counts_at_a_time(tell, autocommit, database) -> None:
    from yteso.config.database import connect

    tell(dossier(1), at="2026-01-14 10:00")
    with connect() as other:
        other.execute("select pg_advisory_xact_lock(hashtextextended('quality', 0))")
        assert quality.refresh(autocommit) == 0
    assert quality.refresh(autocommit) == 1


def test_a_refused_file_counts_its_visits_as_not_correct(tell, figures) -> None:
    tell(dossier(1), dossier(2), at="2026-01-14 10:00", declared=5)
    assert figures("2026-01")["correct"] == (0, 2)


def test_the_worker_keeps_the_figures(tell, autocommit) -> None:
    turn = quality.refresher()
    tell(dossier(1), at="2026-01-14 10:00")
    turn(autocommit)
    assert quality.months_known(autocommit, facility="99001") == [date(2026, 1, 1)]
    tell(broken(2), at="2026-01-14 11:00")
    turn(autocommit)
    assert quality.scorecard(autocommit, "99001", date(2026, 1, 1)).visits == 1, "not so soon again"
