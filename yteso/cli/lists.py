"""`yteso lists`"""

import getpass
import os
import sys
from pathlib import Path

import click

from yteso.cli.intake import stopping_clearly
from yteso.config import application, database
from yteso.intake.facility_lists import ListError, read_folder


REFUSED = 1


@click.group()
def command() -> None:
    """Load what is approved for a facility, so that its dossiers are checked against it.

    A folder holds any of these CSV files (UTF-8, days as yyyy-mm-dd, blank: without end):

    \b
    drugs.csv       code,name,strength,registration,route,tender,price,effective_from,effective_to
    services.csv    code,name,price,effective_from,effective_to
    supplies.csv    code,name,tender,price,effective_from,effective_to
    staff.csv       code,name,scope,effective_from,effective_to        (code: number of the licence)
    departments.csv code,name,effective_from,effective_to
    contract.csv    code,level,care_types,effective_from,effective_to  (level 1 central … 4 commune; 01;03;09)
    facilities.csv  code,name,effective_from,effective_to              (all facilities of a province)

    What is not given is not judged; a cell left blank is not compared.

    \b
    Example: yteso lists load 01001 danh-muc/
    """


@command.command()
@click.argument("facility")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def load(facility: str, folder: Path) -> None:
    """Load the lists of FOLDER for FACILITY (MACSKCB); earlier ones are kept, the last of each name counts.

    \b
    Exit code: 0 loaded; 1 a list cannot be used, nothing was loaded; 3 the database failed.

    \b
    Example: yteso lists load 01001 danh-muc/
    """
    if not (len(facility) == 5 and facility.isascii() and facility.isalnum()):
        raise click.BadParameter("mã cơ sở gồm 5 ký tự / a facility has 5 characters", param_hint="FACILITY")
    try:
        texts = read_folder(folder)
        with stopping_clearly(), database.running() as url:
            os.environ["DATABASE_URL"] = url
            application.migrate()
            from yteso.intake import terms

            with database.connect() as conn:
                found = terms.load_lists(conn, facility, texts, f"{getpass.getuser()}@cli")
    except ListError as error:
        click.echo(str(error), err=True)
        sys.exit(REFUSED)
    for name, entries in found.entries.items():
        click.echo(f"{facility} {name}: {sum(map(len, entries.values()))}")
