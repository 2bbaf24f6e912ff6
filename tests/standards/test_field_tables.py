"""Field tables of QĐ 4210, 130, 4750 and 3176."""

from datetime import date
from itertools import pairwise

import pytest

from yteso import standards


FIELD_COUNTS = {
    "4210": "XML1 40, XML2 27, XML3 29, XML4 10, XML5 6",
    "130": "XML0 18, XML1 65, XML2 38, XML3 47, XML4 12, XML5 9, XML6 31, XML7 25, XML8 22, XML9 34, XML10 12, "
    "XML11 22, XML12 35",
    "4750": "XML0 26, XML1 66, XML2 39, XML3 47, XML4 12, XML5 9, XML6 47, XML7 26, XML8 22, XML9 35, XML10 13, "
    "XML11 23, XML12 35, XML13 39, XML14 22, XML15 20",
    "3176": "XML0 26, XML1 66, XML2 39, XML3 47, XML4 12, XML5 9, XML6 47, XML7 26, XML8 22, XML9 35, XML10 13, "
    "XML11 23, XML12 35, XML13 37, XML14 22, XML15 20",
}


def field(version, table, name):
    return standards.standard(version).tables[table].fields[name]


def all_fields():
    for version in standards.STANDARDS.values():
        for table in version.tables.values():
            for each in table.fields.values():
                yield version, table, each


@pytest.mark.parametrize("version", FIELD_COUNTS)
def test_every_version_has_the_tables_and_field_counts_of_its_decree(version):
    tables = standards.standard(version).tables
    assert ", ".join(f"{table.id} {len(table.fields)}" for table in tables.values()) == FIELD_COUNTS[version]


def test_unknown_version_is_an_error():
    with pytest.raises(KeyError):
        standards.standard("9324")


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2012-01-01", "4210"),
        ("2023-10-01", "4210"),
        ("2024-06-30", "4210"),
        ("2024-07-01", "4750"),
        ("2024-12-31", "4750"),
        ("2025-01-01", "3176"),
        ("2031-05-05", "3176"),
    ],
)
def test_version_in_force_follows_the_day_the_visit_ended(day, version):
    assert standards.in_force(date.fromisoformat(day)).id == version


def test_decree_130_was_a_pilot_and_never_in_force():
    assert [s.id for s in standards.STANDARDS.values() if s.pilot] == ["130"]
    assert standards.standard("130").effective_from == date(2023, 10, 1)


def test_official_versions_follow_each_other_without_gap_or_overlap():
    official = [s for s in standards.STANDARDS.values() if not s.pilot]
    for earlier, later in pairwise(official):
        assert (later.effective_from - earlier.effective_to).days == 1
    assert official[-1].effective_to is None


def test_orders_count_from_one_in_decree_order():
    for version in standards.STANDARDS.values():
        for table in version.tables.values():
            assert [f.order for f in table.fields.values()] == list(range(1, len(table.fields) + 1))


def test_every_table_starts_with_the_encounter_link_except_medical_assessment():
    firsts = {t.id: next(iter(t.fields)) for s in standards.STANDARDS.values() for t in s.tables.values()}
    assert {table for table, name in firsts.items() if name != "MA_LK"} == {"XML12"}


def test_fields_are_consistent_in_themselves():
    for _, table, f in all_fields():
        where = f"{table.id}.{f.name}"
        assert f.type in {"string", "number", "date", "datetime"}, where
        assert f.decimals in {0, 2, 3}, where
        assert f.decimals == 0 or f.type == "number", where
        assert f.max_length is None or f.max_length > 0, where
        assert not (f.required and f.condition), where
        if f.type in {"date", "datetime"} and not f.many:
            assert f.max_length == (8 if f.type == "date" else 12), where


def test_only_the_birth_date_of_4210_may_be_a_bare_year():
    assert [(v.id, t.id, f.name) for v, t, f in all_fields() if f.year_only] == [("4210", "XML1", "NGAY_SINH")]


