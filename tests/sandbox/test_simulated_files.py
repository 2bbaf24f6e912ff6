"""The synthetic province as files: the same bytes for the same seed, readable, and right in the checker's eyes."""

import hashlib
import subprocess
import sys
from datetime import date

import pytest
from judged import rules_broken

from yteso import standards
from yteso.intake.envelope import read
from yteso.sandbox.simulate import simulate, visits


PROGRAM = """
import hashlib
from yteso.sandbox.simulate import visits
digest = hashlib.sha256()
for file in visits(25, 40, 6, 5, dirty=0.3, per_file=2):
    digest.update(file.name.encode() + file.bytes)
print(digest.hexdigest())
"""


def digest(**more) -> str:
    found = hashlib.sha256()
    for file in visits(25, 40, 6, **({"seed": 5, "dirty": 0.3, "per_file": 2} | more)):
        found.update(file.name.encode() + file.bytes)
    return found.hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_the_same_seed_gives_the_same_bytes_whatever_the_process(hash_seed):
    environment = {"PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest()


def test_another_seed_gives_other_people():
    assert digest(seed=6) != digest()


def test_every_file_is_read_without_a_finding_as_qd_3176(province):
    assert len(province) > 300
    for sent in province:
        assert sent.dossier.standard == "3176"
        assert sent.dossier.findings == []
        assert sent.header.declared == 1
        assert sent.header.facility == sent.main["MA_CSKCB"] == sent.file.facility


def test_the_checker_finds_nothing_wrong(province):
    assert {sent.file.name: rules for sent in province if (rules := rules_broken(sent.file))} == {}


@pytest.mark.parametrize("start", [date(2025, 7, 1), date(2026, 5, 15), date(2026, 7, 1)])
def test_the_checker_finds_nothing_wrong_whichever_lists_are_in_force(start):
    files = list(visits(40, 60, 9, 21, start=start))
    assert files
    assert set().union(*map(rules_broken, files)) == set()


def test_tables_carry_every_field_in_the_order_of_the_decree(province):
    import base64
    import re

    file = max(province, key=lambda sent: len(sent.file.bytes)).file
    parts = re.findall(rb"<LOAIHOSO>(\w+)</LOAIHOSO><NOIDUNGFILE>([^<]*)<", file.bytes)
    for name, content in parts:
        table = standards.standard("3176").tables[name.decode()]
        text = base64.b64decode(content).decode()
        row = text.split(f"<{table.row}>")[1] if table.row else text.split(f"<{table.root}>")[1]
        names = re.findall(r"<([A-Z][A-Z0-9_]*)>", row.split(f"</{table.row or table.root}>")[0])
        assert names == list(table.fields), name


def test_several_dossiers_fit_in_one_file():
    single, packed = list(visits(40, 60, 5, 3)), list(visits(40, 60, 5, 3, per_file=4))
    assert sum(file.dossiers for file in packed) == len(single)
    assert max(file.dossiers for file in packed) == 4
    for file in packed:
        envelope, dossiers = read(file.bytes)
        assert envelope.header.declared == len(dossiers) == file.dossiers
        assert {dossier.tables["XML1"][0]["MA_CSKCB"] for dossier in dossiers} == {file.facility}


def test_the_mix_of_visits_has_about_sixty_rows_each(province):
    rows = [sum(sent.dossier.rows.values()) for sent in province]
    assert 50 <= sum(rows) / len(rows) <= 70
    assert min(rows) < 12 and max(rows) > 150


def test_visit_ids_and_file_names_are_unique(province):
    assert len({sent.dossier.ma_lk for sent in province}) == len(province)
    assert len({sent.file.name for sent in province}) == len(province)


def test_the_folder_holds_one_folder_per_facility_and_the_truth(tmp_path):
    summary = simulate(tmp_path, people=30, days=60, facilities=6, seed=2)
    files = sorted(tmp_path.glob("*/*.xml"))
    assert len(files) == summary.files == summary.visits > 0
    assert sum(file.stat().st_size for file in files) == summary.bytes
    assert sorted(folder.name for folder in tmp_path.iterdir() if folder.is_dir()) == [f"9900{i}" for i in range(1, 7)]
    assert len((tmp_path / "people.csv").read_text().splitlines()) == summary.people + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": 0},
        {"days": 0},
        {"facilities": 0},
        {"facilities": 1000},
        {"dirty": 1.5},
        {"per_file": 0},
        {"start": date(2025, 6, 30)},
    ],
)
def test_impossible_wishes_are_refused(wrong):
    with pytest.raises(ValueError):
        list(visits(**({"people": 2, "days": 2, "facilities": 2, "seed": 1} | wrong)))
