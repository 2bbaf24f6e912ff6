"""What `yteso quality` answers: the shapes of its JSON, and clear words and exit codes for what cannot be."""

import json

import pytest
from click.testing import CliRunner

from yteso.cli import quality


@pytest.fixture
def run(conn, monkeypatch):
    """The command in this process, on this test's database."""
    conn.execute(
        """insert into quality_count values ('99001', '2026-07-01', 'correct', '', 18, 20, 20),
           ('99001', '2026-07-01', 'complete', 'XML7', 3, 4, 4), ('99002', '2026-06-01', 'correct', '', 1, 2, 2)"""
    )
    conn.execute("insert into quality_expected values ('99001', 'return', '2026-07-10', '99001', 'LK-1', null, null)")
    conn.commit()
    return lambda *arguments: CliRunner().invoke(quality.command, arguments)


def shape(value: object) -> object:
    """Names and kinds, without the figures."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(one) for one in value[:1]] if isinstance(value, list) else type(value).__name__


SHARE = {"numerator": "int", "denominator": "int", "value": "float", "low": "float", "high": "float"}
SHARE |= {"province": "float", "estimate": "float", "grade": "str"}


def test_the_shape_of_a_card(run) -> None:
    done = run("show", "99001", "--month", "2026-07", "--json")
    assert done.exit_code == 0
    card = json.loads(done.stdout)
    assert list(card["measures"]) == list(quality.MEASURES)
    correct, complete = shape(card["measures"].pop("correct")), card["measures"].pop("complete")
    assert correct | {"trend": len(correct["trend"])} == SHARE | {"parts": {}, "trend": 12}
    assert complete["parts"] == {"XML7": [3, 4]}
    del card["measures"]
    assert shape(card) == {
        "facility": "str",
        "month": "str",
        "visits": "int",
        "enough": "bool",
        "delay": {"p50": "NoneType", "p95": "NoneType", "later_than_24h": "int", "visits": "int"},
        "rules": [],
        "interconnection": [{"kind": "str", "expected": "int", "came": "int", "missing": "int"}],
        "silent_since": "NoneType",
    }


def test_the_shape_of_a_ranking(run) -> None:
    found = json.loads(run("ranking", "--province", "99", "--month", "2026-07", "--json").stdout)
    assert shape(found["ranked"]) == [
        {"rank": "int", "facility": "str", "estimate": "float", "low": "float", "high": "float", "visits": "int"}
        | {"alike": ["int"]}
    ]
    assert shape({**found, "ranked": 0}) == {
        "month": "str", "measure": "str", "minimum": "int", "ranked": "int", "too_few": {},
    }  # fmt: skip


ANSWERS = """
arguments                                          code  says
show 99001                                         0     07/2026
show 99001 --month 2026-07                         0     18/20
show 99001 --month 2026-06                         1     0 lượt khám
show 00000                                         1     0 lượt khám
show 00000 --json                                  1     "visits": 0
show 99001 --month 2026-7                          2     yyyy-mm
show 99001 --month 2026-13                         2     yyyy-mm
show 99001 --month 07/2026                         2     yyyy-mm
show 99001 --month 0001-01                         2     yyyy-mm
show 99001 --month 9999-12                         2     yyyy-mm
show                                               2     FACILITY
ranking --province 99                              0     99001
ranking --province 99 --month 2026-06              1     chưa đủ để xếp hạng
ranking --province 77                              1     overall
ranking --province 77 --json                       1     "ranked": []
ranking --province 9                               2     two characters
ranking --province 990                             2     two characters
ranking --province 99 --month x                    2     yyyy-mm
ranking --province 99 --measure best               2     best
ranking                                            2     --province
refresh                                            0     0 cơ sở–tháng
refresh --all                                      0     0 cơ sở–tháng
refresh 99001                                      2     unexpected
"""
LINES = [(line[:51].split(), int(line[51:57]), line[57:]) for line in ANSWERS.strip().split("\n")[1:]]


@pytest.mark.parametrize(("arguments", "code", "says"), LINES, ids=[" ".join(line[0]) for line in LINES])
def test_each_answer_has_its_exit_code_and_says_why(run, arguments: list[str], code: int, says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert says in (done.stderr if code == 2 else done.stdout)
    assert "Traceback" not in done.output


@pytest.mark.parametrize("name", ["show", "ranking", "refresh"])
def test_each_command_explains_itself_with_an_example(name: str) -> None:
    help = CliRunner().invoke(quality.command, [name, "--help"]).output
    assert f"Example: yteso quality {name}" in help and "Exit code 0" in help
