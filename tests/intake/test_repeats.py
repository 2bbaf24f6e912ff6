"""The same visit under another link, and stays that overlap: found while taking in, in one file or in two."""

from datetime import date
from io import BytesIO

import pytest
from arrivals import FACILITY, dossier, file_of
from cases import change

from yteso.intake import service, terms
from yteso.intake.policy import Setting


@pytest.fixture
def autocommit(conn):
    conn.rollback()
    conn.autocommit = True
    return conn


def linked(visit, link: str, **fields: str):
    """A copy under another MA_LK; `fields` change XML1."""
    copy = change(visit, "XML1", 1, **fields)
    for rows in copy.tables.values():
        for row in rows:
            row["MA_LK"] = link
    return copy


FIRST = dossier(1)
AGAIN = linked(FIRST, "LK-AGAIN")


def take_in(conn, *dossiers) -> list[tuple[str, str, str | None]]:
    """(link, outcome, rule) of each dossier of a file."""
    work, _ = service.receive(conn, BytesIO(file_of(*dossiers)), name="x", facility=FACILITY, account="t")
    service.take_in(conn, [work])
    return conn.execute(
        """select d.ma_lk, d.outcome, f.rule from intake_dossier d left join intake_finding f on f.dossier_id = d.id
           where d.submission_id = %s order by d.position, f.rule""",
        (work.id,),
    ).fetchall()


FOUND = [("LK-AGAIN", "refused", "XML1-085")]


def test_a_visit_that_was_received_is_refused_under_another_link(autocommit):
    assert take_in(autocommit, FIRST) == [("LK-000001", "accepted", None)]
    assert take_in(autocommit, AGAIN) == FOUND
    assert autocommit.execute("select count(*) from record_document where kind = 'visit'").fetchone() == (1,)


def test_the_second_of_two_in_one_file_is_refused(autocommit):
    assert take_in(autocommit, FIRST, AGAIN) == [("LK-000001", "accepted", None), *FOUND]
    counts = autocommit.execute("select dossiers, accepted, refused from intake_submission").fetchone()
    assert counts == (2, 1, 1)


def test_the_finding_names_the_other_dossier(autocommit):
    take_in(autocommit, FIRST, AGAIN)
    (params,) = autocommit.execute("select params from intake_finding").fetchone()
    assert params == {"other": "LK-000001", "ngay_vao": "202601100800", "ngay_ra": "202601140900"}


def test_a_correction_under_its_own_link_is_no_duplicate(autocommit):
    take_in(autocommit, FIRST)
    corrected = change(FIRST, "XML1", 1, DIEN_THOAI="0912000001")
    assert take_in(autocommit, corrected) == [("LK-000001", "accepted", None)]


def test_what_is_no_key_does_not_tell_visits_apart(autocommit):
    assert take_in(autocommit, FIRST, linked(FIRST, "LK-AGAIN", CAN_NANG="60"))[1:] == FOUND


def test_stays_that_differ_in_a_key_only_overlap(autocommit):
    take_in(autocommit, FIRST)
    assert take_in(autocommit, linked(FIRST, "LK-OTHER", THANG_QT="2")) == [("LK-OTHER", "warnings", "INT-001")]


def test_another_patient_at_the_same_time_is_no_duplicate(autocommit):
    assert {outcome for _, outcome, _ in take_in(autocommit, FIRST, dossier(2))} == {"accepted"}


def test_a_province_may_only_warn(autocommit):
    terms.add(autocommit, FACILITY[:2], Setting("XML1-085", date(2026, 1, 1), severity="warning"))
    assert take_in(autocommit, FIRST, AGAIN)[1:] == [("LK-AGAIN", "warnings", "XML1-085")]


def test_a_province_may_switch_it_off(autocommit):
    terms.add(autocommit, FACILITY[:2], Setting("XML1-085", date(2026, 1, 1), on=False))
    assert take_in(autocommit, FIRST, AGAIN)[1:] == [("LK-AGAIN", "accepted", None)]
