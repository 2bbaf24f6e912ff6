"""`yteso lists`: what is approved for a facility goes in, or says why it cannot."""

from click.testing import CliRunner
from test_check import CLEAN, envelope

from yteso.cli import check, lists
from yteso.intake import terms


STAFF = "code,name,scope,effective_from,effective_to\n000999/HNO-GPHN,An,,,\n"


def run(*arguments: object):
    return CliRunner().invoke(lists.command, [str(one) for one in arguments])


def test_lists_are_loaded_for_a_facility(conn, tmp_path):
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8-sig")
    done = run("load", "99001", tmp_path)
    assert done.exit_code == 0, done.output
    assert done.output == "99001 staff: 1\n"
    assert "000999/HNO-GPHN" in terms.lists(conn, "99001").of("staff")
    assert not terms.lists(conn, "99002")


def test_a_list_that_cannot_be_used_loads_nothing(conn, tmp_path):
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    (tmp_path / "services.csv").write_text("code,name\n", encoding="utf-8")
    done = run("load", "99001", tmp_path)
    assert done.exit_code == lists.REFUSED
    assert "services.csv: thiếu cột" in done.output
    assert not terms.lists(conn, "99001")


def test_a_folder_without_lists_is_refused(tmp_path):
    assert run("load", "99001", tmp_path).exit_code == lists.REFUSED


def test_a_facility_has_five_characters(tmp_path):
    assert run("load", "Bệnh viện", tmp_path).exit_code == 2


def test_a_facility_checks_at_home_against_its_lists(tmp_path):
    file, folder = tmp_path / "hoso.xml", tmp_path / "danh-muc"
    folder.mkdir()
    file.write_text(envelope(CLEAN), encoding="utf-8")
    (folder / "staff.csv").write_text(STAFF, encoding="utf-8")
    done = CliRunner().invoke(check.command, ["--lists", str(folder), str(file)])
    assert done.exit_code == check.CRITICAL_FOUND
    assert "XML2-024" in done.output
    (folder / "staff.csv").write_text("x\n", encoding="utf-8")
    broken = CliRunner().invoke(check.command, ["--lists", str(folder), str(file)])
    assert broken.exit_code == check.UNREADABLE
    assert "staff.csv" in broken.output
