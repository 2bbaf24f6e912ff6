"""Money of a visit by the formulas of QĐ 3176, exact to a hundredth of a dong."""

from dataclasses import dataclass
from functools import lru_cache


SMALL_BILL = 351_000
"""15 % of the base salary of 2,340,000 dong: a bill below it is paid in full (Law on Health Insurance, article 22)."""


@dataclass(slots=True)
class Totals:
    """Sums for XML1 in hundredths of a dong."""

    drugs: int = 0
    supplies: int = 0
    cost: int = 0
    covered: int = 0
    patient: int = 0
    shared: int = 0
    insurer: int = 0

    def add(self, group: str, cost: int, covered: int, patient: int, shared: int, insurer: int) -> None:
        if group == "4":
            self.drugs += cost
        elif group == "10":
            self.supplies += cost
        self.cost += cost
        self.covered += covered
        self.patient += patient
        self.shared += shared
        self.insurer += insurer


@lru_cache(maxsize=20_000)
def split(amount: int, rate: int, benefit: int) -> tuple[int, int, int, int, int]:
    """Shares of `amount` dong: cost, covered, paid by the patient, co-paid, paid by the insurer (hundredths).

    `rate` is TYLE_TT_BH, `benefit` is MUC_HUONG, both whole percents.
    """
    cost, covered = amount * 100, amount * rate
    insurer = (covered * benefit + 50) // 100
    return cost, covered, cost - covered, covered - insurer, insurer


@lru_cache(maxsize=20_000)
def split_texts(amount: int, rate: int, benefit: int) -> tuple[str, ...]:
    """The shares of `split` as they are written."""
    return tuple(map(text, split(amount, rate, benefit)))


def benefit(card: int, covered: int, *, at_station: bool) -> int:
    """MUC_HUONG of a visit: what the card pays, or all of a small bill and of care at a commune station."""
    if not card:
        return 0
    return 100 if at_station or covered < SMALL_BILL else card


def text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
