"""Code systems of the country, dated: diseases, procedures, places, laboratory tests, medicines, codes about people.

Every list is read from `data/` on first use and kept. Each folder there says where its facts come from and how far to
trust them.
"""

from yteso.catalogues.diseases import (
    ICD10_SYSTEM,
    AgeLimit,
    Icd10,
    Icd10Code,
    Icd10Group,
    age_limits,
    dagger_asterisk,
    icd10,
    icd10_blocks,
    icd10_chapters,
)
from yteso.catalogues.laboratory import (
    LOINC_SYSTEM,
    LabTest,
    ReferenceRange,
    lab_tests,
    lab_tests_by_service,
    reference_ranges,
)
from yteso.catalogues.medicines import active_ingredients, routes
from yteso.catalogues.people_codes import (
    Country,
    EthnicGroup,
    Relationship,
    SexCentury,
    citizen_number_provinces,
    citizen_number_sex_century,
    countries,
    ethnic_groups,
    occupations,
    relationships,
)
from yteso.catalogues.places import (
    AdminUnit,
    commune_succession,
    commune_successors,
    communes,
    districts,
    province_successor,
    provinces,
)
from yteso.catalogues.procedures import (
    ICD9CM_SYSTEM,
    Procedure,
    Service,
    icd9cm,
    icd9cm_chapters,
    service_chapters,
    services,
)


__all__ = [
    "ICD9CM_SYSTEM",
    "ICD10_SYSTEM",
    "LOINC_SYSTEM",
    "AdminUnit",
    "AgeLimit",
    "Country",
    "EthnicGroup",
    "Icd10",
    "Icd10Code",
    "Icd10Group",
    "LabTest",
    "Procedure",
    "ReferenceRange",
    "Relationship",
    "Service",
    "SexCentury",
    "active_ingredients",
    "age_limits",
    "citizen_number_provinces",
    "citizen_number_sex_century",
    "commune_succession",
    "commune_successors",
    "communes",
    "countries",
    "dagger_asterisk",
    "districts",
    "ethnic_groups",
    "icd9cm",
    "icd9cm_chapters",
    "icd10",
    "icd10_blocks",
    "icd10_chapters",
    "lab_tests",
    "lab_tests_by_service",
    "occupations",
    "province_successor",
    "provinces",
    "reference_ranges",
    "relationships",
    "routes",
    "service_chapters",
    "services",
]
