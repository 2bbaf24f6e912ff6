"""The official examples that ship with the tests; README.md says where they are from."""

from functools import cache
from pathlib import Path
from zipfile import ZipFile


@cache
def examples() -> dict[str, bytes]:
    """File name → resource in JSON."""
    with ZipFile(Path(__file__).parent / "official-examples.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}
