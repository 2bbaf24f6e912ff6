"""Who pays what: by card, place and size of the bill, exact to the hundredth of a dong."""

from decimal import Decimal

import pytest
from made_visits import made, somebody, tables

from yteso import standards
from yteso.sandbox import money
from yteso.sandbox.people import Person


SHARES = """
amount   rate  benefit      cost     covered    patient     shared    insurer
100000    100      100   100000.00 100000.00       0.00       0.00  100000.00
100000    100       95   100000.00 100000.00       0.00    5000.00   95000.00
100000    100       80   100000.00 100000.00       0.00   20000.00   80000.00
100000     70       80   100000.00  70000.00   30000.00   14000.00   56000.00
100000     50      100   100000.00  50000.00   50000.00       0.00   50000.00
100000      0      100   100000.00      0.00  100000.00       0.00       0.00
100000      0        0   100000.00      0.00  100000.00       0.00       0.00
     7    100       80        7.00      7.00       0.00       1.40       5.60
     1     70       95        1.00      0.70       0.30       0.03       0.67
     1     30       95        1.00      0.30       0.70       0.01       0.29
     0    100       80        0.00      0.00       0.00       0.00       0.00
3250000   100       95  3250000.00 3250000.00      0.00  162500.00 3087500.00
"""


@pytest.mark.parametrize("line", SHARES.split("\n")[2:-1])
def test_an_amount_is_shared_out(line):
    amount, rate, benefit, *expected = line.split()
    assert list(money.split_texts(int(amount), int(rate), int(benefit))) == expected


@pytest.mark.parametrize("amount", [0, 1, 7, 99, 12_345, 3_250_000])
@pytest.mark.parametrize("rate", [0, 30, 50, 70, 100])
@pytest.mark.parametrize("benefit", [0, 80, 95, 100])
def test_no_hundredth_of_a_dong_is_lost(amount, rate, benefit):
    cost, covered, patient, shared, insurer = money.split(amount, rate, benefit)
    assert cost == amount * 100 == patient + shared + insurer
    assert covered == shared + insurer
    assert min(covered, patient, shared, insurer) >= 0


CARDS = """
card              paid  who
GD4242490000001     80  family
DN4242490000001     80  worker
HC4242490000001     80  civil servant
HS4242490000001     80  pupil
DT2242490000001    100  policy beneficiary
HN2242490000001    100  poor household
BT2242490000001    100  social protection
CC1242490000001    100  merit
TE1242490000001    100  child under six
HT3242490000001     95  pensioner
CN3242490000001     95  near-poor household
"""
CARD_LINES = [line.split(None, 2) for line in CARDS.split("\n")[2:-1]]


@pytest.mark.parametrize(("card", "paid", "who"), CARD_LINES)
def test_the_third_character_of_a_card_says_what_it_pays(card, paid, who):
    assert somebody(card=card).benefit == int(paid), who


def test_without_a_card_nothing_is_paid():
    assert somebody(card="").benefit == 0


@pytest.mark.parametrize(("digit", "paid"), [("1", 100), ("2", 100), ("3", 95), ("4", 80), ("5", 100)])
def test_benefits_are_those_of_the_code_list(digit, paid):
    (code,) = [code for code in standards.code_list("CARD_BENEFIT_DIGIT", made("cold").calendar.start).codes.values()
               if code.code == digit]  # fmt: skip
    assert f"{paid}" in code.vi + code.en
    assert somebody(card=f"XX{digit}242490000001").benefit == paid


BENEFITS = """
card   covered  at station  MUC_HUONG  why
  80   351000       no          80     a bill of 15 % of the base salary is not small
  80   350999       no         100     a small bill is paid in full
  80   350999       yes        100     ... anywhere
  80  5000000       yes        100     care at a commune station is paid in full
  80  5000000       no          80
  95  5000000       no          95
 100  5000000       no         100
   0     1000       no           0     nobody pays for those without a card
   0  5000000       yes          0
"""


@pytest.mark.parametrize("line", BENEFITS.split("\n")[2:-1])
def test_the_benefit_of_a_visit(line):
    card, covered, station, expected, *_ = line.split()
    assert money.benefit(int(card), int(covered), at_station=station == "yes") == int(expected)


def test_the_small_bill_is_fifteen_percent_of_the_base_salary():
    assert money.SMALL_BILL * 100 == 15 * 2_340_000


