"""Functions by the shape of a row: the general one first, one of its own for what is met often, never too many."""

from yteso.standards.shapes import MET, OFTEN, OWN, ByShape


def general(row):
    return "general"


def functions() -> ByShape:
    return ByShape(general, lambda shape: lambda row: shape)


def test_a_shape_that_is_met_often_gets_a_function_of_its_own():
    of = functions()
    row = {"A": "1", "B": "2"}
    said = [of[tuple(row)](row) for _ in range(OFTEN + 1)]
    assert said == ["general"] * (OFTEN - 1) + [("A", "B")] * 2


def test_the_order_of_the_fields_is_part_of_the_shape():
    of = functions()
    for _ in range(OFTEN):
        of["A", "B"]
    assert of["A", "B"] is not general
    assert of["B", "A"] is general


def test_there_are_never_too_many():
    of = functions()
    for number in range(OWN + 10):
        for _ in range(OFTEN):
            of[(f"X{number}",)]
    assert len(of) == OWN
    assert of[(f"X{OWN + 9}",)] is general


def test_shapes_met_once_are_forgotten():
    of = functions()
    for number in range(3 * MET):
        of[(f"X{number}",)]
    assert len(of.met) <= MET + 1
    assert not of
