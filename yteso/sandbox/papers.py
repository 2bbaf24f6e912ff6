"""XML1 and the papers of a visit: discharge (7), summary (8), birth (9), referral (13), re-examination (14)."""

from yteso.sandbox import data
from yteso.sandbox.calendar import DAY
from yteso.sandbox.facilities import PROVINCE, STATION, Facility
from yteso.sandbox.money import text
from yteso.sandbox.people import Person
from yteso.sandbox.visit import Visit
from yteso.sandbox.xml import Blank, flat_template


FLAT = {table: flat_template(table) for table in ("XML1", "XML7", "XML8", "XML9", "XML13", "XML14")}
INPATIENT = "03"
ACCIDENTS = {"scalp_wound": "1", "wound": "2", "wrist_surgery": "1", "wrist_fracture": "8", "sprain": "8"}
COMMON = data.words(
    "MA_LK HO_TEN NGAY_SINH GIOI_TINH MA_QUOCTICH MA_DANTOC MA_NGHE_NGHIEP DIA_CHI MA_THE_BHYT GT_THE_DEN NGAY_VAO "
    "NGAY_VAO_NOI_TRU NGAY_RA CHAN_DOAN_RV MA_BENH_CHINH MA_BENH_KT MA_LOAI_RV MA_DOITUONG_KCB MA_CSKCB MA_TTDV"
)
"""Fields that the papers repeat from XML1."""


def tables(visit: Visit, registered: Facility) -> dict[str, str]:
    """Every child document of the visit, XML1 first."""
    details = visit.detail_tables()
    main = _main(visit, registered)
    papers = {"XML1": FLAT["XML1"] % main} | details
    if visit.care == INPATIENT:
        papers["XML7"] = FLAT["XML7"] % _discharge(visit, main)
        papers["XML8"] = FLAT["XML8"] % _summary(visit, main)
    if visit.children:
        papers["XML9"] = FLAT["XML9"] % _birth(visit, visit.children[0], main)
    if visit.refer_to:
        papers["XML13"] = FLAT["XML13"] % _referral(visit, main)
    if visit.appointment:
        papers["XML14"] = FLAT["XML14"] % _appointment(visit, main)
    return papers


def eligibility(visit: Visit, registered: Facility) -> str:
    """MA_DOITUONG_KCB by QĐ 3276/2025: how this person is entitled to come here."""
    kind, facility = visit.origin.kind, visit.facility
    if not visit.person.card:
        return "9"
    if kind == "newborn":
        return "1.7"
    if registered.code == facility.code:
        return "1.1"
    if kind == "emergency":
        return "2"
    if kind in ("referral", "appointment"):
        return {"referral": "1.3", "appointment": "1.5"}[kind]
    if facility.kind == STATION:
        return "1.2"
    if visit.care == INPATIENT:
        return "3.2" if facility.kind == PROVINCE else "1.15"
    return "1.17" if facility.kind == PROVINCE else "1.12"


