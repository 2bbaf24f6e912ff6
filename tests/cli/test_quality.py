"""`yteso quality`: figures on the command line."""

import json
import os
import subprocess
import sys

import pytest


def yteso(database: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "yteso.cli", "quality", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"DATABASE_URL": database},
        timeout=120,
    )


@pytest.fixture
def counted(conn, database):
    for facility, good in (("99001", 18), ("99002", 2)):
        for measure in ("correct", "deep"):
            conn.execute(
                "insert into quality_count values (%s, '2026-07-01', %s, '', %s, 20, 20)", (facility, measure, good)
            )
    conn.execute("insert into quality_count values ('99003', '2026-07-01', 'correct', '', 0, 1, 1)")
    conn.execute("insert into quality_delay values ('99001', '2026-07-01', 0, 10), ('99001', '2026-07-01', 1440, 10)")
    conn.commit()
    return database


def test_a_card_is_shown_in_words(counted) -> None:
    done = yteso(counted, "show", "99001")
    assert done.returncode == 0, done.stderr
    assert "99001  07/2026  20 lượt khám" in done.stdout
    assert "90.0%" in done.stdout and "18/20" in done.stdout


def test_a_card_as_json_has_raw_counts_and_what_is_read_from_them(counted) -> None:
    done = yteso(counted, "show", "99001", "--month", "2026-07", "--json")
    card = json.loads(done.stdout)
    correct = card["measures"]["correct"]
    assert (correct["numerator"], correct["denominator"], correct["value"], correct["grade"]) == (18, 20, 0.9, "fair")
    assert correct["low"] < 0.9 < correct["high"]
    assert card["measures"]["same"]["value"] is None
    assert card["delay"] == {"p50": 15.0, "p95": 1494.0, "later_than_24h": 10, "visits": 20}
    assert (card["month"], card["enough"], card["silent_since"]) == ("2026-07", True, None)


def test_a_month_without_visits_is_an_exit_code(counted) -> None:
    assert yteso(counted, "show", "99001", "--month", "2026-01").returncode == 1
    assert yteso(counted, "ranking", "--province", "01").returncode == 1


def test_a_ranking_in_words_and_as_json(counted) -> None:
    said = yteso(counted, "ranking", "--province", "99", "--measure", "correct").stdout
    assert "   1  99001" in said and "chưa đủ để xếp hạng" in said
    ranking = json.loads(yteso(counted, "ranking", "--province", "99", "--measure", "correct", "--json").stdout)
    assert [(one["rank"], one["facility"]) for one in ranking["ranked"]] == [(1, "99001"), (2, "99002")]
    assert ranking["too_few"] == {"99003": 1}


@pytest.mark.parametrize(
    "arguments", [("show", "99001", "--month", "07/2026"), ("ranking", "--province", "9"), ("ranking",), ("show",)]
)
def test_wrong_usage_says_so(database, arguments) -> None:
    done = yteso(database, *arguments)
    assert done.returncode == 2
    assert "Error" in done.stderr


def test_refresh_says_how_much_it_counted(database) -> None:
    done = yteso(database, "refresh", "--all")
    assert (done.returncode, done.stdout.split()[0]) == (0, "0"), done.stderr
