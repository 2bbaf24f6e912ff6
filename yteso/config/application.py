"""Bring Django up inside a command or a test."""

import os

import django
from django.core.management import call_command

from yteso.config import database


def start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yteso.config.settings")
    django.setup()


def migrate(*, verbosity: int = 0) -> None:
    """Bring the database to the schema of this version. It must be running."""
    start()
    call_command("migrate", verbosity=verbosity, interactive=False)
    from yteso import record

    with database.connect() as conn:
        record.rebase(conn)
