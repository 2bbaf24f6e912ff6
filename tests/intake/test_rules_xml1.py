"""Rules of XML1, one row per way to break or to keep them: who, card, diagnosis, stay, money."""

from datetime import date, datetime

import pytest
from cases import HEADER, change, clean_visit, outpatient_visit
from xml1_tables import build, explain, findings, fired

from yteso import catalogues
from yteso.intake import checking


THIRTEEN = "I10;E11.9;K29.7;J45.9;M54.5;N39.0;K21.9;J30.4;E78.5;I25.1;M17.9;H52.1;J06.9"

BROKEN = [
    # rule, dossier, what is changed in XML1, field that is reported
    ("XML1-001", "in", {"HO_TEN": None}, "HO_TEN"),
    ("XML1-001", "in", {"MA_BN": None}, "MA_BN"),
    ("XML1-001", "4210", {"GIOI_TINH": None}, "GIOI_TINH"),
    ("XML1-002", "in", {"DIA_CHI": None}, "DIA_CHI"),
    ("XML1-002", "in", {"MA_DANTOC": None}, "MA_DANTOC"),
    ("XML1-002", "4750", {"MAXA_CU_TRU": None}, "MAXA_CU_TRU"),
    ("XML1-003", "in", {"NGAY_RA": "202506300900", "NGAY_VAO": "202506280900"}, "MAHUYEN_CU_TRU"),
    ("XML1-004", "in", {"CHAN_DOAN_RV": None}, "CHAN_DOAN_RV"),
    ("XML1-004", "4210", {"MA_BENH": None}, "MA_BENH"),
    ("XML1-005", "in", {"MA_HSBA": None}, "MA_HSBA"),
    ("XML1-006", "in", {"KET_QUA_DTRI": None}, "KET_QUA_DTRI"),
    ("XML1-006", "4210", {"TINH_TRANG_RV": None}, "TINH_TRANG_RV"),
    ("XML1-007", "in", {"T_BNCCT": None}, "T_BNCCT"),
    ("XML1-007", "in", {"T_NGUONKHAC": "0,00"}, "T_NGUONKHAC"),
    ("XML1-007", "in", {"T_THUOC": "13.601.50"}, "T_THUOC"),
    ("XML1-008", "in", {"SO_CCCD": "00106500001"}, "SO_CCCD"),
    ("XML1-008", "in", {"SO_CCCD": "c1234567"}, "SO_CCCD"),
    ("XML1-009", "in", {"SO_CCCD": None, "GHI_CHU": None}, "SO_CCCD"),
    ("XML1-010", "in", {"NGAY_SINH": "196502300000"}, "NGAY_SINH"),
    ("XML1-010", "in", {"NGAY_SINH": "19650312"}, "NGAY_SINH"),
    ("XML1-010", "4210", {"NGAY_SINH": "196513"}, "NGAY_SINH"),
    ("XML1-011", "in", {"NGAY_SINH": "202601110000"}, "NGAY_SINH"),
    ("XML1-011", "in", {"NGAY_SINH": "202700000000"}, "NGAY_SINH"),
    ("XML1-011", "4210", {"NGAY_SINH": "2024"}, "NGAY_SINH"),
    ("XML1-012", "baby", {"NGAY_SINH": "202601080000"}, "NGAY_SINH"),
    ("XML1-013", "in", {"GIOI_TINH": "4"}, "GIOI_TINH"),
    ("XML1-013", "4210", {"GIOI_TINH": "Nam"}, "GIOI_TINH"),
    ("XML1-014", "in", {"MA_QUOCTICH": "VN"}, "MA_QUOCTICH"),
    ("XML1-015", "in", {"MA_DANTOC": "77"}, "MA_DANTOC"),
    ("XML1-016", "in", {"MA_NGHE_NGHIEP": "00000"}, "MA_NGHE_NGHIEP"),
    ("XML1-017", "in", {"MATINH_CU_TRU": "99"}, "MATINH_CU_TRU"),
    ("XML1-017", "in", {"MAXA_CU_TRU": "00001"}, "MAXA_CU_TRU"),
    ("XML1-018", "in", {"MA_THE_BHYT": "DN401990000001"}, "MA_THE_BHYT"),
    ("XML1-018", "in", {"MA_THE_BHYT": "DN6019900000001"}, "MA_THE_BHYT"),
    ("XML1-018", "4210", {"MA_THE": "dn4019900000001"}, "MA_THE"),
    ("XML1-020", "in", {"MA_THE_BHYT": "TE101KT00000001"}, "MA_THE_BHYT"),
    ("XML1-021", "in", {"MA_THE_BHYT": "DN4019900000001;HT2019900000001"}, "MA_DKBD"),
    ("XML1-021", "in", {"GT_THE_DEN": None}, "GT_THE_DEN"),
    ("XML1-022", "in", {"GT_THE_TU": "01012026"}, "GT_THE_TU"),
    ("XML1-022", "in", {"GT_THE_DEN": "20261301"}, "GT_THE_DEN"),
    ("XML1-023", "in", {"GT_THE_TU": "20260110", "GT_THE_DEN": "20251231"}, "GT_THE_DEN"),
    ("XML1-023", "in", {"GT_THE_TU": "20260301"}, "GT_THE_TU"),
    ("XML1-024", "in", {"GT_THE_TU": "20250101", "GT_THE_DEN": "20251231"}, "GT_THE_DEN"),
    ("XML1-024", "in", {"GT_THE_TU": "20260115"}, "GT_THE_TU"),
    ("XML1-028", "in", {"MA_NOI_DI": "99001", "GIAY_CHUYEN_TUYEN": "7/2026"}, "MA_NOI_DI"),
    ("XML1-029", "ref", {"MA_NOI_DEN": None}, "MA_NOI_DEN"),
    ("XML1-030", "in", {"MA_NOI_DI": "99002"}, "GIAY_CHUYEN_TUYEN"),
    ("XML1-031", "in", {"MA_DOITUONG_KCB": "1.99"}, "MA_DOITUONG_KCB"),
    ("XML1-032", "in", {"MA_DOITUONG_KCB": "1.3", "MA_NOI_DI": "99002", "MA_DKBD": "99003"}, "GIAY_CHUYEN_TUYEN"),
    ("XML1-032", "in", {"MA_DOITUONG_KCB": "1.3", "GIAY_CHUYEN_TUYEN": "9", "MA_DKBD": "99003"}, "MA_NOI_DI"),
    ("XML1-033", "in", {"MA_DOITUONG_KCB": "1.14", "MA_DKBD": "99003"}, "MA_DOITUONG_KCB"),
    ("XML1-034", "out", {"MA_DOITUONG_KCB": "1.15", "MA_DKBD": "99003"}, "MA_DOITUONG_KCB"),
    ("XML1-035", "in", {"MA_DOITUONG_KCB": "1.4"}, "MA_DOITUONG_KCB"),
    ("XML1-036", "in", {"MA_DOITUONG_KCB": "1.7"}, "MA_DOITUONG_KCB"),
    ("XML1-037", "in", {"MA_KHUVUC": "K4"}, "MA_KHUVUC"),
    ("XML1-037", "4210", {"MA_KHUVUC": "1"}, "MA_KHUVUC"),
    ("XML1-038", "in", {"MA_BENH_CHINH": "I10;E11"}, "MA_BENH_CHINH"),
    ("XML1-038", "in", {"MA_BENH_CHINH": "J18 .9"}, "MA_BENH_CHINH"),
    ("XML1-038", "4210", {"MA_BENH": "J18.9;I10"}, "MA_BENH"),
    ("XML1-039", "in", {"MA_BENH_CHINH": "J99.9"}, "MA_BENH_CHINH"),
    ("XML1-039", "in", {"MA_BENH_KT": "I10;Q00.55"}, "MA_BENH_KT"),
    ("XML1-039", "4210", {"MA_BENHKHAC": "XYZ"}, "MA_BENHKHAC"),
    ("XML1-040", "in", {"MA_BENH_CHINH": "U62.011"}, "MA_BENH_CHINH"),
    ("XML1-040", "in", {"MA_BENH_KT": "I10;U62.011"}, "MA_BENH_KT"),
    ("XML1-042", "in", {"MA_BENH_KT": "R53"}, "MA_BENH_KT"),
    ("XML1-042", "in", {"MA_BENH_CHINH": "Z00.0"}, "MA_BENH_CHINH"),
    ("XML1-043", "in", {"MA_BENH_KT": THIRTEEN}, "MA_BENH_KT"),
    ("XML1-044", "in", {"MA_BENH_YHCT": ";".join(["U62.01"] * 14)}, "MA_BENH_YHCT"),
    ("XML1-045", "in", {"MA_BENH_CHINH": "O80.0"}, "MA_BENH_CHINH"),
    ("XML1-045", "in", {"MA_BENH_CHINH": "N40", "GIOI_TINH": "2"}, "MA_BENH_CHINH"),
    ("XML1-046", "in", {"MA_BENH_CHINH": "P59.9"}, "MA_BENH_CHINH"),
    ("XML1-046", "in", {"MA_BENH_CHINH": "O80.0", "GIOI_TINH": "2", "NGAY_SINH": "195001010000"}, "MA_BENH_CHINH"),
    ("XML1-047", "in", {"NGAY_TTOAN": "202601142400"}, "NGAY_TTOAN"),
    ("XML1-047", "in", {"NGAY_VAO": "20260110"}, "NGAY_VAO"),
    ("XML1-047", "4210", {"NGAY_RA": "202302290800"}, "NGAY_RA"),
    ("XML1-048", "in", {"NGAY_RA": "202601100759"}, "NGAY_RA"),
    ("XML1-048", "in", {"NGAY_VAO": "202602020800", "NGAY_RA": "202602030800"}, "NGAY_VAO"),
    ("XML1-048", "in", {"NGAY_RA": "202602010801"}, "NGAY_RA"),
    ("XML1-049", "in", {"NGAY_TTOAN": "202601140859"}, "NGAY_TTOAN"),
    ("XML1-050", "in", {"NGAY_VAO_NOI_TRU": "202601100759"}, "NGAY_VAO_NOI_TRU"),
    ("XML1-051", "in", {"LY_DO_VNT": None}, "LY_DO_VNT"),
    ("XML1-051", "in", {"NGAY_VAO_NOI_TRU": None}, "NGAY_VAO_NOI_TRU"),
    ("XML1-052", "in", {"NGAY_MIEN_CCT": "2026"}, "NGAY_MIEN_CCT"),
    ("XML1-052", "4210", {"MIEN_CUNG_CT": "20230231"}, "MIEN_CUNG_CT"),
    ("XML1-053", "in", {"NAM_NAM_LIEN_TUC": "01/2027"}, "NAM_NAM_LIEN_TUC"),
    ("XML1-054", "in", {"NGAY_TAI_KHAM": "20260128;28/02/2026"}, "NGAY_TAI_KHAM"),
    ("XML1-055", "in", {"SO_NGAY_DTRI": "4"}, "SO_NGAY_DTRI"),
    ("XML1-056", "in", {"SO_NGAY_DTRI": "9"}, "SO_NGAY_DTRI"),
    ("XML1-057", "in", {"KET_QUA_DTRI": "9"}, "KET_QUA_DTRI"),
    ("XML1-057", "130", {"KET_QUA_DTRI": "8"}, "KET_QUA_DTRI"),
    ("XML1-057", "4210", {"KET_QUA_DTRI": "6"}, "KET_QUA_DTRI"),
    ("XML1-058", "in", {"MA_LOAI_RV": "6"}, "MA_LOAI_RV"),
    ("XML1-058", "4210", {"TINH_TRANG_RV": "5"}, "TINH_TRANG_RV"),
    ("XML1-059", "in", {"KET_QUA_DTRI": "5", "MA_LOAI_RV": "3"}, "MA_LOAI_RV"),
    ("XML1-060", "in", {"MA_TAI_NAN": "9"}, "MA_TAI_NAN"),
    ("XML1-061", "in", {"MA_LOAI_KCB": "99"}, "MA_LOAI_KCB"),
    ("XML1-061", "4210", {"MA_LOAI_KCB": "7"}, "MA_LOAI_KCB"),
    ("XML1-062", "out", {"NGAY_RA": "202601111000"}, "NGAY_RA"),
    ("XML1-063", "out", {"NGAY_RA": "202601100804"}, "NGAY_RA"),
    ("XML1-064", "out", {"MA_LOAI_KCB": "05"}, "MA_LOAI_KCB"),
    ("XML1-064", "in", {"NGAY_RA": "202601101159"}, "MA_LOAI_KCB"),
    ("XML1-065", "in", {"CAN_NANG": "0"}, "CAN_NANG"),
    ("XML1-065", "in", {"CAN_NANG": "62,5"}, "CAN_NANG"),
    ("XML1-065", "in", {"CAN_NANG": "201"}, "CAN_NANG"),
    ("XML1-066", "in", {"CAN_NANG_CON": "3200;-1"}, "CAN_NANG_CON"),
    ("XML1-067", "in", {"THANG_QT": "13"}, "THANG_QT"),
    ("XML1-067", "4210", {"THANG_QT": "0"}, "THANG_QT"),
    ("XML1-068", "in", {"NAM_QT": "2027"}, "NAM_QT"),
    ("XML1-069", "in", {"NAM_QT": "2025"}, "NAM_QT"),
    ("XML1-070", "4750", {"MA_TTDV": "000001/HNO"}, "MA_TTDV"),
    ("XML1-071", "in", {"MA_KHOA": "K03;NOI"}, "MA_KHOA"),
    ("XML1-072", "in", {"T_THUOC": "13604.51"}, "T_THUOC"),
    ("XML1-073", "in", {"T_VTYT": "0"}, "T_VTYT"),
    ("XML1-074", "in", {"T_TONGCHI_BV": "1000"}, "T_TONGCHI_BV"),
    ("XML1-075", "in", {"T_TONGCHI_BH": "1000"}, "T_TONGCHI_BH"),
    ("XML1-076", "in", {"T_BNTT": "500"}, "T_BNTT"),
    ("XML1-077", "in", {"T_BNCCT": "1"}, "T_BNCCT"),
    ("XML1-078", "in", {"T_BHTT": "1"}, "T_BHTT"),
    ("XML1-078", "4210", {"T_BHTT": "1"}, "T_BHTT"),
    ("XML1-079", "in", {"T_BNCCT": "0"}, "T_BHTT"),
    ("XML1-080", "in", {"T_NGUONKHAC": "50000"}, "T_NGUONKHAC"),
    ("XML1-081", "in", {"T_BHTT_GDV": "0"}, "T_BHTT_GDV"),
    ("XML1-082", "in", {"T_BNTT": "3"}, "T_TONGCHI_BV"),
    ("XML1-082", "4210", {"T_BNCCT": "0"}, "T_TONGCHI"),
    ("XML1-083", "in", {"T_TONGCHI_BV": "0"}, "T_TONGCHI_BV"),
    ("XML1-083", "4210", {"T_TONGCHI": "0.00"}, "T_TONGCHI"),
    ("XML1-084", "in", {"T_BHTT": "0"}, "T_BHTT"),
    ("XML1-084", "4210", {"T_BHTT": "0"}, "T_BHTT"),
    ("XML1-089", "4210", {"MA_LYDO_VVIEN": "3"}, "MA_LYDO_VVIEN"),
    ("XML1-089", "4210", {"MA_LYDO_VVIEN": "5"}, "MA_LYDO_VVIEN"),
]

