"""`yteso serve`"""

import logging
import os

import click

from yteso.config import database


THREADS = 16
"""Requests that a process works on at once: most of the time of most of them is waiting for the database."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="Server processes.")
def command(host: str, port: int, processes: int) -> None:
    """Run the web server until Ctrl-C.

    \b
    Example: yteso serve --port 8080
    """
    from granian import Granian
    from granian.constants import Interfaces

    # It takes threads for work; ours wait (docs/adr/0010).
    logging.getLogger("_granian").addFilter(lambda record: "seems quite high" not in record.getMessage())
    with database.running() as url:
        os.environ["DATABASE_URL"] = url
        Granian(
            "yteso.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=THREADS,
            workers_kill_timeout=5,
            log_level="warning",
        ).serve()
