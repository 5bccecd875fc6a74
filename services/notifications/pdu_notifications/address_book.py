"""The address book: how to reach a person, and the link that goes with a booking or a survey.

Who tells what last is believed. Message ids are UUIDv7 and grow with time, also across services.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from pdu_notifications import contact_way
from pdu_shared.bus import current_thread
from pdu_shared.contracts.bookings.attendance import CertificateLinkIssued
from pdu_shared.contracts.bookings.briefing import EventBriefingIssued, ManagerDigestIssued
from pdu_shared.contracts.bookings.community import CopMemberLinkIssued
from pdu_shared.contracts.bookings.lived_experience import ExpertNoticeIssued
from pdu_shared.contracts.bookings.nomination import NominationLinkIssued
from pdu_shared.contracts.bookings.place import BookingLinkIssued
from pdu_shared.contracts.bookings.programme import FollowUpInvited
from pdu_shared.contracts.bookings.topic import SpeakerAnswered, SpeakerInvited, TopicAnswered
from pdu_shared.contracts.resources.member import ContactPointChanged
from pdu_shared.contracts.resources.survey import SurveyLinkIssued, SurveyReminderIssued
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.erasing import is_erased
from pdu_shared.identity import uuid7

Reachable: TypeAlias = (
    ContactPointChanged
    | BookingLinkIssued
    | CopMemberLinkIssued
    | NominationLinkIssued
    | ExpertNoticeIssued
    | SpeakerInvited
    | SpeakerAnswered
    | TopicAnswered
    | EventBriefingIssued
    | ManagerDigestIssued
)
"""What says how to reach a person."""


async def keep_contact_point(conn: Conn, message: ContactPointChanged) -> None:
    """Keep how to reach a person, as they told it themselves."""
    await _keep(conn, message, verified=message.verified)


async def keep_booking_link(conn: Conn, message: BookingLinkIssued) -> None:
    """Keep how to reach who booked, and the token of their booking."""
    await _keep_link(conn, message.booking_id, f"b/{message.token}")
    await _keep(conn, message, verified=False)
    if (told := contact_way.as_told(message)) and not await is_erased(conn, message.person_id):
        await contact_way.keep(
            conn,
            message.person_id,
            told,
            name=message.name,
            arranged_by=message.arranged_by,
            told_by=_told_by(),
            now=datetime.now(UTC),
        )
        await wake_letters(conn, message.person_id)


async def keep_member_link(conn: Conn, message: CopMemberLinkIssued) -> None:
    """Keep how to reach a member of a community, and the token of their membership."""
    await _keep_link(conn, message.membership_id, f"m/{message.token}")
    await _keep(conn, message, verified=False)


async def keep_follow_up_link(conn: Conn, message: FollowUpInvited) -> None:
    """Keep where somebody books the follow-up that they are invited to."""
    await _keep_link(conn, message.follow_up_invitation_id, f"events/{message.learning_event_id}")


async def keep_nomination_link(conn: Conn, message: NominationLinkIssued) -> None:
    """Keep how to reach who was nominated, and the token of their answer."""
    await _keep_link(conn, message.nomination_id, f"n/{message.token}")
    await _keep(conn, message, verified=False)


async def keep_certificate_link(conn: Conn, message: CertificateLinkIssued) -> None:
    """Keep the code by which somebody finds their certificate."""
    await _keep_link(conn, message.certificate_id, f"certificates/{message.code}")


async def keep_survey_link(conn: Conn, message: SurveyLinkIssued | SurveyReminderIssued) -> None:
    """Keep the token with which somebody answers a survey."""
    await _keep_link(conn, message.invitation_id, f"s/{message.token}")


async def keep_suggester(conn: Conn, message: TopicAnswered | SpeakerAnswered) -> None:
    """Keep how to reach who suggested a topic, or offered to speak."""
    await _keep(conn, message, verified=False)


async def keep_speaker_link(conn: Conn, message: SpeakerInvited) -> None:
    """Keep how to reach who is asked to speak, and the token of their answer."""
    await _keep_link(conn, message.assignment_id, f"f/{message.token}")
    await _keep(conn, message, verified=False)


async def keep_expert(conn: Conn, message: ExpertNoticeIssued) -> None:
    """Keep how to reach who takes part in an event, as they wish: by e-mail or text message."""
    await _keep(conn, message, verified=False)
    if message.channel is not Channel.SMS or await is_erased(conn, message.person_id):
        return
    told = contact_way.ContactWay(wishes=Channel.SMS, phone=message.address)
    await contact_way.keep(
        conn,
        message.person_id,
        told,
        name=message.name,
        arranged_by=message.ambassador_id,
        told_by=_told_by(),
        now=datetime.now(UTC),
    )
    await wake_letters(conn, message.person_id)


async def keep_reader(conn: Conn, message: EventBriefingIssued | ManagerDigestIssued) -> None:
    """Keep how to reach who gets a briefing, or a digest about their staff."""
    await _keep(conn, message, verified=False)


LISTENERS = (
    keep_contact_point,
    keep_booking_link,
    keep_member_link,
    keep_follow_up_link,
    keep_nomination_link,
    keep_survey_link,
    keep_certificate_link,
    keep_suggester,
    keep_speaker_link,
    keep_expert,
    keep_reader,
)


async def _keep_link(conn: Conn, related_id: UUID, path: str) -> None:
    """Keep where the link in letters about this leads, below the portal's address."""
    await conn.execute(
        """
        INSERT INTO link (related_id, path) VALUES ($1, $2)
            ON CONFLICT (related_id) DO UPDATE SET path = excluded.path
        """,
        related_id,
        path,
    )


async def _keep(
    conn: Conn,
    message: Reachable,
    *,
    verified: bool,
) -> None:
    # What was on its way when they were erased comes too late.
    if message.channel is not Channel.EMAIL or await is_erased(conn, message.person_id):
        return
    await conn.execute(
        """
        INSERT INTO contact_point (person_id, address, name, verified, told_by)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (person_id) DO UPDATE
           SET address = excluded.address, name = excluded.name, told_by = excluded.told_by,
               verified = excluded.verified OR (contact_point.verified
                                                AND contact_point.address = excluded.address)
         WHERE contact_point.told_by < excluded.told_by
        """,
        message.person_id,
        message.address,
        message.name,
        verified,
        _told_by(),
    )
    await wake_letters(conn, message.person_id)


def _told_by() -> UUID:
    return current_thread().causation_id or uuid7()


async def wake_letters(conn: Conn, person_id: UUID) -> None:
    """Letters that waited for this address need not wait for their next look."""
    await conn.execute(
        """
        UPDATE letter SET next_at = now()
         WHERE person_id = $1
           AND (state = 'queued' AND reason IN ('no_address', 'no_link') OR state = 'by_hand')
        """,
        person_id,
    )


async def is_reachable(conn: Conn, person_ids: Sequence[UUID]) -> bool:
    """Whether a person ever said where to write to them, under any of their ids."""
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM contact_point WHERE person_id = ANY ($1::uuid[]))", person_ids
    )
    return found
