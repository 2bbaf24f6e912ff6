"""Rules of XML3 (services, beds, supplies): what each kind of row must carry, and how it is written."""

import re

from yteso import catalogues
from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import (
    BEDS,
    EXAMINATION,
    INTERVENTIONS,
    PROCEDURES,
    SUPPLIES,
    SURGERY,
    TESTS,
    Rows,
    base_code,
    care_type,
    of,
    once,
)
from yteso.intake.checking.texts import machines_are_written, tender_is_written
from yteso.intake.checking.values import parts
from yteso.intake.checking.xml1_diagnosis import are_traditional
from yteso.intake.checking.xml2_fields import service_codes
from yteso.intake.dossier import Row


TRANSPORT, SERVICES_AT_A_RATE = "12", "9"
STOPPED, LOCAL_ANAESTHESIA, ANAESTHESIA_WITHOUT_PRICE = "_TB", "_GT", "_TT"

BED_RATES = {100, 50, 33, 0}
INTERVENTION_RATES = {100, 80, 50, 0}

_SERVICE = frozenset({"MA_DICH_VU", "TEN_DICH_VU"})
_SUPPLY = frozenset({"MA_VAT_TU", "TEN_VAT_TU", "TT_THAU"})
_DONE = _SERVICE | {"NGUOI_THUC_HIEN", "NGAY_TH_YL", "NGAY_KQ"}
_NEEDED: dict[str, frozenset[str]] = {
    **dict.fromkeys(SUPPLIES, _SUPPLY),
    **dict.fromkeys(TESTS, _DONE | {"MA_MAY"}),
    SURGERY: _DONE | {"PP_VO_CAM"},
    PROCEDURES: _DONE,
    SERVICES_AT_A_RATE: _SERVICE | {"NGAY_KQ"},
    TRANSPORT: _SERVICE | {"MA_XANG_DAU", "NGAY_KQ"},
    "14": _SERVICE | {"MA_GIUONG", "NGAY_KQ"},
    "15": _SERVICE | {"MA_GIUONG"},
    "16": _SERVICE | {"MA_GIUONG", "NGAY_KQ"},
}
"""What a row must carry by its cost group; other groups need the service alone."""

_BED = re.compile(r"[HTCK]\d{3}", re.ASCII)
_PACKAGE = re.compile(r"G[1-9]\d{0,2}", re.ASCII)


@once
def incomplete(v: Visit) -> Rows:
    """The rows that lack something their cost group asks for."""
    found = []
    for at, row in enumerate(v.x3, 1):
        if not row.keys() >= _NEEDED.get(row.get("MA_NHOM", ""), _SERVICE):
            found.append((at, row))
    return found


def lacking(v: Visit, field: str) -> Rows:
    """The rows whose cost group asks for `field`, which they lack."""
    rows = incomplete(v)
    return [(at, r) for at, r in rows if field not in r and field in _NEEDED.get(r.get("MA_NHOM", ""), _SERVICE)]


def done_elsewhere(row: Row) -> bool:
    """Tests bought from another facility carry its code after .K. and neither performer nor machine of this one."""
    return ".K." in row.get("MA_DICH_VU", "")


def stopped(row: Row) -> bool:
    """Services broken off (_TB), which may have no result and no anaesthesia."""
    return row.get("MA_DICH_VU", "").endswith(STOPPED)


def _nameless(row: Row) -> bool:
    return "MA_DICH_VU" not in row and "MA_VAT_TU" not in row


@rule("XML3-002", standards=ALL)
def row_names_a_service_or_a_supply(v: Visit, add: Add) -> None:
    for at, row in incomplete(v):
        if _nameless(row):
            add("XML3", at, "MA_VAT_TU" if row.get("MA_NHOM") in SUPPLIES else "MA_DICH_VU")


@rule("XML3-003")
def service_has_code_and_name(v: Visit, add: Add) -> None:
    for field in ("MA_DICH_VU", "TEN_DICH_VU"):
        for at, row in lacking(v, field):
            if field != "MA_DICH_VU" or not _nameless(row):
                add("XML3", at, field)


