"""What a dossier says of its own quality: which month it counts in, what is there, how finely it is coded."""

from datetime import UTC, date, datetime

import pytest
from cases import change, clean_visit, referred_visit

from yteso.intake.dossier import Dossier
from yteso.intake.facts import FACTS, Expected, facts


RECEIVED = datetime(2026, 2, 1, 8, tzinfo=UTC)


def said(dossier: Dossier) -> dict[str, tuple[int, int]]:
    counts = facts(dossier, "99001", RECEIVED).counts
    return {name: (counts[2 * at], counts[2 * at + 1]) for at, name in enumerate(FACTS)}


def without(table: str) -> Dossier:
    visit = clean_visit()
    del visit.tables[table]
    return visit


def test_everything_a_stay_should_hold_is_there() -> None:
    assert said(clean_visit()) == {
        "number": (1, 1), "address": (1, 1), "XML4": (2, 2), "XML5": (1, 1), "XML7": (1, 1), "XML8": (1, 1),
        "XML13": (0, 0), "XML14": (1, 1), "placeholder": (1, 1), "icd": (2, 2), "secondary": (1, 1),
        "result": (2, 2), "index": (2, 2), "dose": (2, 2),
    }  # fmt: skip


@pytest.mark.parametrize("table", ["XML5", "XML7", "XML8", "XML14"])
def test_a_paper_that_is_missing_was_expected(table: str) -> None:
    assert said(without(table))[table] == (0, 1)


def test_services_without_results_are_counted_one_by_one() -> None:
    assert said(without("XML4"))["XML4"] == (0, 2)
    visit = clean_visit()
    visit.tables["XML4"] = visit.tables["XML4"][:2]
    assert said(visit)["XML4"] == (1, 2)


CHANGES = """
what is changed                        fact         done  of
SO_CCCD=                               number       0     1
SO_CCCD= MA_QUOCTICH=418               number       0     0
SO_CCCD= NGAY_SINH=202601010000        number       0     0
MAXA_CU_TRU=                           address      0     1
MATINH_CU_TRU=                         address      0     1
SO_CCCD=000000000000                   placeholder  0     1
SO_CCCD=123456789012                   placeholder  0     1
DIEN_THOAI=0000000000                  placeholder  0     1
HO_TEN=test                            placeholder  0     1
MA_BENH_CHINH=J18                      icd          1     2
MA_BENH_CHINH=Z99.99                   icd          1     2
MA_LOAI_KCB=01                         XML5         0     0
MA_LOAI_KCB=01                         XML7         0     0
MA_LOAI_KCB=01                         XML8         0     0
MA_LOAI_KCB=06                         XML7         0     0
MA_LOAI_KCB=06                         XML8         1     1
MA_LOAI_KCB=09                         XML8         0     0
MA_LOAI_KCB=9                          XML7         1     1
KET_QUA_DTRI=5                         XML7         0     0
MA_LOAI_RV=3                           XML7         0     0
MA_LOAI_RV=2                           XML13        0     1
MA_LOAI_RV=5                           XML13        0     1
NGAY_TAI_KHAM=                         XML14        0     0
"""
LINES = [line.rsplit(None, 3) for line in CHANGES.strip().split("\n")[1:]]


@pytest.mark.parametrize(("changed", "fact", "done", "of"), LINES, ids=[f"{line[1]} {line[0]}" for line in LINES])
def test_one_field_moves_one_fact(changed: str, fact: str, done: str, of: str) -> None:
    visit = clean_visit()
    for pair in changed.split():
        name, _, value = pair.partition("=")
        visit.tables["XML1"][0].pop(name, None)
        if value:
            visit.tables["XML1"][0][name] = value
    assert said(visit)[fact] == (int(done), int(of))


