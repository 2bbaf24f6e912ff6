"""Visits with every field of every table."""

import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def full_visits():
    sys.path.insert(0, str(Path(__file__).parents[2] / "mapping"))
    from mapping_samples import VERSIONS, full_dossier, mapped

    found = [mapped(full_dossier(version)) for version in VERSIONS]
    return [one for visit in found for one in [*visit.resources, ("Patient", "", visit.patient)]]