@rule("XML3-004")
def supply_has_code_and_name(v: Visit, add: Add) -> None:
    for field in ("MA_VAT_TU", "TEN_VAT_TU"):
        for at, row in lacking(v, field):
            if field != "MA_VAT_TU" or not _nameless(row):
                add("XML3", at, field)


@rule("XML3-006")
def transport_has_its_fuel(v: Visit, add: Add) -> None:
    for at, _ in lacking(v, "MA_XANG_DAU"):
        add("XML3", at, "MA_XANG_DAU")


@rule("XML3-007")
def supply_has_its_tender(v: Visit, add: Add) -> None:
    last_year = int(v.now[:4]) + 2
    for at, row in of(v, SUPPLIES):
        text = row.get("TT_THAU", "")
        if row.get("PHAM_VI") != "2" and not tender_is_written(text, 0, last_year):
            add("XML3", at, "TT_THAU", text, last_year=str(last_year))


@rule("XML3-008")
def performer_is_named(v: Visit, add: Add) -> None:
    for at, row in lacking(v, "NGUOI_THUC_HIEN"):
        if not done_elsewhere(row):
            add("XML3", at, "NGUOI_THUC_HIEN")


@rule("XML3-010")
def result_has_its_moment(v: Visit, add: Add) -> None:
    for at, row in lacking(v, "NGAY_KQ"):
        if not stopped(row):
            add("XML3", at, "NGAY_KQ")


@rule("XML3-018")
def test_names_its_machine(v: Visit, add: Add) -> None:
    for at, row in lacking(v, "MA_MAY"):
        if not done_elsewhere(row) and not stopped(row):
            add("XML3", at, "MA_MAY")


@rule("XML3-019")
def machine_is_written_as_asked(v: Visit, add: Add) -> None:
    standard = v.standard
    for at, row in of(v, TESTS):
        text = row.get("MA_MAY")
        if text and not machines_are_written(text, standard) and not done_elsewhere(row):
            add("XML3", at, "MA_MAY", text, form="XX.n.Z" if standard == "3176" else "XX.n.YYYYY.Z")


@rule("XML3-020")
def anaesthesia_is_stated(v: Visit, add: Add) -> None:
    for at, row in of(v, INTERVENTIONS):
        code = row.get("MA_DICH_VU", "")
        anaesthetised = row["MA_NHOM"] == SURGERY or code.endswith((LOCAL_ANAESTHESIA, ANAESTHESIA_WITHOUT_PRICE))
        if anaesthetised and "PP_VO_CAM" not in row and not stopped(row):
            add("XML3", at, "PP_VO_CAM")


@rule("XML3-021")
def bed_is_named(v: Visit, add: Add) -> None:
    for at, row in of(v, BEDS):
        text = row.get("MA_GIUONG", "")
        if not _BED.fullmatch(text) and (not text or not all(map(_BED.fullmatch, parts(text)))):
            add("XML3", at, "MA_GIUONG", text)


@rule("XML3-022", standards=ALL)
def no_bed_for_an_outpatient(v: Visit, add: Add) -> None:
    kind = care_type(v)
    if kind in ("01", "02"):
        for at, row in of(v, BEDS):
            add("XML3", at, "MA_NHOM", row["MA_NHOM"], ma_loai_kcb=kind)


@rule("XML3-026")
def one_examination_fee_for_an_inpatient(v: Visit, add: Add) -> None:
    if care_type(v) in ("03", "09"):
        for at, row in paid_examinations(v)[1:]:
            add("XML3", at, "MA_DICH_VU", row.get("MA_DICH_VU", ""))


@once
def paid_examinations(v: Visit) -> Rows:
    """The examination fees charged to the fund, in the order of the table."""
    rows = of(v, (EXAMINATION,))
    return [(at, r) for at, r in rows if r.get("PHAM_VI") != "2" and v.n3[at - 1].get("TYLE_TT_DV") != 0]


_EXAMINATION_RATES = (100, 30, 30, 30, 10)
_LEGAL_EXAMINATION_RATES = {*_EXAMINATION_RATES, 0}


