"""`yteso rules`"""

import getpass
import sys
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import click
import orjson

from yteso.cli.node import connected
from yteso.intake.checking.listing import Listed, listed
from yteso.intake.policy import DEFAULT, Policy, Setting, SettingError, write_csv


REFUSED = 1
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])

province_option = click.option("--province", required=True, metavar="CODE", help="Two-digit code of the province.")


@click.group(invoke_without_command=True)
@click.option("--province", metavar="CODE", help="As this province has set them (two-digit code).")
@click.option(
    "--on", type=DAY, metavar="DATE", help="For visits that end on this day.  [default with --province: today]"
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per rule and line.")
@click.pass_context
def command(context: click.Context, province: str | None, on: datetime | None, as_json: bool) -> None:
    """List every rule, and set rules for a province.

    Each rule comes with its tables and fields, severity, source, the days and standards it applies to, whether it is
    on, and, where nobody outside the insurer can judge it, the reason.

    \b
    Exit code: 0; 1 a setting was refused; 3 the database failed.

    \b
    Example: yteso rules --json
             yteso rules --province 01 --on 2026-03-31
             yteso rules set XML1-042 --province 01 --from 2026-01-01 --off --reason "CV 12/SYT"
    """
    if context.invoked_subcommand:
        return
    policy, day = DEFAULT, on.date() if on else None
    if province:
        policy, day = _policy(province), day or datetime.now(VIET_NAM).date()
    for rule in listed(policy, day):
        click.echo(orjson.dumps(asdict(rule)) if as_json else _line(rule))


def _line(rule: Listed) -> str:
    to = f"{rule.effective_to:%d/%m/%Y}" if rule.effective_to else "…"
    state = (
        "bật" if rule.on else "tắt" if rule.implemented else f"không kiểm tra được / cannot be checked: {rule.reason}"
    )
    text = f"{rule.id:16} {rule.severity:8} {rule.effective_from:%d/%m/%Y}–{to:10} {state:4} {rule.condition}"
    return text if rule.implemented else f"{rule.id:16} {rule.severity:8} {state}"


@command.command("set")
@click.argument("rule")
@province_option
@click.option("--from", "first", type=DAY, required=True, metavar="DATE", help="First day of visits (their end).")
@click.option("--to", "last", type=DAY, metavar="DATE", help="Last day of visits.  [default: no end]")
@click.option("--on/--off", "on", default=None, help="Whether the rule speaks.")
@click.option("--severity", type=click.Choice(["critical", "warning"]), help="How serious what it finds is.")
@click.option("--tolerance", type=float, metavar="DONG", help="How far a sum may be off.")
@click.option("--reason", required=True, help="Why: the number of a letter, for example. Kept.")
def set_(
    rule: str,
    province: str,
    first: datetime,
    last: datetime | None,
    on: bool | None,
    severity: str | None,
    tolerance: float | None,
    reason: str,
) -> None:
    """Set a rule for the visits of one province that end in the given days.

    Nothing is overwritten: the last setting that covers a day counts, and all are kept.

    \b
    Example: yteso rules set XML1-072 --province 01 --from 2026-01-01 --tolerance 10 --reason "CV 12/SYT"
    """
    setting = Setting(
        *(rule, first.date(), last.date() if last else None, on, severity, tolerance),
        *(reason.strip(), f"{getpass.getuser()}@cli"),
    )
    with connected() as conn:
        from yteso.intake import terms

        try:
            terms.add(conn, _code(province), setting)
        except SettingError as error:
            click.echo(str(error), err=True)
            sys.exit(REFUSED)
    click.echo(f"{province} {_told(setting)}")


@command.command()
@province_option
@click.option("--rule", metavar="ID", help="This rule only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per change and line.")
def history(province: str, rule: str | None, as_json: bool) -> None:
    """Every change a province has made, oldest first, with who, when and why.

    \b
    Example: yteso rules history --province 01 --json
    """
    with connected() as conn:
        from yteso.intake import terms

        found = terms.history(conn, _code(province), rule)
    for setting in found:
        said = f"{setting.changed_at:%d/%m/%Y %H:%M}  {setting.changed_by}  {_told(setting)}"
        click.echo(orjson.dumps(asdict(setting)) if as_json else said)


@command.command()
@province_option
def export(province: str) -> None:
    """The settings of a province as CSV, for `yteso check --policy`.

    \b
    Example: yteso rules export --province 01 > ha-noi.csv
    """
    click.echo(write_csv(_policy(province)), nl=False)


def _told(setting: Setting) -> str:
    to = f"{setting.effective_to:%d/%m/%Y}" if setting.effective_to else "…"
    parts = (
        {True: "bật", False: "tắt", None: ""}[setting.on],
        setting.severity or "",
        "" if setting.tolerance is None else f"dung sai {setting.tolerance:g} đồng",
    )
    return (
        f"{setting.rule}  {setting.effective_from:%d/%m/%Y}–{to}  {', '.join(filter(None, parts))}  ({setting.reason})"
    )


def _policy(province: str) -> Policy:
    with connected() as conn:
        from yteso.intake import terms

        return terms.policy(conn, _code(province))


def _code(province: str) -> str:
    if not (len(province) == 2 and province.isascii() and province.isdigit()):
        raise click.BadParameter("mã tỉnh gồm 2 chữ số / a province has two digits", param_hint="--province")
    return province
