"""`yteso serve`"""

import logging
import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess
from time import sleep

import click

from yteso.config import database


THREADS = 16
"""Requests that a process works on at once: most of the time of most of them is waiting for the database."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--websocket-port", type=int, help="Port of the web socket; 0: none.  [default: the next one]")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="Server processes.")
def command(host: str, port: int, websocket_port: int | None, processes: int) -> None:
    """Run the web server until Ctrl-C, and beside it the web socket of FHIR subscriptions.

    \b
    Example: yteso serve --port 8080
    """
    from granian import Granian
    from granian.constants import Interfaces

    # It takes threads for work; ours wait (docs/adr/0010).
    logging.getLogger("_granian").addFilter(lambda record: "seems quite high" not in record.getMessage())
    with database.running() as url:
        os.environ["DATABASE_URL"] = url
        beside = _web_socket(host, port + 1 if websocket_port is None else websocket_port)
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
        if beside:
            beside.terminate()
            beside.join()


def _web_socket(host: str, port: int) -> BaseProcess | None:
    """A server of its own: the pages and the FHIR face are WSGI, which has no sockets."""
    if not port:
        return None
    process = multiprocessing.get_context("spawn").Process(target=sockets, args=(host, port, os.getpid()))
    process.start()
    return process


def sockets(host: str, port: int, parent: int) -> None:
    """Run the web socket until told to stop, or until nobody can tell it any more."""
    from granian import Granian
    from granian.constants import Interfaces

    def watch() -> None:
        while os.getppid() == parent:
            sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    Granian(
        "yteso.fhir.subscriptions.sockets:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers_kill_timeout=5,
        log_level="warning",
    ).serve()
