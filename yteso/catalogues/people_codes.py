"""Codes about people: countries, ethnic groups, relations, and how the twelve-digit citizen number is built."""

from dataclasses import dataclass
from functools import cache

from yteso.catalogues import files


@dataclass(frozen=True, slots=True)
class Country:
    """A country of ISO 3166."""

    alpha2: str
    alpha3: str
    numeric: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """An ethnic group; 55 is a foreigner, 99 unknown."""

    code: str
    name_vi: str
    other_names: str


@dataclass(frozen=True, slots=True)
class Relationship:
    """A family relation. The code is ours; `hl7_role` is the HL7 v3 RoleCode, "" where none fits."""

    code: str
    name_vi: str
    hl7_role: str


@dataclass(frozen=True, slots=True)
class SexCentury:
    """What the fourth digit of a citizen number says: "male" or "female", and the hundred years of birth."""

    digit: str
    sex: str
    born_from: int
    born_to: int


@cache
def countries() -> dict[str, Country]:
    """Countries by two-letter code."""
    return {row["alpha2"]: Country(**row) for row in files.rows("people/countries.csv")}


@cache
def ethnic_groups() -> dict[str, EthnicGroup]:
    """Ethnic groups by two-digit code."""
    return {row["code"]: EthnicGroup(**row) for row in files.rows("people/ethnic-groups.csv")}


@cache
def occupations() -> dict[str, str]:
    """Occupations of QĐ 34/2020/QĐ-TTg: code of one to five digits → Vietnamese name; 00000 for none."""
    return dict(files.columns("people/occupations.csv"))


@cache
def relationships() -> dict[str, Relationship]:
    """Family relations by code, such as "ME"."""
    return {row["code"]: Relationship(**row) for row in files.rows("people/relationships.csv")}


@cache
def citizen_number_provinces() -> dict[str, str]:
    """First three digits of a citizen number → province where the birth was registered. Numbers keep old codes."""
    return {code: name for code, name, _ in files.columns("people/citizen-number-provinces.csv")}


@cache
def citizen_number_sex_century() -> dict[str, SexCentury]:
    """Fourth digit of a citizen number → sex and century of birth."""
    return {
        digit: SexCentury(digit, sex, int(born_from), int(born_to))
        for digit, sex, born_from, born_to in files.columns("people/citizen-number-sex-century.csv")
    }
