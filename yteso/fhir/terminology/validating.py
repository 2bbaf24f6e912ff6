"""Whether a code may be used: `$validate-code` of code systems and value sets, and bindings.

Source: FHIR R4, CodeSystem "$validate-code", ValueSet "$validate-code".
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from yteso.fhir.terminology.compose import Sets
from yteso.fhir.terminology.library import Library
from yteso.fhir.terminology.systems import Concept, System


@dataclass(frozen=True, slots=True)
class Result:
    """`vi`, `en`: why not, or what is to be noted. `concept` and `system` where the code is known."""

    ok: bool
    vi: str = ""
    en: str = ""
    concept: Concept | None = None
    system: System | None = None


def in_system(library: Library, canonical: str, code: str, display: str = "", on: date | None = None) -> Result:
    """Is it a code of the system, and may it be called so? Without a day, of any edition."""
    editions = [found] if on and (found := library.system(canonical, on)) else library.editions(canonical)
    if not editions:
        return Result(False, f"Không có hệ mã {canonical}.", f"There is no code system {canonical}.")
    known = next((one for one in editions if code in one.concepts), None)
    if known:
        return _named(known, known.concepts[code], display)
    first = editions[0]
    if any(one.content == "complete" for one in editions):
        return Result(
            False, f"Mã {code} không có trong {first.title('vi')}.", f"Code {code} is not in {first.title('en')}."
        )
    return Result(
        True,
        f"Không kiểm tra được mã {code}: danh sách của {first.title('vi')} ở đây không đầy đủ.",
        f"Code {code} cannot be checked: the list of {first.title('en')} is not complete here.",
        system=first,
    )


def in_set(
    library: Library, value_set: str | dict, system: str, code: str, display: str = "", on: date | None = None
) -> Result:
    """Is it a code of the value set (its address, or itself)? A code without its system is looked for in all of it.

    Raises UnknownSet, Unlisted, FilterError.
    """
    sets = Sets(library, on)
    if isinstance(value_set, str):
        value_set = sets.named(value_set)
    system = system or _system_of(sets, value_set, code)
    if not system or not sets.contains(value_set, system, code):
        shown = f"{system}|{code}" if system else code
        name = value_set.get("url", "")
        return Result(False, f"Mã {shown} không thuộc tập {name}.", f"Code {shown} is not in the set {name}.")
    if not library.editions(system):
        return Result(True)
    return in_system(library, system, code, display, on)


def _system_of(sets: Sets, value_set: dict, code: str) -> str:
    return next((one.system.url for one in sets.listed(value_set) if one.concept.code == code), "")


def _named(system: System, concept: Concept, display: str) -> Result:
    if not display or not concept.display() or _folded(display) in {_folded(concept.vi), _folded(concept.en)}:
        return Result(True, concept=concept, system=system)
    return Result(
        False,
        f"Mã {concept.code} có tên là “{concept.display()}”.",
        f"The name of code {concept.code} is “{concept.display('en')}”.",
        concept,
        system,
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
