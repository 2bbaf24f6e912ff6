"""What must hold across the tables of one dossier before anything else makes sense."""

from yteso.intake.checking.engine import ALL, Add, Visit, rule


@rule("ENV-007", standards=ALL)
def one_link_for_all_tables(v: Visit, add: Add) -> None:
    link = v.x1.get("MA_LK", "").strip()
    if not link:
        return
    for table, rows in v.tables.items():
        for row in [row for row in rows if row.get("MA_LK", link) != link]:
            if row["MA_LK"].strip() != link:
                add(table, rows.index(row) + 1, "MA_LK", row["MA_LK"], ma_lk=link)
                break


@rule("ENV-008", standards=ALL)
def rows_are_numbered_once(v: Visit, add: Add) -> None:
    for table, numbers in v.num.items():
        if len(numbers) == 1 and numbers[0].get("STT", 1) >= 1:
            continue
        if [row.get("STT") for row in numbers] != list(range(1, len(numbers) + 1)):
            _report_numbering(v, table, add)


def _report_numbering(v: Visit, table: str, add: Add) -> None:
    seen: set[float] = set()
    for at, row in enumerate(v.num[table], 1):
        number = row.get("STT")
        if number is None:
            continue
        if number < 1 or number in seen:
            add(table, at, "STT", v.tables[table][at - 1]["STT"])
        seen.add(number)
