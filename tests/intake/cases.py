"""Dossiers that pass every rule, and the means to break one thing in them."""

from contextlib import suppress
from copy import deepcopy
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from yteso.intake.dossier import Dossier, Header, Row


NOW = datetime(2026, 2, 1, 8, 0)
HEADER = Header(facility="99001", made=date(2026, 1, 31), declared=1)
MA_LK = "LK-0001"
DOCTOR, NURSE, READER = "000101/HNO-GPHN", "000202/HNO-GPHN", "000303/HNO-GPHN"


def clean_visit() -> Dossier:
    """A 3176 inpatient stay of five days with XML1-5, 7, 8 and 14, without a finding."""
    tables = {
        "XML1": [_x1()],
        "XML2": [
            _drug(1, "40.155", "Amoxicilin", "202601100930", quantity="2", price="5000"),
            _drug(2, "40.2", "Paracetamol", "202601110930", quantity="3", price="1200.5"),
        ],
        "XML3": [
            _service(1, "02.1897", "Khám Nội", "13", "202601100805", price="45000"),
            _test(
                2, "22.0120.1370", "Tổng phân tích tế bào máu", "1", "202601100910", machine="HH.1.M01", price="49700"
            ),
            _test(3, "18.0119.0028", "Chụp Xquang ngực thẳng", "2", "202601101000", machine="XQ.1.M02", price="73300"),
            *(_bed(4 + n, f"202601{10 + n}1000", f"202601{11 + n}0900") for n in range(4)),
            _supply(8, "N03.01.020", "Bơm tiêm 5 ml", "202601100930", quantity="2", price="1500"),
        ],
        "XML4": [
            _result(1, "22.0120.1370", "WBC", "12.4", "10^9/L", "202601100940"),
            _result(2, "22.0120.1370", "HGB", "131", "g/L", "202601100940"),
            _image(3, "18.0119.0028", "Đám mờ đáy phổi phải", "Theo dõi viêm phổi phải", "202601101030"),
        ],
        "XML5": [
            _note(1, "202601101000", "Sốt 38,5 độ, ho đờm, phổi phải có ran nổ"),
            _note(2, "202601120800", "Đỡ sốt, ho giảm"),
            _note(3, "202601140800", "Hết sốt, phổi hết ran, cho ra viện"),
        ],
        "XML7": [_x7()],
        "XML8": [_x8()],
        "XML14": [_x14()],
    }
    return total(Dossier(position=1, tables=tables, standard="3176", digest=b"clean"))


def referred_visit() -> Dossier:
    """The same stay ending in a referral: XML13 in place of XML14."""
    visit = clean_visit()
    del visit.tables["XML14"]
    x1 = visit.tables["XML1"][0]
    del x1["NGAY_TAI_KHAM"]
    x1.update(MA_LOAI_RV="2", MA_NOI_DEN="99002", KET_QUA_DTRI="3")
    visit.tables["XML8"][0]["KET_QUA_DTRI"] = "3"
    same = (
        "MA_LK MA_CSKCB HO_TEN NGAY_SINH GIOI_TINH MA_QUOCTICH MA_DANTOC MA_NGHE_NGHIEP DIA_CHI MA_THE_BHYT "
        "GT_THE_DEN NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA CHAN_DOAN_RV MA_BENH_CHINH MA_BENH_KT MA_LOAI_RV"
    )
    visit.tables["XML13"] = [
        {name: x1[name] for name in same.split()}
        | {
            "SO_HOSO": "26.000123",
            "SO_CHUYENTUYEN": "15",
            "GIAY_CHUYEN_TUYEN": "15/2026/GCT",
            "MA_CSKCB_DEN": "99002",
            "DAU_HIEU_LS": "Ho, khó thở nhẹ",
            "QT_BENHLY": "Bệnh 3 ngày",
            "PP_DIEUTRI": "Kháng sinh",
            "TINH_TRANG_CT": "Tỉnh, tự thở",
            "MA_LYDO_CT": "1",
            "HUONG_DIEU_TRI": "Điều trị chuyên khoa",
            "PHUONGTIEN_VC": "Xe cứu thương",
            "MA_BAC_SI": DOCTOR,
            "MA_TTDV": "000001/HNO-GPHN",
        }
    ]
    return visit


