"""`_sort` within a person's record: every page where it belongs, whatever happens between two of them."""

from base64 import urlsafe_b64decode

import pytest
from asking import HERE, link, patient, save, withdraw
from story import P, doctors, linked_visits, name, observations


@pytest.fixture
def story(conn) -> None:
    save(conn, patient(), *doctors(), *linked_visits())


ORDERS = [
    # by default the newest visit first, in a visit as its source has it
    ("", "three0 three1 two0 two1 one0 one1"),
    ("_sort=date", "one0 one1 two0 two1 three0 three1"),
    ("_sort=-date", "three0 three1 two0 two1 one0 one1"),
    # what it weighs before how warm it is, each in order, whatever the unit
    ("_sort=value-quantity", "one1 three1 two1 one0 two0 three0"),
    ("_sort=-value-quantity", "three0 two0 one0 two1 three1 one1"),
    ("_sort=code,-value-quantity", "three0 two0 one0 two1 three1 one1"),
    ("_sort=-code,value-quantity", "one1 three1 two1 one0 two0 three0"),
    ("_sort=code,date", "one0 two0 three0 one1 two1 three1"),
    # what has no value comes last
    ("_sort=performer,date", None),
    ("_sort=status,-date&value-quantity=lt100", "three0 three1 two0 one1"),
    ("_sort=date&encounter.status=finished", "one0 one1 three0 three1"),
    ("_sort=_id", None),
    ("_sort=-_lastUpdated,date", "one0 one1 two0 two1 three0 three1"),
]


@pytest.mark.parametrize(("asked", "order"), ORDERS, ids=[asked for asked, _ in ORDERS])
def test_matches_in_order_and_every_page_of_them(asker, story, asked: str, order: str | None) -> None:
    address = f"/Observation?patient={P}&{asked}"
    whole = asker.get(address)
    if order is not None:
        assert whole.ids == observations(order)
    assert whole.link("self").endswith(address.removesuffix("&"))
    for size in (1, 2, 3, 5):
        pages = [said.ids for said in asker.pages(f"{address}&_count={size}")]
        assert [id for page in pages for id in page] == whole.ids
        assert all(len(page) == size for page in pages[:-1])


def test_what_has_no_value_comes_last_either_way(asker, story) -> None:
    for sort in ("performer", "-performer"):
        ids = asker.get(f"/Observation?patient={P}&_sort={sort}").ids
        assert set(ids[3:]) == set(observations("three0 two1 one1"))


def test_totals_of_a_sorted_list(asker, story) -> None:
    for said in asker.pages(f"/Observation?patient={P}&_sort=value-quantity&_count=4&_total=accurate"):
        assert said.json()["total"] == 6
    assert asker.get(f"/Observation?patient={P}&_sort=value-quantity&_count=0").json()["total"] == 6
    assert asker.get(f"/Observation?patient={P}&_sort=value-quantity&_summary=count").json()["total"] == 6


def test_sorted_parts_of_resources(asker, story) -> None:
    said = asker.get(f"/Observation?patient={P}&_sort=value-quantity&_elements=status")
    assert said.ids == observations("one1 three1 two1 one0 two0 three0")
    assert all("valueQuantity" not in entry["resource"] for entry in said.json()["entry"])


BY_VALUE = "one1 three1 two1 one0 two0 three0"


@pytest.mark.parametrize("size", [1, 2, 4])
def test_while_data_arrives_every_match_comes_once_in_order(conn, asker, story, size) -> None:
    seen = []
    for number, said in enumerate(asker.pages(f"/Observation?patient={P}&_sort=value-quantity&_count={size}")):
        seen += said.ids
        newer = linked_visits("one" if number % 2 else "two")[0]
        newer.digest, newer.made = bytes([number]) * 16, newer.made.replace(month=4 + number)
        newer.resources = [
            (type, id, json.replace(b":1,", b":5,").replace(b":900,", b":7000,")) for type, id, json in newer.resources
        ]
        save(conn, newer)
    assert seen == observations(BY_VALUE)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("gone", ["one", "two", "three"])
def test_what_is_taken_back_meanwhile_shifts_nothing(conn, asker, story, size, gone) -> None:
    pages = asker.pages(f"/Observation?patient={P}&_sort=value-quantity&_count={size}")
    seen = next(pages).ids
    withdraw(conn, linked_visits(gone)[0])
    seen += [id for said in pages for id in said.ids]
    expected = observations(BY_VALUE)
    assert seen == expected[:size] + [id for id in expected[size:] if name(gone) not in id]


def test_a_person_who_is_joined_meanwhile_is_walked_on(conn, asker, story) -> None:
    link(conn, "001090000001", (HERE, "BN1"))
    link(conn, "001090000002", (HERE, "BN2"))
    pages = asker.pages(f"/Observation?patient={P}&_sort=value-quantity&_count=2")
    seen = next(pages).ids
    link(conn, "001090000001", (HERE, "BN1"), (HERE, "BN2"), day=1)
    seen += [id for said in pages for id in said.ids]
    assert seen == observations(BY_VALUE)


def test_the_next_page_says_nothing_of_what_it_is_sorted_by(conn, asker, story) -> None:
    first = asker.get(f"/Observation?patient={P}&_sort=value-quantity&_count=3")
    assert len(first.ids) == 3
    signed = urlsafe_b64decode(first.link("next").rpartition("=")[2] + "==").decode()
    _, *numbers, document, place = signed[64:].split(",")
    assert all(set(number) <= set("-0123456789") for number in (*numbers, place))
    assert document == linked_visits("one")[0].id.hex


@pytest.mark.parametrize(
    ("sort", "word"),
    [("nothing", "nothing"), ("date,", "_sort"), ("code-value-quantity", "code-value-quantity"), ("--date", "date")],
)
def test_an_order_that_there_is_none_of(asker, story, sort, word) -> None:
    said = asker.get(f"/Observation?patient={P}&_sort={sort}")
    assert said.status == 400
    assert word in said.text
    assert "lenient" in said.text
    said = asker.get(f"/Observation?patient={P}&_sort={sort}", Prefer="handling=lenient")
    assert said.ids == observations(ORDERS[0][1])
    assert "_sort" not in said.link("self")


def test_a_cursor_of_another_order_is_refused(asker, story) -> None:
    cursor = asker.get(f"/Observation?patient={P}&_sort=date&_count=2").link("next").rpartition("=")[2]
    assert asker.get(f"/Observation?patient={P}&_sort=-date&_count=2&_cursor={cursor}").status == 400