def test_every_field_has_a_label_in_both_languages():
    for _, table, f in all_fields():
        for label in (f.label_vi, f.label_en):
            assert label.strip() == label, f.name
            assert 2 <= len(label) <= 60, f"{table.id}.{f.name}"
            assert f.name not in label, f"{table.id}.{f.name}"


def test_labels_speak_as_the_ward_does():
    assert field("3176", "XML1", "MA_LK").label_vi == "Mã liên kết"
    assert field("3176", "XML1", "NGAY_RA").label_vi == "Ngày ra viện"
    assert field("3176", "XML2", "T_BNCCT").label_vi == "Tiền người bệnh cùng chi trả"
    assert field("4210", "XML1", "MA_THE").label_en == "Health-insurance card number"


def test_a_table_may_word_its_own_label():
    assert field("3176", "XML1", "MA_KHOA").label_vi == "Mã khoa điều trị"
    assert field("3176", "XML2", "MA_KHOA").label_vi == "Mã khoa chỉ định"


def test_two_fields_of_one_table_never_share_a_label():
    allowed = {("XML13", "Phương pháp điều trị")}  # 4750 sent PP_DIEUTRI and PP_DIEU_TRI side by side
    for version in standards.STANDARDS.values():
        for table in version.tables.values():
            labels = [f.label_vi for f in table.fields.values()]
            assert {(table.id, label) for label in labels if labels.count(label) > 1} <= allowed


class TestChangesBetweenVersions:
    def test_4750_added_fields_to_130(self):
        added = {
            "XML0": {
                "NGAY_VAO_NOI_TRU",
                "LY_DO_VNT",
                "MA_LY_DO_VNT",
                "MA_THUOC",
                "TEN_THUOC",
                "MA_VAT_TU",
                "TEN_VAT_TU",
                "DU_PHONG",
            },
            "XML1": {"NHOM_MAU"},
            "XML2": {"NGAY_TH_YL"},
            "XML7": {"DU_PHONG"},
        }
        for table, names in added.items():
            old, new = (set(standards.standard(v).tables[table].fields) for v in ("130", "4750"))
            assert new - old == names
            assert old <= new

    def test_4750_turned_codes_from_numbers_into_text(self):
        assert field("130", "XML1", "MA_DANTOC").type == "number"
        assert field("4750", "XML1", "MA_DANTOC").type == "string"

    @pytest.mark.parametrize(
        ("table", "name", "lengths"),
        [
            ("XML1", "SO_CCCD", (15, 15, None)),
            ("XML1", "MA_NGHE_NGHIEP", (5, 5, 2)),
            ("XML1", "MA_DOITUONG_KCB", (3, 4, 4)),
            ("XML1", "MA_TTDV", (10, 10, 255)),
            ("XML1", "MA_BENH_YHCT", (255, 255, 150)),
            ("XML2", "MA_KHOA", (15, 50, 50)),
            ("XML3", "MA_KHOA", (20, 50, 50)),
            ("XML4", "GIA_TRI", (50, 50, 255)),
            ("XML4", "MA_DICH_VU", (15, 15, 50)),
            ("XML6", "MA_XU_TRI", (1, 10, 10)),
            ("XML7", "PP_DIEUTRI", (1500, 1500, None)),
            ("XML7", "SO_NGAY_NGHI", (2, 2, 3)),
            ("XML12", "DANG_HUONG_CHE_DO", (3, 10, 10)),
        ],
    )
    def test_lengths_of_each_version(self, table, name, lengths):
        assert tuple(field(v, table, name).max_length for v in ("130", "4750", "3176")) == lengths

    def test_referral_letter_was_renamed_and_shortened_by_3176(self):
        old, new = (list(standards.standard(v).tables["XML13"].fields) for v in ("4750", "3176"))
        assert [name for name in old if name not in new] == [
            "MA_NOI_DI",
            "MA_NOI_DEN",
            "TEN_DICH_VU",
            "TEN_THUOC",
            "PP_DIEU_TRI",
        ]
        assert [name for name in new if name not in old] == ["MA_CSKCB_DI", "MA_CSKCB_DEN", "TINH_TRANG_CT"]

    def test_re_examination_lost_its_hour_with_3176(self):
        assert (field("4750", "XML14", "NGAY_HEN_KL").type, field("4750", "XML14", "NGAY_HEN_KL").max_length) == (
            "datetime",
            12,
        )
        assert field("3176", "XML14", "NGAY_HEN_KL").type == "date"

    def test_laboratory_codes_were_required_only_in_130(self):
        assert [field(v, "XML4", "MA_CHI_SO").required for v in ("130", "4750", "3176")] == [True, False, False]


