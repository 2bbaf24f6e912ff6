"""Dossiers for the mapping tests: every field of every table with a legal value of its own."""

from datetime import date, datetime, timedelta
from json import loads

from yteso import mapping, standards
from yteso.intake.dossier import Dossier, Header


HEADER = Header("99001", date(2026, 5, 6), 1)
VERSIONS = ("3176", "4750", "130", "4210")
MAPPED_TABLES = ("XML1", "XML2", "XML3", "XML4", "XML5", "XML7", "XML8", "XML13", "XML14")
KEPT_TABLES = ("XML6", "XML9", "XML10", "XML11", "XML15")
ESSENTIAL = {"MA_LK": "LK-0001", "MA_BN": "BN-0001", "MA_CSKCB": "99001", "NGAY_VAO": "202605010830"}
FIXED = {
    **ESSENTIAL, "NGAY_RA": "202605061000", "STT": "1", "NGAY_SINH": "198503150000", "GIOI_TINH": "1",
    "SO_CCCD": "001085012345", "MA_LOAI_KCB": "03", "MA_BENH_CHINH": "J18.1", "MA_BENH": "J18.1",
    "MA_BENH_KT": "I10;E11.9", "MA_BENHKHAC": "I10;E11.9", "MA_NHOM": "1", "GIA_TRI": "5.10",
    "MA_THE_BHYT": "GD4010112345678;TE1010112345678", "MA_THE": "GD4010112345678;TE1010112345678",
    "MA_DKBD": "99001;99002", "GT_THE_TU": "20260101;20260601", "GT_THE_DEN": "20260531;20261231",
    "MA_BENH_YHCT": "U50.011;U58.221",
}  # fmt: skip


def value(field: standards.Field, number: int) -> str:
    """A legal value for a field, different for every `number`."""
    if field.name in FIXED:
        return FIXED[field.name]
    if field.code_list and field.code_list in standards.CODE_LISTS:
        codes = sorted(standards.code_list(field.code_list, date(2026, 5, 6)).codes)
        if codes:
            return codes[number % len(codes)]
    moment = datetime(2026, 5, 1, 8) + timedelta(days=number % 5, minutes=number)
    if field.type == "datetime":
        return moment.strftime("%Y%m%d%H%M")
    if field.type == "date":
        return moment.strftime("%Y%m%d")
    if field.type == "number":
        return f"{number % 9 + 1}.{number % 100:0{field.decimals}d}" if field.decimals else str(number % 9 + 1)
    return f"{field.name} số {number}"[: field.max_length or 60].strip()


def full_row(standard: str, table: str, number: int = 0) -> dict[str, str]:
    fields = standards.STANDARDS[standard].tables[table].fields.values()
    return {f.name: value(f, number + i) for i, f in enumerate(fields)}


def tables_of(standard: str) -> list[str]:
    known = standards.STANDARDS[standard].tables
    return [table for table in (*MAPPED_TABLES, *KEPT_TABLES) if table in known]


def full_dossier(standard: str) -> Dossier:
    return Dossier(1, {table: [full_row(standard, table)] for table in tables_of(standard)}, standard)


def dossier(standard: str = "3176", **tables: list[dict[str, str]]) -> Dossier:
    """A visit with the essential fields of XML1 and these tables."""
    x1 = ESSENTIAL | (tables.pop("XML1", [{}])[0])
    return Dossier(1, {"XML1": [x1], **tables}, standard)


def mapped(visit: Dossier) -> mapping.Mapped:
    return mapping.map_visit(visit, HEADER)


def there_and_back(visit: Dossier) -> dict[str, list[dict[str, str]]]:
    return mapping.unmap(mapped(visit).resources)


def resources(visit: Dossier, kind: str = "") -> list[dict]:
    return [loads(body) for found, _, body in mapped(visit).resources if not kind or found == kind]


def only(visit: Dossier, kind: str) -> dict:
    (found,) = resources(visit, kind)
    return found
