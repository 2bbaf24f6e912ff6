"""Codes of facilities: their form, and, where all facilities of their province are known, that they exist."""

import re
from functools import lru_cache

from yteso import catalogues
from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.terms import cards
from yteso.intake.checking.values import MEMORY, parts
from yteso.intake.checking.xml1_person import LAST_DISTRICTS
from yteso.intake.facility_lists import FacilityLists


ARMY, POLICE, TRIAL = "97", "98", "99"
"""Used like provinces: the army, the police, and files for trial."""

WITHOUT_A_CARD = ("TE", "KT")
"""Cards whose place of registration may be no facility: XX000."""

_CODE = re.compile(r"\d\d[0-9A-Z]{3}", re.ASCII)


@lru_cache(1)
def areas() -> frozenset[str]:
    """The two digits a facility or the issuer of a card begins with: they keep the provinces of before July 2025."""
    return frozenset(catalogues.provinces(LAST_DISTRICTS)) | {ARMY, POLICE, TRIAL}


def exists(code: str, v: Visit) -> bool:
    """False when the code cannot be a facility's, or is missing in the list of all facilities of its province."""
    if not _is_written_like_one(code):
        return False
    if not v.lists or code[:2] not in _complete(v.lists):
        return True
    day = v.on.strftime("%Y%m%d")
    return any(entry.covers(day) for entry in v.lists.of("facilities").get(code, ()))


@lru_cache(MEMORY)
def _is_written_like_one(code: str) -> bool:
    return bool(_CODE.fullmatch(code)) and code[:2] in areas()


@lru_cache(8)
def _complete(lists: FacilityLists) -> frozenset[str]:
    """The provinces whose facilities are all in the list."""
    return frozenset(code[:2] for code in lists.of("facilities") or ())


@rule("XML1-026", standards=ALL)
def place_of_registration_exists(v: Visit, add: Add) -> None:
    held = cards(v)
    for number, code in enumerate(parts(v.x1.get("MA_DKBD", ""))):
        card = held[number] if number < len(held) else ""
        if code and not exists(code, v) and not (card.startswith(WITHOUT_A_CARD) and code.endswith("000")):
            add("XML1", 1, "MA_DKBD", code)


@rule("XML1-027", standards=ALL)
def facility_exists(v: Visit, add: Add) -> None:
    code = v.x1.get("MA_CSKCB")
    if code and not exists(code, v):
        add("XML1", 1, "MA_CSKCB", code)


@rule("XML1-028")
def referred_from_and_to_elsewhere(v: Visit, add: Add) -> None:
    here = v.x1.get("MA_CSKCB")
    for field in ("MA_NOI_DI", "MA_NOI_DEN"):
        code = v.x1.get(field)
        if code and ((field == "MA_NOI_DI" and code == here) or not exists(code, v)):
            add("XML1", 1, field, code)
