"""Steps that every kind of visit is made of: the examination, tests, prescriptions and procedures."""

from yteso.sandbox import data
from yteso.sandbox.chance import bell, between
from yteso.sandbox.facilities import CLINIC, STATION
from yteso.sandbox.formulary import drugs, services, supplies
from yteso.sandbox.illness import Dose
from yteso.sandbox.visit import Visit


HOSPITAL_ONLY = data.words(
    "endoscopy echo bloodgas troponin probnp procalcitonin pt aptt fibrinogen afp psa tsh ft4 spirometry us_thyroid "
    "xray_skull"
)
STATION_TESTS = {"glucose": "glucose_poc"}
"""What a commune station does instead of a laboratory test; everything else it refers."""
OPERATIONS, PROCEDURES = "8", "18"
HOW = {
    "1": "Uống sau ăn, theo đơn",
    "3": "Bôi mỏng lên vùng tổn thương, ngày 2 lần",
    "4": "Đặt trước khi ngủ",
    "5": "Xịt mỗi bên mũi, ngày 2 lần",
    "6": "Nhỏ ngày 3 lần",
}
"""How drugs are taken, by the first digit of the route (DUONG_DUNG)."""


def examine(visit: Visit) -> int:
    """The exam fee row; gives the minute the examination is over."""
    department = data.table("departments", "code")[visit.illness.department]
    key = "exam_station" if visit.facility.kind == STATION else department["exam"]
    start = visit.arrived + between(visit.dice, 4, 25)
    visit.serve(services()[key], start, start, start + 8, by=visit.doctor.licence)
    return start + 10


def tests(visit: Visit, names: tuple[str, ...], start: int, shifts: dict[str, float]) -> int:
    """Order the tests the facility can do, report them, and give the minute of the last result."""
    last, room = start, start + between(visit.dice, 8, 20)
    for name in names:
        if visit.facility.kind == STATION:
            name = STATION_TESTS.get(name, "")
        elif visit.facility.kind == CLINIC and name in HOSPITAL_ONLY:
            name = ""
        service = services().get(name)
        if service is None or service.group in (OPERATIONS, PROCEDURES):
            continue
        staff = visit.facility.technicians
        if service.group == "1":
            done = start + between(visit.dice, 6, 15)
            ended = done + service.minutes + between(visit.dice, 0, 20)
            by, reader = staff[0], staff[1]
        else:
            done, ended = room, room + service.minutes
            room = ended + between(visit.dice, 3, 12)
            by, reader = staff[2], staff[3]
        visit.serve(service, start, done, ended, by=by.licence)
        visit.report(service, ended, reader, shifts)
        last = max(last, ended)
    return last


def prescribe(visit: Visit, doses: tuple[Dose, ...], at: int, *, days: int = 0) -> None:
    """Drugs to take home; `days` limits or sets how long, 0 for as long as the illness asks."""
    for dose in doses:
        drug = drugs()[dose.drug]
        if drug.route.startswith("2"):
            continue
        if dose.days == 0:
            visit.dispense(drug, dose.each, f"{dose.each} {drug.unit} dùng cả đợt", HOW[drug.route[0]], at)
            continue
        count = min(dose.days, days) if days else dose.days
        per_day = dose.each * dose.times
        words = f"{dose.each} {drug.unit}/lần * {dose.times} lần/ngày * {count} ngày [{per_day} {drug.unit}/ngày]"
        visit.dispense(drug, per_day * count, words, HOW[drug.route[0]], at)


def procedure(visit: Visit, name: str, ordered: int, start: int) -> int:
    """One procedure or operation with its supplies; gives the minute it ends."""
    service = services()[name]
    operation = service.group == OPERATIONS
    by = visit.facility.doctor("K19", visit.dice) if operation else visit.facility.nurses[0]
    end = start + service.minutes
    visit.serve(service, ordered, start, end, by=by.licence)
    if operation or name in ("suture", "delivery"):
        visit.operated = service.name
    for supply, quantity in SUPPLIES.get(name, ()):
        visit.serve(supplies()[supply], start, quantity=quantity)
    return end


SUPPLIES = {
    "injection": (("syringe5", 1),),
    "infusion": (("infusion_set", 1), ("catheter_iv", 1)),
    "suture": (("suture_nylon", 2), ("gauze", 3), ("gloves", 1)),
    "dressing": (("gauze", 2), ("bandage", 1)),
    "cast": (("plaster", 4), ("bandage", 2)),
    "catheter": (("urine_bag", 1), ("gloves", 1)),
    "appendectomy": (("suture_vicryl", 2), ("suture_nylon", 2), ("gauze", 10), ("gloves", 4), ("syringe10", 4)),
    "caesarean": (("suture_vicryl", 4), ("gauze", 12), ("gloves", 5), ("syringe10", 4), ("urine_bag", 1)),
    "cholecystectomy": (("suture_vicryl", 2), ("gauze", 10), ("gloves", 5), ("syringe10", 4), ("urine_bag", 1)),
    "hernia": (("suture_vicryl", 3), ("suture_nylon", 1), ("gauze", 8), ("gloves", 4), ("syringe10", 3)),
    "phaco": (("lens", 1), ("gauze", 4), ("gloves", 3), ("syringe5", 2)),
    "radius": (("plate", 1), ("suture_vicryl", 2), ("suture_nylon", 2), ("gauze", 10), ("gloves", 4)),
    "delivery": (("suture_vicryl", 1), ("gauze", 6), ("gloves", 3), ("syringe5", 2)),
    "dialysis": (("dialyser", 1), ("gauze", 4), ("syringe10", 2), ("gloves", 2)),
}


def vital_signs(visit: Visit, *, fever: bool = False, day: int = 0) -> str:
    """The CSST<...> mark of XML5: pulse, temperature, blood pressure, breathing."""
    dice = visit.dice
    warm = 38.4 - 0.5 * day if fever else 36.8
    age = visit.person.age(visit.calendar.date(visit.arrived))
    pulse, breaths = (112, 32) if age < 6 else (80, 18)
    high = 136 if "I10" in visit.codes else 118 if age > 12 else 92
    return (
        f"CSST<M{pulse + int(8 * bell(dice))}_T{max(warm, 36.6) + 0.2 * bell(dice):.1f}"
        f"_HA{high + int(10 * bell(dice))}/{high * 5 // 8 + int(6 * bell(dice))}_NT{breaths + int(2 * bell(dice))}>"
    )