def outpatient_visit() -> Dossier:
    """A 3176 examination (type 01) of forty minutes: XML1, 2, 3, 4."""
    visit = clean_visit()
    tables = visit.tables
    for table in ("XML5", "XML7", "XML8", "XML14"):
        del tables[table]
    x1 = tables["XML1"][0]
    for name in ("NGAY_VAO_NOI_TRU", "LY_DO_VNT", "NGAY_TAI_KHAM"):
        del x1[name]
    x1.update(MA_LOAI_KCB="01", NGAY_RA="202601101130", NGAY_TTOAN="202601101140", SO_NGAY_DTRI="1")
    tables["XML2"] = tables["XML2"][:1]
    tables["XML3"] = tables["XML3"][:3]
    return total(visit)


def visit_4210() -> Dossier:
    """An outpatient visit written to QĐ 4210, without a finding; the check takes place on 2023-06-01."""
    x1 = {
        "MA_LK": MA_LK,
        "STT": "1",
        "MA_BN": "BN000001",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "NGAY_SINH": "19650312",
        "GIOI_TINH": "1",
        "DIA_CHI": "Số 1 phố Thử",
        "MA_THE": "DN4019900000001",
        "MA_DKBD": "99001",
        "GT_THE_TU": "20230101",
        "GT_THE_DEN": "20231231",
        "TEN_BENH": "Viêm phổi",
        "MA_BENH": "J18.9",
        "MA_LYDO_VVIEN": "1",
        "NGAY_VAO": "202305100800",
        "NGAY_RA": "202305100930",
        "NGAY_TTOAN": "202305100940",
        "SO_NGAY_DTRI": "1",
        "KET_QUA_DTRI": "2",
        "TINH_TRANG_RV": "1",
        "NAM_QT": "2023",
        "THANG_QT": "5",
        "MA_LOAI_KCB": "1",
        "MA_KHOA": "K01",
        "MA_CSKCB": "99001",
        "T_THUOC": "10000.00",
        "T_VTYT": "0",
        "T_TONGCHI": "48700.00",
        "T_BNTT": "0",
        "T_BNCCT": "9740.00",
        "T_BHTT": "38960.00",
        "T_NGUONKHAC": "0",
        "T_NGOAIDS": "0",
    }
    drug = {
        "MA_LK": MA_LK,
        "STT": "1",
        "MA_THUOC": "40.155",
        "MA_NHOM": "4",
        "TEN_THUOC": "Amoxicilin",
        "DON_VI_TINH": "Viên",
        "HAM_LUONG": "500mg",
        "DUONG_DUNG": "1.01",
        "LIEU_DUNG": "1 viên * 2 lần * 5 ngày",
        "SO_DANG_KY": "VD-12345-20",
        "TT_THAU": "57/QĐ-SYT;G1;N1;2022",
        "PHAM_VI": "1",
        "TYLE_TT": "100",
        "SO_LUONG": "10",
        "DON_GIA": "1000",
        "THANH_TIEN": "10000.00",
        "MUC_HUONG": "80",
        "T_NGUON_KHAC": "0",
        "T_BNTT": "0",
        "T_BHTT": "8000.00",
        "T_BNCCT": "2000.00",
        "T_NGOAIDS": "0",
        "MA_KHOA": "K01",
        "MA_BAC_SI": "000101/HNO-CCHN",
        "MA_BENH": "J18.9",
        "NGAY_YL": "202305100850",
        "MA_PTTT": "1",
    }
    exam = {
        "MA_LK": MA_LK,
        "STT": "1",
        "MA_DICH_VU": "02.1897",
        "MA_NHOM": "13",
        "TEN_DICH_VU": "Khám Nội",
        "DON_VI_TINH": "Lần",
        "PHAM_VI": "1",
        "SO_LUONG": "1",
        "DON_GIA": "38700",
        "TYLE_TT": "100",
        "THANH_TIEN": "38700.00",
        "MUC_HUONG": "80",
        "T_NGUONKHAC": "0",
        "T_BNTT": "0",
        "T_BHTT": "30960.00",
        "T_BNCCT": "7740.00",
        "T_NGOAIDS": "0",
        "MA_KHOA": "K01",
        "MA_BAC_SI": "000101/HNO-CCHN",
        "MA_BENH": "J18.9",
        "NGAY_YL": "202305100805",
        "MA_PTTT": "1",
    }
    tables = {"XML1": [x1], "XML2": [drug], "XML3": [exam]}
    return Dossier(position=1, tables=tables, standard="4210", digest=b"4210")


