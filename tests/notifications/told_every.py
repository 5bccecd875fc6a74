"""Every letter that can be written: each message of each letter, with each word of its fields."""

import json
import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import get_args
from uuid import uuid4

from notifications.after import was
from notifications.office import tell
from notifications.told import Story
from pdu_notifications.diary import post_next
from pdu_notifications.letter import post
from pdu_notifications.letters import LETTERS, subscription_confirmation
from pdu_notifications.wording import Content
from pdu_shared.contracts.bookings.community import CopCreated, CopMemberJoined
from pdu_shared.contracts.bookings.lived_experience import ExpertContributed, ExpertSupported
from pdu_shared.contracts.bookings.material import MaterialAdded
from pdu_shared.contracts.resources.library import ResourcePublished
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import transaction
from pdu_shared.identity import uuid7
from pdu_shared.listening import heard_by

SAMPLES = Path(__file__).parents[1] / "contracts"
LONG = "Working with people who have been excluded everywhere: what helps, and what does not?"
"""A title as long as titles are."""
_BY_CHANCE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|:\\d\\d\\.\\d+Z")


def kinds():
    """What the letters say that they write."""
    return {kind for one in LETTERS for kind in getattr(one, "KINDS", None) or (one.KIND,)}


def messages():
    """What makes us write."""
    return sorted(
        {
            message
            for letter in LETTERS
            for listener in letter.LISTENERS
            for message in heard_by(listener)
        },
        key=lambda message: message.routing_key(),
    )


def variants(message):
    """A golden sample of a message, once with each of the words that its fields may hold."""
    data = json.loads((SAMPLES / f"{message.routing_key()}.json").read_text("utf-8"))["data"]
    yield data
    for name, field in message.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, Enum):
                yield from ({**data, name: word.value} for word in kind if word != data.get(name))
    if "number" in message.model_fields:
        yield {**data, "number": 2}


def retold(message, data, story):
    """The same, about this story, and to come."""
    soon = datetime.now(UTC) + timedelta(days=20)
    ours = {
        "learning_event_id": story.learning_event_id,
        "original_id": story.learning_event_id,
        "session_id": story.session_ids[0],
        "session_ids": story.session_ids,
        "booking_id": story.booking_id,
        "person_id": story.person_id,
        "ambassador_id": story.person_id,
        "address": story.address,
        "name": story.name,
        "community_id": story.booking_id,
        "engagement_id": story.booking_id,
        "held_on": datetime.now(UTC).date(),
        "starts_at": story.starts_at,
        "ends_at": story.starts_at + timedelta(hours=3),
        "pre_meeting_at": soon,
        "pre_meeting_place": "Sneinton Hermitage",
        "offer_expires_at": soon,
        "until": soon,
        "closes_at": soon,
        "previous_place": "Sycamore Centre",
    }
    fields = message.model_fields
    about = f"{message.about}_id"
    told = {**data, **{name: value for name, value in ours.items() if name in fields}}
    if about not in ours:
        told[about] = uuid7()
    return message.model_validate(told)


def setting(story):
    """What has been told before, so that any of the letters has something to say."""
    toolkit = ResourcePublished(
        item_id=uuid4(),
        item_key="toolkit",
        type="toolkit",
        title=LONG,
        workstreams=("housing",),
        members_only=False,
        published_on=datetime.now(UTC).date(),
        learning_event_id=story.learning_event_id,
    )
    slides = MaterialAdded(
        material_id=uuid7(),
        learning_event_id=story.learning_event_id,
        kind="slides",
        title=LONG,
        url=f"https://slides.example.org/{'a-rather-long-name-' * 8}.pdf",
    )
    about = {"engagement_id": story.booking_id, "learning_event_id": story.learning_event_id}
    belongs = {"community_id": story.booking_id, "person_id": story.person_id}
    return [
        *story.announced,
        story.contact(),
        story.link,
        story.booked,
        toolkit,
        slides,
        ExpertSupported(**about, ambassador_id=story.person_id),
        CopCreated(
            community_id=story.booking_id,
            key="housing_first",
            title="Housing First",
            workstream="housing",
            state="active",
        ),
        CopMemberJoined(**belongs, membership_id=story.booking_id),
    ]


async def every_letter(database, sealer):
    """(kind, description) of each letter, in as many ways as its message can be told."""
    for message in messages():
        for number, data in enumerate(variants(message)):
            mode = ("in_person", "online", "hybrid")[number % 3]
            story = Story(title=LONG, mode=mode, sessions=1 + number % 2)
            before = setting(story)
            if message.__name__.startswith("WeDid"):
                before.append(was(story, "present"))
            await tell(database, *before, retold(message, data, story), sealer=sealer)
    story = Story()
    await tell(database, *setting(story), was(story, "present"), sealer=sealer)
    contributed = ExpertContributed(
        engagement_id=story.booking_id,
        learning_event_id=story.learning_event_id,
        role="panel",
        arnstein_level="partnership",
    )
    while await post_next(database, now=story.starts_at + timedelta(days=200)):
        pass
    await tell(database, contributed)
    while await post_next(database, now=story.starts_at + timedelta(days=200)):
        pass
    async with transaction(database) as conn:
        for pending in (True, False):
            letter = subscription_confirmation.compose(
                uuid4(), story.person_id, list(MailingList), pending=pending, turn=int(pending)
            )
            await post(conn, letter)
    rows = await database.pool.fetch("SELECT kind, content FROM letter ORDER BY letter_id")
    told = {(row["kind"], _BY_CHANCE.sub("", row["content"])): row["content"] for row in rows}
    return [(kind, Content.model_validate_json(content)) for (kind, _), content in told.items()]
