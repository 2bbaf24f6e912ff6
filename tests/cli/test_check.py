"""`yteso check`: visit files in, findings and an exit code out, without database or settings."""

import importlib.util
import json
import os
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from yteso import standards
from yteso.cli import check, main


def load(name):
    spec = importlib.util.spec_from_file_location(f"check_{name}", Path(__file__).parents[1] / "intake" / f"{name}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cases, signing = load("cases"), load("signing")


def child(table, rows, standard):
    shape = standards.standard(standard).tables[table]
    texts = ["".join(f"<{name}>{escape(value)}</{name}>" for name, value in row.items()) for row in rows]
    body = "".join(f"<{shape.row}>{text}</{shape.row}>" if shape.row else text for text in texts)
    if shape.list and shape.list != shape.root:
        body = f"<{shape.list}>{body}</{shape.list}>"
    return f"<{shape.root}>{body}</{shape.root}>"


def envelope(*visits, facility="99001", declared=None):
    dossiers = ""
    for visit in visits:
        files = ""
        for table, rows in visit.tables.items():
            content = b64encode(child(table, rows, visit.standard).encode()).decode()
            files += f"<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>"
        dossiers += f"<HOSO>{files}</HOSO>"
    return (
        f"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO>"
        f"<NGAYLAP>20260131</NGAYLAP><SOLUONGHOSO>{declared or len(visits)}</SOLUONGHOSO>"
        f"<DANHSACHHOSO>{dossiers}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>"
    )


CLEAN = cases.clean_visit()
WARNED = cases.change(CLEAN, "XML1", 1, MA_DANTOC="77")
WRONG = cases.change(CLEAN, "XML1", 1, GIOI_TINH="7")


@pytest.fixture
def write(tmp_path):
    def write(name, *visits, **header):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(envelope(*visits, **header), encoding="utf-8")
        return path

    return write


def run(*arguments):
    return CliRunner().invoke(check.command, [str(one) for one in arguments])


def test_a_clean_file_leaves_with_zero(write):
    result = run(write("hoso.xml", CLEAN))
    assert result.exit_code == 0
    assert "QĐ 3176, cơ sở 99001, 1 hồ sơ" in result.output
    assert "không có lỗi" in result.output
    assert "1 tệp, 1 hồ sơ: 0 lỗi, 0 cảnh báo, 0 tệp không đọc được." in result.output


def test_warnings_only_leave_with_zero(write):
    result = run(write("hoso.xml", WARNED))
    assert result.exit_code == 0
    assert "CẢNH BÁO XML1-015" in result.output


def test_a_critical_finding_leaves_with_one_and_is_explained(write):
    result = run(write("hoso.xml", CLEAN, WRONG))
    assert result.exit_code == 1
    assert "Hồ sơ 2 (LK-0001): XML1 1, XML2 2, XML3 8" in result.output
    assert "LỖI XML1-013" in result.output
    assert "GIOI_TINH" in result.output
    assert "«7»" in result.output
    assert "→ Chọn lại GIOI_TINH theo danh mục." in result.output
    assert "Hồ sơ 1 " not in result.output


def test_the_report_speaks_english(write):
    result = run("--lang", "en", write("hoso.xml", WRONG))
    assert "CRITICAL XML1-013" in result.output
    assert "it must be 1 (male), 2 (female) or 3 (undetermined)" in result.output
    assert "1 files, 1 dossiers: 1 critical" in result.output


@pytest.mark.parametrize("content", [b"", b"not xml", b"<GIAMDINHHS><", b"<HS><A/></HS>", b"\x00\x01\x02"])
def test_what_cannot_be_read_leaves_with_two(tmp_path, content):
    path = tmp_path / "bad.xml"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 2
    assert "không đọc được" in result.output
    assert "ENV-1" in result.output


def test_a_missing_path_leaves_with_two_and_the_others_are_still_checked(write, tmp_path):
    result = run(tmp_path / "nowhere.xml", write("hoso.xml", CLEAN))
    assert result.exit_code == 2
    assert "nowhere.xml: không mở được" in result.stderr
    assert "không có lỗi" in result.stdout


def test_unreadable_weighs_more_than_critical(write, tmp_path):
    (tmp_path / "bad.xml").write_text("x")
    assert run(write("wrong.xml", WRONG), tmp_path / "bad.xml").exit_code == 2


def test_a_folder_is_searched_with_its_subfolders(write, tmp_path):
    write("a/one.xml", CLEAN)
    write("a/b/two.XML", WRONG)
    (tmp_path / "a" / "readme.txt").write_text("not for us")
    result = run(tmp_path / "a")
    assert result.exit_code == 1
    assert "2 tệp, 2 hồ sơ" in result.output
    assert "readme" not in result.output


def test_a_folder_without_files_is_unreadable_input(tmp_path):
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "không có tệp *.xml" in result.stderr


def test_json_is_one_object_per_file_and_line(write):
    first, second = write("a.xml", CLEAN, WRONG), write("b.xml", cases.outpatient_visit())
    result = run("--json", first, second)
    assert result.exit_code == 1
    one, two = (json.loads(line) for line in result.stdout.splitlines())
    assert list(one) == ["file", "sha256", "standard", "facility", "declared", "dossiers", "findings", "signature"]
    assert one["signature"] is None
    assert one["file"] == str(first)
    assert one["sha256"] == sha256(first.read_bytes()).hexdigest()
    assert (one["standard"], one["facility"], one["declared"]) == ("3176", "99001", 2)
    assert one["findings"] == []
    clean, wrong = one["dossiers"]
    assert list(clean) == ["ma_lk", "rows", "findings", "causes"]
    assert clean["ma_lk"] == "LK-0001"
    assert clean["rows"] == {"XML1": 1, "XML2": 2, "XML3": 8, "XML4": 3, "XML5": 3, "XML7": 1, "XML8": 1, "XML14": 1}
    assert clean["findings"] == clean["causes"] == []
    found = next(finding for finding in wrong["findings"] if finding["rule"] == "XML1-013")
    assert set(found) == {
        *("rule", "severity", "table", "row", "field", "value"),
        *("message_vi", "message_en", "hint_vi", "hint_en", "why", "why_vi", "why_en", "legal"),
    }
    assert found["why"] == ["refused"]
    assert (found["severity"], found["table"], found["row"], found["field"]) == ("critical", "XML1", 1, "GIOI_TINH")
    assert found["value"] == "7"
    assert two["dossiers"][0]["rows"] == {"XML1": 1, "XML2": 1, "XML3": 3, "XML4": 3}


LATE = cases.change(CLEAN, "XML1", 1, NGAY_RA="202512310900")
BEDS = cases.change(cases.change(CLEAN, "XML3", 4, MA_GIUONG="=1+1"), "XML3", 5, MA_GIUONG="=2+2")


def test_causes_name_their_findings_by_number(write):
    (dossier,) = json.loads(run("--json", write("hoso.xml", LATE)).stdout)["dossiers"]
    (cause,) = dossier["causes"]
    assert list(cause) == ["finding", "effects", "table", "row", "field"]
    assert (cause["table"], cause["row"], cause["field"]) == ("XML1", 1, "NGAY_RA")
    assert dossier["findings"][cause["finding"]]["rule"] == "XML1-048"
    assert sorted([cause["finding"], *cause["effects"]]) == list(range(len(dossier["findings"])))


def test_the_report_shows_one_cause_with_its_effects_counted(write):
    result = run(write("hoso.xml", LATE))
    assert result.output.count("LỖI ") == 1
    assert "LỖI XML1-048" in result.output
    assert "Vì sao: [Bị từ chối, Ảnh hưởng tiền]" in result.output
    assert "Căn cứ:" in result.output
    assert "↳ kéo theo XML3-014 XML3 Ngày ra y lệnh (NGAY_YL): 8 chỗ" in result.output


def test_the_report_says_where_else_the_same_fault_stands(write):
    result = run(write("hoso.xml", BEDS))
    assert result.output.count("LỖI ") == 1
    assert "↳ cùng lỗi ở 1 chỗ nữa: dòng 5" in result.output


def test_the_report_names_the_place_to_look_at_first(write):
    lost = cases.clean_visit()
    lost.tables["XML2"].pop()
    assert "Xem lại trước: XML2\n" in run(write("hoso.xml", lost)).output


def test_the_report_explains_in_english(write):
    result = run("--lang", "en", write("hoso.xml", LATE))
    assert "Why: [Refused, Money]" in result.output
    assert "↳ with it XML1-069 XML1" in result.output


def test_findings_go_to_a_workbook_too(write, tmp_path):
    out = tmp_path / "loi.xlsx"
    result = run("--json", "--xlsx", out, write("a.xml", CLEAN, LATE), write("b.xml", BEDS))
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.stdout.splitlines()]
    head, *rows = load_workbook(out).active.iter_rows(values_only=True)
    assert len(rows) == sum(len(one["findings"]) for file in told for one in file["dossiers"])
    assert head[:3] == ("Tệp", "Mã lượt khám (MA_LK)", "Nguyên nhân số")
    assert {row[0] for row in rows} == {"a.xml", "b.xml"}
    assert sorted({row[2] for row in rows}) == list(range(1, 1 + sum(row[3] == "Sửa trước" for row in rows)))
    assert not list(tmp_path.glob("*.part"))


