"""An entry of the directory: what an organisation says of one of its services."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from pdu_resources.rules.directory import Standing
from pdu_shared.contracts.message import Code
from pdu_shared.forms import EmailAddress, Form, OneLine, Paragraphs, WebAddress

Telephone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ]{5,20}[0-9]$")]
"""A number to ring, in digits and spaces."""


class DescribeService(Form):
    """What a service is, for whom, and how people come to it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organisation": "Sherwood Outreach",
                    "title": "Street outreach",
                    "offers": "Finds people who sleep rough, and stays in touch with them.",
                    "for_whom": "Adults who sleep rough in the city.",
                    "areas": ["nottingham_city"],
                    "workstreams": ["housing"],
                    "how_to_refer": "Ring us, at any time. No form.",
                    "self_referral": True,
                    "opening": "Every day from 5 in the morning to 10 at night.",
                    "telephone": "0115 496 0123",
                    "website": "https://outreach.example.org/",
                }
            ]
        }
    )

    organisation: OneLine = Field(description="Whose service it is, as people know it")
    title: OneLine
    offers: Paragraphs = Field(description="What it does")
    for_whom: Paragraphs = Field(description="Whom it is for, and whom it is not for")
    areas: Annotated[tuple[Code, ...], Field(min_length=1, max_length=12)]
    workstreams: Annotated[tuple[Code, ...], Field(max_length=12)] = ()
    how_to_refer: Paragraphs
    self_referral: StrictBool = Field(description="Whether people may come by themselves")
    opening: Paragraphs | None = None
    cost: OneLine | None = Field(default=None, description="None if it is free")
    telephone: Telephone | None = Field(
        default=None, description="One that the organisation publishes, never a person's own"
    )
    email: EmailAddress | None = None
    website: WebAddress | None = None


class LocalService(BaseModel):
    """A service of an organisation, as its organisation describes it."""

    service_id: UUID
    organisation_id: UUID
    organisation: str
    title: str
    offers: str
    for_whom: str
    areas: list[str]
    workstreams: list[str]
    how_to_refer: str
    self_referral: bool
    opening: str | None
    cost: str | None
    telephone: str | None
    email: str | None
    website: str | None
    standing: Standing = Field(description="`out_of_date`: nobody has confirmed it for a year")
    reviewed_on: date = Field(description="When somebody last said that it is right")
    review_due_on: date
    version: int
    changed_at: AwareDatetime


class LocalServices(BaseModel):
    """One page of services. `next` goes into `after` for the following page."""

    items: list[LocalService]
    next: UUID | None
