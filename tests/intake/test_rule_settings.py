"""What a province may change of the rules, and that it holds for the visits of its days alone."""

from datetime import date

import pytest
from arrivals import FACILITY, dossier, file_of
from cases import HEADER, NOW, change, clean_visit

from yteso.intake import checking, service, terms
from yteso.intake.checking import RULES, engine
from yteso.intake.facility_lists import NONE
from yteso.intake.policy import DEFAULT, Policy, Setting, SettingError, read_csv, verify, write_csv


YEAR = date(2026, 1, 1)
PROVINCE = FACILITY[:2]


def set_(rule: str, **wishes: object) -> Setting:
    return Setting(rule, **{"effective_from": YEAR} | wishes)


def found(visit, *settings: Setting) -> list[tuple[str, str]]:
    findings = checking.check(visit, HEADER, now=NOW, policy=Policy(settings))
    return [(one.rule, one.severity) for one in findings]


VAGUE = change(clean_visit(), "XML1", 1, MA_BENH_KT="R53")
NO_GROUP = change(clean_visit(), "XML1", 1, MA_DANTOC="77")


def test_the_default_is_the_rule_table():
    assert found(VAGUE) == [("XML1-042", RULES["XML1-042"].severity)]
    assert all(DEFAULT.standing(rule, YEAR) is rule for rule in RULES.values())


def test_a_rule_is_switched_off():
    assert found(VAGUE, set_("XML1-042", on=False)) == []


def test_a_rule_of_the_field_checks_is_switched_off_too():
    assert found(NO_GROUP) == [("XML1-015", "warning")]
    assert found(NO_GROUP, set_("XML1-015", on=False)) == []


def test_a_rule_is_made_critical():
    assert found(VAGUE, set_("XML1-042", severity="critical")) == [("XML1-042", "critical")]
    assert found(NO_GROUP, set_("XML1-015", severity="critical")) == [("XML1-015", "critical")]


@pytest.mark.parametrize(
    ("first", "last", "speaks"),
    [
        ("2026-01-14", "2026-01-14", False),
        ("2026-01-01", None, False),
        ("2026-01-15", None, True),
        ("2026-01-01", "2026-01-13", True),
    ],
)
def test_a_setting_holds_for_visits_that_end_in_its_days(first, last, speaks):
    """The clean visit ends on 14/01/2026."""
    days = {"effective_from": date.fromisoformat(first), "effective_to": last and date.fromisoformat(last)}
    assert bool(found(VAGUE, set_("XML1-042", on=False, **days))) is speaks


def test_the_last_setting_of_a_day_counts():
    assert found(VAGUE, set_("XML1-042", on=False), set_("XML1-042", on=True))
    assert not found(VAGUE, set_("XML1-042", on=True), set_("XML1-042", on=False))


def test_what_a_later_setting_leaves_alone_stays_as_it_was_set():
    louder, quiet, again = set_("XML1-042", severity="critical"), set_("XML1-042", on=False), set_("XML1-042", on=True)
    assert found(VAGUE, louder, quiet, again) == [("XML1-042", "critical")]


def off_by(dong: str, field: str = "T_THUOC"):
    visit = clean_visit()
    x1 = visit.tables["XML1"][0]
    return change(visit, "XML1", 1, **{field: f"{float(x1[field]) + float(dong):.2f}"})


def test_sums_of_a_dossier_may_be_further_off():
    assert found(off_by("2")) == []
    assert found(off_by("5")) == [("XML1-072", "critical")]
    assert found(off_by("5"), set_("XML1-072", tolerance=5.0)) == []
    assert found(off_by("6"), set_("XML1-072", tolerance=5.0)) == [("XML1-072", "critical")]


def test_sums_of_a_row_may_be_further_off():
    fund = float(clean_visit().tables["XML2"][0]["T_BHTT"])
    visit = change(clean_visit(), "XML2", 1, T_BHTT=f"{fund - 4:.2f}")
    total = [set_(rule, tolerance=4.0) for rule in ("XML1-078", "XML1-079", "XML1-081", "XML1-082")]
    assert ("XML2-011", "critical") in found(visit, *total)
    assert found(visit, *total, set_("XML2-011", tolerance=4.5)) == []


def test_every_rule_that_compares_sums_takes_a_tolerance():
    assert {id for id, rule in RULES.items() if rule.tolerance} >= {
        *(f"XML1-0{n}" for n in range(72, 83)),
        *(f"XML2-0{n:02}" for n in range(9, 18)),
        *(f"XML3-0{n}" for n in range(31, 41)),
    }


