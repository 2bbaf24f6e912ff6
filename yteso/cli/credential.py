"""`yteso credential`"""

import getpass
import sys

import click
import orjson

from yteso.cli.node import connected


NOT_DONE = 1


@click.group()
def command() -> None:
    """Accounts that the software of a facility sends with.

    \b
    Example: yteso credential add 99001 99001_BV
             yteso credential list --json
             yteso credential revoke 99001_BV
    """


@command.command()
@click.argument("facility")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def add(facility: str, name: str, as_json: bool) -> None:
    """Make an account NAME for the facility with this code (MACSKCB). Its secret is shown once.

    \b
    Exit code: 0 made; 1 refused, the reason is on the error stream.

    \b
    Example: yteso credential add 99001 99001_BV
    """
    with connected():
        from yteso.exchange import credentials

        try:
            made, secret = credentials.create(facility, name, by=f"{getpass.getuser()}@cli")
        except credentials.NotMade as reason:
            click.echo(str(reason), err=True)
            sys.exit(NOT_DONE)
    if as_json:
        click.echo(orjson.dumps({"facility": made.facility, "name": made.name, "secret": secret}))
    else:
        click.echo(f"Cơ sở / facility   {made.facility}\nTài khoản / name   {made.name}\nMật khẩu / secret  {secret}")
        click.echo("Mật khẩu chỉ hiện lần này / the secret is shown this once.", err=True)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def list_(as_json: bool) -> None:
    """Show all accounts, revoked ones too.

    \b
    Example: yteso credential list
    """
    with connected():
        from yteso.exchange.models import Credential

        names = ("facility", "name", "created", "created_by", "revoked")
        for row in Credential.objects.order_by("facility", "name").values(*names):
            if as_json:
                click.echo(orjson.dumps(row))
            else:
                state = f"đã thu hồi / revoked {row['revoked']:%d/%m/%Y}" if row["revoked"] else ""
                click.echo(f"{row['facility']}  {row['name']:<24} {row['created']:%d/%m/%Y}  {state}".rstrip())


@command.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Close an account and all its sessions for good.

    \b
    Exit code: 0 closed; 1 no open account has this name.

    \b
    Example: yteso credential revoke 99001_BV
    """
    with connected():
        from yteso.exchange import credentials

        if not credentials.revoke(name):
            click.echo(f"Không có tài khoản đang dùng tên {name} / no open account has this name", err=True)
            sys.exit(NOT_DONE)
    click.echo(f"Đã thu hồi / revoked {name}")
