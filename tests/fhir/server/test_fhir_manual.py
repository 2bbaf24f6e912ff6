"""The manual of the FHIR server does what it says: its examples run as they stand, in order."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from asking import AN, token

from yteso.record.ids import fhir_id


MANUAL = Path(__file__).parents[3] / "docs/how-to/fhir.md"


@pytest.mark.skipif(not shutil.which("curl"), reason="the examples use curl")
def test_every_example_of_the_manual_works(live: str, conn, an) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", MANUAL.read_text(), flags=re.DOTALL)
    script = "set -euo pipefail\n" + "echo\n".join(blocks)
    known = {"FHIR": f"{live}/fhir/R4", "TOKEN": token(conn, scope="system/*.*"), "ID": fhir_id(AN)}
    done = subprocess.run(["bash", "-c", script], env=os.environ | known, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"resourceType":"OperationOutcome"' not in done.stdout
    assert '"resourceType":"CapabilityStatement"' in done.stdout
    assert done.stdout.count('"type":"searchset"') >= 6
    assert '"total":8' in done.stdout
    assert "HTTP/1.1 304" in done.stdout
