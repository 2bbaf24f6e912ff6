"""`yteso token`: registers a client, shows its token once, and takes it back."""

import json

import pytest
from click.testing import CliRunner, Result

from yteso.cli import token


@pytest.fixture
def run(database: str) -> object:
    def called(*arguments: str) -> Result:
        return CliRunner().invoke(token.command, arguments)

    return called


def test_a_token_is_printed_alone_so_that_a_shell_can_keep_it(run, conn) -> None:
    done = run("--client", "lab", "--scope", "system/Observation.read", "--scope", "system/Patient.read")
    assert done.exit_code == 0, done.output
    assert len(done.stdout.strip()) >= 43
    assert "shown this once" in done.stderr
    row = conn.execute(
        "SELECT client, scope, created_by, expires > now() + interval '89 days' FROM fhir_token"
    ).fetchone()
    assert row[:2] == ("lab", "system/Observation.read system/Patient.read")
    assert row[2].endswith("@cli")
    assert row[3]


def test_as_json(run) -> None:
    said = json.loads(run("--client", "lab", "--days", "1", "--json").stdout)
    assert (said["client"], said["scope"]) == ("lab", "system/*.read")
    assert said.keys() == {"client", "scope", "expires", "token"}


@pytest.mark.parametrize("arguments", [("--client", "a b"), ("--client", "lab", "--scope", "all")])
def test_what_cannot_be_is_refused_with_a_reason(run, conn, arguments) -> None:
    done = run(*arguments)
    assert (done.exit_code, " / " in done.stderr) == (1, True)
    assert conn.execute("SELECT count(*) FROM fhir_token").fetchone() == (0,)


@pytest.mark.parametrize("arguments", [(), ("--client", "lab", "--days", "0"), ("--client", "lab", "--days", "x")])
def test_wrong_use(run, arguments) -> None:
    assert run(*arguments).exit_code == 2


def test_all_tokens_of_a_client_are_closed(run, conn) -> None:
    for name in ("lab", "lab", "other"):
        assert run("--client", name).exit_code == 0
    done = run("--client", "lab", "--revoke")
    assert (done.exit_code, "(2)" in done.stdout) == (0, True)
    assert conn.execute("SELECT client FROM fhir_token WHERE revoked IS NULL").fetchall() == [("other",)]
    assert run("--client", "lab", "--revoke").exit_code == 1
    assert json.loads(run("--client", "other", "--revoke", "--json").stdout) == {"client": "other", "revoked": 1}
