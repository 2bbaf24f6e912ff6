"""People: which subjects (patients as one source knows them) are the same person.

The rule is provisional (`rule.py`); the statements, links and lookups around it stay when it is replaced.
"""

from yteso.people.finding import LINKED, Known, find, known_as, linked, person_of, search, subjects_of
from yteso.people.matching import Candidate, candidates
from yteso.people.numbers import personal_number
from yteso.people.resolving import names, names_of, resolve, retract
from yteso.people.statement import Statement, from_visit
from yteso.people.text import fold, sort_key


__all__ = [
    "LINKED",
    "Candidate",
    "Known",
    "Statement",
    "candidates",
    "find",
    "fold",
    "from_visit",
    "known_as",
    "linked",
    "names",
    "names_of",
    "person_of",
    "personal_number",
    "resolve",
    "retract",
    "search",
    "sort_key",
    "subjects_of",
]