def change(visit: Dossier, table: str, row: int, **fields: str | None) -> Dossier:
    """A copy with fields of one row (counting from 1) set; None takes the field away."""
    changed = deepcopy(visit)
    target = changed.tables[table][row - 1]
    for name, value in fields.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value
    return changed


def without(visit: Dossier, table: str) -> Dossier:
    """A copy with a table left out."""
    changed = deepcopy(visit)
    changed.tables.pop(table, None)
    return changed


def total(visit: Dossier) -> Dossier:
    """Write the sums of XML2 and XML3 into XML1, in place; a sum of what is no number stays as it was."""
    x1, x2, x3 = visit.tables["XML1"][0], visit.tables.get("XML2", []), visit.tables.get("XML3", [])
    both = x2 + x3
    amount, costs = ("THANH_TIEN", "T_TONGCHI") if visit.standard == "4210" else ("THANH_TIEN_BV", "T_TONGCHI_BV")
    sums = {
        "T_THUOC": (amount, x2),
        "T_VTYT": (amount, [row for row in x3 if row.get("MA_NHOM") in ("10", "11")]),
        costs: (amount, both),
        "T_TONGCHI_BH": ("THANH_TIEN_BH", both),
        "T_BNTT": ("T_BNTT", both),
        "T_BNCCT": ("T_BNCCT", both),
        "T_BHTT": ("T_BHTT", both),
        "T_NGUONKHAC": ("T_NGUONKHAC", both),
        "T_BHTT_GDV": ("T_BHTT", [row for row in both if row.get("MA_PTTT") == "1"]),
    }
    for name, (field, rows) in sums.items():
        if name in x1 or visit.standard != "4210":
            with suppress(KeyError, InvalidOperation):
                x1[name] = f"{sum((Decimal(row[field]) for row in rows), Decimal()):.2f}"
    return visit


def priced(row: Row) -> Row:
    """Write the amounts that follow from quantity, prices, rates and share of a row (130 family), in place."""
    cent = Decimal("0.01")
    whole = insured = Decimal(row["SO_LUONG"]) * Decimal(row.get("TYLE_TT_DV", "100")) / 100
    whole = (whole * Decimal(row.get("DON_GIA_BV") or row["DON_GIA"])).quantize(cent, ROUND_HALF_UP)
    insured = insured * Decimal(row.get("DON_GIA_BH") or row["DON_GIA"]) * Decimal(row["TYLE_TT_BH"]) / 100
    insured = insured.quantize(cent, ROUND_HALF_UP)
    paid = (insured * Decimal(row["MUC_HUONG"]) / 100).quantize(cent, ROUND_HALF_UP)
    row.update(THANH_TIEN_BV=str(whole), THANH_TIEN_BH=str(insured))
    row.update(T_BHTT=str(paid), T_BNCCT=str(insured - paid), T_BNTT=str(whole - insured))
    return row


def money(quantity: str) -> Row:
    """What the amounts of a row wholly in insurance scope follow from, the fund paying 80 percent of it."""
    return {
        "SO_LUONG": quantity,
        "TYLE_TT_BH": "100",
        "T_NGUONKHAC_NSNN": "0",
        "T_NGUONKHAC_VTNN": "0",
        "T_NGUONKHAC_VTTN": "0",
        "T_NGUONKHAC_CL": "0",
        "T_NGUONKHAC": "0",
        "MUC_HUONG": "80",
        "MA_PTTT": "1",
    }


