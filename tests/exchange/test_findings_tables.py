"""Findings of a submission as JSON, CSV and XLSX: the same rows in the same order, whatever stands in them."""

import csv
import io

import openpyxl
import pytest
from knocking import dossier, finding, stored


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ["ma_lk", "dossier", "severity", "rule", "table", "row", "field", "value"]
COLUMNS += ["message_vi", "hint_vi", "message_en"]


@pytest.fixture
def of(conn) -> object:
    """A submission with findings of the file and of two dossiers, stored in no order."""
    of = stored(dossiers=2, refused=2)
    second, first = dossier(of, 2), dossier(of, 1)
    finding(of, "XML1-048", of_dossier=second, value="0012")
    finding(of, "XML1-031", "warning", first, value="=1+1")
    finding(of, "XML1-048", of_dossier=first, value='a,"b"\nc')
    finding(of, "ENV-111", row=None, field="", tbl="", value="")
    return of


ORDER = [(None, "ENV-111"), (1, "XML1-048"), (1, "XML1-031"), (2, "XML1-048")]


def test_json_has_the_file_first_then_each_dossier_critical_ones_first(knocker, of) -> None:
    items = knocker.get(f"submissions/{of.receipt}/findings").json()["items"]
    assert [(one["dossier"], one["rule"]) for one in items] == ORDER
    assert (items[0]["ma_lk"], items[0]["row"]) == (None, None)
    assert all(one["message_vi"] and one["message_en"] for one in items)


def test_csv_has_the_same_rows_with_the_mark_excel_needs(knocker, of) -> None:
    answer = knocker.get(f"submissions/{of.receipt}/findings", Accept="text/csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{of.receipt}.csv"'
    text = answer.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(text[1:]))
    assert head == COLUMNS
    assert [(int(row[1]) if row[1] else None, row[3]) for row in rows] == ORDER
    assert [row[7] for row in rows] == ["", 'a,"b"\nc', "'=1+1", "0012"]


def test_xlsx_has_the_same_rows_and_codes_stay_text(knocker, of) -> None:
    answer = knocker.get(f"submissions/{of.receipt}/findings", Accept=XLSX)
    assert answer.headers["Content-Type"] == XLSX
    assert f"{of.receipt}.xlsx" in answer.headers["Content-Disposition"]
    head, *rows = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    assert list(head) == COLUMNS
    assert [(row[1], row[3]) for row in rows] == ORDER
    assert [row[7] or "" for row in rows] == ["", 'a,"b"\nc', "=1+1", "0012"]


def test_a_file_without_findings_is_a_table_with_a_head_only(knocker) -> None:
    of = stored(dossiers=1, accepted=1)
    text = knocker.get(f"submissions/{of.receipt}/findings", Accept="text/csv").getvalue().decode("utf-8-sig")
    assert text.strip() == ",".join(COLUMNS)
    book = knocker.get(f"submissions/{of.receipt}/findings", Accept=XLSX).getvalue()
    assert openpyxl.load_workbook(io.BytesIO(book)).active.max_row == 1


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("text/*", "text/csv"),
        (XLSX, XLSX),
        ("text/html", "application/problem+json"),
    ],
)
def test_accept_chooses_the_form(knocker, of, accept: str, kind: str) -> None:
    answer = knocker.get(f"submissions/{of.receipt}/findings", Accept=accept)
    assert answer.headers["Content-Type"].partition(";")[0] == kind
    answer.close()


def test_a_table_is_whole_whatever_the_page_asked_for(knocker, of) -> None:
    answer = knocker.get(f"submissions/{of.receipt}/findings?limit=1&cursor=2", Accept="text/csv")
    assert len(list(csv.reader(io.StringIO(answer.getvalue().decode())))) == 1 + len(ORDER)
