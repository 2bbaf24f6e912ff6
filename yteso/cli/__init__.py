"""The console script: one module per command, loaded only when it is called."""

from importlib import import_module

import click

from yteso.config.errors import SettingError


COMMANDS = {
    "check": "Check envelopes without a database",
    "rules": "List the rules; set them for a province",
    "lists": "Load what is approved for a facility",
    "intake": "Store, check, map and save envelopes",
    "watch": "Take in files dropped into a folder",
    "simulate": "Write synthetic people and visits as envelopes",
    "person": "Show a person's record",
    "dossier": "Versions of a dossier, and taking it back",
    "serve": "Run the web server",
    "worker": "Process what arrives through the web",
    "fhir": "FHIR resources in files",
    "credential": "Accounts for the software of facilities",
    "token": "Clients of the FHIR server",
    "quality": "Figures on what facilities send",
    "migrate": "Create or update the database",
    "demo": "A synthetic province, end to end",
    "bench": "Measure speed",
}


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return import_module(f"yteso.cli.{name}").command if name in COMMANDS else None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingError as error:
            raise click.UsageError(str(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yteso")
def main() -> None:
    """yteso: the open health-data platform of Viet Nam.

    Example: yteso check hoso.xml
    """