def _x1() -> Row:
    return {
        "MA_LK": MA_LK,
        "STT": "1",
        "MA_BN": "BN000001",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "SO_CCCD": "001065000001",
        "NGAY_SINH": "196503120000",
        "GIOI_TINH": "1",
        "NHOM_MAU": "O+",
        "MA_QUOCTICH": "000",
        "MA_DANTOC": "01",
        "MA_NGHE_NGHIEP": "00",
        "DIA_CHI": "Số 1 phố Thử, phường Ba Đình, Hà Nội",
        "MATINH_CU_TRU": "01",
        "MAXA_CU_TRU": "00004",
        "DIEN_THOAI": "0900000000",
        "MA_THE_BHYT": "DN4019900000001",
        "MA_DKBD": "99001",
        "GT_THE_TU": "20260101",
        "GT_THE_DEN": "20261231",
        "LY_DO_VV": "Sốt, ho",
        "LY_DO_VNT": "Viêm phổi cần theo dõi",
        "CHAN_DOAN_VAO": "Theo dõi viêm phổi",
        "CHAN_DOAN_RV": "Viêm phổi; tăng huyết áp",
        "MA_BENH_CHINH": "J18.9",
        "MA_BENH_KT": "I10",
        "MA_DOITUONG_KCB": "1.1",
        "MA_TAI_NAN": "0",
        "NGAY_VAO": "202601100800",
        "NGAY_VAO_NOI_TRU": "202601100900",
        "NGAY_RA": "202601140900",
        "SO_NGAY_DTRI": "5",
        "PP_DIEU_TRI": "Kháng sinh, hạ sốt",
        "KET_QUA_DTRI": "2",
        "MA_LOAI_RV": "1",
        "GHI_CHU": "Uống thuốc theo đơn",
        "NGAY_TTOAN": "202601141000",
        "NAM_QT": "2026",
        "THANG_QT": "1",
        "MA_LOAI_KCB": "03",
        "MA_KHOA": "K03",
        "MA_CSKCB": "99001",
        "CAN_NANG": "62.5",
        "NGAY_TAI_KHAM": "20260128",
        "MA_HSBA": "26.000123",
        "MA_TTDV": "000001/HNO-GPHN",
    }


def _drug(number: int, code: str, name: str, ordered: str, *, quantity: str, price: str) -> Row:
    row = {
        "MA_LK": MA_LK,
        "STT": str(number),
        "MA_THUOC": code,
        "MA_NHOM": "4",
        "TEN_THUOC": name,
        "DON_VI_TINH": "Viên",
        "HAM_LUONG": "500mg",
        "DUONG_DUNG": "1.01",
        "DANG_BAO_CHE": "Viên nén",
        "LIEU_DUNG": f"1 viên * {quantity} lần * 1 ngày [{quantity} viên/ngày]",
        "CACH_DUNG": "Uống sau ăn",
        "SO_DANG_KY": f"VD-1234{number}-20",
        "TT_THAU": "57/QĐ-SYT;G1;N1;2025",
        "PHAM_VI": "1",
        "DON_GIA": price,
        "MA_KHOA": "K03",
        "MA_BAC_SI": DOCTOR,
        "NGAY_YL": ordered,
        "NGAY_TH_YL": ordered[:10] + "45",
        "NGUON_CTRA": "1",
        **money(quantity),
    }
    return priced(row)


def _service(number: int, code: str, name: str, group: str, ordered: str, *, price: str, quantity: str = "1") -> Row:
    row = {
        "MA_LK": MA_LK,
        "STT": str(number),
        "MA_DICH_VU": code,
        "MA_NHOM": group,
        "TEN_DICH_VU": name,
        "DON_VI_TINH": "Lần",
        "PHAM_VI": "1",
        "DON_GIA_BV": price,
        "DON_GIA_BH": price,
        "TYLE_TT_DV": "100",
        "MA_KHOA": "K03",
        "MA_BAC_SI": DOCTOR,
        "MA_BENH": "J18.9",
        "NGAY_YL": ordered,
        **money(quantity),
    }
    return priced(row)


def _test(number: int, code: str, name: str, group: str, ordered: str, *, machine: str, price: str) -> Row:
    """Ordered at a round ten, carried out ten minutes later, known twenty after that."""
    minute = int(ordered[10:])
    return _service(number, code, name, group, ordered, price=price) | {
        "NGUOI_THUC_HIEN": NURSE,
        "NGAY_TH_YL": f"{ordered[:10]}{minute + 10:02}",
        "NGAY_KQ": f"{ordered[:10]}{minute + 30:02}",
        "MA_MAY": machine,
    }


