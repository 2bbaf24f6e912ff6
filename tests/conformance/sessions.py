"""Sessions of others' clients that need Node.js, against the server as it runs: `make conformance`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


HERE = Path(__file__).parent
SESSIONS = sorted(path.name for path in HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("session", SESSIONS)
def test_session(session: str, live: str) -> None:
    node = shutil.which("node")
    assert node, "Node.js 20 or newer is needed (Debian: apt-get install nodejs npm)"
    made = subprocess.run(
        [sys.executable, "-m", "yteso.cli", "token", "--client", "conformance", "--scope", "system/*.*"],
        capture_output=True, text=True, check=True, env=os.environ, timeout=120,
    )  # fmt: skip
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", session],
        cwd=HERE, capture_output=True, text=True, timeout=600,
        env=os.environ | {"YTESO_ROOT": live, "YTESO_TOKEN": made.stdout.strip()},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
