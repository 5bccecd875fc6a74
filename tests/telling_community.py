"""What is told of communities, of who contributes, and of the library: builders of messages."""

from datetime import date
from uuid import uuid4

import telling
from pdu_shared.contracts.bookings.attendance import EventHeld
from pdu_shared.contracts.bookings.community import (
    CopConvenorAssigned,
    CopCreated,
    CopStateChanged,
)
from pdu_shared.contracts.bookings.lived_experience import ExpertContributed
from pdu_shared.contracts.bookings.programme import EventCancelled, EventPublished
from pdu_shared.contracts.bookings.topic import SpeakerConfirmed, SpeakerWithdrew
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.resources.library import ResourceArchived, ResourcePublished
from pdu_shared.contracts.vocabulary import CommunityState


def community(**details) -> CopCreated:
    """A community whose series no other test uses."""
    told = {
        "community_id": uuid4(),
        "key": telling.word("series").code,
        "title": "Hoarding",
        "workstream": "housing",
        "state": "active",
    }
    return CopCreated(**{**told, **details})


def speaking(of: EventHeld, kind=SpeakerConfirmed, **details) -> Message:
    """Somebody speaks at a session, or does not after all; `kind` says which."""
    told = {
        "assignment_id": uuid4(),
        "session_id": of.session_id,
        "learning_event_id": of.learning_event_id,
        "role": "speaker",
    }
    return kind(**{**told, **details})


def expert(of: EventHeld, **details) -> ExpertContributed:
    told = {
        "engagement_id": uuid4(),
        "learning_event_id": of.learning_event_id,
        "role": "panel",
        "arnstein_level": "partnership",
    }
    return ExpertContributed(**{**told, **details})


def in_library(**details) -> ResourcePublished:
    told = {
        "item_id": uuid4(),
        "item_key": "res-001",
        "type": "toolkit",
        "title": "Behind the door",
        "members_only": False,
        "published_on": date(2199, 1, 1),
    }
    return ResourcePublished(**{**told, **details})


def archived(of: ResourcePublished) -> ResourceArchived:
    return ResourceArchived(item_id=of.item_id, item_key=of.item_key, reason_code="out_of_date")


def convenor(of: CopCreated, until: date) -> CopConvenorAssigned:
    return CopConvenorAssigned(
        community_id=of.community_id, person_id=uuid4(), convenor_until=until
    )


def closed(of: CopCreated) -> CopStateChanged:
    return CopStateChanged(
        community_id=of.community_id, state="closed", reason_code="convenor_left"
    )


def called_off(of: EventPublished) -> EventCancelled:
    return EventCancelled(learning_event_id=of.learning_event_id, reason_code="few_bookings")


def everything() -> list[Message]:
    """One of each, and again where it can be told again."""
    group, event, held, item = community(), telling.published(), telling.held(), in_library()
    talk, promise = speaking(held), convenor(group, date(2199, 5, 1))
    return [
        group,
        closed(group),
        closed(group).model_copy(update={"state": CommunityState.PAUSED}),
        promise,
        promise.model_copy(update={"convenor_until": date(2199, 8, 1)}),
        event,
        called_off(event),
        talk,
        SpeakerWithdrew(**talk.model_dump()),
        expert(held),
        item,
        archived(item),
    ]
