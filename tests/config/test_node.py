"""What a node keeps to itself: its secret, and what may stand in a log."""

import logging
import sys
from pathlib import Path

import pytest

from yteso.config.home import home, secret_key
from yteso.config.logs import NoPersonalData


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YTESO_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("YTESO_SECRET_KEY", raising=False)
    return tmp_path / "state"


def test_the_home_folder_is_its_owners_alone(own_home: Path) -> None:
    assert home() == own_home
    assert own_home.stat().st_mode & 0o077 == 0


def test_the_secret_is_made_once_and_kept_closed(own_home: Path) -> None:
    first = secret_key()
    assert len(first) > 60
    assert secret_key() == first
    assert (own_home / "secret.key").stat().st_mode & 0o077 == 0


def test_two_nodes_have_two_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YTESO_SECRET_KEY", raising=False)
    secrets = []
    for name in ("one", "other"):
        monkeypatch.setenv("YTESO_HOME", str(tmp_path / name))
        secrets.append(secret_key())
    assert secrets[0] != secrets[1]


def test_the_environment_may_give_the_secret(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTESO_SECRET_KEY", "given")
    assert secret_key() == "given"
    assert not (own_home / "secret.key").exists()


def test_a_logged_fault_names_place_and_kind_and_quotes_nothing() -> None:
    patient = "NGUYEN VAN THU 001080900001"
    try:
        raise ValueError(patient)
    except ValueError:
        record = logging.LogRecord("yteso", logging.ERROR, __file__, 1, "a fault", (), sys.exc_info())
    NoPersonalData().filter(record)
    text = logging.Formatter().format(record)
    assert "test_node.py" in text
    assert "ValueError" in text
    assert "NGUYEN" not in text
