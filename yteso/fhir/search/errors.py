"""What is wrong with a search, in words. The texts are in `data/messages.csv`."""

import csv
from functools import cache
from pathlib import Path


LONGEST = 80
"""Characters of a value that an error repeats."""


class SearchError(ValueError):
    """A search that cannot be answered as asked.

    `reason` is the row of the message table, `parameter` the parameter as the client wrote it, `value` its value.
    `vi` and `en` say what is wrong and how to mend it. A value may be personal: show the texts to the client only.
    """

    def __init__(self, reason: str, parameter: str, value: str = "", **more: str) -> None:
        self.reason, self.parameter, self.value = reason, parameter, value
        blanks = {name: _short(text) for name, text in {"parameter": parameter, "value": value, **more}.items()}
        row = _messages()[reason]
        self.vi = f"{row['message_vi']} {row['hint_vi']}".format(**blanks)
        self.en = f"{row['message_en']} {row['hint_en']}".format(**blanks)
        super().__init__(f"{self.vi} / {self.en}")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


@cache
def _messages() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "data/messages.csv").open(encoding="utf-8", newline="") as file:
        return {row["reason"]: row for row in csv.DictReader(file, strict=True)}
