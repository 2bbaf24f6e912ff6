"""`yteso rules`: the list of rules, and what a province makes of it."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from yteso import standards
from yteso.cli import check, rules
from yteso.intake.checking.listing import listed, not_possible


def run(*arguments: str):
    return CliRunner().invoke(rules.command, arguments)


def lines(*arguments: str) -> dict[str, dict]:
    done = run("--json", *arguments)
    assert done.exit_code == 0, done.output
    return {one["id"]: one for one in map(json.loads, done.output.splitlines())}


def test_every_rule_of_the_standards_and_of_our_own_is_listed():
    said = lines()
    assert set(standards.rules()) < set(said)
    assert {"FLD-REQ", "SYS-001"} <= set(said)
    names = {"id", "tables", "fields", "severity", "source", "effective_from", "effective_to", "standards", "on"}
    assert all(one.keys() >= names | {"implemented", "reason", "condition", "tolerance"} for one in said.values())


def test_a_rule_is_implemented_or_says_why_not():
    for one in lines().values():
        assert one["implemented"] == (one["id"] not in not_possible())
        assert one["reason"] == not_possible().get(one["id"], "")
        assert one["implemented"] or not one["on"]


@pytest.mark.parametrize(
    ("rule", "standards", "first", "last"),
    [
        ("XML1-089", ["4210"], "2017-09-20", "2024-06-30"),
        ("XML1-070", ["130", "4750"], "2023-10-01", "2024-12-31"),
        ("XML1-009", ["3176"], "2025-01-01", None),
        ("XML13-001", ["4750", "3176"], "2024-07-01", None),
        ("XML1-048", ["4210", "130", "4750", "3176"], "2017-09-20", None),
        ("XML2-021", ["4210", "130", "4750", "3176"], "2017-09-20", None),
        ("XML2-023", ["130", "4750", "3176"], "2023-10-01", None),
    ],
)
def test_the_days_of_a_rule_are_those_of_its_standards(rule, standards, first, last):
    one = lines()[rule]
    assert (one["standards"], one["effective_from"], one["effective_to"]) == (standards, first, last)


def test_districts_are_asked_for_until_they_were_abolished():
    assert lines()["XML1-003"]["effective_to"] == "2025-06-30"
    on = {one.id: one.on for one in listed(on=date(2025, 7, 1))}
    assert not on["XML1-003"]
    assert {one.id: one.on for one in listed(on=date(2025, 6, 30))}["XML1-003"]


def test_on_a_day_only_the_rules_of_its_standards_are_on():
    said = lines("--on", "2026-03-31")
    assert not said["XML1-089"]["on"]
    assert said["XML1-009"]["on"]


def test_the_list_in_words():
    done = run()
    assert "XML1-048" in done.output
    assert "bật" in done.output
    assert "không kiểm tra được" in done.output


@pytest.fixture
def province(database):
    """Settings of province 01, made with the command."""
    for wish in (
        ("XML1-042", "--off", "--reason", "CV 12/SYT"),
        ("XML1-072", "--tolerance", "10", "--to", "2026-12-31", "--reason", "làm tròn"),
        ("XML1-015", "--severity", "critical", "--reason", "kế hoạch"),
    ):
        done = run("set", *wish, "--province", "01", "--from", "01/01/2026")
        assert done.exit_code == 0, done.output


def test_the_list_as_a_province_has_set_it(province):
    said = lines("--province", "01", "--on", "2026-03-31")
    assert not said["XML1-042"]["on"]
    assert said["XML1-072"]["tolerance"] == 10
    assert said["XML1-015"]["severity"] == "critical"
    assert lines("--province", "01", "--on", "2027-01-01")["XML1-072"]["tolerance"] == 2
    assert lines("--province", "79", "--on", "2026-03-31")["XML1-042"]["on"]


def test_every_change_is_in_the_history(province):
    done = run("history", "--province", "01", "--json")
    said = [json.loads(line) for line in done.output.splitlines()]
    assert [one["rule"] for one in said] == ["XML1-042", "XML1-072", "XML1-015"]
    assert all(one["changed_by"].endswith("@cli") and one["changed_at"] and one["reason"] for one in said)
    in_words = run("history", "--province", "01", "--rule", "XML1-072").output
    assert "01/01/2026–31/12/2026" in in_words
    assert "dung sai 10 đồng" in in_words
    assert "làm tròn" in in_words


def test_a_facility_checks_at_home_with_the_settings_of_its_province(province, tmp_path):
    from test_check import WARNED, envelope

    (tmp_path / "policy.csv").write_text(run("export", "--province", "01").output, encoding="utf-8")
    file = tmp_path / "hoso.xml"
    file.write_text(envelope(WARNED), encoding="utf-8")
    assert CliRunner().invoke(check.command, [str(file)]).exit_code == check.CLEAN
    by_policy = CliRunner().invoke(check.command, ["--policy", str(tmp_path / "policy.csv"), str(file)])
    assert by_policy.exit_code == check.CRITICAL_FOUND
    assert "XML1-015" in by_policy.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("set", "XML1-999", "--off"), rules.REFUSED, "no such rule"),
        (("set", "ENV-001", "--off"), rules.REFUSED, "may not be changed"),
        (("set", "XML1-072", "--tolerance", "0"), rules.REFUSED, "at least 2 dong"),
        (("set", "XML1-042"), rules.REFUSED, "nothing to change"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(database, arguments, code, words):
    done = run(*arguments, "--province", "01", "--from", "2026-01-01", "--reason", "x")
    assert done.exit_code == code
    assert words in done.output
    assert run("history", "--province", "01").output == ""


def test_a_province_has_two_digits(database):
    assert run("history", "--province", "Hà Nội").exit_code == 2


def test_a_policy_file_that_is_wrong_ends_the_check(tmp_path):
    bad = tmp_path / "policy.csv"
    bad.write_text("rule,on\nXML1-042,no\n", encoding="utf-8")
    done = CliRunner().invoke(check.command, ["--policy", str(bad), str(tmp_path)])
    assert done.exit_code == check.UNREADABLE
    assert "policy.csv: thiếu cột" in done.output
    missing = CliRunner().invoke(check.command, ["--policy", str(tmp_path / "no.csv"), str(tmp_path)])
    assert missing.exit_code == check.UNREADABLE
