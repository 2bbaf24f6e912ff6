"""A file of 100 MB is read in bounded memory; so is one made to fill it. Measured in a process of its own."""

import json
import subprocess
import sys

import envelopes
import pytest


pytestmark = pytest.mark.slow

READ = """
import json, sys
from pathlib import Path

# The peak since this program began: ru_maxrss would count the parent that forked it.
def peak_kb():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

from yteso.intake.envelope import Envelope, read
read(open(sys.argv[1], "rb").read(100_000))
before = peak_kb()
with open(sys.argv[1], "rb") as file:
    envelope = Envelope(file, shallow=len(sys.argv) > 2)
    dossiers = rows = 0
    for dossier in envelope:
        dossiers += 1
        rows += sum(dossier.rows.values())
peak = peak_kb()
rules = [finding.rule for finding in envelope.findings]
print(json.dumps({"mb": peak / 1024, "dossiers": dossiers, "rows": rows, "size": envelope.size, "rules": rules}))
"""


def measured(path, *more: str) -> dict:
    done = subprocess.run([sys.executable, "-c", READ, str(path), *more], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """About 100 MB: 2,000 dossiers of 50 KB."""
    path = tmp_path_factory.mktemp("large") / "large.xml"
    visit = envelopes.visit("LK-0000", XML2=10, XML3=10, XML4=10, XML5=2)
    parts = {table: envelopes.document(table, rows) for table, rows in visit.items()}
    rest = "".join(envelopes.file(table, envelopes.base64(text)) for table, text in parts.items() if table != "XML1")
    whole = envelopes.envelope("@", declared=2000)
    head, tail = whole.split(b"@")
    with path.open("wb") as file:
        file.write(head)
        for number in range(2000):
            main = envelopes.file("XML1", envelopes.base64(parts["XML1"].replace("LK-0000", f"LK-{number:04}")))
            file.write(f"<HOSO>{main}{rest}</HOSO>".encode())
        file.write(tail)
    return path


def test_two_thousand_dossiers_of_fifty_kilobytes_stay_small(large):
    found = measured(large)
    assert found["dossiers"] == 2000
    assert found["rows"] == 2000 * 33
    assert found["rules"] == []
    assert found["size"] == large.stat().st_size > 90_000_000
    assert found["mb"] < 300


def test_a_shallow_pass_stays_small_as_well(large):
    found = measured(large, "shallow")
    assert found["dossiers"] == 2000
    assert found["rows"] == 0
    assert found["mb"] < 300


HEAVY = {
    "empty elements": (b"<GIAMDINHHS><HOSO>", b"<A/>"),
    "attributes": (b"<GIAMDINHHS><HOSO>", b'<A b=""/>'),
    "text between elements": (b"<GIAMDINHHS><HOSO>", b"<A/>x"),
    "one text": (b"<GIAMDINHHS><HOSO>", b"xxxxxxxx"),
    "elements between dossiers": (b"<GIAMDINHHS><HOSO/><B>", b"<A/><A/>"),
    "headers": (b"<GIAMDINHHS>", b"<MACSKCB/>"),
    "entities of characters": (b"<GIAMDINHHS><A>", b"&#65;"),
}


def test_tables_made_to_fill_memory_stay_small(tmp_path):
    path = tmp_path / "heavy.xml"
    bomb = envelopes.base64("<CHITIEU_CHITIET_THUOC>" + "<A/>x" * 1_400_000 + "</CHITIEU_CHITIET_THUOC>")
    path.write_bytes(envelopes.envelope(*(f"<HOSO>{envelopes.file('XML2', bomb) * 2}</HOSO>" for _ in range(2))))
    assert measured(path)["mb"] < 300


@pytest.mark.parametrize(("head", "piece"), HEAVY.values(), ids=HEAVY)
def test_a_hundred_megabytes_made_to_fill_memory_stay_small(tmp_path, head, piece):
    path = tmp_path / "heavy.xml"
    block = piece * (1_000_000 // len(piece))
    with path.open("wb") as file:
        file.write(head)
        for _ in range(100):
            file.write(block)
    found = measured(path)
    assert found["rules"][0] in ("ENV-105", "ENV-110", "ENV-101")
    assert found["mb"] < 400
