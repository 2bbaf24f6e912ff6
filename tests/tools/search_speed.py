"""Microseconds per resource of matching, over 1,000 decoded official observations, best of fifteen.

python tests/tools/search_speed.py
"""

import sys
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import orjson


sys.path.insert(0, str(Path(__file__).parents[1] / "fhir/search"))

from search_cases import examples

from yteso.fhir.search import parse


SEARCHES = (
    [("code", "29463-7"), ("date", "ge2010")],
    [("code", "http://loinc.org|29463-7"), ("date", "ge2010")],
    [("patient", "Patient/example")],
    [("status", "final"), ("category", "vital-signs"), ("patient", "example")],
    [("value-quantity", "gt5||kg")],
    [("combo-code-value-quantity", "8480-6$gt140")],
)


def main() -> None:
    texts = [orjson.dumps(one) for one in examples() if one["resourceType"] == "Observation"]
    resources = [orjson.loads(text) for text in islice(cycle(texts), 1_000)]
    for search in SEARCHES:
        query = parse("Observation", search, strict=True)
        best = min(_seconds(query, resources) for _ in range(15))
        print(f"{best * 1e6 / len(resources):6.2f} µs  {'&'.join('='.join(pair) for pair in search)}")


def _seconds(query, resources: list[dict]) -> float:
    start = perf_counter()
    sum(map(query.matches, resources))
    return perf_counter() - start


if __name__ == "__main__":
    main()
