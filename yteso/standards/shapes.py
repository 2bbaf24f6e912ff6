"""Functions for rows, by the shape of the row: one of its own for a shape that is met often.

Rows of one producer have few shapes, and which fields are there decides much of what is to be done with a row before
any value is seen. A function made for the shape leaves all that out.
"""

from collections import Counter
from collections.abc import Callable


Shape = tuple[str, ...]
"""The fields of a row, in their order."""

OFTEN, OWN, MET = 50, 200, 1_000
"""So many rows of a shape earn it a function of its own; so many there are at most; so many shapes are counted."""


class ByShape(dict[Shape, Callable]):
    """`of[tuple(row)]` is `general`, or what `own` makes of the shape; both do the same with such a row."""

    def __init__(self, general: Callable, own: Callable[[Shape], Callable]) -> None:
        super().__init__()
        self.general, self.own = general, own
        self.met: Counter[Shape] = Counter()

    def __missing__(self, shape: Shape) -> Callable:
        self.met[shape] += 1
        if self.met[shape] < OFTEN or len(self) >= OWN:
            if len(self.met) > MET:
                self.met.clear()
            return self.general
        del self.met[shape]
        self[shape] = self.own(shape)
        return self[shape]
