"""How the data files are distilled, on a package of a few definitions."""

import csv
import json

import pytest

from yteso.fhir.tools import search_parameters
from yteso.fhir.tools.search_parameters import EVERY, ROOT, STATUS, own


def element(path, *types, **more):
    return {"path": path, "type": [{"code": kind} for kind in types], **more}


def structure(kind, *elements, abstract=False):
    head = {"resourceType": "StructureDefinition", "type": kind, "kind": "resource", "abstract": abstract}
    return head | {"derivation": "specialization", "snapshot": {"element": [{"path": kind}, *elements]}}


def parameter(id, base, expression, kind="token", **more):
    status = {"extension": [{"url": STATUS, "valueCode": "trial-use"}]}
    code = id.rpartition("-")[2]
    return (
        status | {"url": ROOT + id, "id": id, "code": code, "base": base, "expression": expression, "type": kind} | more
    )


COLOURS = {"url": "http://vs/colours", "compose": {"include": [{"system": "http://cs/colours"}]}}
DEFINITIONS = {
    "StructureDefinition-Ship": structure(
        "Ship",
        element("Ship.colour", "code", binding={"strength": "required", "valueSet": "http://vs/colours|4.0.1"}),
        element("Ship.flag", "code", binding={"strength": "example", "valueSet": "http://vs/colours"}),
        element("Ship.load[x]", "Quantity", "string"),
        element("Ship.crew", "BackboneElement"),
        element("Ship.crew.rank[x]", "code", "boolean"),
        element("Ship.owner", "Reference"),
    ),
    "StructureDefinition-Port": structure("Port"),
    "StructureDefinition-Thing": structure("Thing", abstract=True),
    "StructureDefinition-Extension": structure(
        "Extension", element("Extension.value[x]", "string", "code"), abstract=True
    ),
    "ValueSet-colours": COLOURS,
    "SearchParameter-Ship-colour": parameter("Ship-colour", ["Ship"], "Ship.colour | Ship.flag"),
    "SearchParameter-common-load": parameter(
        "common-load", ["Ship", "Port"], "Port.load | (Ship.load as Quantity)", "quantity"
    ),
    "SearchParameter-Ship-owner": parameter("Ship-owner", ["Ship"], "Ship.owner", "reference", target=["Port", "Ship"]),
    "SearchParameter-Ship-any": parameter("Ship-any", ["Ship"], "Ship.owner", "reference", target=["X"] * EVERY),
    "SearchParameter-Ship-pair": parameter(
        "Ship-pair",
        ["Ship"],
        "Ship.crew",
        "composite",
        component=[
            {"definition": ROOT + "Ship-colour", "expression": "rank.as(code)"},
            {"definition": ROOT + "common-load", "expression": "load"},
        ],
    ),
    "SearchParameter-guide": parameter("guide-x", ["Ship"], "Ship.flag") | {"extension": []},
    "SearchParameter-other": parameter("other", ["Ship"], "Ship.flag")
    | {"url": "http://other.org/SearchParameter/other"},
    "CompartmentDefinition-patient": {
        "code": "Patient",
        "version": "4.0.1",
        "resource": [{"code": "Ship", "param": ["owner", "any"]}, {"code": "Port"}],
    },
    "CompartmentDefinition-example": {"code": "Patient", "version": "1", "resource": []},
}


@pytest.fixture
def distilled(tmp_path, monkeypatch):
    for name, content in DEFINITIONS.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(search_parameters, "DATA", tmp_path)
    search_parameters.main(str(tmp_path))

    def read(name):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


def test_the_parameters_of_the_base_specification_alone_are_taken(distilled):
    assert {row["code"] for row in distilled("parameters.csv")} == {"colour", "load", "owner", "any", "pair"}


def test_each_type_gets_its_part_of_a_shared_expression(distilled):
    loads = {row["base"]: row["expression"] for row in distilled("parameters.csv") if row["code"] == "load"}
    assert loads == {"Ship": "(Ship.load as Quantity)", "Port": "Port.load"}


def test_what_is_said_of_a_parameter(distilled):
    rows = {(row["base"], row["code"]): row for row in distilled("parameters.csv")}
    assert rows["Ship", "colour"]["systems"] == "http://cs/colours"
    assert rows["Ship", "owner"]["targets"] == "Port Ship"
    assert rows["Ship", "any"]["targets"] == "*"
    assert rows["Ship", "pair"]["components"] == "colour=rank.as(code);load=load"


def test_the_choices_that_expressions_run_through_are_kept(distilled):
    assert {row["path"]: row["types"] for row in distilled("choices.csv")} == {
        "Extension.value": "string code",
        "Ship.load": "Quantity string",
        "Ship.crew.rank": "code boolean",
    }


def test_every_type_that_can_be_stored_is_listed_with_what_ties_it_to_a_patient(distilled):
    assert [tuple(row.values()) for row in distilled("compartments.csv")] == [
        ("Patient", "Port", ""),
        ("Patient", "Ship", "owner any"),
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("A.b | B.c | A.d", "A.b | A.d"),
        ("(A.b as X) | (B.b as X)", "(A.b as X)"),
        ("AB.c | A.c", "A.c"),
        ("A | A.c", "A | A.c"),
        ("name | alias", "name | alias"),
        ("B.c", ""),
    ],
)
def test_the_part_of_an_expression_that_is_about_a_type(expression, expected):
    assert own(expression, "A") == expected
