"""Pieces of JSON that are derived, not carried: names of codes, links between resources, flags of results.

Each function gets the row, its local id and the visit, and returns JSON text (several elements joined by commas where
the template puts it into a list) or "" for nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from yteso import catalogues
from yteso.mapping import laboratory
from yteso.mapping.names import systems
from yteso.mapping.values import CODE, date, instant, number_near, quote


VALUES: dict[str, Callable] = {}
NEEDS: dict[str, tuple[str, ...]] = {}
"""Values that depend on these fields (`#` another value, `@sex`) and nothing else: they repeat as the fields do."""
Row = dict[str, str]


def value(function: Callable) -> Callable:
    VALUES[function.__name__] = function
    return function


def of(*needs: str) -> Callable:
    def register(function: Callable) -> Callable:
        NEEDS[function.__name__] = needs
        return value(function)

    return register


def coding(system: str, code: str, display: str = "") -> str:
    shown = f',"display":{quote(display)}' if display else ""
    return f'{{"system":"{systems()[system]}","code":{quote(code)}{shown}}}'


# ---- the visit


@value
def security(row: Row, key: str, c) -> str:
    return ",".join(coding("nhan", label) for label in c.labels)


@value
def contained(row: Row, key: str, c) -> str:
    return ",".join(c.parts["Encounter.contained"])


@value
def beds(row: Row, key: str, c) -> str:
    return ",".join(c.parts["Encounter.location"])


@value
def items(row: Row, key: str, c) -> str:
    return ",".join(c.parts["ExplanationOfBenefit.item"])


@value
def sequence(row: Row, key: str, c) -> str:
    c.sequence += 1
    return str(c.sequence)


@value
def insurance(row: Row, key: str, c) -> str:
    return ",".join(
        f'{{"focal":{"false" if i else "true"},"coverage":{{"reference":"Coverage/{coverage}"}}}}'
        for i, coverage in enumerate(c.ids("Coverage"))
    )


@value
def started(row: Row, key: str, c) -> str:
    return f'"{c.started.isoformat()}"'


@value
def settled(row: Row, key: str, c) -> str:
    return instant(row.get("NGAY_TTOAN", "")) or f'"{c.ended.isoformat()}"'


@value
def paper_date(row: Row, key: str, c) -> str:
    return date(row.get("NGAY_CT", "")) or f'"{c.ended.date().isoformat()}"'


@value
def diagnoses(row: Row, key: str, c) -> str:
    """Main and accompanying diagnoses are discharge diagnoses, the admission text its own."""
    roles = []
    if "CHAN_DOAN_VAO" in row:
        roles.append((c.stem + "ca", "AD", 1))
    if main_diagnosis(row, key, c):
        roles.append((c.stem + "c", "DD", 1))
    roles += [(condition, "CM", rank) for rank, condition in enumerate(c.ids("Condition"), 2)]
    return ",".join(
        f'{{"condition":{{"reference":"Condition/{condition}"}},"use":{{"coding":[{coding("diagnosis-role", role)}]}},'
        f'"rank":{rank}}}'
        for condition, role, rank in roles
    )


@value
def main_diagnosis(row: Row, key: str, c) -> str:
    return row.get("MA_BENH_CHINH") or row.get("CHAN_DOAN_RV") or ""


def _disease(code: str, c) -> str:
    known = c.icd.get(code)
    return quote(known.name_vi) if known else ""


@value
def icd_main(row: Row, key: str, c) -> str:
    return _disease(row.get("MA_BENH_CHINH", ""), c)


@value
def icd_accompanying(row: Row, key: str, c) -> str:
    return _disease(row["MA_BENH_KT"], c)


# ---- the patient


@value
def card_identifiers(row: Row, key: str, c) -> str:
    cards = [card.strip() for card in row.get("MA_THE_BHYT", "").split(";")]
    return ",".join(f'{{"system":"{systems()["bhyt"]}","value":{quote(card)}}}' for card in cards if card)


@value
def province(row: Row, key: str, c) -> str:
    code = row.get("MATINH_CU_TRU", "").lstrip("0").zfill(2)
    unit = catalogues.provinces(c.ended.date()).get(code)
    return quote(unit.full_name) if unit else ""


@value
def commune(row: Row, key: str, c) -> str:
    unit = catalogues.communes(c.ended.date()).get(row.get("MAXA_CU_TRU", ""))
    return quote(unit.full_name) if unit else ""


@value
def weight(row: Row, key: str, c) -> str:
    return _between(row.get("CAN_NANG", ""), 0.2, 500)


@value
def height(row: Row, key: str, c) -> str:
    """QĐ 3176 gave the reserve field of XML1 the height in centimetres."""
    return _between(row.get("DU_PHONG", ""), 25, 260) if c.standard == "3176" else ""


def _between(text: str, low: float, high: float) -> str:
    number = number_near(text)
    return number if number and low <= float(number) <= high else ""


# ---- drugs and services


@of("MA_THUOC", "TEN_THUOC")
def drug_text(code: str | None, name: str | None) -> str:
    """The name is said once, by the request; the claim repeats it only where there is no code."""
    return quote(name) if name and not (code and CODE.fullmatch(code)) else ""


@of("MA_DICH_VU", "MA_VAT_TU", "TEN_DICH_VU", "TEN_VAT_TU")
def service_text(service: str | None, supply: str | None, name: str | None, supply_name: str | None) -> str:
    shown = name or supply_name
    return quote(shown) if shown and not (service or supply) else ""


@value
def results(row: Row, key: str, c) -> str:
    return ",".join([f'{{"reference":"Observation/{c.stem}{result}"}}' for result in c.services[key].results])


@value
def conclusion(row: Row, key: str, c) -> str:
    return c.services[key].conclusion


# ---- results


@dataclass(slots=True)
class Link:
    """What a result gets from the service it belongs to: the order, and the category."""

    order: str = ""
    category: str = ""


def _category(name: str) -> str:
    return f'{{"coding":[{coding("obs-category", name)}]}}'


CATEGORIES = {"1": _category("laboratory"), "2": _category("imaging"), "3": _category("procedure")}
ALONE, MEASURED_ALONE = Link(), Link(category=CATEGORIES["1"])


@value
def link(row: Row, key: str, c) -> Link:
    return c.links.get(key) or (MEASURED_ALONE if "GIA_TRI" in row else ALONE)


@of("MA_DICH_VU", "MA_CHI_SO", "TEN_CHI_SO", "DON_VI_DO", "@sex")
def result(*kind: str | None) -> laboratory.Result:
    """What is known of this kind of result; its parts go to several places."""
    return laboratory.RESULTS[kind]


@of("#result", "GIA_TRI")
def flag(known: laboratory.Result, text: str | None) -> str:
    return known.flags[text] if text else ""


# ---- papers


@value
def appointment_day(row: Row, key: str, c) -> str:
    text = row.get("NGAY_HEN_KL", "")[:8]
    day = date(text)[1:-1]
    return f'{{"start":"{day}T00:00:00+07:00","end":"{day}T23:59:59+07:00"}}' if day else ""
