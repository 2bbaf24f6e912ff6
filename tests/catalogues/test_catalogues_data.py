"""Data files of the catalogues: clean, with unique keys, and free of what their owners do not let us pass on."""

import csv
import re
import unicodedata

import pytest

from yteso.catalogues import files


PATHS = sorted(files.DATA.rglob("*.csv"))
KEY_COLUMNS = {
    "dagger-asterisk.csv": 2,
    "age-limited-codes.csv": 2,
    "commune-successors.csv": 2,
    "icd9cm-chapters.csv": 2,
    "reference-ranges.csv": 5,
}


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


every_file = pytest.mark.parametrize("path", PATHS, ids=lambda p: str(p.relative_to(files.DATA)))


@every_file
def test_file_is_clean(path):
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert not text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert unicodedata.is_normalized("NFC", text)
    header, *rows = table(path)
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    assert not [cell for row in rows for cell in row if cell != cell.strip()]


@every_file
def test_keys_are_unique(path):
    keys = [tuple(row[: KEY_COLUMNS.get(path.name, 1)]) for row in table(path)[1:]]
    assert len(keys) == len(set(keys))


@every_file
def test_no_atc_codes(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\batc\b", text.splitlines()[0], re.IGNORECASE)
    assert not re.search(r"\b[A-DGHJL-NPRSV]\d{2}[A-Z]{2}\d{2}\b", text)


@pytest.mark.parametrize("path", [p for p in PATHS if p.parent.name == "icd10"], ids=lambda p: p.name)
def test_no_english_icd_titles(path):
    header, *rows = table(path)
    assert not [column for column in header if column.endswith("_en")]
    english = re.compile(r"\b(of|with|without|the|injury|unspecified|other|due|disease)\b", re.IGNORECASE)
    assert not [row for row in rows if any(english.search(cell) for cell in row)]


def test_every_folder_says_where_its_data_comes_from():
    for folder in {path.parent for path in PATHS}:
        readme = (folder / "README.md").read_text(encoding="utf-8")
        for heading in ("## Source", "## Licence", "## Limits"):
            assert heading in readme, folder.name
        for path in folder.glob("*.csv"):
            assert f"`{path.name}`" in readme


@pytest.mark.parametrize(
    ("folder", "owner"),
    [
        ("administrative-units", "Thang Le Quoc"),
        ("laboratory", "Regenstrief Institute"),
        ("people", "Unicode"),
    ],
)
def test_notices_stand_beside_the_data_they_belong_to(folder, owner):
    assert owner in (files.DATA / folder / "NOTICE").read_text(encoding="utf-8")
