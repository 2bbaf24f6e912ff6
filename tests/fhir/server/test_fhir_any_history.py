"""Whatever is written in whatever order: read, vread, history and search agree with a list of what was written."""

import json

import pytest
from asking import Asker, token
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sending import ORGANIZATION, bundle, entry, put, send


IDS = st.sampled_from(["a", "b"])
NAMES = st.sampled_from(["x", "y", "z"])


class Histories(RuleBasedStateMachine):
    """`known`: id → what each version was; None for a deletion."""

    asker: Asker
    run = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).run += 1
        self.known: dict[str, list[str | None]] = {}

    def id(self, id: str) -> str:
        """Another one in each run: the database is the same."""
        return f"{id}{self.run}"

    @rule(id=IDS, name=NAMES)
    def put(self, id, name) -> None:
        said = put(self.asker, ORGANIZATION | {"id": self.id(id), "name": name})
        self.wrote(id, name, said.status)

    @rule(id=IDS, name=NAMES, behind=st.integers(0, 2))
    def put_if_match(self, id, name, behind) -> None:
        version = max(len(self.known.get(id, [])) - behind, 0)
        said = put(self.asker, ORGANIZATION | {"id": self.id(id), "name": name}, If_Match=f'W/"{version}"')
        if behind or not version:
            assert said.status == 412
        else:
            self.wrote(id, name, said.status)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def delete(self, data) -> None:
        id = data.draw(st.sampled_from(sorted(self.known)))
        assert self.asker.ask(f"/Organization/{self.id(id)}", "DELETE").status == 204
        if self.known[id][-1] is not None:
            self.known[id].append(None)

    @rule(one=NAMES, other=NAMES, fails=st.booleans())
    def transaction(self, one, other, fails) -> None:
        entries = [
            entry("PUT", f"Organization/{self.id(id)}", ORGANIZATION | {"id": self.id(id), "name": name})
            for id, name in (("a", one), ("b", other))
        ]
        entries += [entry("GET", "Organization/nobody")] if fails else []
        said = send(self.asker, "POST", "", bundle("transaction", *entries))
        assert said.status == (404 if fails else 200)
        if not fails:
            for id, name, answer in zip("ab", (one, other), said.json()["entry"], strict=True):
                self.wrote(id, name, int(answer["response"]["status"][:3]))

    def wrote(self, id, name, status) -> None:
        versions = self.known.setdefault(id, [])
        assert status == (200 if versions and versions[-1] is not None else 201)
        if not versions or versions[-1] != name:
            versions.append(name)

    @invariant()
    def agree(self) -> None:
        for id, versions in self.known.items():
            address = f"/Organization/{self.id(id)}"
            read = self.asker.get(address)
            assert read.status == (410 if versions[-1] is None else 200)
            if read.status == 200:
                assert (read.json()["name"], read.headers["ETag"]) == (versions[-1], f'W/"{len(versions)}"')
            told = json.loads(self.asker.get(f"{address}/_history").body)["entry"]
            assert [one.get("resource", {}).get("name") for one in told] == versions[::-1]
            for number, name in enumerate(versions, 1):
                said = self.asker.get(f"{address}/_history/{number}")
                assert (said.json().get("name") if said.status == 200 else None) == name
            found = self.asker.get(f"/Organization?_id={self.id(id)}&name={versions[-1] or 'x'}").ids
            assert found == ([] if versions[-1] is None else [f"Organization/{self.id(id)}"])


@pytest.mark.usefixtures("node")
def test_any_history(conn) -> None:
    Histories.asker = Asker(token(conn, "emr", "system/*.*"))
    run_state_machine_as_test(Histories, settings=settings(max_examples=12, stateful_step_count=10, deadline=None))
