"""Files as a facility sends them, made from the clean visit: as many dossiers as a test wants."""

import re
from io import BytesIO
from pathlib import Path

from cases import change, clean_visit
from envelopes import base64, document, envelope, file, hoso

from yteso.intake import service
from yteso.intake.dossier import Dossier


FACILITY = "99001"


def dossier(number: int, **fields: str) -> Dossier:
    """The clean visit of patient `number`; `fields` change XML1."""
    visit = clean_visit()
    key = f"LK-{number:06}"
    for rows in visit.tables.values():
        for row in rows:
            row["MA_LK"] = key
    visit.tables["XML7"][0]["MA_YTE"] = f"BN{number:06}"
    return change(visit, "XML1", 1, **{"MA_BN": f"BN{number:06}", "SO_CCCD": f"0010809{number:05}"} | fields)


def file_of(*dossiers: Dossier, **options: object) -> bytes:
    return envelope(*(hoso(visit.tables) for visit in dossiers), **{"facility": FACILITY, "made": "20260131"} | options)


def send(conn, content: bytes, *, name: str = "hoso.xml", facility: str = FACILITY):
    """Put a file through the door; its submission, and whether it is new."""
    return service.receive(conn, BytesIO(content), name=name, facility=facility, account="test")


def write_files(folder: Path, count: int) -> list[Path]:
    """`count` files of one dossier each; the first dossier with other numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = dossier(0).tables
    documents = {table: document(table, rows) for table, rows in tables.items()}
    files = []
    for number in range(1, count + 1):
        path = folder / f"{number:06}.xml"
        inner = "".join(file(table, base64(numbered(text, number))) for table, text in documents.items())
        path.write_bytes(envelope(f"<HOSO>{inner}</HOSO>", facility=FACILITY, made="20260131"))
        files.append(path)
    return files


def numbered(text: str, number: int) -> str:
    """The document of patient 0 as that of patient `number`."""
    return re.sub(r"(LK-|BN|0010809)(0+)(?=<)", lambda match: f"{match[1]}{number:0{len(match[2])}}", text)
