"""The lists approved for a facility: reading and keeping them; what their rules find is told by the tables of cases."""

from io import BytesIO

import pytest
from arrivals import FACILITY, dossier, file_of
from bases import APPROVED
from cases import HEADER, NOW, clean_visit

from yteso.intake import checking, service, terms
from yteso.intake.facility_lists import COLUMNS, DAYS, ListError, parse, read_folder


def headed(name: str, rows: str) -> str:
    return ",".join((*COLUMNS[name], *DAYS)) + "\n" + rows


@pytest.mark.parametrize(
    "more",
    ["40.155,Amoxicilin,,,,,4000,2025-01-01,2025-12-31", "40.155,Amoxicilin,500mg,VD-1-20,,,9000,,"],
    ids=["last year's price", "another lot"],
)
def test_of_several_entries_the_one_of_the_day_and_nearest_to_the_row_is_meant(more):
    lists = parse({"drugs": headed("drugs", f"{more}\n{APPROVED['drugs']}")})
    assert checking.check(clean_visit(), HEADER, now=NOW, lists=lists) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,name\n", "staff.csv: thiếu cột / missing column: scope, effective_from, effective_to"),
        ("code,name,scope,effective_from,effective_to\n,An,,,\n", "staff.csv, dòng / line 2: thiếu mã"),
        ("code,name,scope,effective_from,effective_to\n1,An,,01/01/2026,\n", "staff.csv, dòng / line 2"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(text, words):
    with pytest.raises(ListError, match=words):
        parse({"staff": text})


def test_a_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(ListError, match="danh mục"):
        read_folder(tmp_path)


def test_a_list_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "staff.csv").write_bytes("code,name\n1,Bình".encode("utf-16"))
    with pytest.raises(ListError, match="UTF-8"):
        read_folder(tmp_path)


@pytest.fixture
def autocommit(conn):
    conn.rollback()
    conn.autocommit = True
    return conn


def rules_found(conn, number: int) -> set[str]:
    work, _ = service.receive(conn, BytesIO(file_of(dossier(number))), name="x", facility=FACILITY, account="t")
    service.take_in(conn, [work])
    rows = conn.execute("select distinct rule from intake_finding where submission_id = %s", (work.id,)).fetchall()
    return {rule for (rule,) in rows}


def test_the_intake_checks_against_the_lists_last_loaded(autocommit):
    assert rules_found(autocommit, 1) == set()
    terms.load_lists(autocommit, FACILITY, {"staff": headed("staff", "1,An,,,\n")}, "nga")
    assert rules_found(autocommit, 2) == {"XML2-024", "XML4-003"}
    terms.load_lists(autocommit, FACILITY, {"staff": headed("staff", APPROVED["staff"])}, "nga")
    assert rules_found(autocommit, 3) == set()
    assert autocommit.execute("select count(*) from intake_facility_list").fetchone() == (2,)


def test_lists_of_another_facility_do_not_matter(autocommit):
    terms.load_lists(autocommit, "99777", {"staff": headed("staff", "1,An,,,\n")}, "nga")
    assert rules_found(autocommit, 1) == set()
