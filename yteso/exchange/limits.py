"""How often is too often. The counts are rows of the database, so that all server processes count together."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in `seconds`, counted from the first."""

    name: str
    most: int
    seconds: int


REQUESTS = Limit("requests", 600, 60)
"""Of one credential: the busiest hospitals finish a visit every few seconds."""

SIGN_IN = Limit("sign-in", 60, 60)
"""Of one credential, right or wrong; all unknown names count as one, so that guessing cannot fill the table."""


class TooMany(Exception):
    """The limit is used up; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.wait = wait


def count(limit: Limit, who: object) -> None:
    """Count once more. Raises TooMany."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into exchange_tally as t (what, started, count) values (%s, now(), 1)
               on conflict (what) do update set
                   count = case when t.started + %s * interval '1 second' < now() then 1 else t.count + 1 end,
                   started = case when t.started + %s * interval '1 second' < now() then now() else t.started end
               returning count, ceil(extract(epoch from started - now()))::int + %s""",
            (f"{limit.name}:{who}", limit.seconds, limit.seconds, limit.seconds),
        )
        done, wait = cursor.fetchone()
    if done > limit.most:
        raise TooMany(max(1, wait))
