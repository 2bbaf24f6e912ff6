"""Synthetic people: person number `n` of a seed is always the same person, whoever asks."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from yteso.sandbox import data
from yteso.sandbox.chance import Weighted, bell, between, stream


MALE, FEMALE = "1", "2"
AGES = Weighted([(0, 0), (1, 5), (6, 15), (16, 39), (40, 59), (60, 74), (75, 94)], [1.4, 7.4, 15.4, 36, 25, 10.6, 4.2])
BLOOD = Weighted(["O+", "B+", "A+", "AB+", ""], [25, 17, 12, 4, 42])
ETHNIC = Weighted(["01", "02", "03", "05", "06", "08"], [87, 3, 3, 3, 2, 2])
JOBS = Weighted(data.words("61 63 75 81 52 71 23 33 41 83 22"), [22, 12, 15, 9, 14, 9, 5, 6, 3, 3, 2])
WORKER_CARDS = Weighted(["DN4", "GD4", "HC4", "HN2", "CN3", "DT2", "TN4", ""], [38, 34, 5, 6, 5, 4, 3, 5])
ELDER_CARDS = Weighted(["HT3", "GD4", "BT2", "HN2", "CC1", "CN3", "CB2", ""], [30, 40, 8, 6, 2, 6, 4, 4])
CITIZEN_CODES = sorted(code for row in data.rows("provinces") for code in row["number_codes"].split())


class Names:
    """Names as they are frequent in one region: "north", "central" or "south"."""

    def __init__(self, region: str) -> None:
        surnames = data.rows("surnames")
        self.surnames = Weighted([row["name"] for row in surnames], [float(row[region]) for row in surnames])
        self.middle, self.given = self._by_sex("middle_names"), self._by_sex("given_names")

    @staticmethod
    def _by_sex(file: str) -> dict[str, Weighted[str]]:
        rows = data.rows(file)
        names = [row["name"] for row in rows]
        columns = {MALE: "male", FEMALE: "female"}
        return {sex: Weighted(names, [float(row[column]) for row in rows]) for sex, column in columns.items()}

    def draw(self, dice: Random, sex: str, surname: str = "") -> str:
        surname = surname or self.surnames.draw(dice)
        return f"{surname} {self.middle[sex].draw(dice)} {self.given[sex].draw(dice)}"


@dataclass(slots=True)
class Person:
    """`birth` is yyyymmddHHMM with zeros for what is unknown; `card` is "" without insurance.

    `registered` is the index of the facility named on the card (MA_DKBD), `patient_ids` the MA_BN given by each.
    """

    n: int
    number: str
    name: str
    born: date
    birth: str
    sex: str
    ethnic: str
    job: str
    address: str
    province: str
    commune: str
    phone: str
    card: str
    card_from: str
    card_to: str
    blood: str
    father: str
    mother: str
    weight: float
    height: int
    dice: Random
    registered: int = 0
    patient_ids: dict[str, str] = field(default_factory=dict)

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    @property
    def benefit(self) -> int:
        """Percent of the cost inside the benefit that the card pays (QĐ 1351/QĐ-BHXH: third character)."""
        return {"3": 95, "4": 80}.get(self.card[2:3], 100) if self.card else 0


class Population:
    """The people of one province."""

    def __init__(self, seed: int, province: dict[str, str], start: date, days: int) -> None:
        self.seed, self.province, self.start = seed, province, start
        self.names = Names(province["region"])
        self.communes = [row for row in data.rows("communes") if row["province"] == province["code"]]
        own = province["number_codes"].split()
        self.codes = own + [code for code in CITIZEN_CODES if code not in own]
        self.spread = len(own)
        self.card_from = f"{start.year - 1}0101"
        self.card_to = f"{(start + timedelta(days=days)).year + 1}1231"

    def person(self, n: int) -> Person:
        dice = stream(self.seed, "person", n)
        low, high = AGES.draw(dice)
        years = between(dice, low, high)
        born = self.start - timedelta(days=years * 365 + years // 4 + between(dice, 1, 364))
        return self._make(n, dice, born, MALE if dice.random() < 0.495 else FEMALE)

    def newborn(self, mother: Person, n: int, born: date, clock: str) -> Person:
        """A child of `mother`, named after her until the birth is registered; without number or card of its own."""
        dice = stream(self.seed, "newborn", mother.n, born)
        child = self._make(n, dice, born, MALE if dice.random() < 0.52 else FEMALE)
        child.name, child.number, child.phone = f"Con bà {mother.name}", "", mother.phone
        child.birth = f"{born:%Y%m%d}{clock}"
        child.address, child.commune, child.registered = mother.address, mother.commune, mother.registered
        child.mother, child.father = mother.name, self.names.draw(dice, MALE)
        child.card, child.card_from = f"TE1{self.province['code']}{n % 10**10:010d}", f"{born:%Y%m%d}"
        child.weight, child.height, child.blood, child.ethnic = round(3.15 + 0.6 * bell(dice), 2), 50, "", mother.ethnic
        return child

    def _make(self, n: int, dice: Random, born: date, sex: str) -> Person:
        years = (self.start - born).days // 365
        commune = self.communes[between(dice, 0, len(self.communes) - 1)]
        name = self.names.draw(dice, sex)
        clock = f"{between(dice, 0, 23):02d}{between(dice, 0, 59):02d}" if years < 6 else "0000"
        birth = f"{born:%Y}00000000" if years > 70 and dice.random() < 0.15 else f"{born:%Y%m%d}{clock}"
        child = years < 16
        return Person(
            n=n,
            number=self._number(n, born, sex),
            name=name,
            born=born,
            birth=birth,
            sex=sex,
            ethnic=ETHNIC.draw(dice),
            job="00" if child or years > 65 else JOBS.draw(dice),
            address=self._address(dice, commune["name"]),
            province=self.province["code"],
            commune=commune["code"],
            phone=f"0990{n % 10**6:06d}",
            card=self._card(n, dice, years),
            card_from=self.card_from if years else f"{born:%Y%m%d}",
            card_to=self.card_to,
            blood=BLOOD.draw(dice),
            father=self.names.draw(dice, MALE, name.split()[0]) if child else "",
            mother=self.names.draw(dice, FEMALE) if child else "",
            weight=_weight(dice, years, sex),
            height=_height(dice, years, sex),
            dice=dice,
        )

    def _number(self, n: int, born: date, sex: str) -> str:
        """Structure of TT 59/2021/TT-BCA with serials from 900000, which no office has reached."""
        serial, turn = n % 100_000, n // 100_000
        place = self.codes[(serial % self.spread + turn) % len(self.codes)]
        century = (born.year // 100 - 19) * 2 + (sex == FEMALE)
        return f"{place}{century}{born.year % 100:02d}9{serial:05d}"

    def _card(self, n: int, dice: Random, years: int) -> str:
        if years < 6:
            kind = "TE1"
        elif years < 19:
            kind = "HS4"
        else:
            kind = (WORKER_CARDS if years < 60 else ELDER_CARDS).draw(dice)
        return f"{kind}{self.province['code']}{self.province['code']}9{n % 10**7:07d}" if kind else ""

    def _address(self, dice: Random, commune: str) -> str:
        part = "Tổ dân phố" if commune.startswith("Phường") else "Thôn"
        return f"{part} {between(dice, 1, 18)}, {commune}, {self.province['name']}"


def _weight(dice: Random, years: int, sex: str) -> float:
    adult = 59 if sex == MALE else 51
    middle = 3.5 + 2.9 * years if years < 10 else min(adult, 32 + 3.2 * (years - 10))
    return round(middle * (1 + 0.12 * bell(dice)), 1) if years else round(6.5 + 1.5 * bell(dice), 1)


def _height(dice: Random, years: int, sex: str) -> int:
    adult = 166 if sex == MALE else 155
    return int((min(adult, 74 + 6.4 * years) if years else 66) * (1 + 0.035 * bell(dice)))
