"""Vital signs that XML5 carries inside the text of a note: `CSST<M75_T37_HA120/70_NT18_HL2>` (QĐ 4750).

M pulse, T temperature, HA blood pressure, NT breathing rate. (HL, the level of care, stays in the text.)
"""

import re
from dataclasses import dataclass

from yteso.mapping.names import systems
from yteso.mapping.values import MEMOS, Memo, quote
from yteso.record.ids import token


BLOCK = re.compile(r"CSST\s*<([^<>]{1,120})>")
SIGN = re.compile(r"(?:^|_)\s*(?:HA\s*([0-9]{2,3})\s*/\s*([0-9]{2,3})|(NT|M|T)\s*([0-9]{1,3}(?:[.,][0-9])?))\s*(?=_|$)")
SIGNS = {  # local id, LOINC, name, unit, UCUM, lowest and highest value that can be true
    "M": ("m", "8867-4", "Mạch", "lần/phút", "/min", 20, 300),
    "T": ("t", "8310-5", "Nhiệt độ", "°C", "Cel", 30, 45),
    "NT": ("n", "9279-1", "Nhịp thở", "lần/phút", "/min", 4, 120),
}
PRESSURE = ("85354-9", "Huyết áp")
PRESSURES = (("8480-6", "Huyết áp tâm thu", 40, 300), ("8462-4", "Huyết áp tâm trương", 20, 200))


@dataclass(frozen=True, slots=True)
class Reading:
    """One vital sign: its local id, its LOINC tokens, and the JSON members `code` and `value[x]` or `component`."""

    local: str
    tokens: tuple[int, ...]
    members: str


def _code(loinc: str, name: str) -> str:
    return f'"code":{{"coding":[{{"system":"{systems()["loinc"]}","code":"{loinc}","display":{quote(name)}}}]}}'


def _quantity(number: str, shown: str, code: str) -> str:
    return f'"valueQuantity":{{"value":{number},"unit":{quote(shown)},"system":"{systems()["ucum"]}","code":"{code}"}}'


def _sign(mark: str, text: str) -> Reading | None:
    local, loinc, name, shown, code, low, high = SIGNS[mark]
    number = f"{float(text.replace(',', '.')):g}"
    if not low <= float(number) <= high:
        return None
    return Reading(local, _tokens(loinc), f"{_code(loinc, name)},{_quantity(number, shown, code)}")


def _pressure(*sides: str) -> Reading | None:
    if not all(low <= int(side) <= high for side, (_, _, low, high) in zip(sides, PRESSURES, strict=True)):
        return None
    components = ",".join(
        f"{{{_code(loinc, name)},{_quantity(str(int(side)), 'mmHg', 'mm[Hg]')}}}"
        for side, (loinc, name, _, _) in zip(sides, PRESSURES, strict=True)
    )
    tokens = _tokens(PRESSURE[0], *(loinc for loinc, *_ in PRESSURES))
    return Reading("b", tokens, f'{_code(*PRESSURE)},"component":[{components}]')


def _tokens(*loinc: str) -> tuple[int, ...]:
    return tuple(token(systems()["loinc"], code) for code in loinc)


def _readings(block: str) -> tuple[Reading, ...]:
    found: dict[str, Reading] = {}
    for match in SIGN.finditer(block):
        reading = _sign(match[3], match[4]) if match[3] else _pressure(match[1], match[2])
        if reading:
            found.setdefault(reading.local, reading)
    return tuple(found.values())


READINGS: Memo = Memo(_readings, 4_000)
VITAL = f'{{"coding":[{{"system":"{systems()["obs-category"]}","code":"vital-signs"}}]}}'


def observations(row: dict[str, str], key: str, c) -> None:
    """Adds the vital signs of one XML5 note to the visit; each shows where it was read from."""
    block = BLOCK.search(row.get("DIEN_BIEN_LS", ""))
    if not block:
        return
    when = MEMOS["instant"][row.get("THOI_DIEM_DBLS", "")] or f'"{c.started.isoformat()}"'
    about = (
        f'"subject":{{"reference":"Patient/{c.patient_id}"}},"encounter":{{"reference":"Encounter/{c.document_id}"}},'
        f'"effectiveDateTime":{when}'
    )
    for reading in READINGS[block[1]]:
        name = f"{c.stem}{key}{reading.local}"
        start = f'{{"resourceType":"Observation","id":"{name}","status":"final","category":[{VITAL}]'
        c.out(("Observation", name, f"{start},{about},{reading.members}}}"))
        c.tokens.update(reading.tokens)
