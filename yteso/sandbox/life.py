"""What happens to one person in the period: falling ill, coming back, being referred, giving birth."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

from yteso.sandbox import inpatient, outpatient
from yteso.sandbox.calendar import DAY, Calendar
from yteso.sandbox.chance import between, how_many
from yteso.sandbox.facilities import CLINIC, DISTRICT, PROVINCE, STATION, Network
from yteso.sandbox.illness import Illness, acute, all_illnesses, band, chronic, diagnosis
from yteso.sandbox.people import FEMALE, Person, Population
from yteso.sandbox.visit import Origin, Visit


NEW_ICD = "20260701"
"""First day of the list of TT 06/2026/TT-BYT."""
BIRTHS_PER_YEAR = 0.075
OUTPATIENT_DEPARTMENT = "K01"
CHILDREN_FROM = 10_000_000
"""Numbers of the newborn: their mother's plus this."""
IN_BED = ("stay", "surgery", "birth", "newborn")


@dataclass(order=True, slots=True)
class Event:
    """Somebody will come at `at` (minutes). `path`: facilities to be referred on to, next one first."""

    at: int
    turn: int
    illness: Illness = field(compare=False)
    facility: int = field(compare=False)
    origin: Origin = field(compare=False)
    path: tuple[int, ...] = field(default=(), compare=False)
    again: bool = field(default=False, compare=False)
    round: int = field(default=0, compare=False)


