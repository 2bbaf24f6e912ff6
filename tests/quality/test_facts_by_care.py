"""Every counter of a dossier, as done/of, by kind of visit and by standard: what is there, and what it lacks."""

from datetime import UTC, datetime

import pytest
from cases import clean_visit, outpatient_visit, referred_visit, visit_4210

from yteso.intake.checking.terms import DIED
from yteso.intake.dossier import Dossier
from yteso.intake.facts import CLEAN, COMPLETE, DEEP, FACTS, facts


RECEIVED = datetime(2026, 2, 1, 8, tzinfo=UTC)
VISITS = {"stay": clean_visit, "exam": outpatient_visit, "referred": referred_visit, "old": visit_4210}


def said(dossier: Dossier) -> dict[str, str]:
    counts = facts(dossier, "99001", RECEIVED).counts
    return {name: f"{int(counts[2 * at])}/{int(counts[2 * at + 1])}" for at, name in enumerate(FACTS)}


def changed(kind: str, changes: str) -> Dossier:
    """A visit with changes: `-XML4` leaves a table out, `XML4-` its last row, `A=b` sets a field of XML1 (`A=` takes
    it away), `XML2.A=b` that of the first row of another table; `as:130` is the standard, `_` a blank.
    """
    visit = VISITS[kind]()
    for change in changes.split():
        name, sets, value = change.partition("=")
        if change.startswith("as:"):
            visit.standard = change[3:]
        elif sets:
            table, _, field = name.rpartition(".")
            row = visit.tables[table or "XML1"][0]
            row.pop(field, None)
            row |= {field: value.replace("_", " ")} if value else {}
        elif change.startswith("-"):
            del visit.tables[change[1:]]
        elif change.endswith("-"):
            visit.tables[change[:-1]].pop()
    return visit


WHOLE = """
visit     as    number address XML4 XML5 XML7 XML8 XML13 XML14 placeholder icd secondary result index dose
stay      3176  1/1    1/1     2/2  1/1  1/1  1/1  0/0   1/1   1/1         2/2 1/1       2/2    2/2   2/2
stay      4750  1/1    1/1     2/2  1/1  1/1  1/1  0/0   1/1   1/1         2/2 1/1       2/2    2/2   2/2
stay      130   1/1    1/1     2/2  1/1  1/1  1/1  0/0   0/0   1/1         2/2 1/1       2/2    2/2   2/2
exam      3176  1/1    1/1     2/2  0/0  0/0  0/0  0/0   0/0   1/1         2/2 1/1       2/2    2/2   1/1
exam      130   1/1    1/1     2/2  0/0  0/0  0/0  0/0   0/0   1/1         2/2 1/1       2/2    2/2   1/1
referred  3176  1/1    1/1     2/2  1/1  1/1  1/1  1/1   0/0   1/1         2/2 1/1       2/2    2/2   2/2
referred  4750  1/1    1/1     2/2  1/1  1/1  1/1  1/1   0/0   1/1         2/2 1/1       2/2    2/2   2/2
referred  130   1/1    1/1     2/2  1/1  1/1  1/1  0/0   0/0   1/1         2/2 1/1       2/2    2/2   2/2
old       4210  0/0    0/0     0/0  0/0  0/0  0/0  0/0   0/0   1/1         1/1 0/0       0/0    0/0   1/1
"""
HEAD, *ROWS = (line.split() for line in WHOLE.strip().split("\n"))


def test_the_table_names_every_counter() -> None:
    assert tuple(HEAD[2:]) == FACTS == (*COMPLETE, *CLEAN, *DEEP)


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row[:2]) for row in ROWS])
def test_a_clean_visit_has_all_that_is_asked_of_it(row: list[str]) -> None:
    assert said(changed(row[0], f"as:{row[1]}")) == dict(zip(FACTS, row[2:], strict=True))


