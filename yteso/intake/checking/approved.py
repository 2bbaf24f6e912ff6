"""What was given and what it cost, against the lists approved for the facility. Silent where a list is not known.

A row is judged by the entries in force on the day of its order or at the end of the visit: either will do.
"""

from collections.abc import Iterator

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import SUPPLIES, Rows, base_code, of, once
from yteso.intake.checking.money import DONG, dong
from yteso.intake.checking.terms import EPISODE, EXAM, insured, name_in, same_text
from yteso.intake.checking.values import parts
from yteso.intake.dossier import Row
from yteso.intake.facility_lists import Entry


OUTSIDE_THE_FUND = "2"
"""PHAM_VI."""

FREE_ACCESS_4210 = "4"
"""MA_LYDO_VVIEN."""

PROVINCIAL_OR_CENTRAL = ("1", "2")
"""Level of the contract."""

Compared = dict[str, str]
"""Column of the list → field of the table."""

DRUG: Compared = {
    "name": "TEN_THUOC",
    "strength": "HAM_LUONG",
    "registration": "SO_DANG_KY",
    "route": "DUONG_DUNG",
    "tender": "TT_THAU",
}
SERVICE: Compared = {"name": "TEN_DICH_VU"}
SUPPLY: Compared = {"name": "TEN_VAT_TU", "tender": "TT_THAU"}

Judged = list[tuple[int, Row, Entry | None, str]]
"""Row number, row, the entry nearest to it (None: no such code in force), and the first column that differs ("")."""


def _judged(v: Visit, name: str, rows: Rows, key: str, compared: Compared) -> Judged:
    entries = v.lists.of(name)
    end = v.on.strftime("%Y%m%d")
    found: Judged = []
    for at, row in rows:
        code = row.get(key)
        if code and row.get("PHAM_VI") != OUTSIDE_THE_FUND:
            days = row.get("NGAY_YL", "")[:8] or end, end
            known = entries.get(code) or entries.get(base_code(code), ())
            found.append((at, row, *_nearest([e for e in known if any(map(e.covers, days))], row, compared)))
    return found


def _nearest(entries: list[Entry], row: Row, compared: Compared) -> tuple[Entry | None, str]:
    """The entry that differs in the fewest columns, and the first column it differs in."""
    differing = [(list(_differing(entry, row, compared)), entry) for entry in entries]
    if not differing:
        return None, ""
    columns, entry = min(differing, key=lambda one: len(one[0]))
    return entry, columns[0] if columns else ""


def _differing(entry: Entry, row: Row, compared: Compared) -> Iterator[str]:
    for column, field in compared.items():
        if entry.facts[column] and not same_text(entry.facts[column], row.get(field, "")):
            yield column


@once
def drugs(v: Visit) -> Judged:
    return _judged(v, "drugs", list(enumerate(v.x2, 1)), "MA_THUOC", DRUG)


@once
def services(v: Visit) -> Judged:
    rows = [(at, row) for at, row in enumerate(v.x3, 1) if row.get("MA_NHOM") not in SUPPLIES]
    return _judged(v, "services", rows, "MA_DICH_VU", SERVICE)


@once
def supplies(v: Visit) -> Judged:
    return _judged(v, "supplies", of(v, SUPPLIES), "MA_VAT_TU", SUPPLY)


def _unlike(add: Add, table: str, judged: Judged, key: str, compared: Compared) -> None:
    """Report rows whose code is not on the list, or that are described otherwise than there."""
    for at, row, entry, column in judged:
        field = compared[column] if column else key
        if entry is None or column:
            add(table, at, field, row.get(field, ""), approved=entry.facts[column] if entry else "–")


def _prices(judged: Judged, numbers: list[dict[str, float]], field: str) -> Iterator[tuple[int, Row, float, float]]:
    """Number, row, price stated and price approved of the rows that are what the list describes."""
    for at, row, entry, column in judged:
        stated = numbers[at - 1].get(field)
        if entry and not column and entry.price is not None and stated is not None:
            yield at, row, stated, entry.price


