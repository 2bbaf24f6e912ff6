"""`yteso token`"""

import getpass
import sys
from datetime import timedelta

import click
import orjson

from yteso.cli.node import connected


NOT_DONE = 1


@click.command()
@click.option("--client", required=True, help="Name of the client.")
@click.option("--scope", multiple=True, help="What it may read or write.  [default: system/*.read]")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="How long the token is open.")
@click.option("--revoke", is_flag=True, help="Close all tokens of this client instead, within five seconds.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(client: str, scope: tuple[str, ...], days: int, revoke: bool, as_json: bool) -> None:
    """Register a client of the FHIR server and print a bearer token for it, once.

    Every reading and writing is logged under the client's name. Documents with a sensitivity label are left out.

    \b
    Exit code: 0 done; 1 refused, the reason is on the error stream; 3 the database failed.

    \b
    Example: yteso token --client lab-dashboard --scope system/Observation.read
             yteso token --client lab --scope system/Patient.read --scope system/Observation.write
             yteso token --client lab-dashboard --revoke
    """
    if revoke:
        return _revoke(client, as_json)
    scopes = " ".join(scope) or "system/*.read"
    with connected() as conn:
        from yteso.fhir.server import clients

        try:
            token, expires = clients.create(conn, client, scopes, timedelta(days=days), by=f"{getpass.getuser()}@cli")
        except clients.NotMade as reason:
            click.echo(str(reason), err=True)
            sys.exit(NOT_DONE)
    if as_json:
        click.echo(orjson.dumps({"client": client, "scope": scopes, "expires": expires, "token": token}))
    else:
        click.echo(token)
        click.echo(f"Chỉ hiện lần này, dùng đến / shown this once, open until {expires:%d/%m/%Y}.", err=True)


def _revoke(client: str, as_json: bool) -> None:
    with connected() as conn:
        from yteso.fhir.server import clients

        closed = clients.revoke(conn, client)
    if not closed:
        click.echo(f"{client} không có token đang dùng / this client has no open token", err=True)
        sys.exit(NOT_DONE)
    if as_json:
        click.echo(orjson.dumps({"client": client, "revoked": closed}))
    else:
        click.echo(f"Đã thu hồi / revoked: {client} ({closed})")