KEPT = [
    # the same rules, where a hasty checker would raise a false alarm
    ("XML1-002", "in", {"MAXA_CU_TRU": None}),  # 3176: blank while the commune has no code
    ("XML1-003", "in", {"MAHUYEN_CU_TRU": None}),
    ("XML1-008", "in", {"SO_CCCD": "C1234567"}),
    ("XML1-008", "in", {"SO_CCCD": "012345678"}),
    ("XML1-008", "in", {"SO_CCCD": "X12AB3456", "MA_QUOCTICH": "840"}),
    ("XML1-009", "in", {"SO_CCCD": None}),
    ("XML1-009", "baby", {"SO_CCCD": None, "GHI_CHU": None}),
    ("XML1-010", "in", {"NGAY_SINH": "196500000000"}),
    ("XML1-010", "in", {"NGAY_SINH": "196503121545"}),
    ("XML1-010", "4210", {"NGAY_SINH": "1965"}),
    ("XML1-011", "in", {"NGAY_SINH": "202600000000"}),
    ("XML1-011", "baby", {"NGAY_SINH": "202601100759"}),
    ("XML1-012", "baby", {"NGAY_SINH": "202512120000"}),
    ("XML1-014", "in", {"MA_QUOCTICH": "840"}),
    ("XML1-015", "in", {"MA_DANTOC": "54"}),
    ("XML1-016", "4750", {"MA_NGHE_NGHIEP": "00000"}),
    ("XML1-018", "in", {"MA_THE_BHYT": None}),
    ("XML1-018", "in", {"MA_THE_BHYT": "TE1019900000001"}),
    ("XML1-020", "in", {"MA_THE_BHYT": "TE1019900000001"}),
    ("XML1-021", "in", {"GT_THE_TU": "20260101;"}),
    ("XML1-021", "in", {"MA_THE_BHYT": None}),
    ("XML1-021", "4210", {"GT_THE_DEN": None}),
    ("XML1-022", "in", {"GT_THE_TU": "20260101 ; 20260102"}),
    ("XML1-024", "in", {"GT_THE_DEN": "20260112"}),  # ended during the stay: covered for fifteen days more
    ("XML1-024", "in", {"GT_THE_TU": "20260112"}),  # began during it: covered from then on
    ("XML1-024", "in", {"GT_THE_DEN": "20251231", "MA_DOITUONG_KCB": "9"}),
    ("XML1-028", "in", {"MA_NOI_DI": "99002", "GIAY_CHUYEN_TUYEN": "7/2026"}),
    ("XML1-030", "in", {"MA_NOI_DI": "99002", "MA_DOITUONG_KCB": "1.3"}),  # XML1-032 says it
    ("XML1-035", "in", {"MA_DOITUONG_KCB": "2"}),
    ("XML1-035", "in", {"MA_DOITUONG_KCB": "1.4", "MA_DKBD": "99003"}),
    ("XML1-036", "baby", {"MA_DOITUONG_KCB": "1.7"}),
    ("XML1-037", "in", {"MA_KHUVUC": "K3"}),
    ("XML1-038", "in", {"MA_BENH_CHINH": "A17.0†"}),
    ("XML1-039", "in", {"MA_BENH_CHINH": "A17.0†"}),
    ("XML1-039", "in", {"MA_BENH_KT": "I10 ; E11.9;"}),
    ("XML1-043", "in", {"MA_BENH_KT": THIRTEEN.rpartition(";")[0]}),
    ("XML1-045", "in", {"MA_BENH_CHINH": "O80.0", "GIOI_TINH": "3"}),
    ("XML1-046", "baby", {}),
    ("XML1-046", "in", {"MA_BENH_CHINH": "O80.0", "GIOI_TINH": "2"}),
    ("XML1-046", "in", {"MA_BENH_CHINH": "O80.0", "GIOI_TINH": "2", "NGAY_SINH": "196500000000"}),
    ("XML1-048", "in", {"NGAY_RA": "202602010800"}),
    ("XML1-049", "in", {"NGAY_TTOAN": None}),
    ("XML1-050", "out", {}),
    ("XML1-051", "out", {}),
    ("XML1-052", "in", {"NGAY_MIEN_CCT": "202601010000"}),
    ("XML1-054", "in", {"NGAY_TAI_KHAM": "20260128;20260228;"}),
    ("XML1-055", "out", {"SO_NGAY_DTRI": "0"}),
    ("XML1-055", "in", {"MA_LOAI_KCB": "05", "SO_NGAY_DTRI": "28"}),
    ("XML1-056", "in", {"SO_NGAY_DTRI": "4"}),
    ("XML1-057", "4750", {"KET_QUA_DTRI": "8"}),
    ("XML1-059", "in", {"KET_QUA_DTRI": "5"}),
    ("XML1-061", "4210", {"MA_LOAI_KCB": "3"}),
    ("XML1-061", "in", {"MA_LOAI_KCB": "04"}),
    ("XML1-062", "in", {}),
    ("XML1-063", "out", {"NGAY_RA": "202601100805"}),
    ("XML1-064", "in", {"NGAY_RA": "202601101200"}),
    ("XML1-065", "baby", {"CAN_NANG": "0.95"}),
    ("XML1-066", "in", {"CAN_NANG_CON": "3200;2900"}),
    ("XML1-067", "in", {"THANG_QT": "01"}),
    ("XML1-070", "4750", {"MA_TTDV": "0123456789"}),
    ("XML1-071", "in", {"MA_KHOA": "K0249;K02.1"}),
    ("XML1-072", "in", {"T_THUOC": "13603.49"}),  # within two dong
    ("XML1-072", "in", {"T_THUOC": "13601.500"}),
    ("XML1-081", "in", {"T_BHTT_GDV": "0", "MA_THE_BHYT": "QN5019900000001"}),
    ("XML1-083", "in", {"T_TONGCHI_BV": "0", "MA_DOITUONG_KCB": "8"}),
    ("XML1-084", "in", {"T_BHTT": "0", "MA_DOITUONG_KCB": "3.1"}),
    ("XML1-084", "in", {"T_BHTT": "0", "MA_THE_BHYT": None}),
    ("XML1-084", "in", {"T_BHTT": "0", "T_TONGCHI_BH": "0"}),
    ("XML1-089", "4210", {"MA_LYDO_VVIEN": "3", "MA_DKBD": "99002"}),
]


