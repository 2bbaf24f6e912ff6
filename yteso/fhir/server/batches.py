"""A bundle that is sent to the base: a batch, whose entries are independent, or a transaction.

https://hl7.org/fhir/R4/http.html#transaction
"""

from yteso.fhir import structure
from yteso.fhir.documents import mhd
from yteso.fhir.server import bundles, entries, formats, transactions
from yteso.fhir.server.entries import Entry
from yteso.fhir.server.faults import Fault, outcome, wrong
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.writing import content


def carry_out(request: Request) -> Answer:
    data = formats.resource(request)
    problems = structure.check(data)
    if found := entries.outside(problems):
        raise content.wrong(found)
    kind, given = entries.read(data, problems)
    if kind == "transaction":
        if found := problems or mhd.problems(data):
            raise content.wrong(found)
        answers = transactions.carried_out(request, given)
    elif kind == "batch":
        answers = [_alone(request, entry) for entry in given]
    else:
        raise wrong(
            "Bundle gửi đến đây có type là batch hoặc transaction.", "A Bundle sent here is a batch or a transaction."
        )
    return bundles.answer(f"{kind}-response", map(entries.answered, answers))


def _alone(request: Request, entry: Entry) -> Answer:
    """An entry of a batch, whatever becomes of it."""
    from yteso.fhir.server.application import respond  # which knows this module by its routes

    try:
        if entry.problems:
            raise content.wrong(entry.problems)
        return respond(entries.request(request, entry))
    except Fault as fault:
        return Answer(outcome(*fault.issues), fault.status, fault.headers)
