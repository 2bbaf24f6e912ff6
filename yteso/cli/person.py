"""`yteso person`"""

import getpass
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import orjson

from yteso.cli.node import connected


if TYPE_CHECKING:
    from yteso.access.reads import Record

NOT_FOUND = 1


@click.command()
@click.argument("number")
@click.option("--purpose", default="operator", show_default=True, help="Why the record is read; kept in the log.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as a FHIR Bundle (one line per person).")
def command(number: str, purpose: str, as_json: bool) -> None:
    """Show the record of the person with this personal number (số định danh cá nhân).

    The reading is logged under your account on this machine. Documents with a sensitivity label are left out.

    \b
    Exit code: 0 found; 1 nobody has this number; 3 the database failed.

    \b
    Example: yteso person 001086900123 --json
    """
    with connected() as conn:
        from yteso import people
        from yteso.access.reads import Reader, open_record

        reader = Reader(account=f"{getpass.getuser()}@cli", role="operator", purpose=purpose)
        found = people.find(conn, number)
        for person in found:
            record = open_record(conn, reader, person)
            click.echo(record.bundle() if as_json else "\n".join(lines(record)))
    if not found:
        click.echo(f"Không có ai mang số {number} / nobody has this number", err=True)
        sys.exit(NOT_FOUND)


def lines(record: "Record") -> Iterator[str]:
    """The record as text: who, then each visit with its diagnoses, drugs and results, newest first."""
    patient = record.patient or {}
    name = next((said.get("text", "") for said in patient.get("name", ())), "")
    yield f"{name}  ·  {_date(patient.get('birthDate', ''))}  ·  {len(record.visits)} lượt khám / visits"
    for visit in record.visits:
        yield ""
        yield f"{visit.started:%d/%m/%Y} – {visit.ended:%d/%m/%Y}  {visit.facility}  {visit.source}"
        resources = [orjson.loads(json) for _, _, json in visit.body]
        yield from (f"  {text}" for text in _clinical(resources))


def _clinical(resources: list[dict[str, Any]]) -> Iterator[str]:
    for kind, mark, text in (
        ("Condition", "chẩn đoán", _condition),
        ("MedicationRequest", "thuốc", _drug),
        ("Observation", "kết quả", _result),
    ):
        for resource in resources:
            if resource["resourceType"] == kind and (said := text(resource)):
                yield f"{mark}: {said}"


def _condition(resource: dict[str, Any]) -> str:
    return " ".join(filter(None, (_code(resource.get("code", {})), resource.get("code", {}).get("text", ""))))


def _drug(resource: dict[str, Any]) -> str:
    drug = resource.get("medicationCodeableConcept", {})
    dose = next((said.get("text", "") for said in resource.get("dosageInstruction", ())), "")
    return " – ".join(filter(None, (drug.get("text") or _code(drug), dose)))


def _result(resource: dict[str, Any]) -> str:
    quantity = resource.get("valueQuantity")
    value = f"{quantity.get('comparator', '')}{quantity['value']} {quantity.get('unit', '')}" if quantity else ""
    said = value or resource.get("valueString", "")
    return f"{resource.get('code', {}).get('text') or _code(resource.get('code', {}))}: {said}" if said else ""


def _code(concept: dict[str, Any]) -> str:
    coding = next(iter(concept.get("coding", ())), {})
    return " ".join(filter(None, (coding.get("code", ""), coding.get("display", ""))))


def _date(text: str) -> str:
    return "/".join(reversed(text.split("-")))
