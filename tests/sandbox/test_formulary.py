"""Drugs, services and supplies: real codes, prices, and rows in the order of the decree."""

import re
from datetime import date

import pytest

from yteso import catalogues, standards
from yteso.sandbox import data
from yteso.sandbox.formulary import BEDS, DRUG_VARIABLES, SERVICE_VARIABLES, SUPPLY, drugs, services, supplies


NOW = date(2026, 8, 1)
DRUGS, SERVICES, SUPPLIES = (data.rows(name) for name in ("drugs", "services", "supplies"))


def field(row: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{name}>", row)
    return found[1].replace("%%", "%")


# drugs


@pytest.mark.parametrize("row", DRUGS, ids=lambda row: row["key"])
def test_a_drug_is_in_the_national_lists(row):
    assert row["code"] in catalogues.active_ingredients()
    assert row["route"] in catalogues.routes()
    assert row["route"] in standards.code_list("DUONG_DUNG", NOW)
    assert re.fullmatch(r"(VD|VN|VS|GC|QLSP)\d?-\d+-\d{2}", row["registration"])
    assert int(row["price"]) > 0 and 0 < int(row["rate"]) <= 100


@pytest.mark.parametrize("row", DRUGS, ids=lambda row: row["key"])
def test_the_ingredient_is_the_one_of_the_code(row):
    def letters(text: str) -> str:
        return "".join(c for c in text.lower() if c.isalpha())

    national = letters(catalogues.active_ingredients()[row["code"]])
    assert letters(row["ingredient"])[:4] in national


UNITS = """
form begins with      units                route begins with
Viên                  Viên                 1 4
Kem                   Tuýp                 3
Gel                   Tuýp                 3
Dung dịch tiêm        Ống Lọ Chai Bơm_tiêm  2
Hỗn dịch xịt          Lọ Chai Bình         5 7
"""


@pytest.mark.parametrize("line", UNITS.split("\n")[2:-1])
def test_forms_units_and_routes_go_together(line):
    form, units, routes = re.split(r"\s{2,}", line)
    found = [row for row in DRUGS if row["form"].startswith(form)]
    assert found
    for row in found:
        assert row["unit"].replace(" ", "_") in units.split(), row["key"]
        assert row["route"][0] in routes.split(), row["key"]


DRUG_ROW = {
    "MA_NHOM": "4", "MA_PTTT": "1", "NGUON_CTRA": "1", "T_NGUONKHAC": "0.00", "T_NGUONKHAC_NSNN": "0.00",
}  # fmt: skip


@pytest.mark.parametrize("row", DRUGS, ids=lambda row: row["key"])
def test_a_drug_row_states_the_drug(row):
    text = drugs()[row["key"]].row
    stated = {"MA_THUOC": "code", "TEN_THUOC": "name", "HAM_LUONG": "strength", "DON_VI_TINH": "unit",
              "DUONG_DUNG": "route", "DANG_BAO_CHE": "form", "SO_DANG_KY": "registration"}  # fmt: skip
    assert {name: field(text, name) for name in stated} == {name: row[column] for name, column in stated.items()}
    assert field(text, "DON_GIA") == f"{row['price']}.000"
    assert {name: field(text, name) for name in DRUG_ROW} == DRUG_ROW
    assert re.fullmatch(r"\d+/QĐ-SYT;G1;N[1-4];2026", field(text, "TT_THAU"))


def test_tenders_are_told_apart():
    tenders = [field(drug.row, "TT_THAU") for drug in drugs().values()]
    assert len(set(tenders)) == len(tenders)


# services

GROUPS = """
group  how many at least  machines  what
1      25                 HH,SH,VS  laboratory
2      10                 XQ,SA,NS  image
3      4                  ĐT,DN     function
8      6                  PT        operation
13     14                 -         examination
15     11                 -         bed day
16     1                  -         bed of a station
18     15                 TT,       procedure
"""


@pytest.mark.parametrize("line", GROUPS.split("\n")[2:-1])
def test_services_by_cost_group(line):
    group, least, machines, what = line.split(None, 3)
    found = [service for service in services().values() if service.group == group]
    assert len(found) >= int(least), what
    assert group in standards.code_list("MA_NHOM", NOW)
    assert {service.machine for service in found} <= set(machines.replace("-", "").split(","))


@pytest.mark.parametrize("row", [r for r in SERVICES if r["group"] not in ("13", *BEDS)], ids=lambda row: row["key"])
def test_a_service_has_a_shared_code_of_its_name(row):
    assert row["code"] in catalogues.services()
    assert catalogues.services()[row["code"]].name == row["name"]


@pytest.mark.parametrize("row", [r for r in SERVICES if r["icd9"]], ids=lambda row: row["key"])
def test_procedures_have_international_codes(row):
    assert row["icd9"] in catalogues.icd9cm()
    assert row["group"] in ("8", "18")


@pytest.mark.parametrize("row", [r for r in SERVICES if r["anaesthesia"]], ids=lambda row: row["key"])
def test_anaesthesia_is_of_the_code_list(row):
    assert row["anaesthesia"] in standards.code_list("PP_VO_CAM", NOW)
    assert field(services()[row["key"]].row, "PP_VO_CAM") == row["anaesthesia"]


@pytest.mark.parametrize("row", [r for r in SERVICES if r["group"] in BEDS], ids=lambda row: row["key"])
def test_beds_belong_to_departments(row):
    assert row["code"].partition(".")[0] in standards.code_list("MA_KHOA", NOW)
    assert row["unit"] == "Ngày"


@pytest.mark.parametrize("row", SERVICES, ids=lambda row: row["key"])
def test_a_service_row_states_the_service(row):
    service = services()[row["key"]]
    assert [field(service.row, name) for name in ("MA_DICH_VU", "TEN_DICH_VU", "MA_NHOM", "DON_VI_TINH")] == [
        *(row["code"], row["name"], row["group"], row["unit"]),
    ]
    assert field(service.row, "DON_GIA_BV") == field(service.row, "DON_GIA_BH") == f"{service.price}.000"
    assert field(service.row, "MA_VAT_TU") == ""


# supplies


@pytest.mark.parametrize("row", SUPPLIES, ids=lambda row: row["key"])
def test_a_supply_row_states_the_supply(row):
    supply = supplies()[row["key"]]
    assert re.fullmatch(r"N\d{2}\.\d{2}\.\d{3}", supply.code)
    assert [field(supply.row, name) for name in ("MA_VAT_TU", "TEN_VAT_TU", "MA_DICH_VU")] == [
        *(row["code"], row["name"], ""),
    ]
    assert field(supply.row, "MA_NHOM") == SUPPLY == supply.group
    assert (supply.minutes, supply.machine, supply.icd9) == (0, "", "")
    assert field(supply.row, "MA_HIEU_SP") == f"SP-{row['key'].upper()}"


def test_only_implants_cost_millions():
    assert {key for key, supply in supplies().items() if supply.price > 1_000_000} == {"plate", "lens"}


# rows


@pytest.mark.parametrize(("table", "rows", "variables"), [
    ("XML2", drugs(), DRUG_VARIABLES), ("XML3", services(), SERVICE_VARIABLES), ("XML3", supplies(), SERVICE_VARIABLES),
])  # fmt: skip
def test_rows_have_every_field_in_order_and_a_hole_per_variable(table, rows, variables):
    fields = list(standards.standard("3176").tables[table].fields)
    for thing in rows.values():
        names = re.findall(r"<([A-Z][A-Z0-9_]*)>", thing.row)
        assert [name for name in names if name in fields] == fields
        filled = thing.row % tuple(f"value of {name}" for name in variables)
        assert all(field(filled, name) == f"value of {name}" for name in variables)
