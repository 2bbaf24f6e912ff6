"""Allergies that a visit states: by ICD-10 code, or by a plain phrase in its notes. Derived, beside the text itself."""

import re

from yteso.mapping.names import rows, systems
from yteso.mapping.values import quote
from yteso.record.ids import token


TEXTS = (("XML5", "DIEN_BIEN_LS"), ("XML8", "QT_BENHLY"), ("XML8", "GHI_CHU"), ("XML13", "QT_BENHLY"),
         ("XML13", "DAU_HIEU_LS"))  # fmt: skip
PHRASE = re.compile(
    r"([^.;,\n]*?)(?:tiền sử dị ứng(?: với)?(?: thuốc)?|dị ứng thuốc)\s*:?\s+([^.;,\n()]{2,60})", re.IGNORECASE
)
NEGATED = re.compile(r"(^|\s)(không|chưa|phủ nhận|ko|k)(\s|$)", re.IGNORECASE)
CODES = {row["code"]: row for row in rows("allergy_codes.csv")}


def phrases(text: str) -> list[str]:
    """Substances a text says the patient is allergic to; [] when it denies or does not say."""
    found = []
    for before, substance in PHRASE.findall(text):
        if not NEGATED.search(before) and not NEGATED.search(substance):
            found.append(substance.strip())
    return found


def intolerances(c) -> None:
    """Adds an AllergyIntolerance per stated allergy, each once."""
    texts = [row[field] for table, field in TEXTS for row in c.tables.get(table, ()) if field in row]
    said = dict.fromkeys(s for text in texts if "dị ứng" in text.lower() for s in phrases(text))
    codes = [code for text in (c.x1.get("MA_BENH_CHINH", ""), c.x1.get("MA_BENH_KT", "")) for code in text.split(";")]
    coded = dict.fromkeys(code.strip() for code in codes if code.strip() in CODES)
    for number, code in enumerate(coded):
        known = c.icd.get(code)
        display = f',"display":{quote(known.name_vi)}' if known else ""
        shown = f'{{"coding":[{{"system":"{systems()["icd10"]}","code":"{code}"{display}}}]}}'
        _add(c, f"gc{number}", shown, CODES[code]["category"])
        c.token(token(systems()["icd10"], code))
    for number, substance in enumerate(said):
        _add(c, f"gt{number}", f'{{"text":{quote(substance)}}}', "")


def _add(c, local: str, code: str, category: str) -> None:
    def status(system: str, value: str) -> str:
        return f'{{"coding":[{{"system":"{systems()[system]}","code":"{value}"}}]}}'

    kind = f'"category":["{category}"],' if category else ""
    c.out(("AllergyIntolerance", c.stem + local,
           f'{{"resourceType":"AllergyIntolerance","id":"{c.stem}{local}",'
           f'"clinicalStatus":{status("allergy-clinical", "active")},'
           f'"verificationStatus":{status("allergy-verification", "unconfirmed")},{kind}"code":{code},'
           f'"patient":{{"reference":"Patient/{c.patient_id}"}},"encounter":{{"reference":"Encounter/{c.document_id}"}},'
           f'"recordedDate":"{c.ended.isoformat()}"}}'))  # fmt: skip
