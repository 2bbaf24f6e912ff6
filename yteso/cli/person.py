"""`yteso person`"""

import click


NOT_FOUND = 1


@click.command()
@click.argument("number")
@click.option("--purpose", default="operator-support", show_default=True, help="Why the record is read; it is logged.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as a FHIR Bundle.")
def command(number: str, purpose: str, as_json: bool) -> None:
    """Show the record of the person with this personal number, insurance card or name of the record.

    The reading is logged with your account on this machine.

    \b
    Exit code: 0 found; 1 nobody has this number.

    \b
    Example: yteso person 001086900123 --json
    """