def test_a_workbook_that_cannot_be_written_is_a_mistake_of_use(write, tmp_path):
    result = run("--xlsx", tmp_path / "nowhere" / "loi.xlsx", write("a.xml", LATE))
    assert result.exit_code == 2
    assert "không ghi được" in result.stderr


def test_json_tells_of_unreadable_files_too(tmp_path):
    path = tmp_path / "bad.xml"
    path.write_text("<GIAMDINHHS>")
    result = run("--json", path)
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert told["dossiers"] == []
    assert [finding["severity"] for finding in told["findings"]] == ["critical"]
    assert told["findings"][0]["message_vi"]


def test_findings_of_the_file_itself_are_shown(write):
    result = run(write("hoso.xml", CLEAN, declared=3))
    assert result.exit_code == 1
    assert "ENV-001" in result.output
    assert "khai báo 3 hồ sơ nhưng chỉ có 1" in result.output


def test_a_dossier_without_xml1_is_refused(write):
    visit = cases.without(CLEAN, "XML1")
    result = run(write("hoso.xml", visit))
    assert result.exit_code == 1
    assert "ENV-003" in result.output


def test_a_signed_file_says_who_signed(tmp_path):
    path = tmp_path / "da-ky.xml"
    path.write_bytes(signing.sign(envelope(CLEAN).encode(), signing.Owner("BỆNH VIỆN THỬ")))
    result = run(path)
    assert result.exit_code == 0
    assert "chữ ký số: BỆNH VIỆN THỬ" in result.output
    assert "CẢNH BÁO ENV-122" in result.output
    told = json.loads(run("--json", path).stdout)
    assert told["signature"]["state"] == "untrusted"
    assert told["signature"]["name"] == "BỆNH VIỆN THỬ"