LACKING = """
visit     what is changed                          counter      said
stay      SO_CCCD=                                 number       0/1
exam      SO_CCCD=                                 number       0/1
stay      SO_CCCD= MA_QUOCTICH=                    number       0/1
stay      SO_CCCD= MA_QUOCTICH=418                 number       0/0
stay      MA_QUOCTICH=418                          number       1/1
stay      SO_CCCD= NGAY_SINH=202511110000          number       0/0
stay      SO_CCCD= NGAY_SINH=202511100000          number       0/1
stay      SO_CCCD= NGAY_SINH=1965                  number       0/1
stay      NGAY_SINH=202601090000                   number       1/1
old       SO_CCCD=001065000001                     number       0/0
exam      MAXA_CU_TRU=                             address      0/1
exam      DIA_CHI=                                 address      1/1
old       MATINH_CU_TRU=                           address      0/0
stay      -XML4                                    XML4         0/2
exam      -XML4                                    XML4         0/2
stay      XML4-                                    XML4         1/2
stay      -XML3                                    XML4         0/0
exam      -XML3 -XML4                              XML4         0/0
stay      XML4.MA_DICH_VU=                         XML4         2/2
stay      XML4- XML4- XML4.MA_DICH_VU=other        XML4         0/2
stay      -XML5                                    XML5         0/1
stay      XML5-                                    XML5         1/1
exam      MA_LOAI_KCB=02                           XML5         0/1
exam      MA_LOAI_KCB=05                           XML5         0/1
exam      MA_LOAI_KCB=06                           XML5         0/0
exam      MA_LOAI_KCB=07                           XML5         0/0
exam      MA_LOAI_KCB=08                           XML5         0/1
exam      MA_LOAI_KCB=                             XML5         0/0
stay      -XML5 as:4210                            XML5         0/0
stay      -XML7                                    XML7         0/1
stay      -XML7 as:130                             XML7         0/1
stay      -XML7 as:4210                            XML7         0/0
exam      MA_LOAI_KCB=04                           XML7         0/1
exam      MA_LOAI_KCB=9                            XML7         0/1
exam      MA_LOAI_KCB=02                           XML7         0/0
stay      -XML7 KET_QUA_DTRI=8                     XML7         0/0
stay      -XML7 MA_LOAI_RV=3                       XML7         0/0
stay      -XML7 MA_LOAI_RV=4                       XML7         0/1
stay      -XML8                                    XML8         0/1
stay      -XML8 KET_QUA_DTRI=5                     XML8         0/1
exam      MA_LOAI_KCB=04                           XML8         0/1
exam      MA_LOAI_KCB=6                            XML8         0/1
exam      MA_LOAI_KCB=09                           XML8         0/0
referred  -XML13                                   XML13        0/1
referred  -XML13 as:4750                           XML13        0/1
referred  -XML13 as:130                            XML13        0/0
exam      MA_LOAI_RV=2                             XML13        0/1
exam      MA_LOAI_RV=5                             XML13        0/1
exam      MA_LOAI_RV=4                             XML13        0/0
referred  MA_LOAI_RV=1                             XML13        0/0
stay      -XML14                                   XML14        0/1
stay      -XML14 NGAY_TAI_KHAM=                    XML14        0/0
stay      -XML14 as:130                            XML14        0/0
exam      NGAY_TAI_KHAM=20260128                   XML14        0/1
exam      SO_CCCD=111111111111                     placeholder  0/1
exam      SO_CCCD=                                 placeholder  1/1
exam      SO_CCCD=1234                             placeholder  0/1
exam      DIEN_THOAI=9999999999                    placeholder  0/1
exam      DIEN_THOAI=                              placeholder  1/1
exam      HO_TEN=KHÔNG_RÕ                          placeholder  0/1
exam      HO_TEN=không__rõ                         placeholder  0/1
exam      HO_TEN=Vô_Danh                           placeholder  0/1
exam      HO_TEN=.                                 placeholder  0/1
exam      HO_TEN=TẠ_TEST                           placeholder  1/1
exam      HO_TEN=                                  placeholder  1/1
old       HO_TEN=XXX                               placeholder  0/1
old       HO_TEN=NGUYỄN_VĂN_X                      placeholder  1/1
exam      MA_BENH_CHINH=                           icd          1/1
exam      MA_BENH_KT=                              icd          1/1
exam      MA_BENH_CHINH= MA_BENH_KT=               icd          0/0
exam      MA_BENH_CHINH=J18                        icd          1/2
exam      MA_BENH_KT=I10;J18;E11.9                 icd          3/4
exam      MA_BENH_CHINH=viêm_phổi                  icd          1/2
old       MA_BENH=J18                              icd          0/1
old       MA_BENHKHAC=I10;J18                      icd          2/3
exam      MA_BENH_KT=                              secondary    0/1
exam      MA_BENH_KT=I10;E11.9                     secondary    1/1
exam      CHAN_DOAN_RV=Viêm_phổi                   secondary    0/0
exam      CHAN_DOAN_RV=                            secondary    0/0
exam      CHAN_DOAN_RV=a;b;c MA_BENH_KT=I10        secondary    1/2
old       TEN_BENH=Viêm_phổi;_tăng_huyết_áp        secondary    0/1
old       TEN_BENH=a;b MA_BENHKHAC=I10             secondary    1/1
exam      XML4.DON_VI_DO=                          result       1/2
exam      XML4.GIA_TRI=12,4_G/L                    result       1/2
exam      XML4.GIA_TRI=âm_tính                     result       1/1
exam      XML4.GIA_TRI=                            result       1/1
exam      XML4.GIA_TRI=<_5                         result       1/2
exam      -XML4                                    result       0/0
exam      XML4.MA_CHI_SO=                          index        1/2
exam      XML4.MA_CHI_SO= XML4.GIA_TRI=            index        1/1
exam      XML4.GIA_TRI=âm_tính                     index        2/2
exam      -XML4                                    index        0/0
stay      XML2.LIEU_DUNG=                          dose         1/2
stay      XML2.LIEU_DUNG=ngày_uống_2_viên          dose         1/2
exam      XML2.LIEU_DUNG=theo_đơn                  dose         0/1
old       XML2.LIEU_DUNG=theo_đơn                  dose         0/1
exam      -XML2                                    dose         0/0
"""
CASES = [(line[:10].strip(), line[10:51].strip(), *line[51:].split()) for line in LACKING.strip().split("\n")[1:]]


