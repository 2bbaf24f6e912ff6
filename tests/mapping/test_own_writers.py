"""The writer of a shape writes what the general writer writes."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapping_samples import ESSENTIAL, HEADER, full_dossier
from test_round_trip import ODD_TEXT

from yteso.intake.dossier import Dossier
from yteso.mapping import rest, visit
from yteso.mapping.templates import groups


GROUPS = sorted(groups())
FIELDS = {(table, kind): sorted({*rest.fields(table), "STT", "LA"}) for table, kind in GROUPS}


def written(write, table, row):
    """All that a writer does to the visit it works for."""
    dossier = full_dossier("3176")
    dossier.tables[table] = [ESSENTIAL | row if table == "XML1" else row]
    c = visit.Visit(dossier, HEADER)
    visit._link_results(c)
    c.services.setdefault("k", visit.Service("k", None, visit.Link()))
    write(row, "k", "x", c)
    return c.resources, dict(c.parts), c.tokens, c.sequence


def both(table, kind, row):
    of = visit.writers(table, kind)
    row = row | {name: row.get(name, "1") for name in rest.PSEUDO.get(table, ())[:1]}  # it is made of this one
    return written(of.general, table, row), written(of.own(tuple(row)), table, row)


@pytest.mark.parametrize(("table", "kind"), GROUPS)
def test_with_every_field(table, kind):
    row = dict.fromkeys(FIELDS[table, kind], "1")
    general, own = both(table, kind, row)
    assert general == own


@pytest.mark.parametrize(("table", "kind"), GROUPS)
def test_with_no_field_and_with_each_alone(table, kind):
    for name in ["", *FIELDS[table, kind]]:
        general, own = both(table, kind, {name: "202601150815"} if name else {})
        assert general == own, name


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_with_any_fields_in_any_order_whatever_they_hold(data):
    table, kind = data.draw(st.sampled_from(GROUPS))
    row = data.draw(st.dictionaries(st.sampled_from(FIELDS[table, kind]), ODD_TEXT))
    general, own = both(table, kind, row)
    assert general == own
    assert all(json.loads(text.encode("latin-1")) for _, _, text in own[0])


def test_a_visit_reads_the_same_before_and_after_its_shapes_are_known():
    rows = [{"STT": str(n), "MA_THUOC": f"40.{n}", "SO_LUONG": "2", "NGAY_YL": "202601150815"} for n in range(300)]
    visits = [Dossier(1, {"XML1": [ESSENTIAL], "XML2": [row]}, "3176") for row in rows]
    visit.writers("XML2").clear()
    first = [visit.map_visit(dossier, HEADER).resources for dossier in visits]
    assert len(visit.writers("XML2")) == 1
    assert [visit.map_visit(dossier, HEADER).resources for dossier in visits] == first