def case_id(case):
    rule, visit, fields = case[:3]
    return f"{rule}-{visit}-{','.join(f'{name}={value}' for name, value in fields.items())}"


@pytest.mark.parametrize("case", BROKEN, ids=case_id)
def test_a_broken_rule_names_the_field_and_says_why(case):
    rule, visit, fields, field = case
    found = fired(build(visit, "XML1", 1, fields), rule)
    assert [(one.table, one.row, one.field) for one in found] == [("XML1", 1, field)]
    assert "…" not in explain(found[0])


@pytest.mark.parametrize("case", KEPT, ids=case_id)
def test_a_rule_does_not_cry_wolf(case):
    rule, visit, fields = case
    assert fired(build(visit, "XML1", 1, fields), rule) == []


@pytest.mark.parametrize("visit", ["in", "out", "ref", "4210", "baby"])
def test_a_clean_dossier_passes_every_rule(visit):
    assert findings(build(visit, "XML1", 1, {})) == []


def test_never_main_code_is_refused_as_main_only():
    """B95.0, streptococcus as the cause of diseases classified elsewhere, says no disease of its own."""
    as_main = change(clean_visit(), "XML1", 1, MA_BENH_CHINH="B95.0")
    assert [(one.field, one.value) for one in fired(as_main, "XML1-041")] == [("MA_BENH_CHINH", "B95.0")]
    assert fired(change(clean_visit(), "XML1", 1, MA_BENH_KT="B95.0"), "XML1-041") == []