def test_no_plan_is_made_twice_for_the_default():
    assert engine.plan(DEFAULT, "3176", YEAR, NONE) is engine.plan(DEFAULT, "3176", YEAR, NONE)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (set_("XML1-999", on=False), "no such rule"),
        (set_("ENV-001", on=False), "may not be changed"),
        (set_("SYS-001", on=False), "may not be changed"),
        (set_("XML1-042"), "nothing to change"),
        (set_("XML1-042", severity="fatal"), "severity is"),
        (set_("XML1-042", on=False, effective_to=date(2025, 12, 31)), "before it begins"),
        (set_("XML1-042", tolerance=5.0), "compares no sums"),
        (set_("XML1-072", tolerance=1.0), "at least 2 dong"),
        (set_("XML1-072", tolerance=float("nan")), "at least 2 dong"),
        (set_("XML1-072", tolerance=float("inf")), "at least 2 dong"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_the_reason(setting, words):
    with pytest.raises(SettingError, match=words):
        verify(setting, RULES.get(setting.rule))


def test_a_policy_as_csv_and_back():
    made = Policy(
        (
            set_("XML1-042", on=False, effective_to=date(2026, 6, 30), reason='CV 12/SYT, "tạm thời"'),
            set_("XML1-072", tolerance=10.0),
            set_("XML1-015", severity="critical", on=True),
        )
    )
    assert read_csv(write_csv(made), RULES).settings == made.settings
    assert read_csv(write_csv(DEFAULT), RULES) is DEFAULT


HEAD = "rule,effective_from,effective_to,on,severity,tolerance\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rule,on\n", "missing column: effective_from, effective_to, severity, tolerance"),
        (HEAD + "XML1-042,2026-01-01,,maybe,,\n", "line 2: on: “maybe”"),
        (HEAD + "XML1-042,01/01/2026,,no,,\n", "line 2: ngày “01/01/2026”"),
        (HEAD + "XML1-072,2026-01-01,,,,x\n", "line 2: dung sai “x”"),
        (HEAD + "XML1-042,2026-01-01,,no,,\nXML1-999,2026-01-01,,no,,\n", "line 3: XML1-999"),
    ],
)
def test_a_wrong_csv_says_which_line_and_why(text, words):
    with pytest.raises(SettingError, match=words):
        read_csv(text, RULES)


def take_in(conn, *dossiers):
    import io

    content = file_of(*dossiers)
    work, _ = service.receive(conn, io.BytesIO(content), name="x.xml", facility=FACILITY, account="test")
    service.take_in(conn, [work])
    return conn.execute(
        "select rule, severity from intake_finding where submission_id = %s order by id", (work.id,)
    ).fetchall()


@pytest.fixture
def autocommit(conn):
    conn.rollback()
    conn.autocommit = True
    return conn


def test_the_intake_checks_by_the_policy_of_the_province(autocommit):
    assert take_in(autocommit, dossier(1, MA_DANTOC="77")) == [("XML1-015", "warning")]
    terms.add(autocommit, PROVINCE, set_("XML1-015", severity="critical"))
    assert take_in(autocommit, dossier(2, MA_DANTOC="77")) == [("XML1-015", "critical")]
    outcomes = autocommit.execute("select outcome from intake_dossier order by id").fetchall()
    assert outcomes == [("warnings",), ("refused",)]


def test_another_province_is_not_concerned(autocommit):
    terms.add(autocommit, "79", set_("XML1-015", on=False))
    assert take_in(autocommit, dossier(1, MA_DANTOC="77")) == [("XML1-015", "warning")]


def test_the_register_of_facilities_knows_the_province(autocommit):
    autocommit.execute(
        "insert into registry_facility (code, name, kind, province, address) values (%s, '', '', '79', '')", (FACILITY,)
    )
    terms.add(autocommit, "79", set_("XML1-015", on=False))
    assert take_in(autocommit, dossier(1, MA_DANTOC="77")) == []


def test_every_change_is_kept(autocommit):
    terms.add(autocommit, PROVINCE, set_("XML1-015", on=False, reason="một", changed_by="an"))
    terms.add(autocommit, PROVINCE, set_("XML1-042", on=False, reason="hai", changed_by="binh"))
    terms.add(autocommit, PROVINCE, set_("XML1-015", on=True, reason="ba", changed_by="an"))
    said = terms.history(autocommit, PROVINCE)
    assert [(one.rule, one.on, one.reason, one.changed_by) for one in said] == [
        ("XML1-015", False, "một", "an"),
        ("XML1-042", False, "hai", "binh"),
        ("XML1-015", True, "ba", "an"),
    ]
    assert all(one.changed_at for one in said)
    assert [one.reason for one in terms.history(autocommit, PROVINCE, "XML1-015")] == ["một", "ba"]


def test_a_setting_that_cannot_be_is_not_recorded(autocommit):
    with pytest.raises(SettingError):
        terms.add(autocommit, PROVINCE, set_("ENV-001", on=False))
    assert terms.history(autocommit, PROVINCE) == []
