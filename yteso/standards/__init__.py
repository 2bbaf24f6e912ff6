"""The national visit formats as data: field tables per version, code lists by date, rules.

Facts of QĐ 4210 (2017), 130 (2023), 4750 (2023) and 3176 (2024) of the Ministry of Health; `data/README.md` says where
each came from and how far to trust it. Nothing here knows of XML, files or databases.
"""

from yteso.standards.code_lists import CODE_LISTS, Code, CodeList, Edition, code_list, edition_codes, editions
from yteso.standards.rulebook import RuleRow, rules
from yteso.standards.tables import STANDARDS, Field, Standard, Table, in_force, standard


__all__ = [
    "CODE_LISTS",
    "STANDARDS",
    "Code",
    "CodeList",
    "Edition",
    "Field",
    "RuleRow",
    "Standard",
    "Table",
    "code_list",
    "edition_codes",
    "editions",
    "in_force",
    "rules",
    "standard",
]
