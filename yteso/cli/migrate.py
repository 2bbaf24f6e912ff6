"""`yteso migrate`"""

import click

from yteso.config import application, database


@click.command()
def command() -> None:
    """Create or update the database.

    Uses DATABASE_URL, or else the embedded PostgreSQL in YTESO_HOME.

    \b
    Example: yteso migrate
    """
    with database.running():
        application.migrate(verbosity=1)
