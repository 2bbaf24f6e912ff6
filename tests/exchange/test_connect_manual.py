"""The manual for connecting software does what it says: its examples run as they stand, in order."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hospital import NAME, check_in, visits


MANUAL = Path(__file__).parents[2] / "docs/how-to/connect.md"


@pytest.mark.skipif(not shutil.which("curl"), reason="the examples use curl")
def test_every_example_of_the_manual_works(live: str, secret: str, tmp_path: Path) -> None:
    (tmp_path / "hoso.xml").write_bytes(visits()[0])
    (tmp_path / "xml0.xml").write_bytes(check_in())
    blocks = re.findall(r"```bash\n(.*?)```", MANUAL.read_text(), flags=re.DOTALL)
    script = "set -euo pipefail\n" + "echo\n".join(blocks)
    known = {"MAY_CHU": live, "TAI_KHOAN": NAME, "MAT_KHAU": secret, "TZ": "Asia/Ho_Chi_Minh"}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=os.environ | known, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert said.count('"maKetQua": "200"') == 6
    assert "HTTP/1.1 202 Accepted" in said
    assert '"dsLoi": []' in said
    assert '"items": [{"receipt"' in said
    assert '"outcome": "accepted"' in said
    assert "ma_lk,dossier,severity" in said
    assert '"status": 4' not in said
