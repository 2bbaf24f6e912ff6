"""A dossier sent several times, as a hospital corrects it: the intake's own clean visit, changed."""

import sys
from pathlib import Path

import psycopg

from yteso.intake import service
from yteso.intake.dossier import Dossier


# The dossiers and envelopes of the intake's own tests.
sys.path.append(str(Path(__file__).parents[1] / "intake"))

from arrivals import FACILITY, dossier, file_of, send
from cases import total, visit_4210


LINK = "LK-000001"


def take(conn: psycopg.Connection, *visits: Dossier, **options: object) -> int:
    """Send one file of these visits and take it in; its submission's number."""
    named = {name: options.pop(name) for name in ("name", "facility") if name in options}
    work, _ = send(conn, file_of(*visits, **options), **named)
    conn.commit()
    conn.autocommit = True
    service.take_in(conn, [work])
    conn.autocommit = False
    return work.id


def corrected() -> Dossier:
    """The first visit with a phone number mended, a drug dearer, a service gone and a result more."""
    visit = dossier(1, DIEN_THOAI="0912000001")
    drug = visit.tables["XML2"][0]
    drug.update(SO_LUONG="4", THANH_TIEN_BV="20000.00", THANH_TIEN_BH="20000.00", T_BHTT="16000.00", T_BNCCT="4000.00")
    drug["LIEU_DUNG"] = "2 viên * 2 lần * 1 ngày [4 viên/ngày]"
    del visit.tables["XML3"][7]
    more = {**visit.tables["XML4"][0], "STT": "4", "MA_CHI_SO": "PLT", "TEN_CHI_SO": "PLT", "GIA_TRI": "250"}
    visit.tables["XML4"].insert(1, more)
    return total(visit)


def three_versions(conn: psycopg.Connection) -> list[int]:
    """Accepted, refused, accepted: the numbers of their submissions."""
    return [
        take(conn, dossier(1), dossier(2), name="thang-1.xml"),
        take(conn, dossier(1, GIOI_TINH="7"), made="20260201", name="thang-1-sua.xml"),
        take(conn, corrected(), made="20260202", name="thang-1-sua-lan-2.xml"),
    ]


__all__ = ["FACILITY", "LINK", "corrected", "dossier", "take", "three_versions", "visit_4210"]