def _main(visit: Visit, registered: Facility) -> Blank:
    person, facility, calendar, totals = visit.person, visit.facility, visit.calendar, visit.totals
    stamp, day = calendar.stamp, calendar.day
    row = Blank(
        MA_LK=visit.ma_lk,
        STT="1",
        MA_BN=visit.ma_bn,
        HO_TEN=person.name.upper() if facility.capitals else person.name,
        SO_CCCD=person.number,
        NGAY_SINH=person.birth,
        GIOI_TINH=person.sex,
        NHOM_MAU=person.blood,
        MA_QUOCTICH="000",
        MA_DANTOC=person.ethnic,
        MA_NGHE_NGHIEP=person.job,
        DIA_CHI=person.address,
        MATINH_CU_TRU=person.province,
        MAXA_CU_TRU=person.commune,
        DIEN_THOAI=person.phone,
        LY_DO_VV=visit.illness.reason,
        CHAN_DOAN_VAO=visit.diagnosis.split("; ")[0],
        CHAN_DOAN_RV=visit.diagnosis,
        MA_BENH_CHINH=visit.codes[0],
        MA_BENH_KT=";".join(visit.codes[1:]),
        MA_PTTT_QT=";".join(dict.fromkeys(line[0].icd9 for line in visit.served if line[0].icd9)),
        MA_DOITUONG_KCB=eligibility(visit, registered),
        MA_NOI_DI=visit.origin.facility,
        MA_NOI_DEN=visit.refer_to,
        MA_TAI_NAN=ACCIDENTS.get(visit.illness.key, ""),
        NGAY_VAO=stamp(visit.arrived),
        NGAY_RA=stamp(visit.left),
        GIAY_CHUYEN_TUYEN=visit.origin.letter,
        SO_NGAY_DTRI=str(visit.treatment_days),
        PP_DIEU_TRI=_treatment(visit),
        KET_QUA_DTRI=visit.result,
        MA_LOAI_RV=visit.discharge,
        GHI_CHU="Uống thuốc theo đơn, tái khám khi có bất thường" if visit.dispensed else "",
        NGAY_TTOAN=stamp(visit.left + 5),
        T_THUOC=text(totals.drugs),
        T_VTYT=text(totals.supplies),
        T_TONGCHI_BV=text(totals.cost),
        T_TONGCHI_BH=text(totals.covered),
        T_BNTT=text(totals.patient),
        T_BNCCT=text(totals.shared),
        T_BHTT=text(totals.insurer),
        T_NGUONKHAC="0.00",
        T_BHTT_GDV=text(totals.insurer),
        NAM_QT=day(visit.left)[:4],
        THANG_QT=day(visit.left)[4:6].lstrip("0"),
        MA_LOAI_KCB=visit.care,
        MA_KHOA=visit.department,
        MA_CSKCB=facility.code,
        CAN_NANG=f"{person.weight:.2f}",
        NGAY_TAI_KHAM=day(visit.return_day * DAY) if visit.appointment else "",
        MA_HSBA=f"{day(visit.arrived)[2:4]}.{visit.ma_lk[-9:]}",
        MA_TTDV=facility.head.licence,
    )
    if person.card:
        row |= {
            "MA_THE_BHYT": person.card,
            "MA_DKBD": registered.code,
            "GT_THE_TU": person.card_from,
            "GT_THE_DEN": person.card_to,
            "NAM_NAM_LIEN_TUC": f"{int(person.card_from[:4]) + 1}0101",
        }
    if visit.care == INPATIENT:
        row |= {"NGAY_VAO_NOI_TRU": stamp(visit.admitted), "LY_DO_VNT": f"{visit.illness.reason}, cần điều trị nội trú"}
    if visit.children:
        row["CAN_NANG_CON"] = ";".join(str(int(child.weight * 1000)) for child in visit.children)
    return row


def _treatment(visit: Visit) -> str:
    if visit.operated:
        return f"{visit.operated}; nội khoa sau can thiệp"
    return "Điều trị nội khoa" if visit.dispensed else "Khám, tư vấn"


def _repeat(main: Blank) -> Blank:
    return Blank((name, main[name]) for name in COMMON)


def _discharge(visit: Visit, main: Blank) -> Blank:
    person, dice = visit.person, visit.dice
    row = _repeat(main) | {
        "SO_LUU_TRU": main["MA_HSBA"],
        "MA_YTE": visit.ma_bn,
        "MA_KHOA_RV": visit.department,
        "PP_DIEUTRI": main["PP_DIEU_TRI"],
        "GHI_CHU": "Nghỉ ngơi, ăn đủ chất, uống thuốc theo đơn",
        "MA_BS": visit.doctor.licence,
        "TEN_BS": visit.doctor.name,
        "NGAY_CT": main["NGAY_RA"][:8],
        "HO_TEN_CHA": person.father,
        "HO_TEN_ME": person.mother,
    }
    if person.job != "00" and dice.random() < 0.3:
        days = 3 + int(dice.random() * 8)
        start = visit.left // DAY + 1
        row |= {
            "SO_NGAY_NGHI": str(days),
            "NGOAITRU_TUNGAY": visit.calendar.day(start * DAY),
            "NGOAITRU_DENNGAY": visit.calendar.day((start + days - 1) * DAY),
        }
    return Blank(row)


