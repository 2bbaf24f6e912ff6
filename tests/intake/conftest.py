"""Whatever a rule reports in a test is put into words: a rule that leaves a blank in its message fails the run."""

from collections.abc import Iterator

import pytest

from yteso.intake import messages
from yteso.intake.checking import engine


@pytest.fixture(scope="session", autouse=True)
def every_message_is_filled() -> Iterator[None]:
    left: set[tuple[str, frozenset[str]]] = set()
    file = engine.Sink.__call__

    def filing(sink: engine.Sink, *place: object, **params: str) -> None:
        file(sink, *place, **params)
        text = messages.texts().get(sink.rule.id)
        if text and "form" not in params and not params.keys() >= text.asked():
            left.add((sink.rule.id, frozenset(text.asked() - params.keys())))

    engine.Sink.__call__ = filing
    yield
    engine.Sink.__call__ = file
    assert not left, f"blanks that the rules do not fill: {sorted(map(str, left))}"
