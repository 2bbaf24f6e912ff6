"""`yteso fhir package`"""

import getpass
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
import orjson

from yteso.cli.node import connected


DONE, REFUSED, NO_PACKAGE = 0, 1, 2
PORTION = 50
"""Resources saved together."""


@click.group()
def command() -> None:
    """FHIR packages: profiles, value sets and code systems of others.

    \b
    Example: yteso fhir package load hl7.fhir.r4.core.tgz
    """


@command.command("load")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def load(path: Path, as_json: bool) -> None:
    """Store the conformance resources of a package (.tgz), as if each were written over FHIR.

    From then on $validate knows its profiles. Loading a package again, or a newer one, replaces what has the same id;
    earlier versions stay in the history.

    \b
    Exit code: 0 all are stored; 1 some were refused, the reasons are on the error stream; 2 the file is no FHIR
    package; 3 the database failed.

    \b
    Example: yteso fhir package load hl7.fhir.r4.core.tgz --json
    """
    from yteso.fhir.validation.packages import NoPackage, conformance

    try:
        resources = list(conformance(path))
    except NoPackage as error:
        click.echo(f"{path}: {error}", err=True)
        sys.exit(NO_PACKAGE)
    stored, refused = _store(data for _, data in resources)
    for name, reason in refused:
        click.echo(f"{name}: {reason}", err=True)
    if as_json:
        click.echo(orjson.dumps({"file": str(path), "stored": stored, "refused": len(refused)}))
    else:
        click.echo(f"{path}: đã lưu / stored {stored}, không nhận / refused {len(refused)}")
    sys.exit(REFUSED if refused else DONE)


def _store(resources: Iterator[bytes]) -> tuple[int, list[tuple[str, str]]]:
    """How many were stored, and what was not and why; a portion at a time."""
    from yteso.access.policy import Reader
    from yteso.fhir import writing
    from yteso.fhir.server.faults import Fault

    writer = Reader(account=f"{getpass.getuser()}@cli", role="operator", purpose="fhir package")
    stored, refused = 0, []
    with connected() as conn:
        while portion := list(islice(resources, PORTION)):
            changes = {}
            for data in portion:
                try:
                    change = _change(data)
                    changes[change.type, change.id] = change
                except Fault as fault:
                    issue = fault.issues[0]
                    refused.append((orjson.loads(data)["url"], f"{issue.where}: {issue.vi} / {issue.en}"))
            writing.save(conn, writer, list(changes.values()), "")
            conn.commit()
            stored += len(changes)
    return stored, refused


def _change(data: bytes):
    """The resource under its own id, or one made of its address; raises Fault."""
    from yteso.fhir import writing
    from yteso.record.ids import derive, fhir_id

    content = writing.read(data)
    id = content.id or fhir_id(derive("canonical", orjson.loads(data)["url"]))
    return writing.Change(content.type, id, content.named(id))
