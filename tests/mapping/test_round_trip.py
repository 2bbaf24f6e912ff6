"""Nothing is lost: a visit put into FHIR and taken out again is the same, field for field."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapping_samples import (
    ESSENTIAL,
    FIXED,
    VERSIONS,
    dossier,
    full_dossier,
    full_row,
    mapped,
    tables_of,
    there_and_back,
)

from yteso import standards
from yteso.intake.dossier import Dossier


ALL_FIELDS = [
    (version, table, name)
    for version in VERSIONS
    for table in tables_of(version)
    for name in standards.STANDARDS[version].tables[table].fields
]
LEGAL = st.characters(
    blacklist_categories=("Cs", "Cn"),
    blacklist_characters=[chr(c) for c in range(32) if c not in (9, 10)] + ["\x7f", "\ufffe", "\uffff"],
)
ODD_TEXT = st.one_of(
    st.text(LEGAL, min_size=1, max_size=40).filter(str.strip),
    st.sampled_from(['"quoted" \\back\\ &amp; <b>&</b>', "😀 dòng 1\ndòng 2", "';--", "{MA_LK}", "%s{}{{", "a\u2028b"]),
    st.just("rất dài " * 900),
    st.sampled_from(["0", "0.00", "007", "1,5", "<5", ">= 100", "-3", "1e5", "12345678901234567890.5", "20260230",
                     "202613010000", "199900000000", "1999", "19990300", ";", "a;", ";b", "a; b", "a;;b", "I10;I10"]),
    st.sampled_from(list(FIXED.values())),
)  # fmt: skip


def same(visit: Dossier) -> None:
    assert there_and_back(visit) == visit.tables


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_of_every_table_comes_back(version):
    same(full_dossier(version))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_alone_comes_back(version):
    for table in tables_of(version):
        for name, value in full_row(version, table).items():
            if table == "XML1":
                same(Dossier(1, {"XML1": [ESSENTIAL | {name: value}]}, version))
            else:
                same(dossier(version, **{table: [{name: value}]}))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_left_out_stays_left_out(version):
    for table in tables_of(version):
        for name in full_row(version, table):
            tables = {"XML1": full_row(version, "XML1"), table: full_row(version, table)}
            if name not in ESSENTIAL or table != "XML1":
                del tables[table][name]
            same(Dossier(1, {table: [row] for table, row in tables.items()}, version))


@pytest.mark.parametrize("group", [str(n) for n in range(1, 20)])
def test_services_of_every_cost_group_come_back(group):
    same(dossier(XML3=[full_row("3176", "XML3") | {"MA_NHOM": group}]))


@pytest.mark.parametrize("version", VERSIONS)
def test_fields_repeated_from_the_visit_come_back_when_they_differ(version):
    visit = full_dossier(version)
    for table in tables_of(version)[1:]:
        visit.tables[table][0] = {name: f"khác {i}" for i, name in enumerate(visit.tables[table][0])}
    same(visit)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=120)
@given(st.data())
def test_any_subset_with_any_text_comes_back(data):
    version = data.draw(st.sampled_from(VERSIONS))
    tables = {"XML1": [dict(ESSENTIAL)]}
    for table in data.draw(st.lists(st.sampled_from(tables_of(version)), min_size=1, max_size=3, unique=True)):
        names = list(standards.STANDARDS[version].tables[table].fields)
        row = st.dictionaries(st.sampled_from(names), ODD_TEXT, min_size=1, max_size=12)
        if table == "XML1":
            tables["XML1"] = [data.draw(row) | ESSENTIAL]
        else:
            tables[table] = data.draw(st.lists(row, min_size=1, max_size=4))
    same(Dossier(1, tables, version))


@pytest.mark.parametrize(
    "value", ["0", "0.00", "1.50", "20.000", "-1.5", "1,5", "007", "1.", ".5", "1e3", "123456789012345678901234"]
)
def test_numbers_keep_every_digit(value):
    rows = {"XML2": [{"STT": "1", "SO_LUONG": value, "DON_GIA": value, "T_BHTT": value}]}
    same(dossier(**rows))
    same(dossier(XML1=[{"CAN_NANG": value, "T_BHTT": value, "DU_PHONG": value}]))


@pytest.mark.parametrize("value", ["1,5", "<5", "> 100", "≥7.0", "Âm tính", "(+)", "1:64", "5.10", "-2", "<", "10^3"])
def test_results_of_every_shape_come_back(value):
    same(dossier(XML4=[{"STT": "1", "GIA_TRI": value, "DON_VI_DO": "mmol/L", "KET_LUAN": "như trên"}]))


@pytest.mark.parametrize(
    "value", ["198503150000", "198503150830", "198503000000", "198500000000", "19850315", "1985", "x"]
)
def test_birth_dates_of_every_precision_come_back(value):
    for version in VERSIONS:
        same(dossier(version, XML1=[{"NGAY_SINH": value}]))


@pytest.mark.parametrize("value", ["001085012345", "123456789", "B1234567", "HN-77/A", "123456789;001085012345"])
def test_identity_papers_of_every_kind_come_back(value):
    same(dossier(XML1=[{"SO_CCCD": value}]))


@pytest.mark.parametrize(
    "cards",
    [
        {"MA_THE_BHYT": "GD4010112345678"},
        {"MA_THE_BHYT": "A;B", "GT_THE_TU": "20260101;20260601", "GT_THE_DEN": "20261231;"},
        {"MA_THE_BHYT": "A;B", "MA_DKBD": "99001"},
        {"MA_THE_BHYT": "A", "MA_DKBD": "99001;99002"},
        {"MA_DKBD": "99001;99002", "GT_THE_DEN": "20261231"},
        {"MA_THE_BHYT": "A;A", "GT_THE_TU": "x;y"},
        {"MA_THE_BHYT": ";"},
    ],
)
def test_parallel_lists_of_cards_come_back(cards):
    same(dossier(XML1=[cards]))


def test_rows_keep_their_order_whatever_they_become():
    groups = ["15", "1", "10", "18", "13", "2", "15", "10", "3"]
    rows = [{"STT": str(n), "MA_NHOM": g, "MA_DICH_VU": f"D{n}"} for n, g in enumerate(groups, 1)]
    same(dossier(XML3=rows))
    same(dossier(XML3=rows[::-1], XML2=[{"STT": "2", "MA_THUOC": "b"}, {"STT": "1", "MA_THUOC": "a"}]))


def test_rows_with_the_same_number_or_none_stay_apart():
    rows = [{"STT": "1", "TEN_CHI_SO": "a"}, {"STT": "1", "TEN_CHI_SO": "b"}, {"TEN_CHI_SO": "c"}, {"TEN_CHI_SO": "d"},
            {"STT": "01", "TEN_CHI_SO": "e"}, {"STT": "x", "TEN_CHI_SO": "f"}]  # fmt: skip
    same(dossier(XML4=rows))


def test_a_paper_per_newborn_stays_a_paper_each():
    same(
        dossier(XML7=[{"SO_LUU_TRU": "a"}, {"SO_LUU_TRU": "b"}], XML14=[{"SO_GIAYHEN_KL": "a"}, {"SO_GIAYHEN_KL": "b"}])
    )


def test_fields_no_version_knows_are_kept():
    same(dossier(XML1=[{"TRUONG_LA": "a"}], XML2=[{"STT": "1", "TRUONG_LA": 'b"'}], XML13=[{"X": "c"}]))


def test_newer_names_in_an_older_file_are_kept_as_they_stood():
    same(dossier("4750", XML13=[{"MA_CSKCB_DI": "99002"}]))
    same(dossier("4750", XML13=[{"MA_CSKCB_DI": "99002", "MA_NOI_DI": "99003"}]))
    same(
        dossier("4210", XML1=[{"MA_THE": "A", "MA_THE_BHYT": "B;C"}], XML2=[{"T_NGUONKHAC": "1", "T_NGUON_KHAC": "2"}])
    )


def test_derived_resources_may_be_missing():
    visit = dossier(XML5=[{"STT": "1", "DIEN_BIEN_LS": "Dị ứng thuốc: penicillin. CSST<M75_T37>"}])
    kept = [r for r in mapped(visit).resources if r[0] not in ("Observation", "AllergyIntolerance")]
    from yteso import mapping

    assert mapping.unmap(kept) == visit.tables