class TestRequired:
    def test_a_condition_makes_a_field_not_required_by_itself(self):
        strength = field("3176", "XML2", "HAM_LUONG")
        assert not strength.required
        assert "7,17" in strength.condition

    def test_district_is_no_longer_required_since_districts_were_abolished(self):
        for table in ("XML1", "XML9", "XML12"):
            assert not field("3176", table, "MAHUYEN_CU_TRU").required
            assert "01/07/2025" in field("3176", table, "MAHUYEN_CU_TRU").condition

    def test_identity_of_the_visit_is_always_required(self):
        for version in standards.STANDARDS:
            for name in ("MA_LK", "MA_BN", "HO_TEN", "NGAY_SINH", "GIOI_TINH", "NGAY_VAO", "NGAY_RA", "MA_CSKCB"):
                assert field(version, "XML1", name).required


class TestSeveralValues:
    def test_fields_that_hold_several_values(self):
        many = {f.name for f in standards.standard("3176").tables["XML1"].fields.values() if f.many}
        assert many == {
            "MA_THE_BHYT",
            "MA_DKBD",
            "GT_THE_TU",
            "GT_THE_DEN",
            "MA_BENH_KT",
            "MA_BENH_YHCT",
            "MA_PTTT_QT",
            "MA_KHOA",
            "CAN_NANG_CON",
            "NGAY_TAI_KHAM",
        }

    def test_tender_info_has_semicolons_but_is_one_value(self):
        assert not field("3176", "XML2", "TT_THAU").many

    def test_one_bed_per_row_since_3176(self):
        assert [field(v, "XML3", "MA_GIUONG").many for v in ("130", "4750", "3176")] == [True, True, False]

    def test_old_accompanying_diseases_were_joined_too(self):
        assert field("4210", "XML1", "MA_BENHKHAC").many


class TestShapeInXml:
    def test_summary_stands_directly_under_its_root(self):
        table = standards.standard("3176").tables["XML1"]
        assert (table.root, table.list, table.row) == ("TONG_HOP", "", "")

    def test_rows_stand_in_a_list(self):
        table = standards.standard("4750").tables["XML2"]
        assert (table.root, table.list, table.row) == (
            "CHITIEU_CHITIET_THUOC",
            "DSACH_CHI_TIET_THUOC",
            "CHI_TIET_THUOC",
        )

    def test_rows_of_4210_stand_directly_under_the_root(self):
        table = standards.standard("4210").tables["XML2"]
        assert (table.root, table.list, table.row) == ("DSACH_CHI_TIET_THUOC", "", "CHI_TIET_THUOC")

    def test_check_in_and_medical_assessment_travel_alone(self):
        assert {t.id for t in standards.standard("3176").tables.values() if t.standalone} == {"XML0", "XML12"}

    def test_roots_tell_the_tables_of_one_version_apart(self):
        for version in standards.STANDARDS.values():
            roots = [table.root for table in version.tables.values()]
            assert len(set(roots)) == len(roots)


def test_what_is_read_cannot_be_changed():
    with pytest.raises(AttributeError):
        field("3176", "XML1", "MA_LK").required = False
