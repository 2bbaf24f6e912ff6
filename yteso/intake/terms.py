"""What is agreed with provinces and facilities, in the database: settings of rules, and approved lists.

Both only grow: what was in force for an earlier file can always be told.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from yteso.intake import facility_lists
from yteso.intake.checking import RULES
from yteso.intake.facility_lists import NONE, FacilityLists
from yteso.intake.policy import DEFAULT, Policy, Setting, verify


class Terms(NamedTuple):
    """By what a facility's dossiers are checked."""

    policy: Policy = DEFAULT
    lists: FacilityLists = NONE


USUAL = Terms()
"""Where nothing was agreed: the rule table alone."""


def of_facility(conn: psycopg.Connection, facility: str) -> Terms:
    """The policy of the facility's province, and its lists."""
    return Terms(policy(conn, province(conn, facility)), lists(conn, facility))


def province(conn: psycopg.Connection, facility: str) -> str:
    """As the register of facilities has it, else as the facility's code begins."""
    row = conn.execute("select province from registry_facility where code = %s", (facility,)).fetchone()
    return row[0] if row and row[0] else facility[:2]


def policy(conn: psycopg.Connection, province: str) -> Policy:
    settings = tuple(history(conn, province))
    return Policy(settings) if settings else DEFAULT


def history(conn: psycopg.Connection, province: str, rule: str | None = None) -> list[Setting]:
    """Every setting of a province, oldest first; of one rule when it is named."""
    cursor = conn.cursor(row_factory=class_row(Setting)).execute(
        """select rule, effective_from, effective_to, "on", severity, tolerance, reason, changed_by, changed_at
           from intake_rule_setting
           where province = %(province)s and (%(rule)s::text is null or rule = %(rule)s) order by id""",
        {"province": province, "rule": rule},
    )
    return cursor.fetchall()


def add(conn: psycopg.Connection, province: str, setting: Setting) -> None:
    """Record a setting inside the caller's transaction. Raises SettingError."""
    verify(setting, RULES.get(setting.rule))
    conn.execute(
        """insert into intake_rule_setting (province, rule, effective_from, effective_to, "on", severity, tolerance,
                                            reason, changed_by)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            *(province, setting.rule, setting.effective_from, setting.effective_to, setting.on),
            *(setting.severity, setting.tolerance, setting.reason, setting.changed_by),
        ),
    )


def lists(conn: psycopg.Connection, facility: str) -> FacilityLists:
    """The lists last loaded for a facility. Those that were read before are not read again."""
    rows = conn.execute(
        """select distinct on (name) id, name, sha256 from intake_facility_list
           where facility = %s order by name, id desc""",
        (facility,),
    ).fetchall()
    if not rows:
        return NONE
    return FacilityLists({name: _parsed(_Body(conn, id, name, bytes(digest))) for id, name, digest in rows})


def load_lists(conn: psycopg.Connection, facility: str, texts: Mapping[str, str], by: str) -> FacilityLists:
    """Record the lists of a facility inside the caller's transaction. Raises ListError; then nothing is recorded."""
    found = facility_lists.parse(texts)
    conn.cursor().executemany(
        "insert into intake_facility_list (facility, name, body, sha256, loaded_by) values (%s, %s, %s, %s, %s)",
        [(facility, name, text, sha256(text.encode()).digest(), by) for name, text in texts.items()],
    )
    return found


class _Body:
    """A list in the database, known by its content: fetched only when it is not in memory yet."""

    def __init__(self, conn: psycopg.Connection, id: int, name: str, digest: bytes) -> None:
        self.conn, self.id, self.key = conn, id, (name, digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Body) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def text(self) -> str:
        return self.conn.execute("select body from intake_facility_list where id = %s", (self.id,)).fetchone()[0]


@lru_cache(maxsize=64)
def _parsed(body: _Body) -> Mapping[str, tuple[facility_lists.Entry, ...]]:
    name = body.key[0]
    return facility_lists.parse({name: body.text()}).entries[name]
