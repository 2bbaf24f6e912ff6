"""`yteso worker`"""

import os
import signal
import threading

import click
import psycopg

from yteso.config import application, database


@click.command()
@click.option("--once", is_flag=True, help="Take in what waits now, then end.")
def command(once: bool) -> None:
    """Take in what arrives through the web, do what is asked for in bulk, notify subscribers, until Ctrl-C.

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
        from yteso.fhir.bulk import worker as bulk
        from yteso.fhir.subscriptions import worker as subscriptions
        from yteso.intake import worker

        def connect() -> psycopg.Connection:
            return database.connect(autocommit=True)

        if once:
            with connect() as conn:
                while worker.once(conn) or bulk.step(conn):
                    pass
                quality.refresh(conn)
            return
        # What arrives does not wait for what is asked for in bulk, nor for receivers that are slow.
        steps = [bulk.step, subscriptions.follower(), *[subscriptions.deliver] * subscriptions.AT_ONCE]
        others = [threading.Thread(target=worker.forever, args=(connect, stop.is_set, step)) for step in steps]
        for other in others:
            other.start()
        try:
            worker.forever(connect, stop.is_set, worker.once, quality.refresher())
        finally:
            stop.set()
            for other in others:
                other.join()
