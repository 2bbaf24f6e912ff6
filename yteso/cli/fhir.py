"""`yteso fhir`"""

import sys
from pathlib import Path

import click
import orjson

from yteso.fhir.structure import Issue, check
from yteso.fhir.structure.reading import BROKEN, Unreadable
from yteso.fhir.xml import to_json


VALID, PROBLEMS, UNREADABLE = 0, 1, 2


@click.group()
def command() -> None:
    """FHIR R4 resources in files.

    \b
    Example: yteso fhir check patient.json
    """


@command.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the report."
)
def check_files(paths: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """Check the structure of resources, each a FILE of JSON or XML.

    Names, cardinality, types, forms of values, codes of required bindings, types that references point at.

    \b
    Exit code: 0 all are valid; 1 there are problems; 2 a file cannot be opened, or is neither JSON nor XML.

    \b
    Example: yteso fhir check patient.json bundle.xml --json
    """
    worst = VALID
    for path in paths:
        try:
            found = _issues(path.read_bytes())
        except OSError as error:
            click.echo(f"{path}: không mở được / cannot be opened ({error.strerror})", err=True)
            worst = UNREADABLE
            continue
        worst = max(worst, _code(found))
        if as_json:
            click.echo(orjson.dumps({"file": str(path), "valid": not found, "issues": found}))
        else:
            _print(path, found, lang)
    sys.exit(worst)


def _issues(data: bytes) -> list[Issue]:
    try:
        return check(to_json(data) if data.lstrip()[:1] == b"<" else data)
    except Unreadable as error:
        return [error.issue]


def _code(found: list[Issue]) -> int:
    if any(one.problem in BROKEN for one in found):
        return UNREADABLE
    return PROBLEMS if found else VALID


def _print(path: Path, found: list[Issue], lang: str) -> None:
    if not found:
        click.echo(f"{path}: {'hợp lệ' if lang == 'vi' else 'valid'}")
    for one in found:
        click.echo(f"{path}: {one.location or '–'} ({one.code}): {getattr(one, lang)}")
