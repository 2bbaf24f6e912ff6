"""Data files of the standards: plain, clean, and nothing more than the loader reads."""

import csv
import unicodedata

import pytest

from yteso.standards import files


PATHS = sorted(files.DATA.rglob("*.csv"))


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


@pytest.mark.parametrize("path", PATHS, ids=lambda p: str(p.relative_to(files.DATA)))
def test_file_is_clean(path):
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert not text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert unicodedata.is_normalized("NFC", text)
    header, *rows = table(path)
    assert rows
    for row in rows:
        assert len(row) == len(header)
        assert all(cell == cell.strip() for cell in row)


def test_nothing_but_csv_and_its_readme():
    assert {p.name for p in files.DATA.rglob("*") if p.is_file() and p.suffix != ".csv"} == {"README.md"}


@pytest.mark.parametrize(
    ("name", "keys"),
    [("standards.csv", 1), ("tables.csv", 2), ("labels.csv", 2), ("rules.csv", 1), ("code-lists.csv", 2)],
)
def test_keys_are_unique(name, keys):
    found = [tuple(row[:keys]) for row in table(files.DATA / name)[1:]]
    assert len(found) == len(set(found))


def test_no_label_without_a_field():
    fields = {(path.stem, row[1]) for path in PATHS if "fields" in path.parts for row in table(path)[1:]}
    names = {name for _, name in fields}
    for where, name, *_ in table(files.DATA / "labels.csv")[1:]:
        assert name in names if where == "*" else (where, name) in fields


def test_no_field_file_without_a_table():
    listed = {(version, row["id"]) for row in files.rows("tables.csv") for version in row["standards"].split()}
    assert {(path.parent.name, path.stem) for path in PATHS if "fields" in path.parts} == listed
