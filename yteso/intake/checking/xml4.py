"""Rules of XML4 (results of laboratory tests, imaging, function tests)."""

from yteso.intake.checking.engine import Add, Visit, rule
from yteso.intake.checking.lookups import bounds, stay
from yteso.intake.checking.values import MINUTES


@rule("XML4-001")
def result_has_its_moment(v: Visit, add: Add) -> None:
    arrived, now = stay(v).arrived, v.now
    for at, row in enumerate(v.x4, 1):
        moment = row.get("NGAY_KQ")
        if moment is None:
            if "GIA_TRI" in row:
                add("XML4", at, "NGAY_KQ", now=now, **bounds(v))
        elif not arrived <= moment <= now and MINUTES[moment]:
            add("XML4", at, "NGAY_KQ", moment, now=now, **bounds(v))