@pytest.mark.parametrize(("kind", "changes", "counter", "done"), CASES, ids=[" ".join(case[:3]) for case in CASES])
def test_what_is_lacking_is_counted_as_lacking(kind: str, changes: str, counter: str, done: str) -> None:
    assert said(changed(kind, changes))[counter] == done


def test_every_counter_is_seen_whole_and_lacking() -> None:
    assert {counter for _, _, counter, _ in CASES} == set(FACTS)
    for counter in FACTS:
        assert [1 for _, _, name, done in CASES if name == counter and done.split("/")[0] < done.split("/")[1]], counter


@pytest.mark.parametrize("result", DIED)
def test_who_died_needs_no_discharge_paper_and_still_a_summary(result: str) -> None:
    found = said(changed("stay", f"KET_QUA_DTRI={result} -XML7 -XML8"))
    assert (found["XML7"], found["XML8"]) == ("0/0", "0/1")


@pytest.mark.parametrize("kind", VISITS)
def test_never_more_done_than_asked(kind: str) -> None:
    for table in VISITS[kind]().tables:
        for found in said(changed(kind, f"-{table}")).values():
            done, of = map(int, found.split("/"))
            assert 0 <= done <= of


@pytest.mark.parametrize("kind", VISITS)
def test_the_same_dossier_says_the_same_twice_and_is_left_as_it_was(kind: str) -> None:
    visit = VISITS[kind]()
    assert said(visit) == said(visit)
    assert visit == VISITS[kind]()