@rule("XML3-027")
def examination_rate_falls_with_each_examination(v: Visit, add: Add) -> None:
    """Examinations of one day are one coming; whichever of them was paid in full, each rate may be used once.

    TT 39/2018/TT-BYT: 100 for the first, 30 for the second to fourth, 10 for the fifth, nothing after.
    """
    rated = [
        (rate, at, row) for at, row in paid_examinations(v) if (rate := v.n3[at - 1].get("TYLE_TT_DV")) is not None
    ]
    if len(rated) == 1 and rated[0][0] in _LEGAL_EXAMINATION_RATES:
        return
    in_full = {100}.intersection(rate for rate, _, _ in rated)
    days: dict[str, int] = {}
    for rate, at, row in sorted(rated, key=lambda found: -found[0]):
        rank = days[row.get("NGAY_YL", "")[:8]] = days.get(row.get("NGAY_YL", "")[:8], -1) + 1
        highest = _EXAMINATION_RATES[rank] if rank < len(_EXAMINATION_RATES) else 0
        first_not_in_full = len(rated) > 1 and not in_full and rank == 0
        if rate > highest or rate not in _LEGAL_EXAMINATION_RATES or first_not_in_full:
            add("XML3", at, "TYLE_TT_DV", row["TYLE_TT_DV"], expected=str(highest), nth=str(rank + 1))


@rule("XML3-028")
def only_examination_is_paid_in_full(v: Visit, add: Add) -> None:
    rows = of(v, (EXAMINATION,))
    if len(rows) == 1:
        at, row = rows[0]
        rate = v.n3[at - 1].get("TYLE_TT_DV", 100)
        if rate != 100 and rate in _LEGAL_EXAMINATION_RATES and row.get("PHAM_VI") != "2":
            add("XML3", at, "TYLE_TT_DV", row["TYLE_TT_DV"])


@rule("XML3-029")
def rate_of_bed_or_operation_is_one_the_law_knows(v: Visit, add: Add) -> None:
    for groups, allowed in ((BEDS, BED_RATES), (INTERVENTIONS, INTERVENTION_RATES)):
        for at, row in of(v, groups):
            rate = v.n3[at - 1].get("TYLE_TT_DV", 100)
            if rate not in allowed and 0 <= rate <= 100:
                known = ", ".join(map(str, sorted(allowed, reverse=True)))
                add("XML3", at, "TYLE_TT_DV", row["TYLE_TT_DV"], allowed=known)


@rule("XML3-042", standards=ALL)
def service_of_a_supply_is_in_the_dossier(v: Visit, add: Add) -> None:
    for at, row in of(v, SUPPLIES):
        code = row.get("MA_DICH_VU")
        if code and base_code(code) not in service_codes(v):
            add("XML3", at, "MA_DICH_VU", code)


@rule("XML3-045")
def disease_codes_exist(v: Visit, add: Add) -> None:
    known = catalogues.icd10(v.on)
    for at, row in enumerate(v.x3, 1):
        text = row.get("MA_BENH")
        if text and text not in known:
            unknown = [code for code in parts(text) if code not in known]
            if unknown:
                add("XML3", at, "MA_BENH", "; ".join(unknown), list=known.title)


@rule("XML3-046", standards=ALL)
def traditional_codes_have_their_form(v: Visit, add: Add) -> None:
    """The form only: the list of QĐ 7603/QĐ-BYT is not in this package."""
    for at, row in [entry for entry in enumerate(v.x3, 1) if "MA_BENH_YHCT" in entry[1]]:
        if not are_traditional(row["MA_BENH_YHCT"]):
            add("XML3", at, "MA_BENH_YHCT", row["MA_BENH_YHCT"])


@rule("XML3-047", standards=ALL)
def supply_package_is_numbered(v: Visit, add: Add) -> None:
    for at, row in enumerate(v.x3, 1):
        text = row.get("GOI_VTYT")
        if text and not _PACKAGE.fullmatch(text):
            add("XML3", at, "GOI_VTYT", text)