def _bed(number: int, start: str, end: str) -> Row:
    bed = _service(number, "K03.1911", "Giường nội khoa loại 2", "15", start, price="187100")
    return bed | {"DON_VI_TINH": "Ngày", "MA_GIUONG": "H001", "NGAY_TH_YL": start, "NGAY_KQ": end}


def _supply(number: int, code: str, name: str, ordered: str, *, quantity: str, price: str) -> Row:
    row = _service(number, "", "", "10", ordered, price=price, quantity=quantity)
    del row["MA_DICH_VU"], row["TEN_DICH_VU"]
    return row | {
        "MA_VAT_TU": code,
        "TEN_VAT_TU": name,
        "DON_VI_TINH": "Cái",
        "TT_THAU": "58/QĐ-SYT;G1;N1;2025",
    }


def _result(number: int, service: str, index: str, value: str, unit: str, moment: str) -> Row:
    return {
        "MA_LK": MA_LK,
        "STT": str(number),
        "MA_DICH_VU": service,
        "MA_CHI_SO": index,
        "TEN_CHI_SO": index,
        "GIA_TRI": value,
        "DON_VI_DO": unit,
        "NGAY_KQ": moment,
        "MA_BS_DOC_KQ": READER,
    }


def _image(number: int, service: str, seen: str, conclusion: str, moment: str) -> Row:
    return {
        "MA_LK": MA_LK,
        "STT": str(number),
        "MA_DICH_VU": service,
        "TEN_CHI_SO": "Chụp Xquang ngực thẳng",
        "MO_TA": seen,
        "KET_LUAN": conclusion,
        "NGAY_KQ": moment,
        "MA_BS_DOC_KQ": READER,
    }


def _note(number: int, moment: str, text: str) -> Row:
    return {
        "MA_LK": MA_LK,
        "STT": str(number),
        "DIEN_BIEN_LS": text,
        "THOI_DIEM_DBLS": moment,
        "NGUOI_THUC_HIEN": DOCTOR,
    }


def _x7() -> Row:
    return {
        "MA_LK": MA_LK,
        "SO_LUU_TRU": "26.000123",
        "MA_YTE": "BN000001",
        "MA_KHOA_RV": "K03",
        "NGAY_VAO": "202601100800",
        "NGAY_RA": "202601140900",
        "MA_DINH_CHI_THAI": "0",
        "CHAN_DOAN_RV": "Viêm phổi; tăng huyết áp",
        "PP_DIEUTRI": "Kháng sinh, hạ sốt",
        "MA_TTDV": "000001/HNO-GPHN",
        "MA_BS": DOCTOR,
        "TEN_BS": "Bác sĩ Thử",
        "NGAY_CT": "20260114",
    }


def _x8() -> Row:
    return {
        "MA_LK": MA_LK,
        "MA_LOAI_KCB": "03",
        "NGAY_VAO": "202601100800",
        "NGAY_RA": "202601140900",
        "CHAN_DOAN_VAO": "Theo dõi viêm phổi",
        "CHAN_DOAN_RV": "Viêm phổi; tăng huyết áp",
        "QT_BENHLY": "Bệnh 3 ngày, sốt, ho đờm",
        "TOMTAT_KQ": "Bạch cầu 12,4; đám mờ đáy phổi phải",
        "PP_DIEUTRI": "Kháng sinh, hạ sốt",
        "KET_QUA_DTRI": "2",
        "MA_TTDV": "000001/HNO-GPHN",
        "NGAY_CT": "20260114",
    }


def _x14() -> Row:
    return {
        "MA_LK": MA_LK,
        "SO_GIAYHEN_KL": "26.000045",
        "MA_CSKCB": "99001",
        "HO_TEN": "NGƯỜI BỆNH THỬ",
        "NGAY_SINH": "196503120000",
        "MA_THE_BHYT": "DN4019900000001",
        "NGAY_VAO": "202601100800",
        "NGAY_RA": "202601140900",
        "NGAY_HEN_KL": "20260128",
        "CHAN_DOAN_RV": "Viêm phổi; tăng huyết áp",
        "MA_BENH_CHINH": "J18.9",
        "MA_DOITUONG_KCB": "1.1",
        "MA_BAC_SI": DOCTOR,
        "MA_TTDV": "000001/HNO-GPHN",
        "NGAY_CT": "20260114",
    }
