"""How an item of the library is described: what may be said of it, and in which form."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, OneLine, Paragraphs, PublishedLine

MOST_TAGS = 20
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$")]
"""What an item is called in addresses."""
Issued = Annotated[
    str, StringConstraints(pattern=r"^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 -]{0,38}[a-z0-9]$")]
Address = Annotated[
    str,
    StringConstraints(
        max_length=2000, pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d+)?(/[!-~]*)?$"
    ),
]
"""Where something is on the web, safely."""


def _once(given: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return given if given is None else tuple(dict.fromkeys(given))


Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS), AfterValidator(_once)]
Streams = Annotated[tuple[Code, ...], Field(max_length=10), AfterValidator(_once)]


class Description(Form):
    """What is said of an item. What is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"summary": "Ten steps to a first visit.", "tags": ["hoarding"]}]
        }
    )

    type: ItemType | None = None
    title: PublishedLine | None = None
    summary: Annotated[OneLine, Field(max_length=600)] | None = Field(
        default=None, description="A few sentences, shown in lists"
    )
    body: Annotated[Paragraphs, Field(max_length=30_000)] | None = Field(
        default=None, description="The text itself or more about it, in Markdown"
    )
    creators: Annotated[tuple[OneLine, ...], Field(max_length=30)] | None = Field(
        default=None, description="Who wrote or made it, as it stands on it"
    )
    publisher: OneLine | None = None
    issued: Issued | None = Field(default=None, description="A year, a month or a day")
    identifier: OneLine | None = Field(default=None, description="Such as a DOI or an ISBN")
    language: Language | None = None
    rights: OneLine | None = Field(default=None, description="The licence, or who has the rights")
    link: Address | None = Field(default=None, description="Where it is, if it is not kept here")
    workstreams: Streams | None = None
    tags: Tags | None = None
    scope: Scope | None = None
    level: Level | None = None
    minutes: Annotated[int, Field(ge=1, le=1200), WRITTEN_AS_NUMBER] | None = Field(
        default=None, description="How long it takes; of a text that is counted"
    )
    members_only: bool | None = Field(default=None, description="Whether its files are for members")
    learning_event_id: UUID | None = Field(
        default=None, description="The learning event that it was shown or recorded at"
    )
    session_id: UUID | None = None
    speaker: OneLine | None = Field(default=None, description="Who showed it there, if they agreed")
    without_captions_because: OneLine | None = Field(
        default=None, description="Why a recording has neither captions nor a transcript"
    )

    def said(self) -> dict[str, Any]:
        """What was said, by field: nothing that was left out."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class NewItem(Description):
    """An item that the library shall have. It is a draft until it is published."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "item_key": "first-visit-checklist",
                    "type": "practice_tool",
                    "title": "A checklist for a first visit",
                    "summary": "Ten steps to a visit that builds trust.",
                    "body": "1. Say who you are.\n2. Ask before you come in.",
                    "workstreams": ["housing"],
                    "tags": ["hoarding"],
                    "scope": "local",
                    "level": "introductory",
                }
            ]
        }
    )

    item_key: Key
    type: ItemType
    title: PublishedLine
