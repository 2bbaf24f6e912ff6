"""Drugs, services and supplies with their XML2 and XML3 row templates, made once."""

from dataclasses import dataclass
from functools import cache

from yteso.sandbox import data
from yteso.sandbox.xml import row_template


NO_OTHER_SOURCES = dict.fromkeys(
    data.words("T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_NGUONKHAC"), "0.00"
)
DRUG_VARIABLES = data.words(
    "MA_LK STT LIEU_DUNG CACH_DUNG PHAM_VI TYLE_TT_BH SO_LUONG THANH_TIEN_BV THANH_TIEN_BH MUC_HUONG "
    "T_BNTT T_BNCCT T_BHTT MA_KHOA MA_BAC_SI NGAY_YL NGAY_TH_YL"
)
SERVICE_VARIABLES = data.words(
    "MA_LK STT PHAM_VI SO_LUONG TYLE_TT_BH THANH_TIEN_BV THANH_TIEN_BH MUC_HUONG T_BNTT T_BNCCT T_BHTT MA_KHOA "
    "MA_GIUONG MA_BAC_SI NGUOI_THUC_HIEN MA_BENH NGAY_YL NGAY_TH_YL NGAY_KQ MA_MAY"
)
SUPPLY = "10"
BEDS = ("14", "15", "16")


@dataclass(frozen=True, slots=True)
class Drug:
    """`price` in dong per `unit`; `rate` percent of the price inside the benefit (TYLE_TT_BH)."""

    key: str
    unit: str
    route: str
    form: str
    price: int
    rate: int
    row: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service or a supply. `group` is MA_NHOM; `minutes` from execution to result; `machine` an equipment group."""

    key: str
    code: str
    name: str
    group: str
    price: int
    minutes: int
    machine: str
    icd9: str
    row: str


@cache
def drugs() -> dict[str, Drug]:
    return {row["key"]: _drug(number, row) for number, row in enumerate(data.rows("drugs"))}


@cache
def services() -> dict[str, Service]:
    return {row["key"]: _service(row) for row in data.rows("services")}


@cache
def supplies() -> dict[str, Service]:
    return {row["key"]: _supply(number, row) for number, row in enumerate(data.rows("supplies"))}


def _drug(number: int, row: dict[str, str]) -> Drug:
    price = int(row["price"])
    constants = NO_OTHER_SOURCES | {
        "MA_THUOC": row["code"],
        "MA_NHOM": "4",
        "TEN_THUOC": row["name"],
        "DON_VI_TINH": row["unit"],
        "HAM_LUONG": row["strength"],
        "DUONG_DUNG": row["route"],
        "DANG_BAO_CHE": row["form"],
        "SO_DANG_KY": row["registration"],
        "TT_THAU": f"{100 + number}/QĐ-SYT;G1;N{number % 4 + 1};2026",
        "DON_GIA": f"{price}.000",
        "MA_PTTT": "1",
        "NGUON_CTRA": "1",
    }
    template = row_template("XML2", constants, DRUG_VARIABLES)
    return Drug(row["key"], row["unit"], row["route"], row["form"], price, int(row["rate"]), template)


def _service(row: dict[str, str]) -> Service:
    names = {"MA_DICH_VU": row["code"], "TEN_DICH_VU": row["name"], "MA_PTTT_QT": row["icd9"]}
    template = _service_row(row, int(row["price"]), names | {"PP_VO_CAM": row["anaesthesia"]})
    return _with_prices(row, template)


def _supply(number: int, row: dict[str, str]) -> Service:
    names = {
        "MA_VAT_TU": row["code"],
        "TEN_VAT_TU": row["name"],
        "TT_THAU": f"{200 + number}/QĐ-BV;G1;N{number % 3 + 1};2026",
        "MA_HIEU_SP": f"SP-{row['key'].upper()}",
    }
    whole = row | {"group": SUPPLY, "minutes": "0", "machine": "", "icd9": ""}
    return _with_prices(whole, _service_row(whole, int(row["price"]), names))


def _with_prices(row: dict[str, str], template: str) -> Service:
    texts = {name: row[name] for name in ("key", "code", "name", "group", "machine", "icd9")}
    return Service(**texts, price=int(row["price"]), minutes=int(row["minutes"]), row=template)


def _service_row(row: dict[str, str], price: int, names: dict[str, str]) -> str:
    constants = NO_OTHER_SOURCES | names
    constants |= {
        "MA_NHOM": row["group"],
        "DON_VI_TINH": row["unit"],
        "DON_GIA_BV": f"{price}.000",
        "DON_GIA_BH": f"{price}.000",
        "TYLE_TT_DV": "100",
        "MA_PTTT": "1",
    }
    return row_template("XML3", constants, SERVICE_VARIABLES)