def test_the_icd10_list_is_that_of_the_day_the_visit_ended():
    """A code that TT 06/2026 brought is unknown on 30 June 2026 and known on 1 July."""
    lists = [catalogues.icd10(date(2026, month, day)) for month, day in ((6, 30), (7, 1))]
    brought = min(lists[1].codes.keys() - lists[0].codes.keys())
    june = change(clean_visit(), "XML1", 1, NGAY_VAO="202606280800", NGAY_RA="202606300900", MA_BENH_KT=brought)
    july = change(june, "XML1", 1, NGAY_RA="202607010900")
    rules = [{one.rule for one in checking.check(visit, HEADER, now=datetime(2026, 8, 1))} for visit in (june, july)]
    assert ["XML1-039" in found for found in rules] == [True, False]


def test_other_sources_may_take_over_a_part_of_the_insured_cost():
    visit = outpatient_visit()
    own = float(visit.tables["XML1"][0]["T_BNCCT"])
    helped = change(visit, "XML1", 1, T_BNCCT="0", T_NGUONKHAC=f"{own:.2f}")
    assert fired(helped, "XML1-079") == []
    assert fired(change(helped, "XML1", 1, T_NGUONKHAC="0"), "XML1-079")


def test_a_total_is_not_judged_while_a_row_has_no_number():
    unreadable = change(clean_visit(), "XML2", 1, THANH_TIEN_BV="mười nghìn")
    assert fired(unreadable, "XML1-072") == []
