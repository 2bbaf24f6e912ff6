"""Files as a facility sends them, made from the clean visit: as many dossiers as a test wants."""

from pathlib import Path

from cases import change, clean_visit
from envelopes import envelope, hoso

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


def write_files(folder: Path, count: int) -> list[Path]:
    """`count` files of one dossier each."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(1, count + 1):
        file = folder / f"{number:06}.xml"
        file.write_bytes(file_of(dossier(number)))
        files.append(file)
    return files
