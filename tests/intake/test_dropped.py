"""Which dropped files are complete, and where they go."""

import csv
from pathlib import Path

import pytest

from yteso.intake import dropped, report
from yteso.intake.dropped import Folder
from yteso.intake.findings import Finding


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(dropped, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, quiet=3)


def drop(folder: Folder, name: str = "a.xml", data: bytes = b"1") -> Path:
    path = folder.path / name
    path.write_bytes(data)
    return path


def ready(folder: Folder) -> list[str]:
    return [path.name for path in folder.ready()]


def test_a_file_is_ready_when_it_has_rested(folder: Folder, clock: list[float]) -> None:
    drop(folder)
    assert ready(folder) == []
    assert folder.settling
    clock[0] += 2
    assert ready(folder) == []
    clock[0] += 1
    assert ready(folder) == ["a.xml"]


def test_growing_begins_the_rest_again(folder: Folder, clock: list[float]) -> None:
    drop(folder)
    ready(folder)
    clock[0] += 3
    drop(folder, data=b"12")
    assert ready(folder) == []
    clock[0] += 3
    assert ready(folder) == ["a.xml"]


def test_a_write_that_leaves_the_size_alone_counts_when_the_system_tells(folder: Folder, clock: list[float]) -> None:
    drop(folder)
    ready(folder)
    clock[0] += 3
    folder.touched("a.xml")
    assert ready(folder) == []
    clock[0] += 3
    assert ready(folder) == ["a.xml"]


def test_another_file_of_the_same_name_rests_anew(folder: Folder, clock: list[float]) -> None:
    drop(folder)
    ready(folder)
    clock[0] += 3
    drop(folder, "b").replace(folder.path / "a.xml")
    assert ready(folder) == []


def test_what_was_left_is_offered_again_only_when_it_changes(folder: Folder, clock: list[float]) -> None:
    path = drop(folder)
    ready(folder)
    clock[0] += 3
    folder.leave(path, folder.ready()[path])
    assert ready(folder) == []
    assert not folder.settling
    drop(folder, data=b"12")
    ready(folder)
    clock[0] += 3
    assert ready(folder) == ["a.xml"]


def rested(folder: Folder, clock: list[float], path: Path) -> dropped.Stamp:
    folder.ready()
    clock[0] += 3
    return folder.ready()[path]


def test_a_file_moves_with_its_reports(folder: Folder, clock: list[float]) -> None:
    path = drop(folder)
    moved = folder.hand_back(path, rested(folder, clock, path), folder.done, {".x": b"words"})
    assert moved == folder.done / "a.xml"
    assert not path.exists()
    assert (folder.done / "a.xml.x").read_bytes() == b"words"
    assert len(list(folder.done.iterdir())) == 2


def test_a_report_left_over_from_an_interruption_is_written_anew(folder: Folder, clock: list[float]) -> None:
    (folder.done / "a.xml.x").write_bytes(b"old")
    path = drop(folder)
    assert folder.hand_back(path, rested(folder, clock, path), folder.done, {".x": b"new"}) == folder.done / "a.xml"
    assert (folder.done / "a.xml.x").read_bytes() == b"new"


def test_a_name_that_is_taken_gets_a_number(folder: Folder, clock: list[float]) -> None:
    for expected in ("a.xml", "a-2.xml", "a-3.xml"):
        path = drop(folder, data=expected.encode())
        moved = folder.hand_back(path, rested(folder, clock, path), folder.done, {})
        assert moved.name == expected
        assert moved.read_text() == expected


def test_a_file_that_changed_meanwhile_stays_and_no_report_is_left(folder: Folder, clock: list[float]) -> None:
    path = drop(folder)
    stamp = rested(folder, clock, path)
    drop(folder, data=b"other")
    assert folder.hand_back(path, stamp, folder.done, {".x": b"words"}) is None
    assert path.read_bytes() == b"other"
    assert list(folder.done.iterdir()) == []


def test_a_file_that_went_away_is_nobodys_fault(folder: Folder, clock: list[float]) -> None:
    path = drop(folder)
    stamp = rested(folder, clock, path)
    path.unlink()
    assert folder.hand_back(path, stamp, folder.done, {".x": b"words"}) is None
    assert list(folder.done.iterdir()) == []


def test_a_value_sent_cannot_become_a_formula() -> None:
    finding = Finding("XML1-001", "critical", "XML1", 1, "HO_TEN", "=cmd|'/c calc'!A1")
    told = report.Report({"file": "a.xml"}, [], [({"ma_lk": "+1"}, [finding])])
    file, visit, *_rest = line = next(csv.reader(told.as_csv().decode("utf-8-sig").splitlines()[1:]))
    assert (file, visit, line[9]) == ("a.xml", "'+1", "'=cmd|'/c calc'!A1")


def test_a_file_the_door_could_not_read_says_why() -> None:
    told = report.not_received({"file": "a.xml", "status": "unreadable", "reason": "Permission denied"})
    assert told.as_json()["receipt"] is None
    (finding,) = told.as_json()["findings"]
    assert finding["rule"] == "ENV-127"
    assert "Permission denied" in finding["message_vi"]
