"""--dirty: named mistakes that hospitals make, each found by the rule it should break."""

import csv
from collections import defaultdict

import pytest
from judged import rules_broken

from yteso.intake.envelope import read
from yteso.sandbox.mistakes import KINDS
from yteso.sandbox.simulate import simulate, visits


@pytest.fixture(scope="module")
def spoiled():
    """Files with one mistake each, by kind; every kind occurs."""
    found = defaultdict(list)
    for file in visits(150, 120, 12, 3, dirty=1.0):
        for mistake in file.mistakes:
            found[mistake.kind.name].append((file, mistake))
    return found


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.rules])
def test_a_mistake_breaks_the_rules_it_names(spoiled, name):
    for file, mistake in spoiled[name][:3]:
        assert set(mistake.kind.rules) <= rules_broken(file)
    assert spoiled[name]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.rules])
def test_a_harmless_habit_breaks_nothing(spoiled, name):
    for file, _ in spoiled[name][:3]:
        assert rules_broken(file) == set()
        assert len(read(file.bytes)[1]) == 1
    assert spoiled[name]


def test_there_are_at_least_forty_kinds_of_mistakes():
    assert sum(bool(kind.rules) for kind in KINDS.values()) >= 40


def test_the_change_is_recorded_as_it_stands_in_the_file(spoiled):
    file, mistake = spoiled["comma_decimal"][0]
    row = read(file.bytes)[1][0].tables["XML2"][mistake.change.row - 1]
    assert row["SO_LUONG"] == mistake.change.now == mistake.change.was.replace(".", ",")


def test_only_the_share_asked_for_is_spoiled():
    files = list(visits(150, 90, 12, 8, dirty=0.1))
    assert 0.04 < sum(len(file.mistakes) for file in files) / len(files) < 0.2
    clean = [file for file in files if not file.mistakes]
    assert set().union(*map(rules_broken, clean[:60])) == set()


def test_a_broken_file_among_packed_dossiers_is_listed_under_its_dossier():
    files = [file for file in visits(100, 90, 4, 8, dirty=0.5, per_file=5) if file.mistakes]
    assert files
    for file in files:
        for mistake in file.mistakes:
            assert mistake.file == file.name
            assert set(mistake.kind.rules) <= rules_broken(file) or "file_truncated" in {
                other.kind.name for other in file.mistakes
            }


def test_mistakes_csv_lists_every_mistake(tmp_path):
    summary = simulate(tmp_path, people=40, days=60, facilities=6, seed=2, dirty=0.5)
    with (tmp_path / "mistakes.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) == summary.mistakes > 5
    for row in rows:
        assert (tmp_path / row["file"]).is_file()
        assert tuple(filter(None, row["rules"].split(";"))) == KINDS[row["kind"]].rules
