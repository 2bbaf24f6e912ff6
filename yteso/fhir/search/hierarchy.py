"""Which code is above which: ICD-10 (codes, blocks, chapters) and ICD-9-CM, from the project's catalogues.

All editions count together: a search asks for what was ever coded.
"""

from datetime import timedelta
from functools import cache, lru_cache

from yteso import catalogues
from yteso.catalogues import ICD9CM_SYSTEM, ICD10_SYSTEM
from yteso.catalogues.diseases import TT06_FROM


SYSTEMS = (ICD10_SYSTEM, ICD9CM_SYSTEM)


@lru_cache(256)
def below(system: str, code: str) -> frozenset[str]:
    """The code and all more special ones; empty when it is not in the catalogue."""
    return frozenset(one for one, over in _above(system).items() if code in over)


def above(system: str, code: str) -> frozenset[str]:
    """The code and all more general ones; empty when it is not in the catalogue."""
    return _above(system).get(code, frozenset())


@cache
def _above(system: str) -> dict[str, frozenset[str]]:
    return _icd10() if system == ICD10_SYSTEM else _by_prefix(set(catalogues.icd9cm()))


def _icd10() -> dict[str, frozenset[str]]:
    groups = {chapter: frozenset((chapter,)) for chapter in catalogues.icd10_chapters()}
    blocks = catalogues.icd10_blocks()

    def over(block: str) -> frozenset[str]:
        group = blocks[block]
        return frozenset((block,)) | (over(group.parent) if group.parent else groups[group.chapter])

    editions = [catalogues.icd10(TT06_FROM - timedelta(days=1)), catalogues.icd10(TT06_FROM)]
    codes = {code: one.block for edition in editions for code, one in edition.codes.items()}
    tree = _by_prefix(set(codes))
    return groups | {block: over(block) for block in blocks} | {code: tree[code] | over(codes[code]) for code in codes}


def _by_prefix(codes: set[str]) -> dict[str, frozenset[str]]:
    """A code is below every code that it begins with: A00.0 below A00, 37.21 below 37.2."""
    return {code: frozenset(code[:n] for n in range(2, len(code) + 1) if code[:n] in codes) for code in codes}
