"""`yteso demo`"""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from time import sleep

import click

from yteso.config import application, database
from yteso.config.home import home


SEED = 2026


@click.command()
@click.option("--people", default=1_200, show_default=True, help="Synthetic people of the province.")
@click.option("--days", default=300, show_default=True, help="Days of visits.")
@click.option("--facilities", default=12, show_default=True, help="Hospitals, clinics and commune stations.")
@click.option("--port", default=8000, show_default=True, help="Port of the web server.")
@click.option("--stop", is_flag=True, help="End after the data is in, without the web server.")
@click.option("--remove", is_flag=True, help="Remove the demo and everything else in YTESO_HOME.")
def command(people: int, days: int, facilities: int, port: int, stop: bool, remove: bool) -> None:
    """A synthetic province, end to end: people, visits as XML files, intake, web server and worker.

    Running it again reuses what is there. Ctrl-C stops everything.

    \b
    Example: yteso demo --people 500 --port 8080
    """
    if remove:
        return _remove()
    with database.running() as url:
        os.environ["DATABASE_URL"] = url
        click.echo("Cơ sở dữ liệu và danh mục / database and catalogues …")
        application.migrate()
        click.echo(f"  {_catalogues()}")
        files = _files(people, days, facilities)
        _take_in(files)
        accounts = _accounts(files) + _software(home() / "demo" / "software.json")
        if not stop:
            _serve(port, accounts)


def _catalogues() -> str:
    from yteso import catalogues, standards

    today = date.today()  # noqa: DTZ011 (the day on the wall)
    return (
        f"{sum(len(s.tables) for s in standards.STANDARDS.values())} bảng chỉ tiêu, "
        f"{len(standards.CODE_LISTS)} danh mục mã, {len(catalogues.icd10(today))} mã ICD-10, "
        f"{len(catalogues.communes(today))} xã phường"
    )


def _files(people: int, days: int, facilities: int) -> Path:
    """The visit files on disk; written once."""
    from yteso.sandbox.simulate import REFORM, simulate

    folder = home() / "demo" / f"{people}-{days}-{facilities}-{SEED}"
    if not folder.exists():
        click.echo("Tạo người và lượt khám giả lập / synthetic people and visits …")
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        # Up to yesterday: what the pages say of this month, and of who has gone silent, is worth looking at.
        start = max(REFORM, date.today() - timedelta(days=days))  # noqa: DTZ011 (the day on the wall)
        simulate(partial, people=people, days=days, facilities=facilities, seed=SEED, start=start, dirty=0.03)
        partial.rename(folder)
    click.echo(f"  {folder}")
    return folder


def _take_in(folder: Path) -> None:
    from yteso import registry
    from yteso.cli.intake import refresh_figures, run, summary
    from yteso.intake.paths import files_under
    from yteso.sandbox import arrivals

    registry.load(folder / "facilities.csv")
    totals, _ = run((folder,))
    with database.connect() as conn:
        arrivals.spread(conn, [file.name for file in files_under((folder,))])
    refresh_figures()
    click.echo(f"  {summary(totals)}" if totals.files else "  Đã nhận từ trước / already received")


def _accounts(folder: Path) -> list:
    from yteso.sandbox import accounts

    with database.connect() as conn:
        return accounts.create(conn, folder, folder / "accounts.json")


def _software(file: Path) -> list:
    """An account for the software of each facility that has staff here; kept beside the passwords of the people."""
    from yteso.access.models import Membership, Role
    from yteso.exchange import credentials
    from yteso.sandbox.accounts import Account

    known = json.loads(file.read_text()) if file.exists() else {}
    for code in sorted(set(Membership.objects.filter(role=Role.FACILITY).values_list("facility", flat=True))):
        if code not in known:
            made, secret = credentials.create(code, f"{code}_BV", by="demo")
            known[code] = {"name": made.name, "password": secret, "what": f"Phần mềm của cơ sở {code}"}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(known, stream, ensure_ascii=False, indent=1)
    return [Account(**one) for one in known.values()]


def _serve(port: int, accounts: list) -> None:
    # Each in a group of its own: Ctrl-C reaches this process alone, which then ends them in order.
    web, worker = (
        subprocess.Popen([sys.executable, "-m", "yteso.cli", *arguments], process_group=0)  # noqa: S603 (ourselves)
        for arguments in (("serve", "--port", str(port)), ("worker",))
    )
    click.echo(f"\n  http://localhost:{port}/")
    click.echo(f"  http://localhost:{port}/api/v1/docs  cho phần mềm / for software")
    click.echo(f"  http://localhost:{port}/fhir/R4/metadata  FHIR R4 (yteso token)\n")
    width = max(len(account.name) for account in accounts)
    for account in accounts:
        click.echo(f"  {account.name:<{width}}  {account.password}  {account.what}")
    click.echo("\nCtrl-C để dừng / to stop.")
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: sys.exit(0))
    try:
        while web.poll() is None and worker.poll() is None:
            sleep(0.5)
        click.echo("Một tiến trình đã dừng / a process has ended; stopping.", err=True)
    except KeyboardInterrupt:
        click.echo()
    finally:
        for process in (web, worker):
            process.terminate()
        for process in (web, worker):
            process.wait(30)


def _remove() -> None:
    from yteso.config.postgres import Server

    folder = Path(os.environ.get("YTESO_HOME") or ".yteso").absolute()
    if not folder.exists():
        return
    server = Server(folder)
    if (server.data / "PG_VERSION").exists():
        server.stop()
    shutil.rmtree(server.root, ignore_errors=True)
    shutil.rmtree(server.sockets, ignore_errors=True)
    shutil.rmtree(folder)
    click.echo(f"Đã xóa / removed {folder}")
