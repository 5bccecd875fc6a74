"""A learning event and its sessions as a coordinator describes them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StrictBool, model_validator

from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import AccessTier, Composition, DeliveryMode, EventKind, Level
from pdu_shared.forms import (
    WRITTEN_AS_NUMBER,
    Form,
    LocalMoment,
    LocalTime,
    OneLine,
    PublishedLine,
)
from pdu_shared.local_time import moment

Places = Annotated[int, Field(ge=1, le=5000), WRITTEN_AS_NUMBER]
Link = Annotated[OneLine, Field(pattern=r"^https://[^\s]+$", max_length=2000)]


_EXAMPLE: dict[str, JsonValue] = {
    "title": "Hoarding: behind the door",
    "event_type": "workshop",
    "purpose": "Work with people who hoard, without force.",
    "outcomes": ["Plan a first visit that builds trust"],
    "level": "introductory",
    "audience": ["front_line"],
    "workstreams": ["housing"],
}
_SESSION: dict[str, JsonValue] = {
    "starts_at": "2027-01-14T13:00",
    "ends_at": "2027-01-14T16:00",
    "mode": "in_person",
    "place": "Sneinton Hermitage",
    "capacity": 20,
}


class Description(Form):
    """What a learning event is, apart from its sessions. A draft may leave things open."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    title: PublishedLine | None = None
    kind: EventKind = EventKind.LEARNING_EVENT
    event_type: Annotated[
        Code | None, Field(description="workshop, seminar, development_day, training, webinar …")
    ] = None
    purpose: Annotated[
        PublishedLine | None, Field(description="What it is for, in plain words")
    ] = None
    outcomes: Annotated[
        tuple[PublishedLine, ...],
        Field(max_length=10, description="What people will be able to do afterwards"),
    ] = ()
    level: Level | None = None
    audience: Annotated[
        tuple[Code, ...],
        Field(max_length=10, description="Whom it is meant for: any, front_line, managers …"),
    ] = ()
    composition: Annotated[Composition, Field(description="Who is in the room")] = Composition.MIXED
    workstreams: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    aims: Annotated[
        tuple[Code, ...], Field(max_length=10, description="The systems change aims it serves")
    ] = ()
    topics: Annotated[
        tuple[Code, ...], Field(max_length=20, description="Fine tags, such as hoarding")
    ] = ()
    topic_source: Annotated[
        Code | None,
        Field(description="Where the topic came from: suggestion, survey, steering_group …"),
    ] = None
    series: Annotated[
        Code | None, Field(description="The key of the series or community it belongs to")
    ] = None
    series_order: Annotated[int | None, Field(ge=1, le=1000), WRITTEN_AS_NUMBER] = None
    programme: Annotated[
        Code | None, Field(description="The key of the named programme it belongs to")
    ] = None
    co_delivery: Annotated[
        tuple[PublishedLine, ...],
        Field(max_length=10, description="The organisations that deliver it with the PDU"),
    ] = ()
    ask: Annotated[
        PublishedLine | None, Field(description="What it asks of those who come and of their teams")
    ] = None
    content_note: Annotated[
        PublishedLine | None,
        Field(description="What may distress people; then a support contact is needed"),
    ] = None
    support_name: Annotated[OneLine | None, Field(description="Whom to talk to")] = None
    support_reach: Annotated[OneLine | None, Field(description="How to reach them")] = None
    access_tier: AccessTier = AccessTier.OPEN
    opens_wider_at: Annotated[
        LocalMoment | None, Field(description="When a local_first event opens to everybody")
    ] = None
    without_lived_experience_because: Annotated[
        OneLine | None,
        Field(
            description="Every event invites people with lived experience. Giving a reason is the "
            "only way to plan one without; the reason is not published."
        ),
    ] = None
    cpd_hours: Annotated[float | None, Field(gt=0, le=100, multiple_of=0.5)] = None
    refresher_after_months: Annotated[
        int | None,
        Field(ge=1, le=60, description="When to come again, after the first time"),
        WRITTEN_AS_NUMBER,
    ] = None


class AnnounceSession(Form):
    """When and where people meet. Times are local (Europe/London), without an offset."""

    title: Annotated[
        PublishedLine | None, Field(description="What tells it from the other sessions")
    ] = None
    parallel: Annotated[
        Code | None,
        Field(description="Sessions with the same word are at the same time: people choose one"),
    ] = None
    starts_at: LocalTime
    ends_at: LocalTime
    mode: DeliveryMode
    place: Annotated[PublishedLine, Field(description="Where to go, in one line")]
    venue_id: Annotated[
        UUID | None, Field(description="The venue, which says how to get there")
    ] = None
    capacity: Annotated[Places, Field(description="Places; of a hybrid session those in the room")]
    online_capacity: Annotated[
        Places | None, Field(description="Places online; for hybrid sessions only")
    ] = None
    joining_link: Annotated[
        Link | None,
        Field(description="Never published; shown to those who hold a place, shortly before"),
    ] = None
    recording: Annotated[StrictBool, Field(description="Whether it will be recorded")] = False

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if moment(self.ends_at) <= moment(self.starts_at):
            msg = "A session ends after it starts."
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _online_is_where_people_join_online(self) -> Self:
        if self.online_capacity is not None and self.mode is not DeliveryMode.HYBRID:
            msg = "Only a hybrid session has places in the room and places online."
            raise ValueError(msg)
        if self.joining_link is not None and self.mode is DeliveryMode.IN_PERSON:
            msg = "Nobody joins a session in person by a link."
            raise ValueError(msg)
        return self


class FollowUp(Form):
    """What a learning event takes up, and until when those who were there come first."""

    follow_up_of: Annotated[
        UUID | None, Field(description="The learning event that this one takes up")
    ] = None
    follow_up_first_until: Annotated[
        LocalMoment | None,
        Field(description="Until then only those who were at the original book it"),
    ] = None


class AnnounceLearningEvent(Description, FollowUp):
    """A learning event as a coordinator describes it, with its sessions."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_EXAMPLE, "sessions": [_SESSION]}]}
    )

    title: PublishedLine
    event_type: Annotated[
        Code, Field(description="workshop, seminar, development_day, training, webinar …")
    ]
    sessions: Annotated[tuple[AnnounceSession, ...], Field(min_length=1, max_length=20)]
    publish: Annotated[StrictBool, Field(description="Publish it in the same step")] = False