def _dearer(add: Add, table: str, judged: Judged, numbers: list[dict[str, float]], field: str) -> None:
    for at, row, stated, approved in _prices(judged, numbers, field):
        if stated > approved + add.tolerance:
            add(table, at, field, row[field], approved=dong(approved))


@rule("XML2-027", standards=ALL, needs="drugs")
def drug_is_as_approved(v: Visit, add: Add) -> None:
    _unlike(add, "XML2", drugs(v), "MA_THUOC", DRUG)


@rule("XML2-028", standards=ALL, tolerance=DONG, needs="drugs")
def drug_costs_no_more_than_approved(v: Visit, add: Add) -> None:
    _dearer(add, "XML2", drugs(v), v.n2, "DON_GIA")


@rule("XML2-029", standards=ALL, tolerance=DONG, needs="drugs")
def drug_costs_no_less_than_approved(v: Visit, add: Add) -> None:
    for at, row, stated, approved in _prices(drugs(v), v.n2, "DON_GIA"):
        if stated < approved - add.tolerance:
            add("XML2", at, "DON_GIA", row["DON_GIA"], approved=dong(approved))


@rule("XML3-043", standards=ALL, tolerance=DONG, needs="services")
def service_is_as_approved(v: Visit, add: Add) -> None:
    """A lower price harms nobody and is let pass."""
    _unlike(add, "XML3", services(v), "MA_DICH_VU", SERVICE)
    _dearer(add, "XML3", services(v), v.n3, name_in(v, "DON_GIA_BH", "DON_GIA"))


@rule("XML3-044", standards=ALL, tolerance=DONG, needs="supplies")
def supply_is_as_approved(v: Visit, add: Add) -> None:
    _unlike(add, "XML3", supplies(v), "MA_VAT_TU", SUPPLY)
    _dearer(add, "XML3", supplies(v), v.n3, name_in(v, "DON_GIA_BV", "DON_GIA"))


@rule("XML4-004", standards=ALL, needs="services")
def result_is_of_a_service_of_the_facility(v: Visit, add: Add) -> None:
    known = v.lists.of("services")
    for at, row in enumerate(v.x4, 1):
        code = row.get("MA_DICH_VU")
        if code and code not in known and base_code(code) not in known:
            add("XML4", at, "MA_DICH_VU", code)


def _contract(v: Visit) -> list[Entry]:
    """What the contract says on the day of arrival; [] when there is none then."""
    known = v.lists.of("contract").get(v.x1.get("MA_CSKCB", ""), ())
    return [entry for entry in known if entry.covers(v.arrived[:8])]


@rule("XML1-086", standards=ALL, needs="contract")
def arrives_while_there_is_a_contract(v: Visit, add: Add) -> None:
    if v.arrived and not _contract(v) and insured(v):
        add("XML1", 1, "NGAY_VAO", v.arrived)


@rule("XML1-087", standards=ALL, needs="contract")
def type_of_care_is_in_the_contract(v: Visit, add: Add) -> None:
    agreed = {kind.zfill(2) for entry in _contract(v) for kind in parts(entry.facts["care_types"])}
    if agreed and v.kind not in agreed and insured(v):
        add("XML1", 1, "MA_LOAI_KCB", v.kind, agreed="; ".join(sorted(agreed)))


@rule("XML1-088", standards=("4210",), needs="contract")
def free_access_is_below_the_province(v: Visit, add: Add) -> None:
    """An outpatient may come freely to the district and the commune only."""
    free = v.x1.get("MA_LYDO_VVIEN") == FREE_ACCESS_4210 and v.kind in (EXAM, EPISODE)
    if free and any(entry.facts["level"] in PROVINCIAL_OR_CENTRAL for entry in _contract(v)):
        add("XML1", 1, "MA_LYDO_VVIEN", FREE_ACCESS_4210)