def test_further_diagnoses_in_words_want_codes() -> None:
    visit = change(clean_visit(), "XML1", 1, CHAN_DOAN_RV="Viêm phổi; Tăng huyết áp; Suy thận", MA_BENH_KT="I10")
    assert said(visit)["secondary"] == (1, 2)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("12.4", "G/L", (1, 1)), ("12.4", None, (0, 1)), ("12.4 G/L", "G/L", (0, 1)), ("Âm tính", None, (0, 0))],
)
def test_a_measured_result_is_a_number_with_its_unit_beside_it(value, unit, expected) -> None:
    visit = clean_visit()
    row = {"MA_DICH_VU": "22.0120.1370", "MA_CHI_SO": "WBC", "GIA_TRI": value} | ({"DON_VI_DO": unit} if unit else {})
    visit.tables["XML4"] = [row]
    assert said(visit)["result"] == expected
    del row["MA_CHI_SO"]
    assert said(visit)["index"] == (0, 1)


def test_a_dose_in_free_words_is_not_structured() -> None:
    visit = change(clean_visit(), "XML2", 1, LIEU_DUNG="theo y lệnh")
    assert said(visit)["dose"] == (1, 2)


def test_4210_had_no_numbers_addresses_and_papers() -> None:
    visit = clean_visit()
    visit.standard = "4210"
    expected = ("number", "address", "XML5", "XML7", "XML8", "XML13", "XML14")
    assert {said(visit)[name] for name in expected} == {(0, 0)}


MONTHS = """
arrived        left           month
202601100800   202601140900   2026-01
202512300800   202601020900   2026-01
202601100800   202512020900   2026-01
202601100800   203601140900   2026-01
202601100800   20261332       2026-01
-              202512140900   2025-12
202701100800   202701140900   2026-02
-              -              2026-02
"""


@pytest.mark.parametrize("line", MONTHS.strip().split("\n")[1:])
def test_a_visit_counts_in_the_month_it_ended_whatever_the_file_gets_wrong(line: str) -> None:
    arrived, left, month = line.split()
    visit = clean_visit()
    for name, value in (("NGAY_VAO", arrived), ("NGAY_RA", left)):
        visit.tables["XML1"][0].pop(name)
        if value != "-":
            visit.tables["XML1"][0][name] = value
    assert facts(visit, "99001", RECEIVED).month == date.fromisoformat(f"{month}-01")


def test_a_dossier_without_its_main_table_still_counts_as_a_visit() -> None:
    found = facts(without("XML1"), "99001", RECEIVED)
    assert (found.month, found.patient, set(found.counts)) == (date(2026, 2, 1), "", {0})


def test_a_check_in_is_no_visit_but_announces_one() -> None:
    row = {"MA_LK": "LK-9", "NGAY_VAO": "202601100800", "MA_LOAI_KCB": "01"}
    found = facts(Dossier(1, {"XML0": [row, row]}), "99001", RECEIVED)
    assert found.month is None
    assert found.expected == [Expected("check-in", "99001", "LK-9", date(2026, 1, 10))]
    found = facts(Dossier(1, {"XML0": [row | {"MA_LOAI_KCB": "3"}]}), "99001", RECEIVED)
    assert [one.kind for one in found.expected] == ["admission"]


def test_slips_announce_visits() -> None:
    visit = clean_visit()
    due = visit.tables["XML14"][0]["NGAY_HEN_KL"]
    assert facts(visit, "99001", RECEIVED).expected == [
        Expected("return", "99001", "LK-0001", datetime.strptime(due, "%Y%m%d").date())
    ]
    assert facts(referred_visit(), "99001", RECEIVED).expected == [
        Expected("referral", "99002", "LK-0001", date(2026, 1, 14))
    ]


def test_counters_fit_their_place_in_the_database() -> None:
    visit = clean_visit()
    visit.tables["XML2"] = [visit.tables["XML2"][0]] * 40_000
    assert said(visit)["dose"] == (32_767, 32_767)


def test_nonsense_never_stops_the_intake() -> None:
    visit = clean_visit()
    for rows in visit.tables.values():
        for row in rows:
            for name in row:
                row[name] = "\0½;;٣"
    assert len(facts(visit, "", RECEIVED).counts) == 2 * len(FACTS)
    assert len(facts(Dossier(1, {"XML1": [{}]}), "", RECEIVED).counts) == 2 * len(FACTS)