class Life:
    """The visits of one person, in order of time, none overlapping."""

    def __init__(self, person: Person, calendar: Calendar, network: Network, population: Population) -> None:
        self.person, self.calendar, self.network, self.population = person, calendar, network, population
        self.dice = person.dice
        self.homes = network.homes(person.n)
        self.turns, self.visits = count(), count(1)
        self.events: list[Event] = []
        self.children: list[Person] = []
        self.free = -DAY
        draw = self.dice.random()
        person.registered = self.homes[STATION if draw < 0.6 else DISTRICT if draw < 0.95 else PROVINCE]
        self._fall_ill()
        self._live_with_illness()
        self._give_birth()

    def visits_in_order(self) -> Iterator[Visit]:
        """Finished visits; one that is not over at the end of the period is not reported."""
        while self.events:
            event = heappop(self.events)
            if event.at <= self.free:
                event.at = self._office_hours(self.free + 60)
                heappush(self.events, event)
                continue
            if event.at >= self.calendar.end:
                continue
            visit = self._visit(event)
            self.free = visit.left + 30
            if visit.left < self.calendar.end:
                yield visit
                yield from self._newborn(visit)

    # what happens

    def _fall_ill(self) -> None:
        for month, first, days in self.calendar.months:
            illnesses, a_year = acute(self._band(first), self.person.sex, month)
            for _ in range(how_many(self.dice, a_year * days / 365)):
                illness = illnesses.draw(self.dice)
                self._plan_acute(illness, first + between(self.dice, 0, days - 1))

    def _live_with_illness(self) -> None:
        for illness, share in chronic(self._band(0), self.person.sex):
            if self.dice.random() < share:
                facility = self.homes[illness.levels.draw(self.dice)]
                every = 3 if illness.form == "dialysis" else 28
                at = self._office_hours(between(self.dice, 0, every - 1) * DAY)
                kind = "self" if facility == self.person.registered else "appointment"
                letter = f"HK-{self.person.n:07d}" if kind == "appointment" else ""
                self._push(at, illness, facility, Origin(kind, letter), round=between(self.dice, 0, 3))
                return

    def _give_birth(self) -> None:
        age = self._age(0)
        chance = BIRTHS_PER_YEAR * self.calendar.days / 365
        if self.person.sex == FEMALE and 18 <= age <= 40 and self.dice.random() < chance:
            illness = all_illnesses()["caesarean" if self.dice.random() < 0.35 else "birth"]
            at = between(self.dice, 0, self.calendar.days - 1) * DAY + between(self.dice, 0, 1200)
            facility = self.homes[illness.levels.draw(self.dice)]
            self._push(at, illness, facility, Origin("emergency"))

    def _plan_acute(self, illness: Illness, day: int) -> None:
        level = illness.levels.draw(self.dice)
        facility, path, origin = self.homes[level], (), Origin()
        if illness.form in IN_BED:
            if self.dice.random() < 0.3:
                chain = [self.homes[STATION], self.homes[DISTRICT], self.homes[PROVINCE]]
                steps = list(dict.fromkeys(chain[: chain.index(facility) + 1] if facility in chain else [facility]))
                facility, path = steps[0], tuple(steps[1:])
            else:
                origin = Origin("emergency")
        elif level == PROVINCE and self.person.registered != facility:
            steps = list(dict.fromkeys((self.homes[DISTRICT], facility)))
            facility, path = steps[0], tuple(steps[1:])
        minute = between(self.dice, 300, 1380) if origin.kind == "emergency" else between(self.dice, 420, 930)
        self._push(day * DAY + minute, illness, facility, origin, path=path)

    # one visit

    def _visit(self, event: Event) -> Visit:
        visit = self._open(event)
        if event.path:
            visit.refer_to, visit.letter = self.network.all[event.path[0]].code, f"{visit.ma_lk[-8:]}/GCT"
            visit.discharge, visit.result = "2", "3"
            outpatient.consult(visit)
            origin = Origin("referral", visit.letter, visit.facility.code)
            at = visit.left + between(self.dice, 40, 150)
            if event.illness.form not in IN_BED:
                at = self._office_hours(at)
            self._push(at, event.illness, event.path[0], origin, path=event.path[1:])
            return visit
        form = "out" if event.again else event.illness.form
        if form == "chronic":
            outpatient.long_term(visit, checked=event.round % 4 > 0)
        elif form == "dialysis":
            outpatient.dialysis(visit, checked=event.round % 10 == 0)
        elif form == "rehab":
            outpatient.rehabilitate(visit)
        elif form in IN_BED:
            inpatient.stay(visit)
            if form == "birth":
                self._deliver(visit)
        else:
            outpatient.consult(visit, light=event.again)
        self._come_back(visit, event, form)
        return visit

    def _open(self, event: Event, person: Person | None = None) -> Visit:
        facility, person = self.network.all[event.facility], person or self.person
        before = self.calendar.day(event.at) < NEW_ICD
        codes = [event.illness.icd, *event.illness.accompanying(self.dice, self._age(event.at // DAY))]
        named = [diagnosis(code, before=before) for code in codes]
        bed = (event.illness.form in IN_BED or event.illness.form == "rehab") and not event.path and not event.again
        department = event.illness.department if bed else OUTPATIENT_DEPARTMENT
        if facility.kind in (STATION, CLINIC):
            department = OUTPATIENT_DEPARTMENT
        number = person.patient_ids.setdefault(facility.code, self._patient_number(person))
        return Visit(
            calendar=self.calendar,
            person=person,
            facility=facility,
            illness=event.illness,
            origin=event.origin,
            dice=self.dice,
            ma_lk=f"{facility.code}{self.calendar.day(event.at)[2:]}{person.n:07d}{next(self.visits):02d}",
            ma_bn=number,
            arrived=event.at,
            department=department,
            doctor=facility.doctor(event.illness.department if bed else OUTPATIENT_DEPARTMENT, self.dice),
            codes=[code for code, _ in named],
            diagnosis="; ".join(name for _, name in named),
        )

    def _come_back(self, visit: Visit, event: Event, form: str) -> None:
        """Book a re-examination and, most of the time, keep it."""
        if form == "dialysis":
            at = self._office_hours((event.at // DAY + 3) * DAY)
            self._push(at, event.illness, event.facility, event.origin, round=event.round + 1)
            return
        lasting = form == "chronic"
        if not event.illness.return_days or event.again or not (lasting or self.dice.random() < 0.6):
            return
        visit.return_day = visit.left // DAY + event.illness.return_days
        visit.appointment = f"{visit.ma_lk[-8:]}/HKL"
        if lasting or self.dice.random() < 0.8:
            late = between(self.dice, -1, 2) if event.illness.return_days > 3 else 0
            at = self._office_hours((visit.return_day + late) * DAY)
            origin = Origin("appointment", visit.appointment)
            self._push(at, event.illness, event.facility, origin, again=not lasting, round=event.round + 1)

    def _deliver(self, visit: Visit) -> None:
        at, calendar = visit.operation_over - 15, self.calendar
        number = CHILDREN_FROM + self.person.n
        child = self.population.newborn(self.person, number, calendar.date(at), calendar.stamp(at)[8:])
        visit.children.append(child)
        self.children.append(child)

    def _newborn(self, mother: Visit) -> Iterator[Visit]:
        """The child's own visit, which begins at birth and ends when the mother goes home."""
        for child in mother.children:
            at, illness = mother.operation_over - 15, all_illnesses()["newborn"]
            visit = self._open(Event(at, 0, illness, mother.facility.index, Origin("newborn")), child)
            inpatient.newborn(visit, mother.left)
            yield visit

    # small things

    def _push(self, at: int, illness: Illness, facility: int, origin: Origin, **more: Any) -> None:
        heappush(self.events, Event(at, next(self.turns), illness, facility, origin, **more))

    def _patient_number(self, person: Person) -> str:
        """MA_BN, different at every facility and for every person."""
        return f"{self.calendar.start.year % 100}{person.n * 7919 % 10**9:09d}"

    def _office_hours(self, at: int) -> int:
        """The same day between 07:00 and 15:30 if that is still to come, else the next day."""
        opening = at // DAY * DAY + between(self.dice, 420, 930)
        return opening if opening >= at else opening + DAY

    def _age(self, day: int) -> int:
        return self.person.age(self.calendar.date(day * DAY))

    def _band(self, day: int) -> int:
        return band(self._age(day))
