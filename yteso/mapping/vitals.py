"""Vital signs that XML5 carries inside the text of a note: `CSST<M75_T37_HA120/70_NT18_HL2>` (QĐ 4750).

M pulse, T temperature, HA blood pressure, NT breathing rate. (HL, the level of care, stays in the text.)
"""

import re
from json.encoder import encode_basestring as quote

from yteso.mapping.names import systems
from yteso.mapping.values import instant
from yteso.record.ids import token


BLOCK = re.compile(r"CSST\s*<([^<>]{1,120})>")
PRESSURE = re.compile(r"HA\s*([0-9]{2,3})\s*/\s*([0-9]{2,3})")
SIGNS = (  # mark, local id, LOINC, name, unit, UCUM, lowest and highest value that can be true
    ("M", "m", "8867-4", "Mạch", "lần/phút", "/min", 20, 300),
    ("T", "t", "8310-5", "Nhiệt độ", "°C", "Cel", 30, 45),
    ("NT", "n", "9279-1", "Nhịp thở", "lần/phút", "/min", 4, 120),
)
NUMBERS = {sign[0]: re.compile(rf"{sign[0]}\s*([0-9]{{1,3}}(?:[.,][0-9])?)") for sign in SIGNS}


def _code(loinc: str, name: str) -> str:
    return f'{{"coding":[{{"system":"{systems()["loinc"]}","code":"{loinc}","display":"{name}"}}]}}'


def _quantity(number: str, shown: str, code: str) -> str:
    return f'{{"value":{number},"unit":"{shown}","system":"{systems()["ucum"]}","code":"{code}"}}'


def readings(text: str) -> list[tuple[str, str]]:
    """Local id and the JSON members `code` and `value[x]` (or `component`) of each sign found in a note."""
    block = BLOCK.search(text)
    if not block:
        return []
    found = []
    parts = [part.strip() for part in block[1].split("_")]
    for mark, local, loinc, name, shown, code, low, high in SIGNS:
        for part in parts:
            match = NUMBERS[mark].fullmatch(part)
            number = match and f"{float(match[1].replace(',', '.')):g}"
            if number and low <= float(number) <= high:
                found.append((local, f'"code":{_code(loinc, name)},"valueQuantity":{_quantity(number, shown, code)}'))
    for part in parts:
        pressure = PRESSURE.fullmatch(part)
        if pressure and 40 <= int(pressure[1]) <= 300 and 20 <= int(pressure[2]) <= 200:
            sides = ",".join(
                f'{{"code":{_code(loinc, name)},"valueQuantity":{_quantity(str(int(number)), "mmHg", "mm[Hg]")}}}'
                for loinc, name, number in (
                    ("8480-6", "Huyết áp tâm thu", pressure[1]),
                    ("8462-4", "Huyết áp tâm trương", pressure[2]),
                )
            )
            found.append(("b", f'"code":{_code("85354-9", "Huyết áp")},"component":[{sides}]'))
    return found


def observations(row: dict[str, str], key: str, c) -> None:
    """Adds the vital signs of one XML5 note to the visit."""
    text = row.get("DIEN_BIEN_LS", "")
    if "CSST" not in text:
        return
    when = instant(row.get("THOI_DIEM_DBLS", "")) or f'"{c.started.isoformat()}"'
    for local, members in readings(text):
        name = f"{c.stem}{key}{local}"
        c.out(("Observation", name,
               f'{{"resourceType":"Observation","id":{quote(name)},"status":"final","category":[{VITAL}],'
               f'"subject":{{"reference":"Patient/{c.patient_id}"}},"encounter":{{"reference":"Encounter/{c.document_id}"}},'
               f'"effectiveDateTime":{when},{members}}}'))  # fmt: skip
        c.token(loinc_token(members))


VITAL = f'{{"coding":[{{"system":"{systems()["obs-category"]}","code":"vital-signs"}}]}}'


def loinc_token(members: str) -> int:
    return token(systems()["loinc"], members.partition('"code":"')[2].partition('"')[0])