def test_a_setting_that_cannot_be_used_is_a_mistake_of_use(write, monkeypatch):
    monkeypatch.setenv("YTESO_SIGNING", "/khong/co")
    result = CliRunner().invoke(main, ["check", str(write("hoso.xml", CLEAN))])
    assert result.exit_code == 2
    assert "YTESO_SIGNING: /khong/co is not there" in result.output


def test_a_file_changed_after_signing_is_critical(tmp_path):
    path = tmp_path / "da-sua.xml"
    signed = signing.sign(envelope(CLEAN).encode(), signing.Owner())
    path.write_bytes(signed.replace(b"20260131", b"20260130"))
    result = run("--lang", "en", path)
    assert result.exit_code == 1
    assert "CRITICAL ENV-121" in result.output
    assert "no findings" not in result.output


def test_a_file_cannot_steer_the_terminal(write):
    painted = cases.change(CLEAN, "XML1", 1, MA_DANTOC="\u009b31m")
    result = run(write("hoso.xml", painted))
    assert "XML1-015" in result.output
    assert "\u009b" not in result.output
    assert "\x1b" not in result.output


def test_a_4210_file_is_told_from_its_content(write):
    result = run("--json", write("cu.xml", cases.visit_4210()))
    told = json.loads(result.stdout)
    assert told["standard"] == "4210"
    assert told["dossiers"][0]["findings"] == []


def test_help_shows_an_example_and_the_exit_codes():
    result = CliRunner().invoke(main, ["check", "--help"])
    assert result.exit_code == 0
    assert "yteso check hoso.xml" in result.output
    assert "Exit code 0" in result.output


def test_no_path_is_a_mistake_of_use():
    assert run().exit_code == 2


def test_it_runs_without_settings_or_database(write):
    """In a process of its own: neither Django nor a database driver may be loaded."""
    path = write("hoso.xml", CLEAN)
    code = (
        "import sys; from click.testing import CliRunner; from yteso.cli.check import command; "
        f"result = CliRunner().invoke(command, [{str(path)!r}]); "
        "print(result.exit_code, sorted({'django', 'psycopg', 'signxml'} & set(sys.modules)))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATABASE", "YTESO"))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean, timeout=120)
    assert done.stdout.strip() == "0 []", done.stderr
