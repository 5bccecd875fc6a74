"""What is known of those who ask for places, before anything is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from pdu_bookings.place.asking import Ask, Claim
from pdu_bookings.place.hall import halls_of
from pdu_bookings.rules.access import LOCAL_AREAS, Access
from pdu_bookings.rules.audience import MeantFor, Outside, Somebody, outside
from pdu_bookings.rules.hall import Hall
from pdu_shared.contracts.vocabulary import AccessTier
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer
from pdu_shared.problems import Problem

_HALL = (
    "session_id", "capacity", "taken", "waiting", "held", "online_capacity", "online_taken",
    "online_waiting", "starts_at", "parallel", "times_locked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one who asks, before anything is decided."""

    answer: Answer | Problem | None
    """What was answered before under this key, or the problem that it was another request."""
    erasures: int
    """How often this person was erased."""
    stands: bool
    """Whether they have an active booking."""
    person_id: UUID
    kept_as: UUID | None
    """The person that this one turned out to be."""
    open: bool
    """Whether the learning event can be booked. The lock was waited for; this is read after it."""
    access: Access
    """What it asks of those who book it."""
    approval: bool
    """Whether somebody decides on each who asks."""
    selective: bool
    """Whether the event is meant for some more than for others."""
    outside: Outside | None
    """Why somebody decides on this person, where the event is meant for others."""
    version: int | None = None
    """Of the row of the learning event: another one when anything of it was changed."""


async def known(conn: Conn, asks: Sequence[Ask], claims: Sequence[Claim]) -> list[Known]:
    """What is known of those who ask, in their order."""
    rows = await _select(conn, asks, claims, [False for _ in asks])
    return [_known(ask, row) for ask, row in zip(asks, rows, strict=True)]


async def known_with_halls(
    conn: Conn, asks: Sequence[Ask], claims: Sequence[Claim]
) -> tuple[list[Known], dict[UUID, list[Hall]]]:
    """The same, and the halls at the same moment, which nobody has locked."""
    first = {ask.learning_event_id: place for place, ask in reversed(list(enumerate(asks)))}
    wanted = [first[ask.learning_event_id] == place for place, ask in enumerate(asks)]
    rows = await _select(conn, asks, claims, wanted)
    halls = {
        ask.learning_event_id: [
            hall
            for session in row["halls"]
            for hall in halls_of(dict(zip(_HALL, session, strict=True)))
        ]
        for ask, row in zip(asks, rows, strict=True)
        if row["halls"]
    }
    return [_known(ask, row) for ask, row in zip(asks, rows, strict=True)], halls


async def _select(
    conn: Conn, asks: Sequence[Ask], claims: Sequence[Claim], with_halls: Sequence[bool]
) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT kept.request_hash, kept.status, kept.answer,
               coalesce(erased.generation, 0) AS erasures,
               ARRAY (SELECT code FROM category WHERE scheme = 'area.local') AS local_areas,
               standing.stands IS NOT NULL AS stands,
               ask.person_id, alias.kept_id AS kept_as,
               event.xmin AS version, event.state = 'published' AS open, event.approval,
               event.access_tier,
               event.opens_wider_at, event.booking_closed_at, event.follow_up_first_until,
               invitation.person_id IS NOT NULL AS invited, event.members_only,
               event.members_only
               AND EXISTS (SELECT
                             FROM membership
                            WHERE membership.community_id = event.community_id
                              AND coalesce(membership.kept_as, membership.person_id)
                                  = coalesce(alias.kept_id, ask.person_id)
                              AND membership.state = 'active') AS member,
               CASE WHEN meant.by_audience THEN event.audience END AS audience, meant.sectors,
               meant.work_fields, event.lived_experience_planned AS with_experts,
               meant.learning_event_id IS NOT NULL AS selective,
               CASE WHEN meant.by_audience
                    THEN belongs(event, coalesce(alias.kept_id, ask.person_id)) END AS belongs,
               CASE WHEN cardinality(meant.after) > 0
                    THEN attended_one(meant.after, coalesce(alias.kept_id, ask.person_id))
                    ELSE true END AS prepared,
               CASE WHEN ask.with_halls AND event.published_at IS NOT NULL
                    THEN ARRAY (SELECT (session_id, capacity, taken, waiting, held, online_capacity,
                                        online_taken, online_waiting, starts_at, parallel,
                                        times_locked)
                                  FROM session
                                 WHERE session.learning_event_id = ask.learning_event_id
                                 ORDER BY session_id) END AS halls
          FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::bool[])
               WITH ORDINALITY
               AS ask (client, route, key, learning_event_id, person_id, with_halls, place)
          LEFT JOIN idempotency AS kept USING (client, route, key)
          LEFT JOIN person_erased AS erased USING (person_id)
          LEFT JOIN person_alias AS alias ON alias.merged_id = ask.person_id
          LEFT JOIN learning_event AS event USING (learning_event_id)
          LEFT JOIN eligibility AS meant USING (learning_event_id)
          LEFT JOIN follow_up_invitation AS invitation
                 ON invitation.learning_event_id = ask.learning_event_id
                AND invitation.person_id = coalesce(alias.kept_id, ask.person_id)
          LEFT JOIN LATERAL (SELECT true AS stands
                               FROM booking
                              WHERE booking.learning_event_id = ask.learning_event_id
                                AND coalesce(booking.kept_as, booking.person_id)
                                    = coalesce(alias.kept_id, ask.person_id)
                                AND booking.active
                              LIMIT 1) AS standing ON true
         ORDER BY ask.place
        """,
        [ask.key.client for ask in asks],
        [ask.key.route for ask in asks],
        [ask.key.key for ask in asks],
        [learning_event_id for learning_event_id, _ in claims],
        [person_id for _, person_id in claims],
        with_halls,
    )


def _known(ask: Ask, row: asyncpg.Record) -> Known:
    only_themselves = frozenset({row["person_id"]})
    access = Access(
        tier=AccessTier(row["access_tier"] or AccessTier.OPEN),
        opens_wider_at=row["opens_wider_at"],
        booking_closed_at=row["booking_closed_at"],
        invited=only_themselves if row["invited"] else frozenset(),
        invited_until=row["follow_up_first_until"],
        members=(only_themselves if row["member"] else frozenset())
        if row["members_only"]
        else None,
        local_areas=frozenset(row["local_areas"]) or LOCAL_AREAS,
    )
    return Known(
        answer=ask.key.again(row),
        erasures=row["erasures"],
        stands=row["stands"],
        person_id=row["person_id"],
        kept_as=row["kept_as"],
        open=row["open"],
        access=access,
        approval=row["approval"],
        selective=row["selective"],
        outside=None if ask.also.admitted else outside(_meant_for(row), _somebody(ask, row)),
        version=row["version"],
    )


def _meant_for(row: asyncpg.Record) -> MeantFor:
    return MeantFor(
        audience=row["audience"] or (),
        sectors=row["sectors"] or (),
        work_fields=row["work_fields"] or (),
        with_experts=row["with_experts"] is not False,
    )


def _somebody(ask: Ask, row: asyncpg.Record) -> Somebody:
    return Somebody(
        sector=ask.person.sector,
        work_field=ask.person.work_field,
        role_level=ask.person.role_level,
        belongs=bool(row["belongs"]),
        prepared=row["prepared"],
    )
