"""`yteso fhir`"""

import sys
from collections.abc import Callable
from pathlib import Path

import click
import orjson

from yteso.cli import fhir_import, fhir_package
from yteso.fhir.structure import Issue, check
from yteso.fhir.structure.reading import BROKEN, Unreadable
from yteso.fhir.xml import to_json


VALID, PROBLEMS, UNREADABLE = 0, 1, 2

Check = Callable[[bytes], list[Issue]]


@click.group()
def command() -> None:
    """FHIR R4 resources in files: check them, import them, load packages of them.

    \b
    Example: yteso fhir check patient.json
             yteso fhir import patients.ndjson observations.ndjson
             yteso fhir package load hl7.fhir.r4.core.tgz
    """


command.add_command(fhir_import.command)
command.add_command(fhir_package.command, "package")


@command.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--full", is_flag=True, help="Also invariants, extensible value sets, and the profiles in meta.profile.")
@click.option("--profile", "profiles", multiple=True, metavar="URL", help="Also this profile (implies --full).")
@click.option(
    "--package",
    "packages",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A FHIR package (.tgz) that has the profiles.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the report."
)
def check_files(
    paths: tuple[Path, ...],
    full: bool,
    profiles: tuple[str, ...],
    packages: tuple[Path, ...],
    as_json: bool,
    lang: str,
) -> None:
    """Check the structure of resources, each a FILE of JSON or XML.

    Names, cardinality, types, forms of values, codes of required bindings, types that references point at; with --full
    or --profile all that $validate of the FHIR server looks at.

    \b
    Exit code: 0 all are valid, perhaps with warnings; 1 there are problems; 2 a file cannot be opened, or is neither
    JSON nor XML.

    \b
    Example: yteso fhir check patient.json bundle.xml --json
    Example: yteso fhir check bp.json --package hl7.fhir.r4.core.tgz --profile http://hl7.org/fhir/StructureDefinition/bp
    """
    looks = _validation(profiles, packages) if full or profiles else check
    worst = VALID
    for path in paths:
        try:
            found = _issues(path.read_bytes(), looks)
        except OSError as error:
            click.echo(f"{path}: không mở được / cannot be opened ({error.strerror})", err=True)
            worst = UNREADABLE
            continue
        worst = max(worst, _code(found))
        if as_json:
            click.echo(orjson.dumps({"file": str(path), "valid": _code(found) == VALID, "issues": found}))
        else:
            _print(path, found, lang)
    sys.exit(worst)


def _validation(profiles: tuple[str, ...], packages: tuple[Path, ...]) -> Check:
    from yteso.fhir.validation import Validator
    from yteso.fhir.validation.codes import Codes
    from yteso.fhir.validation.packages import NoPackage, definitions

    try:
        known = definitions(list(packages))
    except NoPackage as error:
        raise click.ClickException(str(error)) from None
    validator = Validator(known.get, Codes().member_of)
    return lambda data: validator.validate(data, profiles)


def _issues(data: bytes, looks: Check) -> list[Issue]:
    try:
        return looks(to_json(data) if data.lstrip()[:1] == b"<" else data)
    except Unreadable as error:
        return [error.issue]


def _code(found: list[Issue]) -> int:
    if any(one.problem in BROKEN for one in found):
        return UNREADABLE
    return PROBLEMS if any(one.severity == "error" for one in found) else VALID


def _print(path: Path, found: list[Issue], lang: str) -> None:
    if _code(found) == VALID:
        click.echo(f"{path}: {'hợp lệ' if lang == 'vi' else 'valid'}")
    for one in found:
        kind = one.code if one.severity == "error" else f"{one.severity}: {one.code}"
        click.echo(f"{path}: {one.location or '–'} ({kind}): {getattr(one, lang)}")