def _summary(visit: Visit, main: Blank) -> Blank:
    person = visit.person
    row = _repeat(main) | {
        "MA_LOAI_KCB": visit.care,
        "CHAN_DOAN_VAO": main["CHAN_DOAN_VAO"],
        "HO_TEN_CHA": person.father,
        "HO_TEN_ME": person.mother,
        "QT_BENHLY": f"Người bệnh vào viện vì {visit.illness.reason.lower()}. {visit.illness.course}.",
        "TOMTAT_KQ": ("; ".join(visit.abnormal) or "Các xét nghiệm trong giới hạn bình thường")[:3900],
        "PP_DIEUTRI": main["PP_DIEU_TRI"],
        "KET_QUA_DTRI": visit.result,
        "GHI_CHU": f"Cha: {person.father}; mẹ: {person.mother}" if person.mother else "",
        "NGAY_CT": main["NGAY_RA"][:8],
    }
    return Blank(row)


def _birth(visit: Visit, child: Person, main: Blank) -> Blank:
    mother, day = visit.person, visit.calendar.day
    surgery = visit.illness.key == "caesarean"
    row = {name: main[name] for name in ("MA_LK", "MA_QUOCTICH", "MATINH_CU_TRU", "MAXA_CU_TRU", "MA_TTDV")} | {
        "MA_BHXH_NND": mother.card[5:] if mother.card else "",
        "MA_THE_NND": mother.card,
        "HO_TEN_NND": main["HO_TEN"],
        "NGAYSINH_NND": mother.birth[:8],
        "MA_DANTOC_NND": mother.ethnic,
        "SO_CCCD_NND": mother.number,
        "NGAYCAP_CCCD_NND": f"{visit.calendar.start.year - 2}0615",
        "NOICAP_CCCD_NND": "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        "NOI_CU_TRU_NND": mother.address,
        "HO_TEN_CHA": child.father,
        "MA_THE_TAM": child.card,
        "HO_TEN_CON": child.name,
        "GIOI_TINH_CON": child.sex,
        "SO_CON": "1",
        "LAN_SINH": str(1 + mother.n % 2),
        "SO_CON_SONG": str(1 + mother.n % 2),
        "CAN_NANG_CON": str(int(child.weight * 1000)),
        "NGAY_SINH_CON": child.birth,
        "NOI_SINH_CON": visit.facility.name,
        "TINH_TRANG_CON": "Khóc ngay, hồng hào, Apgar 9 điểm",
        "SINHCON_PHAUTHUAT": "1" if surgery else "0",
        "SINHCON_DUOI32TUAN": "0",
        "GHI_CHU": "Sinh con phải phẫu thuật" if surgery else "",
        "NGUOI_DO_DE": visit.doctor.name,
        "NGUOI_GHI_PHIEU": visit.facility.nurses[1].name,
        "NGAY_CT": day(visit.left),
        "SO": visit.ma_lk[-6:],
        "QUYEN_SO": f"{day(visit.left)[:4]}/01",
    }
    return Blank(row)


def _referral(visit: Visit, main: Blank) -> Blank:
    row = _repeat(main) | {
        "SO_HOSO": main["MA_HSBA"],
        "SO_CHUYENTUYEN": visit.letter.split("/")[0],
        "GIAY_CHUYEN_TUYEN": visit.letter,
        "MA_CSKCB_DI": visit.origin.facility,
        "MA_CSKCB_DEN": visit.refer_to,
        "DAU_HIEU_LS": visit.illness.course,
        "QT_BENHLY": f"Người bệnh đến khám vì {visit.illness.reason.lower()}. {visit.illness.course}.",
        "TOMTAT_KQ": "; ".join(visit.abnormal),
        "PP_DIEUTRI": main["PP_DIEU_TRI"],
        "TINH_TRANG_CT": "Tỉnh, tiếp xúc được, mạch và huyết áp ổn định",
        "MA_LYDO_CT": "1",
        "HUONG_DIEU_TRI": "Chuyển cơ sở cấp trên điều trị tiếp",
        "PHUONGTIEN_VC": "Xe cứu thương" if visit.illness.form == "surgery" else "Tự túc",
        "HOTEN_NGUOI_HT": visit.facility.nurses[2].name,
        "CHUCDANH_NGUOI_HT": "Điều dưỡng",
        "MA_BAC_SI": visit.doctor.licence,
    }
    return Blank(row)


def _appointment(visit: Visit, main: Blank) -> Blank:
    row = _repeat(main) | {
        "SO_GIAYHEN_KL": visit.appointment,
        "NGAY_HEN_KL": main["NGAY_TAI_KHAM"],
        "MA_BAC_SI": visit.doctor.licence,
        "NGAY_CT": main["NGAY_RA"][:8],
    }
    return Blank(row)
