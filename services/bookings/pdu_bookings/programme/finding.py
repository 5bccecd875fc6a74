"""Which learning events somebody looks for, and in which order they come."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import Field, StringConstraints

from pdu_bookings.rules.programme import DurationClass
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import AccessTier, DeliveryMode, Level
from pdu_shared.database import Conn
from pdu_shared.forms import Day, Form


class When(StrEnum):
    """Whether they are still to come, the soonest first, or over, the latest first."""

    COMING = "coming"
    PAST = "past"


class TimeOfDay(StrEnum):
    """When a session begins: before noon, before five, or after."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Filters(Form):
    """What to look for. Filters add up; what is left out does not matter."""

    when: When = When.COMING
    q: Annotated[
        str | None,
        StringConstraints(min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
        Field(description="Words of its title, purpose, outcomes, topics or themes: all of them"),
    ] = None
    workstream: Code | None = None
    type: Annotated[Code | None, Field(description="The event_type, such as workshop")] = None
    mode: DeliveryMode | None = None
    first_day: Annotated[
        Day | None, Field(alias="from", description="The first day on which it may begin")
    ] = None
    last_day: Annotated[
        Day | None, Field(alias="to", description="The last day on which it may begin")
    ] = None
    out_of_hours: Annotated[
        bool | None, Field(description="Whether any session is outside office hours")
    ] = None
    time_of_day: TimeOfDay | None = None
    audience: Annotated[
        Code | None, Field(description="Meant for these; what is meant for any comes, too")
    ] = None
    level: Level | None = None
    duration_class: DurationClass | None = None
    access_tier: AccessTier | None = None
    series: Annotated[Code | None, Field(description="The key of a series or programme")] = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    @property
    def used(self) -> list[str]:
        """The filters in use, by their names in the address."""
        fields = type(self).model_fields
        ways = {"when", "after", "limit"}
        return [
            fields[name].alias or name
            for name in fields
            if name not in ways and getattr(self, name) is not None
        ]

    def without(self, name: str) -> Self:
        """The same search with one filter taken away."""
        fields = {about.alias or one: one for one, about in type(self).model_fields.items()}
        return self.model_copy(update={fields[name]: None, "after": None})


Asked = Annotated[Filters, Query()]


async def find(conn: Conn, filters: Filters, *, now: datetime, limit: int) -> Sequence[UUID]:
    """The published learning events that are looked for: nearest in time first, at most so many."""
    rows = await conn.fetch(
        _FOUND,
        now,
        filters.when is When.PAST,
        filters.after,
        limit,
        bool(filters.used),
        filters.workstream,
        filters.type,
        filters.audience,
        filters.level,
        filters.access_tier,
        filters.series,
        filters.mode,
        filters.out_of_hours,
        filters.time_of_day,
        filters.duration_class,
        filters.first_day,
        filters.last_day,
        filters.q,
    )
    return [row["learning_event_id"] for row in rows]


# One look at `$5` spares whoever looks for nothing in particular all the others.
_FOUND = """
    SELECT learning_event_id
      FROM (SELECT learning_event_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
              FROM session JOIN learning_event USING (learning_event_id)
             WHERE state = 'published'
               AND (NOT $5 OR (
                       ($6::text IS NULL OR $6 = ANY (workstreams))
                   AND ($7::text IS NULL OR event_type = $7)
                   AND ($8::text IS NULL OR audience && ARRAY[$8, 'any'])
                   AND ($9::text IS NULL OR level = $9)
                   AND ($10::text IS NULL OR access_tier = $10)
                   AND ($11::text IS NULL OR $11 IN (series, programme))
                   AND ($18::text IS NULL OR learning_event_id IN (
                           SELECT learning_event_id FROM learning_event
                            WHERE words @@ websearch_to_tsquery('english', $18)))))
             GROUP BY learning_event_id
            HAVING NOT $5 OR (
                       ($12::text IS NULL OR bool_or(mode = $12))
                   AND ($13::boolean IS NULL OR coalesce(bool_or(out_of_hours), false) = $13)
                   AND ($14::text IS NULL OR bool_or(
                           CASE WHEN starts_local::time < '12:00' THEN 'morning'
                                WHEN starts_local::time < '17:00' THEN 'afternoon'
                                ELSE 'evening' END = $14))
                   AND ($15::text IS NULL OR
                           CASE WHEN count(*) > 1 THEN 'multi_session'
                                WHEN max(ends_at - starts_at) < '2 hours' THEN 'under_2h'
                                WHEN max(ends_at - starts_at) <= '4 hours' THEN 'half_day'
                                ELSE 'full_day' END = $15)
                   AND ($16::date IS NULL OR min(starts_local)::date >= $16)
                   AND ($17::date IS NULL OR min(starts_local)::date <= $17))) AS found
     WHERE CASE WHEN $2 THEN ends_at <= $1 ELSE starts_at > $1 END
       AND ($3::uuid IS NULL
            OR (greatest(starts_at - $1, $1 - starts_at), learning_event_id)
               > ((SELECT greatest(min(starts_at) - $1, $1 - min(starts_at))
                     FROM session WHERE learning_event_id = $3), $3))
     ORDER BY greatest(starts_at - $1, $1 - starts_at), learning_event_id
     LIMIT $4
    """