@pytest.mark.parametrize(
    ("hundredths", "text"), [(0, "0.00"), (5, "0.05"), (100, "1.00"), (123_456_789, "1234567.89"), (10, "0.10")]
)
def test_amounts_are_written_with_a_point_and_two_digits(hundredths, text):
    assert money.text(hundredths) == text


@pytest.mark.parametrize(
    ("group", "drugs", "supplies"), [("4", 1000, 0), ("10", 0, 1000), ("1", 0, 0), ("13", 0, 0), ("15", 0, 0)]
)
def test_totals_know_drugs_and_supplies(group, drugs, supplies):
    totals = money.Totals()
    totals.add(group, 1000, 900, 100, 180, 720)
    assert (totals.drugs, totals.supplies, totals.cost) == (drugs, supplies, 1000)
    assert (totals.covered, totals.patient, totals.shared, totals.insurer) == (900, 100, 180, 720)


# whole visits

VISITS = [  # illness, kind of facility, whether the bill is big
    ("cold", "c", False),
    ("cold", "k", False),
    ("pneumonia", "p", True),
    ("appendicitis", "p", True),
    ("dialysis", "p", True),
    ("htn", "d", True),
    ("dm2_htn", "p", True),
]


def amount(row: dict[str, str], field: str) -> Decimal:
    return Decimal(row.get(field) or 0)


def bill(illness: str, kind: str, person: Person):
    told = tables(made(illness, kind, person))
    return told["XML1"][0], told.get("XML2", []) + told.get("XML3", [])


@pytest.mark.parametrize(("illness", "kind", "big"), VISITS)
@pytest.mark.parametrize(("card", "paid", "who"), CARD_LINES)
def test_a_bill_by_card_kind(card, paid, who, illness, kind, big):
    main, rows = bill(illness, kind, somebody(card=card))
    expected = int(paid) if big else 100
    assert {row["MUC_HUONG"] for row in rows} == {str(expected)}
    assert amount(main, "T_BHTT") == sum(amount(row, "T_BHTT") for row in rows)
    assert amount(main, "T_BNCCT") == amount(main, "T_TONGCHI_BH") - amount(main, "T_BHTT")
    assert (amount(main, "T_BNCCT") == 0) is (expected == 100)
    assert amount(main, "T_BHTT") / amount(main, "T_TONGCHI_BH") == pytest.approx(
        Decimal(expected) / 100, abs=Decimal("0.0001")
    )


@pytest.mark.parametrize(("illness", "kind", "_"), VISITS)
def test_a_bill_without_a_card(illness, kind, _):
    main, rows = bill(illness, kind, somebody(card=""))
    assert {(row["PHAM_VI"], row["TYLE_TT_BH"], row["MUC_HUONG"]) for row in rows} == {("2", "0", "0")}
    assert amount(main, "T_BNTT") == amount(main, "T_TONGCHI_BV") > 0
    assert amount(main, "T_TONGCHI_BH") == amount(main, "T_BHTT") == 0


@pytest.mark.parametrize(("illness", "kind", "_"), VISITS)
def test_rows_are_price_times_quantity(illness, kind, _):
    _, rows = bill(illness, kind, somebody())
    for row in rows:
        price = row.get("DON_GIA") or row["DON_GIA_BV"]
        assert amount(row, "THANH_TIEN_BV") == Decimal(price) * Decimal(row["SO_LUONG"])
        covered = amount(row, "THANH_TIEN_BV") * Decimal(row["TYLE_TT_BH"]) / 100
        assert amount(row, "THANH_TIEN_BH") == covered
        assert amount(row, "T_BNTT") + amount(row, "T_BNCCT") + amount(row, "T_BHTT") == amount(row, "THANH_TIEN_BV")
        assert amount(row, "T_NGUONKHAC") == 0


def test_drugs_and_supplies_have_totals_of_their_own():
    main, rows = bill("appendicitis", "p", somebody())
    by_group: dict[str, Decimal] = {}
    for row in rows:
        by_group[row["MA_NHOM"]] = by_group.get(row["MA_NHOM"], Decimal(0)) + amount(row, "THANH_TIEN_BV")
    assert amount(main, "T_THUOC") == by_group["4"] > 0
    assert amount(main, "T_VTYT") == by_group["10"] > 0
    assert amount(main, "T_TONGCHI_BV") == sum(by_group.values())
