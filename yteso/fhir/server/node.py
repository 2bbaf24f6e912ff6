"""What the interactions of one process share: connections, the log of readings, the clients it knows."""

from functools import cache

from yteso.access.desk import Desk
from yteso.access.log import Log
from yteso.config import database
from yteso.config.connections import Connections
from yteso.fhir.server.clients import Clients


@cache
def connections() -> Connections:
    return Connections(lambda: database.connect(autocommit=True))


@cache
def clients() -> Clients:
    return Clients(connections())


@cache
def desk() -> Desk:
    return Desk(connections().taken, Log(lambda: database.connect(autocommit=True)))
