"""How much of anything the reader accepts before it stops, and the exception with which it stops."""

from dataclasses import dataclass

from yteso.intake.findings import CRITICAL, Finding


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one envelope. The portal takes 100 MB out of office hours (rule ENV-009); we leave some room.

    `stretch` and `marks` bound what may come between two finished dossiers: bytes, and `<` and `=` signs, since each
    of those may cost a node of 100 bytes and more; `marks` bounds the document of a table as well.
    """

    file: int = 120_000_000
    stretch: int = 32_000_000
    marks: int = 1_000_000
    document: int = 32_000_000
    dossiers: int = 200_000
    tables: int = 64
    rows: int = 20_000
    fields: int = 300


LIMITS = Limits()


def count_marks(data: bytes, so_far: int, limits: Limits) -> int:
    """`so_far` plus the marks in `data`. Raises Refused (ENV-110) above the limit."""
    marks = so_far + data.count(b"<") + data.count(b"=")
    if marks > limits.marks:
        raise Refused("ENV-110", what="thẻ/elements", found=marks, limit=limits.marks)
    return marks


class Refused(Exception):
    """Reading cannot go on; carries the finding that says why."""

    def __init__(self, rule: str, *, field: str = "", value: str = "", **params: object) -> None:
        super().__init__(rule)
        self.finding = Finding(
            rule, CRITICAL, field=field, value=value[:200], params={name: str(v) for name, v in params.items()}
        )
