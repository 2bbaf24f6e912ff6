"""Keeping the figures true: only what is touched, the same however often, by one process or several."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from arrivals import dossier

from yteso import quality
from yteso.config.database import connect
from yteso.quality.refreshing import refresher


TABLES = ("quality_count", "quality_delay", "quality_rule", "quality_expected")


def everything(conn) -> dict[str, list[tuple]]:
    return {table: sorted(conn.execute(f"select * from {table}").fetchall(), key=str) for table in TABLES}


def february(number: int, **fields: str):
    visit = dossier(number, NGAY_VAO="202602020800", NGAY_VAO_NOI_TRU="202602020900", NGAY_RA="202602030900", **fields)
    visit.tables["XML7"][0] |= {"NGAY_VAO": "202602020800", "NGAY_RA": "202602030900"}
    return visit


@pytest.mark.parametrize("times", [1, 3])
def test_counting_all_anew_changes_no_figure(tell, autocommit, times: int) -> None:
    tell(dossier(1), dossier(2, LY_DO_VV=""), at="2026-01-14 10:00")
    tell(february(3), at="2026-02-04 10:00")
    quality.refresh(autocommit)
    before = everything(autocommit)
    assert all(before.values())
    assert [quality.refresh(autocommit, everything=True) for _ in range(times)] == [2] * times
    assert everything(autocommit) == before


def test_only_months_that_are_touched_are_counted(tell, autocommit) -> None:
    tell(dossier(1), at="2026-01-14 10:00")
    assert quality.refresh(autocommit) == 1
    autocommit.execute("update quality_count set dossiers = 99 where month = '2026-01-01'")
    tell(february(2), at="2026-02-04 10:00")
    assert quality.refresh(autocommit) == 1, "January is left alone"
    values = autocommit.execute("select month, dossiers from quality_count where (measure, part) = ('correct', '')")
    assert sorted(values) == [(date(2026, 1, 1), 99), (date(2026, 2, 1), 1)]


def test_a_facility_is_not_counted_for_anothers_file(tell, autocommit) -> None:
    tell(dossier(1), at="2026-01-14 10:00")
    quality.refresh(autocommit)
    autocommit.execute("update quality_count set numerator = 0 where facility = '99001'")
    other = dossier(1)
    other.tables["XML1"][0]["MA_CSKCB"] = "99002"
    tell(other, at="2026-01-14 11:00", facility="99002")
    assert quality.refresh(autocommit) == 1
    assert autocommit.execute("select max(numerator) from quality_count where facility = '99001'").fetchone() == (0,)


def test_a_correction_moves_a_visit_and_all_its_figures(tell, autocommit) -> None:
    tell(dossier(1), at="2026-01-14 10:00", made="20260114")
    assert quality.refresh(autocommit) == 1
    tell(february(1), at="2026-02-04 10:00", made="20260204")
    assert quality.refresh(autocommit) == 2
    assert quality.months_known(autocommit, facility="99001") == [date(2026, 2, 1)]
    for table in ("quality_count", "quality_delay", "quality_rule"):
        assert autocommit.execute(f"select count(*) from {table} where month = '2026-01-01'").fetchone() == (0,)


def test_what_came_in_pieces_counts_as_what_came_at_once(tell, autocommit) -> None:
    for number in (1, 2, 3):
        tell(dossier(number), at="2026-01-14 10:00")
        quality.refresh(autocommit)
    pieces = everything(autocommit)
    for table in TABLES:
        autocommit.execute(f"delete from {table}")
    quality.refresh(autocommit, everything=True)
    assert everything(autocommit) == pieces


def test_several_processes_count_each_thing_once(tell, autocommit) -> None:
    tell(dossier(1), dossier(2), at="2026-01-14 10:00")
    tell(february(3), at="2026-02-04 10:00")

    def one(_: int) -> int:
        with connect() as conn:
            conn.autocommit = True
            return quality.refresh(conn)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 2
    found = everything(autocommit)
    quality.refresh(autocommit, everything=True)
    assert everything(autocommit) == found


def test_a_count_that_fails_leaves_the_figures_and_the_work_as_they_were(tell, autocommit) -> None:
    tell(dossier(1), at="2026-01-14 10:00")
    quality.refresh(autocommit)
    before = everything(autocommit)
    tell(dossier(2), at="2026-01-14 10:00")
    autocommit.execute("alter table quality_delay add constraint never check (dossiers < 2)")
    with pytest.raises(Exception, match="never"):
        quality.refresh(autocommit)
    assert everything(autocommit) == before
    autocommit.execute("alter table quality_delay drop constraint never")
    assert quality.refresh(autocommit) == 1


def test_many_submissions_are_counted_in_several_steps(tell, autocommit, monkeypatch) -> None:
    from yteso.quality import refreshing

    monkeypatch.setattr(refreshing, "AT_ONCE", 1)
    for number in (1, 2, 3):
        tell(dossier(number), at="2026-01-14 10:00")
    assert quality.refresh(autocommit) == 3, "one month, once per step"
    assert quality.scorecard(autocommit, "99001", date(2026, 1, 1)).visits == 3


def test_nothing_to_count(autocommit) -> None:
    assert quality.refresh(autocommit) == quality.refresh(autocommit, everything=True) == 0
    refresher()(autocommit)
    assert not any(everything(autocommit).values())
