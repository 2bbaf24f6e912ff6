"""The dossiers that the rule tables start from, by the name they have there, each without a finding."""

from collections.abc import Callable
from functools import partial

from cases import DOCTOR, MA_LK, READER, change, clean_visit, outpatient_visit, referred_visit, visit_4210

from yteso.intake.dossier import Dossier, Row


def approved() -> Dossier:
    """The inpatient; the lists of the facility are given: all that was done is approved, 99002 closed in January."""
    return clean_visit()


def newborn() -> Dossier:
    """The inpatient is a child born two days before, at half past three."""
    birth = {"NGAY_SINH": "202601080330", "MA_BENH_CHINH": "P59.9"}
    visit = change(clean_visit(), "XML1", 1, CAN_NANG="3.2", MA_BENH_KT=None, **birth)
    return change(visit, "XML14", 1, **birth)


def written_to(standard: str) -> Dossier:
    """The inpatient in an older version of the 130 family; occupation, machines, head of facility as written then."""
    visit = clean_visit()
    visit.standard = standard
    visit.tables["XML1"][0]["MA_NGHE_NGHIEP"] = "00000"
    for table in ("XML1", "XML7", "XML8", "XML14"):
        visit.tables[table][0]["MA_TTDV"] = "0100000001"
    visit.tables["XML4"][2]["MA_CHI_SO"] = "XQ"
    visit.tables["XML14"][0]["NGAY_HEN_KL"] = "202601280800"
    if standard == "130":
        del visit.tables["XML14"]
    for row in visit.tables["XML3"]:
        if "MA_MAY" in row:
            group, fund, number = row["MA_MAY"].split(".")
            row["MA_MAY"] = f"{group}.{fund}.99001.{number}"
    return visit


def operated() -> Dossier:
    """The inpatient's picture (XML3 row 3, 10:10 to 10:30, by the nurse) is an operation, without a result in XML4."""
    visit = clean_visit()
    del visit.tables["XML4"][2]
    drained = {"MA_DICH_VU": "10.0152.0410", "TEN_DICH_VU": "Phẫu thuật dẫn lưu tối thiểu khoang màng phổi"}
    return change(visit, "XML3", 3, MA_NHOM="8", PP_VO_CAM="1", MA_MAY=None, **drained)


def alone(table: str) -> Dossier:
    """A table that travels by itself: XML0 is the check-in, XML12 the assessment."""
    return Dossier(1, {table: [dict(SAMPLES[table])]}, "3176")


FILE = """<?xml version="1.0" encoding="UTF-8"?>
<GIAMDINHHS><THONGTINDONVI><MACSKCB>99001</MACSKCB></THONGTINDONVI>
<THONGTINHOSO><NGAYLAP>20260131</NGAYLAP><SOLUONGHOSO>2</SOLUONGHOSO><DANHSACHHOSO>
<HOSO>
<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE><TONG_HOP><MA_LK>LK-1</MA_LK></TONG_HOP></NOIDUNGFILE></FILEHOSO>
</HOSO>
<HOSO>
<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE><TONG_HOP><MA_LK>LK-2</MA_LK></TONG_HOP></NOIDUNGFILE></FILEHOSO>
</HOSO>
</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>
"""
"""The file that the tables of the envelope start from."""

APPROVED = {
    "drugs": """\
40.155,Amoxicilin,500mg,VD-12341-20,1.01,57/QĐ-SYT;G1;N1;2025,5000,2026-01-01,2026-12-31
40.2,paracetamol,,VD-12342-20,,,1200.5,2026-01-01,""",
    "services": """\
02.1897,Khám Nội,45000,,
22.0120.1370,Tổng phân tích tế bào máu,49700,,
18.0119.0028,Chụp Xquang ngực thẳng,73300,,
K03.1911,Giường nội khoa loại 2,187100,,""",
    "supplies": "N03.01.020,Bơm tiêm 5 ml,,1500,,",
    "staff": f"{DOCTOR},An,,,\n{READER},Bình,,,",
    "departments": "K03,Nội,,",
    "contract": "99001,3,01;03,2026-01-01,2026-12-31",
    "facilities": "99001,Bệnh viện Thử,,\n99002,Trạm Thử,,2026-01-01",
}
"""Lists, without their headings, of a facility that is approved for all the inpatient was given."""

VISITS: dict[str, Callable[[], Dossier]] = {
    "inpatient": clean_visit,
    "approved": approved,
    "outpatient": outpatient_visit,
    "referral": referred_visit,
    "newborn": newborn,
    "operation": operated,
    "4750": partial(written_to, "4750"),
    "130": partial(written_to, "130"),
    "4210": visit_4210,
    "check-in": partial(alone, "XML0"),
    "assessment": partial(alone, "XML12"),
}

