"""What is done to a patient: ICD-9-CM procedures (QĐ 4440/2020) and the shared service codes (QĐ 7603/2018)."""

from dataclasses import dataclass
from functools import cache

from yteso.catalogues import files


ICD9CM_SYSTEM = "http://hl7.org/fhir/sid/icd-9-cm"


@dataclass(frozen=True, slots=True)
class Procedure:
    """One ICD-9-CM procedure."""

    code: str
    name_vi: str


@dataclass(frozen=True, slots=True)
class Service:
    """One technical service, code XX.YYYY.ZZZZ: specialty, technique, price group. `chapter` is the specialty."""

    code: str
    name: str
    chapter: str


@cache
def icd9cm() -> dict[str, Procedure]:
    """ICD-9-CM procedures by code."""
    return {code: Procedure(code, name) for code, name in files.columns("procedures/icd9cm.csv")}


@cache
def icd9cm_chapters() -> dict[tuple[str, str], str]:
    """(first, last) two-digit categories of each chapter → its Vietnamese name."""
    return {(first, last): name for first, last, name in files.columns("procedures/icd9cm-chapters.csv")}


@cache
def services() -> dict[str, Service]:
    """Shared service codes."""
    return {row[0]: Service(*row) for row in files.columns("procedures/services.csv")}


@cache
def service_chapters() -> dict[str, str]:
    """Two-digit chapter of a service code → specialty."""
    return dict(files.columns("procedures/service-chapters.csv"))
