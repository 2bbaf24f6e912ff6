"""Builders of visit files for the reading tests: one dossier as a plain dictionary, many ways to wrap it."""

from __future__ import annotations

from base64 import b64encode
from xml.sax.saxutils import escape

from yteso import standards


WORDS = ("VIÊM HỌNG CẤP", "Paracetamol 500mg", "Uống sau ăn, ngày 2 lần", "Xã Thử Nghiệm, tỉnh Mẫu", "K01", "99001")
VALUES = {
    "MA_LK": "LK-DEMO-1",
    "HO_TEN": "NGƯỜI BỆNH THỬ",
    "NGAY_VAO": "202601150800",
    "NGAY_RA": "202601150930",
    "NGAY_HEN_KL": "20260215",
    "MA_CSKCB": "99001",
}


def row(table: str, number: int, *, standard: str = "3176", ma_lk: str = "LK-DEMO-1", **values: str) -> dict[str, str]:
    """A row with a value in nearly every field of the table: numbers, dates and Vietnamese text."""
    made = {}
    for at, field in enumerate(standards.standard(standard).tables[table].fields.values()):
        if field.name in VALUES:
            made[field.name] = VALUES[field.name]
        elif field.type == "number":
            made[field.name] = f"{number * 1000 + at}"
        elif field.type.startswith("date"):
            made[field.name] = "202601150815"[: 8 if field.type == "date" else 12]
        else:
            made[field.name] = WORDS[(number + at) % len(WORDS)]
    return made | {"MA_LK": ma_lk} | ({"STT": str(number)} if "STT" in made else {}) | values


def visit(ma_lk: str = "LK-DEMO-1", *, standard: str = "3176", **rows: int) -> dict[str, list[dict[str, str]]]:
    """Tables of one visit; `rows` says how many of each, one XML1 always."""
    return {
        table: [row(table, number, standard=standard, ma_lk=ma_lk) for number in range(1, count + 1)]
        for table, count in ({"XML1": 1} | rows).items()
    }


def document(table: str, rows: list[dict[str, str]], *, standard: str = "3176", cdata: bool = False) -> str:
    """The table's own XML, without declaration."""
    shape = standards.standard(standard).tables[table]
    texts = [
        "".join(f"<{n}><![CDATA[{v}]]></{n}>" if cdata else f"<{n}>{escape(v)}</{n}>" for n, v in fields.items())
        for fields in rows
    ]
    body = "".join(f"<{shape.row}>{text}</{shape.row}>" if shape.row else text for text in texts)
    if shape.list and shape.list != shape.root:
        body = f"<{shape.list}>{body}</{shape.list}>"
    return f"<{shape.root}>{body}</{shape.root}>"


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def file(table: str, content: str) -> str:
    return f"<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>"


def hoso(tables: dict[str, list[dict[str, str]]], *, standard: str = "3176", wrap=base64) -> str:
    """One HOSO element; `wrap` turns a table's XML into the content of its NOIDUNGFILE."""
    files = (file(table, wrap(document(table, rows, standard=standard))) for table, rows in tables.items())
    return f"<HOSO>{''.join(files)}</HOSO>"


def envelope(*hosos: str, declared: int | None = None, facility: str = "99001", made: str = "20260115") -> bytes:
    """The whole file."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\r\n<GIAMDINHHS>'
        f"<THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>{made}</NGAYLAP>"
        f"<SOLUONGHOSO>{len(hosos) if declared is None else declared}</SOLUONGHOSO>"
        f"<DANHSACHHOSO>{''.join(hosos)}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI /></GIAMDINHHS>"
    ).encode()
