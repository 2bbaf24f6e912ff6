"""The versions of a dossier: in the order of their rank, refused ones among them, each read again as it was sent."""

import json
import subprocess
import sys

import envelopes
import pytest
from arrivals import FACILITY, dossier, file_of, send

from yteso.intake import service, store, versions
from yteso.intake.differences import diff
from yteso.intake.envelope import read
from yteso.intake.facts import Facts


LINK = "LK-000001"


@pytest.fixture
def conn(conn):
    conn.autocommit = True
    return conn


@pytest.fixture
def take(conn):
    """Send one file and take it in; its submission."""

    def take(content: bytes, **options: str) -> int:
        work, _ = send(conn, content, **options)
        service.take_in(conn, [work])
        return work.id

    return take


@pytest.fixture
def past(conn):
    return lambda key=LINK, facility=FACILITY: versions.history(conn, facility, key)


def phone(number: int, **options: str) -> bytes:
    return file_of(dossier(1, DIEN_THOAI=f"091200000{number}"), **options)


def test_what_was_never_sent_has_no_history(past) -> None:
    assert past("LK-KHAC") is None


def test_one_sending_is_one_version_and_nothing_to_compare(take, past) -> None:
    number = take(file_of(dossier(1)))
    found = past()
    (one,) = found.versions
    assert (one.number, one.key, one.made.isoformat(), one.outcome) == (1, f"{number}.1", "2026-01-31", "accepted")
    assert (one.patient, one.account, one.name, one.standard) == ("NGƯỜI BỆNH THỬ", "test", "hoso.xml", "3176")
    assert found.current is one
    assert found.last_two is None
    assert not found.withdrawn


def test_what_was_written_last_is_current_though_it_came_first(take, past) -> None:
    late, early = take(phone(2, made="20260202")), take(phone(1, made="20260201"))
    found = past()
    assert [one.submission for one in found.versions] == [early, late]
    assert found.current.submission == late


def test_of_one_day_what_came_last_is_current(take, past) -> None:
    first, second = take(phone(1)), take(phone(2))
    assert [one.submission for one in past().versions] == [first, second]
    assert past().current.submission == second


def test_a_file_that_does_not_say_when_it_was_made_counts_from_the_day_it_came(take, past) -> None:
    take(phone(1, made="20260201"))
    number = take(phone(2, made=""))
    assert past().current.submission == number
    assert past().current.made == past().current.received.date()


def test_twice_in_one_file_the_one_the_record_keeps_is_current(take, past, conn) -> None:
    take(file_of(*(dossier(1, DIEN_THOAI=f"09120000{n:02}") for n in range(6))))
    kept = conn.execute("select digest from record_document where kind = 'visit'").fetchone()[0]
    visit, _ = versions.reread(conn, past().current)
    assert visit.digest == kept


def test_the_same_dossier_again_is_a_version_that_changes_nothing(take, past) -> None:
    take(file_of(dossier(1)))
    take(file_of(dossier(1), dossier(2)))
    assert [one.saved for one in past().versions] == ["new", "same"]


def test_a_refused_version_is_shown_and_is_not_current(take, past) -> None:
    take(phone(1, made="20260201"))
    take(file_of(dossier(1, GIOI_TINH="7"), made="20260202"))
    found = past()
    assert [one.outcome for one in found.versions] == ["accepted", "refused"]
    assert found.current.number == 1
    assert [one.number for one in found.last_two] == [1, 2]


def test_the_last_two_accepted_are_compared_unless_told_otherwise(take, past) -> None:
    for content in (phone(1), file_of(dossier(1, GIOI_TINH="7")), phone(2), file_of(dossier(1, GIOI_TINH="8"))):
        take(content)
    assert [one.number for one in past().last_two] == [1, 3]


def test_only_refused_ones_are_compared_too(take, past) -> None:
    for wrong in ("7", "8"):
        take(file_of(dossier(1, GIOI_TINH=wrong)))
    found = past()
    assert found.current is None
    assert not found.withdrawn
    assert [one.number for one in found.last_two] == [1, 2]


def test_the_same_link_of_another_facility_is_another_dossier(take, past) -> None:
    take(phone(1))
    take(file_of(dossier(1, MA_CSKCB="99002"), facility="99002"), facility="99002")
    assert len(past().versions) == len(past(facility="99002").versions) == 1
    assert past("LK-000001", "99003") is None


def test_a_link_longer_than_an_index_holds_is_kept_and_found(take, past) -> None:
    long = "".join(f"{n:05}" for n in range(4000))
    visit = dossier(1)
    visit.tables["XML1"][0]["MA_LK"] = long
    take(file_of(visit))
    assert past(long).versions[0].outcome == "refused"


def test_every_table_is_read_again_as_it_was_sent(take, past, conn) -> None:
    content = file_of(dossier(1), dossier(2), dossier(3))
    take(content)
    sent = read(content)[1]
    for number in (1, 2, 3):
        visit, header = versions.reread(conn, past(f"LK-{number:06}").current)
        assert visit.tables == sent[number - 1].tables
        assert (visit.digest, visit.standard) == (sent[number - 1].digest, "3176")
        assert header.facility == FACILITY


def test_a_version_that_is_not_in_its_original_is_said_to_be_missing(take, past, conn) -> None:
    take(file_of(dossier(1)))
    conn.execute("update intake_dossier set position = 9")
    with pytest.raises(LookupError, match=r"YT.* has no dossier 9"):
        versions.reread(conn, past().current)


def test_two_versions_differ_in_what_was_corrected(take, past, conn) -> None:
    take(phone(1))
    take(phone(2))
    old, new = (versions.reread(conn, one)[0] for one in past().last_two)
    (row,) = diff(old, new).rows
    assert [(one.field, one.old, one.new) for one in row.fields] == [("DIEN_THOAI", "0912000001", "0912000002")]


ONE = """
import json, sys
from pathlib import Path

# The peak since this program began: ru_maxrss would count the parent that forked it.
def peak_kb():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

from yteso.config.database import connect
from yteso.intake import versions
with connect() as conn:
    version = versions.history(conn, "99001", sys.argv[1]).versions[0]
    before = peak_kb()
    dossier, _ = versions.reread(conn, version)
print(json.dumps({"mb": (peak_kb() - before) / 1024, "link": dossier.ma_lk, "tables": len(dossier.tables)}))
"""


@pytest.mark.slow
def test_one_dossier_out_of_a_large_file_takes_little_memory(conn) -> None:
    """40 MB of a thousand dossiers; the last one is read again in a process of its own."""
    parts = {t: envelopes.document(t, r) for t, r in envelopes.visit("LK-0000", XML2=8, XML3=8, XML4=8).items()}
    rest = "".join(envelopes.file(t, envelopes.base64(text)) for t, text in parts.items() if t != "XML1")
    main = (envelopes.base64(parts["XML1"].replace("LK-0000", f"LK-{number:04}")) for number in range(1000))
    content = envelopes.envelope(*(f"<HOSO>{envelopes.file('XML1', one)}{rest}</HOSO>" for one in main))
    work, _ = send(conn, content)
    nothing = Facts(None, "", [], [])
    row = store.Result(work.id, 1000, "LK-0999", "", "", "refused", "", None, None, None, [], b"", None, nothing)
    store.save(conn, [row], {}, {})
    done = subprocess.run([sys.executable, "-c", ONE, "LK-0999"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["link"] == "LK-0999"
    assert found["tables"] == 4
    assert found["mb"] < 60, len(content)
