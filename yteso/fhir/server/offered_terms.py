"""TerminologyCapabilities (https://hl7.org/fhir/R4/terminologycapabilities.html): `/metadata?mode=terminology`."""

from functools import cache
from importlib.metadata import version

import orjson

from yteso.fhir.server.capability import DATE
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.valuesets import EXPAND
from yteso.fhir.terminology import library


def statement(request: Request) -> Answer:
    head = {
        "resourceType": "TerminologyCapabilities",
        "url": f"{request.base}/metadata?mode=terminology",
        "version": version("yteso"),
        "name": "yteso",
        "title": "yteso: hệ mã và tập giá trị / code systems and value sets",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "yteso", "version": version("yteso")},
        "implementation": {"description": "yteso", "url": request.base},
        "codeSystem": _systems(),
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": name} for name in sorted(EXPAND)],
            "textFilter": "Mỗi từ là phần đầu của một từ, không kể dấu / each word begins a word, whatever the marks",
        },
        "codeSearch": "all",
        "validateCode": {"translations": True},
        "translation": {"needsMap": False},
        "closure": {"translation": False},
    }
    return Answer(orjson.dumps(head))


@cache
def _systems() -> list[dict]:
    return [
        {
            "uri": url,
            "version": [
                {"code": one.version, "isDefault": one is editions[0]} if one.version else {"isDefault": True}
                for one in editions
            ],
            "subsumption": True,
        }
        for url, editions in library.built_in().items()
    ]
