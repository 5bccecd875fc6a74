"""Bookings as rows: written together, and read back as the answer that was given."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_bookings.place.asking import Ask, Booked, BookingAnswer, Claim, PlaceGiven, note
from pdu_bookings.place.hall import BOOKINGS, Counts, fill_holds, purge_on
from pdu_bookings.rules.access import LOCAL_AREAS, Access
from pdu_bookings.rules.audience import MeantFor, Outside, Somebody, outside
from pdu_bookings.rules.booking import Hall
from pdu_shared.contracts.vocabulary import AccessTier
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer
from pdu_shared.problems import Problem


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


async def known(conn: Conn, asks: Sequence[Ask], claims: Sequence[Claim]) -> list[Known]:
    """What is known of those who ask, in their order."""
    rows = await conn.fetch(
        """
        SELECT kept.request_hash, kept.status, kept.answer,
               coalesce(erased.generation, 0) AS erasures,
               ARRAY (SELECT code FROM category WHERE scheme = 'area.local') AS local_areas,
               booking.booking_id IS NOT NULL AS stands, ask.person_id, alias.kept_id AS kept_as,
               event.state = 'published' AS open, event.approval, event.access_tier,
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
                    ELSE true END AS prepared
          FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[])
               WITH ORDINALITY
               AS ask (client, route, key, learning_event_id, person_id, place)
          LEFT JOIN idempotency AS kept USING (client, route, key)
          LEFT JOIN person_erased AS erased USING (person_id)
          LEFT JOIN person_alias AS alias ON alias.merged_id = ask.person_id
          LEFT JOIN learning_event AS event USING (learning_event_id)
          LEFT JOIN eligibility AS meant USING (learning_event_id)
          LEFT JOIN follow_up_invitation AS invitation
                 ON invitation.learning_event_id = ask.learning_event_id
                AND invitation.person_id = coalesce(alias.kept_id, ask.person_id)
          LEFT JOIN booking ON booking.learning_event_id = ask.learning_event_id
                           AND coalesce(booking.kept_as, booking.person_id)
                               = coalesce(alias.kept_id, ask.person_id)
                           AND booking.active
         ORDER BY ask.place
        """,
        [ask.key.client for ask in asks],
        [ask.key.route for ask in asks],
        [ask.key.key for ask in asks],
        [learning_event_id for learning_event_id, _ in claims],
        [person_id for _, person_id in claims],
    )
    return [_known(ask, row) for ask, row in zip(asks, rows, strict=True)]


async def insert(
    conn: Conn, booked: Sequence[Booked], halls: Mapping[UUID, Sequence[Hall]], *, now: datetime
) -> None:
    """Write bookings with their places and contact points, and count them in their halls."""
    if not booked:
        return
    await _insert(conn, booked, halls, now)
    await fill_holds(conn, Counter(one.given.hold_id for one in booked if one.given.hold_id))
    for one in booked:
        BOOKINGS.labels(one.given.state).inc()


async def standing(conn: Conn, claims: Collection[Claim]) -> dict[Claim, BookingAnswer]:
    """The active bookings of these people, each named once, as they stand."""
    if not claims:
        return {}
    rows = await conn.fetch(
        """
        SELECT booking.booking_id, booking.learning_event_id, claim.person_id, booking.state,
               booking.offer_expires_at, place.session_id, waiting_position(booking) AS position,
               booking.outside
          FROM unnest($1::uuid[], $2::uuid[]) AS claim (learning_event_id, person_id)
          JOIN booking ON booking.learning_event_id = claim.learning_event_id
                      AND coalesce(booking.kept_as, booking.person_id) = claim.person_id
                      AND booking.active
          JOIN place USING (booking_id)
         ORDER BY place.session_id
        """,
        [learning_event_id for learning_event_id, _ in claims],
        [person_id for _, person_id in claims],
    )
    found: dict[Claim, BookingAnswer] = {}
    for row in rows:
        answer = found.setdefault(
            (row["learning_event_id"], row["person_id"]),
            BookingAnswer(
                booking_id=row["booking_id"],
                learning_event_id=row["learning_event_id"],
                state=row["state"],
                places=[],
                offer_expires_at=row["offer_expires_at"],
                note=note(row["outside"]),
            ),
        )
        answer.places.append(
            PlaceGiven(session_id=row["session_id"], state=row["state"], position=row["position"])
        )
    return found


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


def _counts(booked: Sequence[Booked]) -> Counts:
    counts = Counts()
    for one in booked:
        taken = one.given.state.takes_place
        held = -(one.given.hold_id is not None)
        for hall in one.given.halls:
            counts.add(hall, taken=taken, waiting=not taken, held=held)
    return counts


async def _insert(
    conn: Conn, booked: Sequence[Booked], halls: Mapping[UUID, Sequence[Hall]], now: datetime
) -> None:
    bookings = [_booking(one, purge_on(halls[one.learning_event_id])) for one in booked]
    places = [
        (one.booking_id, session_id, one.person_id, one.given.state)
        for one in booked
        for session_id in one.given.positions
    ]
    # One statement for four tables: each way to the server is time in which the halls are locked.
    await conn.execute(
        """
        WITH told AS (
            SELECT *
              FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
                          $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                          $13::text[], $14::text[], $15::uuid[], $16::uuid[], $17::text[],
                          $18::text[], $19::text[], $20::date[], $21::text[])
                   AS told (booking_id, learning_event_id, person_id, state, organisation,
                            organisation_id, sector, work_field, role_level, area, heard_about,
                            channel, attending, hold_id, kept_as, name, address, reach, purge_on,
                            outside)),
             booked AS (
            INSERT INTO booking (booking_id, learning_event_id, person_id, state, organisation,
                                 organisation_id, sector, work_field, role_level, area, heard_about,
                                 channel, attending, hold_id, kept_as, outside, priority,
                                 booked_at)
            SELECT booking_id, learning_event_id, person_id, state, organisation, organisation_id,
                   sector, work_field, role_level, area, heard_about, channel, attending, hold_id,
                   kept_as, outside, CASE WHEN outside IS NULL THEN 1 ELSE 2 END, $1
              FROM told),
             given AS (
            INSERT INTO place (booking_id, session_id, person_id, state)
            SELECT * FROM unnest($22::uuid[], $23::uuid[], $24::uuid[], $25::text[])),
             counted AS (
            UPDATE session
               SET taken = session.taken + change.taken,
                   waiting = session.waiting + change.waiting,
                   held = session.held + change.held,
                   online_taken = session.online_taken + change.online_taken,
                   online_waiting = session.online_waiting + change.online_waiting
              FROM unnest($26::uuid[], $27::int[], $28::int[], $29::int[], $30::int[], $31::int[])
                   AS change (session_id, taken, waiting, held, online_taken, online_waiting)
             WHERE session.session_id = change.session_id)
        INSERT INTO contact (booking_id, name, address, reach, purge_on)
        SELECT booking_id, name, address, reach, purge_on FROM told
        """,
        now,
        *zip(*bookings, strict=True),
        *zip(*places, strict=True),
        *_counts(booked).columns(),
    )


def _booking(one: Booked, purged: date) -> tuple[Any, ...]:
    return (
        one.booking_id,
        one.learning_event_id,
        one.person_id,
        one.given.state,
        one.person.organisation,
        one.person.organisation_id,
        one.person.sector,
        one.person.work_field,
        one.person.role_level,
        one.person.area,
        one.person.heard_about,
        one.channel,
        one.attending,
        one.given.hold_id,
        one.kept_as,
        one.person.name,
        one.person.email,
        one.person.reach,
        purged,
        one.outside,
    )