SAMPLES: dict[str, Row] = {
    "XML0": {
        "MA_LK": MA_LK,
        "STT": "1",
        "MA_BN": "BN000001",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "NGAY_SINH": "196503120000",
        "GIOI_TINH": "1",
        "MA_DOITUONG_KCB": "1.1",
        "NGAY_VAO": "202601100800",
        "NGAY_YL": "202601100810",
        "MA_LOAI_KCB": "01",
        "MA_CSKCB": "99001",
        "MA_DICH_VU": "02.1897",
        "TEN_DICH_VU": "Khám Nội",
    },
    "XML5": {"MA_LK": MA_LK, "STT": "1"},
    "XML6": {
        "MA_LK": MA_LK,
        "NOI_LAY_MAU_XN": "99001",
        "NOI_XN_KD": "99001",
        "NOI_BDDT_ARV": "99001",
        "MA_LYDO_DTRI": "1",
        "LOAI_DTRI_LAO": "0",
        "SANG_LOC_LAO": "1",
        "KQ_DTRI_LAO": "1",
        "MA_LOAI_BN": "1",
        "GIAI_DOAN_LAM_SANG": "1",
        "NHOM_DOI_TUONG": "1",
        "MA_TINH_TRANG_DK": "9",
        "MA_XU_TRI": "1",
        "NGAY_BAT_DAU_XU_TRI": "20260114",
        "NGAY_KET_THUC_XU_TRI": "20260212",
        "SO_NGAY_CAP_THUOC_ARV": "30",
        "MA_PHAC_DO_DIEU_TRI": "KHAC",
    },
    "XML9": {
        "MA_LK": MA_LK,
        "MA_BHXH_NND": "0100000001",
        "MA_THE_NND": "DN4019900000001",
        "HO_TEN_NND": "MẸ THỬ",
        "NGAYSINH_NND": "19950101",
        "MA_DANTOC_NND": "01",
        "SO_CCCD_NND": "001095000001",
        "NGAYCAP_CCCD_NND": "20220101",
        "NOICAP_CCCD_NND": "Cục thử",
        "NOI_CU_TRU_NND": "Hà Nội",
        "MA_QUOCTICH": "000",
        "MATINH_CU_TRU": "01",
        "MAXA_CU_TRU": "00004",
        "MA_THE_TAM": "TE1019900000001",
        "GIOI_TINH_CON": "2",
        "SO_CON": "1",
        "LAN_SINH": "2",
        "SO_CON_SONG": "2",
        "CAN_NANG_CON": "3200",
        "NGAY_SINH_CON": "202601110330",
        "NOI_SINH_CON": "Bệnh viện thử",
        "TINH_TRANG_CON": "Khỏe",
        "SINHCON_PHAUTHUAT": "0",
        "SINHCON_DUOI32TUAN": "0",
        "NGUOI_DO_DE": "Nữ hộ sinh",
        "NGUOI_GHI_PHIEU": "Nữ hộ sinh",
        "NGAY_CT": "20260114",
        "SO": "1",
        "QUYEN_SO": "1",
        "MA_TTDV": DOCTOR,
    },
    "XML10": {
        "MA_LK": MA_LK,
        "SO_SERI": "1",
        "SO_CT": "1",
        "SO_NGAY": "10",
        "DON_VI": "Công ty thử",
        "CHAN_DOAN_RV": "Dọa sẩy",
        "TU_NGAY": "20260114",
        "DEN_NGAY": "20260123",
        "MA_TTDV": DOCTOR,
        "TEN_BS": "Bác sĩ",
        "MA_BS": DOCTOR,
        "NGAY_CT": "20260114",
    },
    "XML11": {
        "MA_LK": MA_LK,
        "SO_CT": "1",
        "SO_SERI": "1",
        "SO_KCB": "1",
        "DON_VI": "Công ty thử",
        "MA_BHXH": "0100000001",
        "MA_THE_BHYT": "DN4019900000001",
        "CHAN_DOAN_RV": "Viêm phổi; tăng huyết áp",
        "PP_DIEUTRI": "Kháng sinh, hạ sốt",
        "SO_NGAY_NGHI": "5",
        "TU_NGAY": "20260110",
        "DEN_NGAY": "20260114",
        "MA_TTDV": DOCTOR,
        "MA_BS": DOCTOR,
        "NGAY_CT": "20260114",
    },
    "XML12": {
        "NGUOI_CHU_TRI": "Bác sĩ Thử",
        "CHUC_VU": "1",
        "NGAY_HOP": "20260120",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "NGAY_SINH": "19650312",
        "NGAY_CAP_CCCD": "20220101",
        "NOI_CAP_CCCD": "Cục thử",
        "DIA_CHI": "Số 1 phố Thử",
        "MATINH_CU_TRU": "01",
        "MAXA_CU_TRU": "00004",
        "MA_BHXH": "0100000001",
        "DIEN_THOAI": "0900000000",
        "MA_DOI_TUONG": "BNN",
        "KHAM_GIAM_DINH": "1",
        "SO_BIEN_BAN": "1/2026",
        "NGAY_CHUNG_TU": "20260115",
        "SO_GIAY_GIOI_THIEU": "1",
        "NGAY_DE_NGHI": "20260115",
        "MA_DONVI": "1",
        "GIOI_THIEU_CUA": "Công ty thử",
        "KET_QUA_KHAM": "Suy giảm chức năng hô hấp",
        "SO_VAN_BAN_CAN_CU": "1",
        "TYLE_TTCT_MOI": "21",
        "DE_NGHI": "Hưởng chế độ",
        "DUOC_XACDINH": "Suy giảm 21 %",
    },
    "XML15": {
        "MA_LK": MA_LK,
        "STT": "1",
        "MA_BN": "BN000001",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "PHANLOAI_LAO_VITRI": "1",
        "PHANLOAI_LAO_TS": "1",
        "PHANLOAI_LAO_HIV": "1",
        "PHANLOAI_LAO_VK": "1",
        "LOAI_DTRI_LAO": "1",
        "NGAYBD_DTRI_LAO": "20260111",
        "PHACDO_DTRI_LAO": "1",
        "KET_QUA_DTRI_LAO": "1",
    },
}
