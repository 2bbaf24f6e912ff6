"""The repository tests itself: what the documents say is there, and what must not be there is not."""

import re
import subprocess
from pathlib import Path

import pytest

from yteso.cli import COMMANDS


ROOT = Path(__file__).parents[1]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    found = {}
    for path in tracked():
        if path.suffix not in {".ttf", ".woff2", ".png", ".ico", ".zdict"}:
            found[path] = path.read_text(encoding="utf-8", errors="replace")
    return found


def test_no_registry_host_and_no_path_of_a_machine() -> None:
    # Written in pieces, so that this line does not find itself.
    hosts = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "/work/" + "main", "/root/" + "."]
    assert [(path.name, host) for path, text in texts().items() for host in hosts if host in text] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_pinned_package_has_hashes_and_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_every_dependency_says_why_it_is_there() -> None:
    for name in ("requirements.in", "requirements-test.in"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in "#-"]
        assert [line for line in lines if not re.search(r"\S  +# \w", line)] == []


def test_the_operators_manual_names_every_setting() -> None:
    manual = (ROOT / "docs/how-to/operate.md").read_text()
    code = "\n".join(
        text for path, text in texts().items() if path.suffix == ".py" and path.is_relative_to(ROOT / "yteso")
    )
    settings = set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", code)) - {"PATH"}
    assert {"DATABASE_URL", "YTESO_HOME", "YTESO_SECRET_KEY"} <= settings
    assert [name for name in sorted(settings) if f"`{name}`" not in manual] == []


def test_the_manuals_name_every_command() -> None:
    manuals = "\n".join(text for path, text in texts().items() if path.suffix == ".md")
    assert [name for name in COMMANDS if f"yteso {name}" not in manuals and f"make {name}" not in manuals] == []


def test_decision_records_are_numbered_once_and_in_order() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    for path in (ROOT / "docs/adr").glob("*.md"):
        assert path.read_text().startswith(f"# {int(path.name[:4])}. ")


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path, text in texts().items():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#:]+)\)", text):
                if not (path.parent / target).exists():
                    broken.append((path.name, target))
    assert broken == []


def test_every_module_is_of_a_size_to_be_read() -> None:
    modules = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "yteso")]
    sizes = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in modules}
    assert [path for path, lines in sizes.items() if lines > 400] == []


def test_the_licence_of_the_project_is_there() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert 'license = { text = "Apache-2.0" }' in (ROOT / "pyproject.toml").read_text()
