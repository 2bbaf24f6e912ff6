"""Odd dossiers map without failing, ids hold still, and the page about the mapping is current."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapping_samples import ESSENTIAL, HEADER, VERSIONS, dossier, full_dossier, mapped, tables_of
from test_round_trip import ALL_FIELDS, ODD_TEXT

from yteso import mapping, standards
from yteso.intake.dossier import Dossier
from yteso.mapping import reference, rest
from yteso.mapping.compiler import compile_group
from yteso.mapping.names import systems
from yteso.mapping.program import REMEMBERED, SHAPES, Shapes
from yteso.mapping.templates import all_templates, groups
from yteso.mapping.visit import LETTERS, keyed


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=120)
@given(st.data())
def test_mapping_never_fails_whatever_the_fields_hold(data):
    version = data.draw(st.sampled_from([*VERSIONS, ""]))
    fields = {name for v, table, name in ALL_FIELDS if table == "XML1"}
    x1 = data.draw(st.dictionaries(st.sampled_from(sorted(fields)), ODD_TEXT, max_size=30))
    x1 |= {name: data.draw(ODD_TEXT) for name in ("MA_LK", "MA_BN")} | {"NGAY_VAO": "202605010830"}
    tables = {"XML1": [x1]}
    for table in data.draw(st.lists(st.sampled_from(tables_of("3176")[1:]), max_size=3, unique=True)):
        names = list(standards.STANDARDS["3176"].tables[table].fields)
        tables[table] = data.draw(st.lists(st.dictionaries(st.sampled_from(names), ODD_TEXT, max_size=8), max_size=3))
    m = mapping.map_visit(Dossier(1, tables, version), HEADER)
    assert all(json.loads(body) for *_, body in m.resources)
    assert m.started <= m.ended


def test_the_same_dossier_gives_the_same_bytes():
    assert mapped(full_dossier("3176")) == mapped(full_dossier("3176"))


def test_ids_do_not_move_when_rows_are_added_or_reordered():
    rows = [{"STT": n, "MA_THUOC": f"40.{n}"} for n in "123"]
    alone = {name: body for _, name, body in mapped(dossier(XML2=rows)).resources}
    more = mapped(dossier(XML2=[{"STT": "9", "MA_THUOC": "x"}, *rows[::-1]], XML4=[{"STT": "1"}])).resources
    more = {name: body for _, name, body in more}
    drugs = [name for name in alone if name.partition("-")[2].startswith("m")]
    assert len(drugs) == 3
    assert all(alone[name] == more[name] for name in drugs)


def test_ids_say_nothing_about_the_patient():
    x1 = {"MA_BENH_CHINH": "B20", "MA_BENH_KT": "F20.0;I10", "MA_THE_BHYT": "GD4010112345678"}
    names = [name.partition("-")[2] for _, name, _ in mapped(dossier(XML1=[x1])).resources]
    assert sorted(names) == ["", "b", "c", "k1", "k2", "v1"]


@pytest.mark.parametrize(
    ("numbers", "keys"),
    [
        (["1", "2", "1", "1"], ["m1", "m2", "m1.2", "m1.3"]),
        (["", "", "x"], ["m", "m.2", "m.3"]),
        (["12345678901", "01"], ["m", "m01"]),
        (["²"], ["m"]),
    ],
)
def test_local_ids_come_from_the_number_of_the_row(numbers, keys):
    assert [key for _, key, _ in keyed("m", [{"STT": n} if n else {} for n in numbers])] == keys


def test_dossiers_do_not_disturb_each_other():
    one, other = full_dossier("3176"), dossier(XML4=[{"STT": "1", "GIA_TRI": "1"}])
    first = mapped(one)
    mapped(other)
    assert mapped(one) == first


def test_every_field_of_every_table_has_a_line_in_the_reference():
    page = reference.page()
    for version, table, name in ALL_FIELDS:
        section = page.partition(f"## {table}:")[2].partition("\n## ")[0]
        assert f"| {name} |" in section or f"{name} ({version})" in section, (version, table, name)


def test_the_reference_page_is_current():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run python -m yteso.mapping.reference"


def test_every_group_of_rows_has_one_home_for_what_is_left():
    for table, kind in groups():
        if table != "SELFPAY":
            homes = [t for t in all_templates() if t.table == table and kind in t.kinds and t.home]
            assert [json.dumps(t.body).count("{#rest}") for t in homes] == [1], (table, kind)


def test_letters_of_tables_do_not_clash():
    letters = [letter for letter in [*LETTERS.values(), *rest.LETTER.values()] if letter]
    assert len(set(letters)) == len(letters)
    suffixes = {t.suffix for t in all_templates() if t.table == "XML1" and t.suffix}
    assert not {suffix[0] for suffix in suffixes} & set(letters)


def test_generated_writers_name_only_what_they_were_given():
    for table, kind in groups():
        assert compile(compile_group(table, kind).source, table, "exec")


def test_addresses_are_under_one_base_or_public():
    for name, uri in systems().items():
        assert uri.startswith((mapping.BASE, "http://hl7.org", "http://fhir.hl7.org.vn/core", "http://terminology.hl7.org",
                               "http://loinc.org", "http://unitsofmeasure.org")), name  # fmt: skip


def test_what_is_remembered_of_rows_is_bounded_and_stays_right():
    shapes = Shapes(("A", "B"), frozenset("ABC"), lambda values: values)
    for number in range(SHAPES + 10):
        fields, pick, strange = shapes.shapes["A", f"X{number}"]
        assert (fields, pick({"A": "1"}), strange) == (("A",), ("1",), {f"X{number}"})
    for number in range(REMEMBERED + 10):
        assert shapes.repeated[("B",), (str(number),)] == (None, str(number))
    assert len(shapes.shapes) <= SHAPES
    assert len(shapes.repeated) <= REMEMBERED


def test_rows_alike_but_for_one_field_do_not_mix():
    rows = [{"STT": "1", "MA_THUOC": "a", "TEN_THUOC": "x"}, {"STT": "2", "TEN_THUOC": "x", "MA_THUOC": "a"},
            {"STT": "3", "MA_THUOC": "x", "TEN_THUOC": "a"}, {"STT": "4", "MA_THUOC": "a"},
            {"STT": "5", "TEN_THUOC": "a"}, {"STT": "6"}]  # fmt: skip
    assert mapping.unmap(mapped(dossier(XML2=rows)).resources)["XML2"] == rows


def test_only_the_first_row_of_the_essential_table_speaks():
    assert mapped(Dossier(1, {"XML1": [ESSENTIAL]}, "3176")).source == "LK-0001"
