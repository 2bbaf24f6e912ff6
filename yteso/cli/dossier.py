"""`yteso dossier`"""

import getpass
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import orjson

from yteso.cli.node import connected


if TYPE_CHECKING:
    from yteso.intake.differences import Difference, RowChange
    from yteso.intake.versions import History, Version

NOT_FOUND = 1


@click.group()
def command() -> None:
    """Versions of a dossier, what was corrected in them, and taking it back.

    \b
    Example: yteso dossier show 99001 LK-000001
    """


@command.command()
@click.argument("facility")
@click.argument("ma_lk")
@click.option("--old", type=int, metavar="N", help="Version to compare from.  [default: the last but one accepted]")
@click.option("--new", type=int, metavar="N", help="Version to compare to.  [default: the last accepted]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(facility: str, ma_lk: str, old: int | None, new: int | None, as_json: bool) -> None:
    """Show every version of a dossier that FACILITY sent under MA_LK, and what changed between two of them.

    Comparing is a reading of personal data: it is logged under your account on this machine.

    \b
    Exit code: 0 found; 1 the facility has sent no such dossier; 2 there is no such version; 3 the database failed.

    \b
    Example: yteso dossier show 99001 LK-000001 --old 1 --new 3 --json
    """
    with connected() as conn:
        from yteso.access.reads import Reader
        from yteso.intake import comparing, versions

        found = versions.history(conn, facility, ma_lk)
        if found is None:
            _not_found(facility, ma_lk)
        pair = _pair(found, old, new)
        reader = Reader(account=_account(), role="operator", purpose="sent-dossier")
        difference = comparing.compare(conn, reader, found, *pair) if pair else None
    if as_json:
        click.echo(orjson.dumps(_json(found, pair, difference)))
        return
    for line in (*_versions(found), *(_differences(pair, difference) if pair else ())):
        click.echo(line)


@command.command()
@click.argument("facility")
@click.argument("ma_lk")
@click.option("--reason", required=True, help="Why it is taken back; kept for good.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def withdraw(facility: str, ma_lk: str, reason: str, as_json: bool) -> None:
    """Take back a dossier that FACILITY sent under MA_LK.

    It leaves the health record; everything that was sent stays in its history. Doing it twice does no harm. A version
    written and sent later brings the dossier back.

    \b
    Exit code: 0 withdrawn, now or before; 1 the facility has no accepted dossier of this MA_LK; 2 wrong usage;
    3 the database failed.

    \b
    Example: yteso dossier withdraw 99001 LK-000001 --reason "Nhập nhầm người bệnh"
    """
    with connected() as conn:
        from yteso.intake import withdrawals

        try:
            outcome = withdrawals.withdraw(conn, facility, ma_lk, reason=reason, account=_account())
        except withdrawals.NoReason as error:
            raise click.BadParameter(str(error), param_hint="--reason") from error
    if as_json:
        click.echo(orjson.dumps({"facility": facility, "ma_lk": ma_lk, "outcome": outcome}))
    if outcome == "unknown":
        _not_found(facility, ma_lk)
    if not as_json:
        said = {"withdrawn": "Đã rút hồ sơ / withdrawn", "already": "Hồ sơ đã được rút trước đó / already withdrawn"}
        click.echo(f"{said[outcome]}: {facility} {ma_lk}")


def _account() -> str:
    return f"{getpass.getuser()}@cli"


def _not_found(facility: str, ma_lk: str) -> None:
    click.echo(f"Cơ sở {facility} không có hồ sơ {ma_lk} / no such dossier of this facility", err=True)
    sys.exit(NOT_FOUND)


def _pair(found: "History", old: int | None, new: int | None) -> tuple["Version", "Version"] | None:
    if old is None and new is None:
        return found.last_two
    numbers = {version.number: version for version in found.versions}
    last = found.last_two or found.versions[-1:] * 2
    wanted = (last[0].number if old is None else old, last[1].number if new is None else new)
    for number in wanted:
        if number not in numbers:
            raise click.UsageError(f"không có bản {number}, chỉ có 1 đến {len(numbers)} / there is no version {number}")
    return numbers[wanted[0]], numbers[wanted[1]]


def _json(found: "History", pair: tuple["Version", "Version"] | None, of: "Difference | None") -> dict[str, object]:
    return {
        "facility": found.facility,
        "ma_lk": found.ma_lk,
        "withdrawn": found.withdrawn,
        "current": found.current and found.current.number,
        "versions": [
            {
                "number": version.number,
                "receipt": version.receipt,
                "position": version.position,
                "file": version.name,
                "made": version.made,
                "received": version.received,
                "standard": version.standard,
                "outcome": version.outcome,
                "saved": version.saved,
                "critical": version.critical,
                "warnings": version.warnings,
            }
            for version in found.versions
        ],
        "withdrawals": [{"at": one.at, "account": one.account, "reason": one.reason} for one in found.withdrawals],
        "difference": pair
        and {
            "old": pair[0].number,
            "new": pair[1].number,
            "standards": [of.old_standard, of.new_standard],
            "not_compared": of.left_out,
            "money": [{"field": m.field, "old": str(m.old), "new": str(m.new), "more": str(m.more)} for m in of.money],
            "rows": [_row_json(row) for row in of.rows],
        },
    }


def _row_json(row: "RowChange") -> dict[str, object]:
    fields = [{"field": one.field, "old": one.old, "new": one.new} for one in row.fields]
    return {"table": row.table, "kind": row.kind, "old_row": row.old_at, "new_row": row.new_at, "fields": fields}


def _versions(found: "History") -> Iterator[str]:
    state = "đã rút / withdrawn" if found.withdrawn else f"{len(found.versions)} bản / versions"
    yield f"{found.facility} {found.ma_lk}: {state}"
    for version in found.versions:
        mark = "*" if version is found.current else " "
        saved = version.saved or "–"
        yield (
            f"{mark} {version.number}  {version.receipt}  {version.received:%H:%M %d/%m/%Y}  "
            f"NGAYLAP {version.made:%d/%m/%Y}  {version.standard}  {version.outcome}/{saved}  {version.name}"
        )
    for one in found.withdrawals:
        yield f"  rút / withdrawn {one.at:%H:%M %d/%m/%Y}  {one.account}: {one.reason}"


def _differences(pair: tuple["Version", "Version"], of: "Difference") -> Iterator[str]:
    from yteso.intake import messages

    yield ""
    yield f"Bản {pair[1].number} so với bản {pair[0].number} / version {pair[1].number} against {pair[0].number}:"
    if of.old_standard != of.new_standard:
        left_out = f"; không so / not compared: {', '.join(of.left_out)}" if of.left_out else ""
        yield f"  chuẩn / standard {of.old_standard} → {of.new_standard}{left_out}"
    if not of.rows:
        yield "  không khác / no difference"
    kinds = {"added": "thêm dòng / added row", "removed": "bỏ dòng / removed row", "changed": "dòng / row"}
    for row in of.rows:
        yield f"  {row.table} {kinds[row.kind]} {row.new_at or row.old_at}"
        for one in row.fields:
            label = messages.label(row.table, one.field, "vi")
            yield f"    {label} ({one.field}): {one.old or '–'} → {one.new or '–'}"
