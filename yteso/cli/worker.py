"""`yteso worker`"""

import os
import signal
import threading

import click

from yteso.config import application, database


@click.command()
@click.option("--once", is_flag=True, help="Take in what waits now, then end.")
def command(once: bool) -> None:
    """Take in what arrives through the web, until Ctrl-C.

    Several workers may run at once, on one machine or many.

    \b
    Example: yteso worker
    """
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    with database.running() as url:
        os.environ["DATABASE_URL"] = url
        application.start()
        from yteso import quality
        from yteso.intake import worker

        if once:
            with database.connect(autocommit=True) as conn:
                while worker.once(conn):
                    pass
                quality.refresh(conn)
        else:
            worker.forever(lambda: database.connect(autocommit=True), stop.is_set, quality.refresher())
