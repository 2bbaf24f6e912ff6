"""Code systems whose codes the mapping itself writes: amounts, sections and kinds of papers, sensitivity classes.

Systems that the mapping names and whose codes nobody gave us (drugs, supplies, registration numbers) are there without
any code.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from yteso import standards
from yteso.fhir.terminology.systems import Concept, System
from yteso.mapping import BASE, vitals
from yteso.mapping.names import rows
from yteso.mapping.names import systems as addresses
from yteso.mapping.templates import all_templates, leaf


WRITTEN = {
    "tien": ("Khoản tiền của hồ sơ thanh toán", "Amounts of the claim: the field name"),
    "muc": ("Mục của giấy tờ và ghi chú", "Sections of papers and notes: the field name"),
    "bang": ("Loại giấy tờ", "Kind of paper: the table"),
}
UNLISTED = {
    "thuoc": ("Mã thuốc dùng chung", "Shared drug codes"),
    "sdk": ("Số đăng ký thuốc", "Drug registration numbers"),
    "vat-tu": ("Mã vật tư y tế", "Medical supplies"),
    "chi-so": ("Mã chỉ số xét nghiệm", "Test indices"),
    "yhct": ("Mã bệnh y học cổ truyền", "Diagnoses of traditional medicine"),
}
LABELS = {
    "hiv": ("HIV", "HIV"),
    "tb": ("Lao", "Tuberculosis"),
    "mental": ("Sức khỏe tâm thần", "Mental health"),
    "substance": ("Sử dụng chất", "Substance use"),
    "sti": ("Bệnh lây truyền qua đường tình dục", "Sexually transmitted infections"),
    "reproductive": ("Sức khỏe sinh sản", "Reproductive health"),
    "violence": ("Bạo lực", "Violence"),
    "genetic": ("Di truyền", "Genetic"),
}


def system_list() -> Iterator[System]:
    for id, (vi, en) in WRITTEN.items():
        yield _system(id, vi, en, partial(written, f"{BASE}/cs/{id}"))
    yield _system("nhan", "Nhãn nhạy cảm", "Sensitivity classes", _labels)
    for id, (vi, en) in UNLISTED.items():
        yield System(f"{BASE}/cs/{id}", "", id, vi, en, tuple, content="not-present")
    yield _system("don-vi", "Cách viết đơn vị đo", "Spellings of units", _spellings)
    vi, en = "Đơn vị đo của phòng xét nghiệm (UCUM)", "Units of laboratories (UCUM)"
    source = "UCUM, Regenstrief Institute"
    yield System(addresses()["ucum"], "", "ucum", vi, en, _units, content="fragment", source=source)


def _system(id: str, vi: str, en: str, load: partial) -> System:
    return System(f"{BASE}/cs/{id}", "1", id, vi, en, load)


def written(system: str) -> Iterator[Concept]:
    """The codes of a system that stand in the templates as they are, and those of vital signs."""
    found = {code: display for template in all_templates() for code, display in _literals(template.body, system)}
    if system == addresses()["loinc"]:
        found |= {sign[1]: sign[2] for sign in vitals.SIGNS.values()} | {one[0]: one[1] for one in vitals.PRESSURES}
        found |= {vitals.PRESSURE[0]: vitals.PRESSURE[1]}
    for code, display in found.items():
        vi, en = _named().get(code, ("", ""))
        yield Concept(code, display or vi, en)


def _literals(node: object, system: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        code = node.get("code")
        if node.get("system") == system and isinstance(code, str) and not leaf(code):
            yield code, node.get("display", "")
        for name, value in node.items():
            if name == "valueCode" and system == addresses()["muc"]:
                yield value, ""
            yield from _literals(value, system)
    elif isinstance(node, list):
        for one in node:
            yield from _literals(one, system)


@cache
def _named() -> dict[str, tuple[str, str]]:
    """Names of fields and tables of the newest standard."""
    newest = list(standards.STANDARDS.values())[-1]
    found = {table.id: (table.title_vi, table.title_en) for table in newest.tables.values()}
    for table in newest.tables.values():
        found |= {name: (field.label_vi, field.label_en) for name, field in table.fields.items()}
    return found


def _labels() -> Iterator[Concept]:
    for label in dict.fromkeys(row["label"] for row in rows("sensitivity.csv")):
        yield Concept(label, *LABELS[label])


def _units() -> Iterable[Concept]:
    """Those that the mapping knows a spelling of."""
    spellings = {row["ucum"]: row["spelling"] for row in reversed(rows("units.csv"))}
    return (Concept(code, spelling) for code, spelling in spellings.items())


def _spellings() -> Iterable[Concept]:
    return (Concept(row["spelling"], row["spelling"]) for row in rows("units.csv"))
