"""The field checks once more, read straight from the field tables: slow, plain, and written without the product's code.

The generated checks must find exactly what this finds.
"""

import csv
import re
from datetime import datetime
from pathlib import Path

from yteso import standards
from yteso.intake import checking


DATA = Path(checking.__file__).parent / "data"


def table_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RULES = {(row["table"], row["field"], row["check"]): row["rule"] for row in table_of("field_rules.csv")}
GENERAL = {"REQ": "FLD-REQ", "NUM": "ALL-002", "LEN": "ALL-001", "CODE": "FLD-CODE", "DATE": "FLD-DATE"}


def expected(standard, table, number, row, on):
    """(rule, table, row, field) for each field of one row that is wrong. Lists are those of the day `on`."""
    found = set()
    for field in standards.standard(standard).tables[table].fields.values():
        check = wrong(standard, table, field, row.get(field.name), on)
        if check and not excused(standard, table, field.name, check, row):
            rule = RULES.get((table, field.name, check), GENERAL[check])
            found.add((rule, table, number, field.name))
    return found


def wrong(standard, table, field, value, on):
    if value is None:
        return "REQ" if field.required else None
    values = split(value) if field.many else [value]
    codes = codes_of(standard, table, field, on)
    if field.type == "number":
        if not all(number_is_written_right(one, field.decimals) for one in values):
            return "NUM"
        if codes is None and field.max_length and any(digits_before_point(one) > field.max_length for one in values):
            return "LEN"
    elif field.type in ("date", "datetime"):
        if not all(is_moment(one, field) for one in values):
            return "DATE"
    elif codes is None and field.max_length and len(value) > field.max_length:
        return "LEN"
    if codes is not None and not all(is_code(one, codes, field) for one in values):
        return "CODE"
    return None


def split(value):
    values = [one.strip() for one in value.split(";")]
    while values and values[-1] == "":
        values = values[:-1]
    return values


def number_is_written_right(text, decimals):
    match = re.match(r"^-?([0-9]{1,18})(\.([0-9]{1,12}))?\Z", text)
    return bool(match) and len((match[3] or "").rstrip("0")) <= decimals and int(match[1]) < 10**18


def digits_before_point(text):
    return len(text.lstrip("-").partition(".")[0].lstrip("0"))


def is_moment(text, field):
    if field.name in ("NGAY_SINH", "NGAYSINH_NND"):
        if field.year_only and len(text) == 4:
            text += "0101"
        if field.year_only or field.type == "date":
            text = re.sub(r"^([0-9]{4})0000\Z", r"\g<1>0101", text)
        else:
            text = re.sub(r"^([0-9]{4})0000([0-9]{4})\Z", partial, text)
    pattern = "%Y%m%d" if field.type == "date" else "%Y%m%d%H%M"
    if not re.match(r"^[0-9]+\Z", text) or len(text) != (8 if field.type == "date" else 12):
        return False
    try:
        moment = datetime.strptime(text, pattern)
    except ValueError:
        return False
    return 1850 <= moment.year < 2200


def partial(match):
    """Only the year is known: the hour then is not either."""
    return f"{match[1]}0101{match[2]}" if match[2] == "0000" else match[0]


def codes_of(standard, table, field, on):
    for row in table_of("allowed_codes.csv"):
        if standard in row["standards"].split(";") and (table, field.name) == (row["table"], row["field"]):
            return set(row["codes"].split(";"))
    if field.code_list in ("", "ICD10", "ICD9CM"):
        return None
    listed = standards.code_list(field.code_list, on)
    return None if listed.open else set(listed.codes)


def is_code(text, codes, field):
    if field.type == "number":
        return text.lstrip("0") in {code.lstrip("0") for code in codes}
    return text in codes


def excused(standard, table, name, check, row):
    for excuse in table_of("exceptions.csv"):
        place = (excuse["table"], excuse["field"], excuse["check"])
        if standard in excuse["standards"].split(";") and place == (table, name, check):
            other, _, value = excuse["unless"].partition("=")
            return not other or row.get(other) == value
    return False
