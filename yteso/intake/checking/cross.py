"""Rules between XML3 (services) and XML4 (their results)."""

from collections import defaultdict

from yteso.intake.checking.engine import Add, Visit, rule
from yteso.intake.checking.lookups import IMAGING, TESTS, Rows, base_code, of, once
from yteso.intake.checking.xml3_fields import stopped


@once
def results(v: Visit) -> dict[str, Rows]:
    """The rows of XML4 by service code as written; "" holds those that name none."""
    found: defaultdict[str, Rows] = defaultdict(list)
    for entry in enumerate(v.x4, 1):
        found[entry[1].get("MA_DICH_VU", "")].append(entry)
    return found


@once
def _with_results(v: Visit) -> set[str]:
    return {base_code(code) for code in results(v)}


@rule("XML3_XML4-001")
def service_has_its_result(v: Visit, add: Add) -> None:
    known = results(v)
    if "" in known:
        return  # from QĐ 4750 a result need not name its service, so that none can be said to lack one
    for at, row in of(v, TESTS):
        code = row.get("MA_DICH_VU")
        if code and code not in known and base_code(code) not in _with_results(v) and not stopped(row):
            add("XML3", at, "MA_DICH_VU", code)


@rule("XML3_XML4-002")
def image_has_description_and_conclusion(v: Visit, add: Add) -> None:
    known = results(v)
    for code in {row.get("MA_DICH_VU", "") for _, row in of(v, (IMAGING,))} - {""}:
        rows = known.get(code)
        if not rows or rows[0][1].keys() >= _TOLD or any("GIA_TRI" in row for _, row in rows):
            continue  # QĐ 3176: no conclusion where the value already says the result
        for field in _TOLD:
            if not any(field in row for _, row in rows):
                add("XML4", rows[0][0], field, ma_dich_vu=code)


_TOLD = {"MO_TA", "KET_LUAN"}


@rule("XML4-002")
def result_has_the_moment_of_its_service(v: Visit, add: Add) -> None:
    known = results(v)
    moments: dict[str, list[str]] = {}
    for _, row in of(v, TESTS):
        if "NGAY_KQ" in row and row.get("MA_DICH_VU") in known:
            moments.setdefault(row["MA_DICH_VU"], []).append(row["NGAY_KQ"])
    for code, expected in moments.items():
        usual = expected[0]
        for at, row in known[code]:
            moment = row.get("NGAY_KQ", usual)
            if moment != usual and moment not in expected:
                add("XML4", at, "NGAY_KQ", moment, expected="; ".join(sorted(set(expected))))
