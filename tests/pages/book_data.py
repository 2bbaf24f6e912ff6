"""People with a book: dossiers sent through the real intake, as facilities send them."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg

from yteso import standards
from yteso.intake.dossier import Dossier


# The dossiers and envelopes of the intake's own tests.
sys.path.append(str(Path(__file__).parents[1] / "intake"))

from cases import clean_visit, outpatient_visit, referred_visit
from envelopes import envelope, hoso


NUMBER = "001065000001"
HOSPITAL, STATION = "99001", "99002"
WRITTEN = date(2026, 1, 10)
"""The day on which the dossiers of `cases` begin."""


def name_facilities() -> None:
    from yteso.registry.models import Facility

    Facility.objects.bulk_create(
        [
            Facility(code=HOSPITAL, name="Bệnh viện đa khoa Thử Nghiệm"),
            Facility(code=STATION, name="Trạm y tế phường Ba Đình"),
        ]
    )


def moved(visit: Dossier, first: date) -> Dossier:
    """The dossier with all its days of care shifted, so that it begins on `first`."""
    days = first - WRITTEN
    for table, rows in visit.tables.items():
        fields = standards.STANDARDS[visit.standard].tables[table].fields
        for row in rows:
            for name, value in row.items():
                if fields[name].type in ("date", "datetime") and name not in ("NGAY_SINH", "GT_THE_TU", "GT_THE_DEN"):
                    row[name] = _later(value, days)
    x1 = visit.tables["XML1"][0]
    x1.update(NAM_QT=x1["NGAY_RA"][:4], THANG_QT=str(int(x1["NGAY_RA"][4:6])))
    x1.update(GT_THE_TU=f"{first.year}0101", GT_THE_DEN=f"{first.year}1231")
    for table in ("XML13", "XML14"):
        for row in visit.tables.get(table, ()):
            if "GT_THE_DEN" in row:
                row["GT_THE_DEN"] = x1["GT_THE_DEN"]
    return visit


def _later(value: str, days: timedelta) -> str:
    return (datetime.strptime(value[:8], "%Y%m%d") + days).strftime("%Y%m%d") + value[8:]


def called(visit: Dossier, ma_lk: str, *, facility: str = HOSPITAL, **fields: str) -> Dossier:
    """The dossier under another MA_LK, at another facility, with other fields of XML1."""
    for rows in visit.tables.values():
        for row in rows:
            row["MA_LK"] = ma_lk
            if row.get("MA_CSKCB"):
                row["MA_CSKCB"] = facility
    visit.tables["XML1"][0].update(fields)
    return visit


def with_dose(visit: Dossier, dose: str, quantity: str = "56") -> Dossier:
    """The first drug at another dose, to be taken home."""
    drug = visit.tables["XML2"][0]
    drug.update(LIEU_DUNG=dose)
    drug.pop("NGAY_TH_YL", None)
    return visit


def with_value(visit: Dossier, index: int, value: str) -> Dossier:
    visit.tables["XML4"][index]["GIA_TRI"] = value
    return visit


ALLERGIC = "Tiền sử dị ứng thuốc: Penicillin"


def life(today: date) -> list[Dossier]:
    """Five visits at two facilities: a stay long ago, a referral, two check-ups of a long illness, a stay last week."""
    stay = moved(clean_visit(), today - timedelta(days=400))
    referral = with_value(moved(referred_visit(), today - timedelta(days=100)), 0, "9.1")
    dose = "1 viên/lần * 2 lần/ngày * 28 ngày [2 viên/ngày]"
    earlier = with_dose(with_value(moved(outpatient_visit(), today - timedelta(days=31)), 0, "7.5"), dose)
    recent = with_dose(with_value(moved(outpatient_visit(), today - timedelta(days=3)), 0, "3.25"), dose)
    last = moved(clean_visit(), today - timedelta(days=8))
    last.tables["XML5"][0]["DIEN_BIEN_LS"] = f"CSST<M92_T38.5_HA130/85_NT22> Sốt, ho đờm. {ALLERGIC}."
    checked = {"MA_LOAI_KCB": "08", "MA_BENH_CHINH": "I10", "MA_BENH_KT": "J18.9"}
    return [
        called(stay, "LK-STAY"),
        called(referral, "LK-REFERRAL"),
        called(earlier, "LK-EARLIER", facility=STATION, **checked),
        called(last, "LK-LAST"),
        called(recent, "LK-RECENT", facility=STATION, **checked),
    ]


def send(conn: psycopg.Connection, dossiers: list[Dossier]) -> None:
    """Through the door and into the record, a file per facility; every dossier must have been taken."""
    for facility in sorted({one.tables["XML1"][0]["MA_CSKCB"] for one in dossiers}):
        mine = [hoso(one.tables) for one in dossiers if one.tables["XML1"][0]["MA_CSKCB"] == facility]
        take_in(conn, envelope(*mine, facility=facility, made=date.today().strftime("%Y%m%d")), facility)


def take_in(conn: psycopg.Connection, file: bytes, facility: str) -> None:
    from yteso.intake import service

    work, _new = service.receive(conn, io.BytesIO(file), name="tep.xml", facility=facility, account="t")
    done = service.take_in(conn, [work])
    conn.commit()
    assert done.totals.refused == 0, refusals()


def simulated(conn: psycopg.Connection, people: int, *, illness: str = "") -> list[str]:
    """Visits of a synthetic province, taken in; the personal numbers of its patients, those with most visits first.

    `illness`: only the visits of the one patient with the most visits among those who have it.
    """
    from yteso.registry.models import Facility
    from yteso.sandbox.calendar import DAY
    from yteso.sandbox.parcel import Parcel
    from yteso.sandbox.simulate import Province
    from yteso.sandbox.xml import envelope as written

    province = Province(people, 120, 6, 2026)
    visits: dict[str, list] = {}
    for visit in province.visits():
        visits.setdefault(visit.person.number, []).append(visit)
    numbers = sorted((one for one in visits if one), key=lambda one: (-len(visits[one]), one))
    if illness:
        numbers = [one for one in numbers if any(visit.illness.key == illness for visit in visits[one])][:1]
    for number in numbers:
        for visit in visits[number]:
            code, made = visit.facility.code, province.calendar.day(visit.left + DAY)
            dossier = Parcel(visit.ma_lk, visit.left, list(province.children(visit).items())).hoso()
            take_in(conn, written(code, made, [dossier]), code)
    Facility.objects.bulk_create([Facility(code=one.code, name=one.name) for one in province.network.all])
    return numbers


def refusals() -> list[tuple[object, ...]]:
    from yteso.intake.models import FindingRow

    return list(FindingRow.objects.filter(severity="critical").values_list("rule", "tbl", "field", "value"))


def person(conn: psycopg.Connection, number: str = NUMBER) -> UUID:
    from yteso import people

    (found,) = people.find(conn, number)
    conn.commit()
    return found


def visit_of(dossier: Dossier) -> object:
    """A dossier as the presenters see it, without a database."""
    from datetime import UTC

    from yteso import mapping, record
    from yteso.intake.dossier import Header
    from yteso.pages.book.presenters.resources import Visit

    mapped = mapping.map_visit(dossier, Header(facility=HOSPITAL, made=WRITTEN, declared=1))
    visit, _patient = record.from_visit(mapped, digest=dossier.digest, made=WRITTEN, received=datetime.now(UTC))
    return Visit(visit)


@contextmanager
def language(code: str = "vi") -> Iterator[None]:
    """Presenters speak the language of the page; outside a page somebody has to say which."""
    from yteso.config.application import start

    start()
    from django.utils import translation

    with translation.override(code):
        yield
