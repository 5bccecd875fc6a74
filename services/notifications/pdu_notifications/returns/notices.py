"""Notices of a mail relay about letters: bounces and complaints, signed."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pdu_notifications.returns.reading import desk_of, reference
from pdu_notifications.returns.taking import RETURNS, Notice, Taken, Way
from pdu_notifications.rules.report import What
from pdu_shared.forms import Form
from pdu_shared.problems import NotFound, Unauthenticated
from pdu_shared.runtime import Here, Now
from pdu_shared.standard_webhooks import BadSignature, verify

router = APIRouter(tags=["letters"])


class Signature(BaseModel):
    """The three fields of the Standard Webhooks specification."""

    webhook_id: str = Field("", max_length=255)
    webhook_timestamp: str = Field("", max_length=20)
    webhook_signature: str = Field("", max_length=1000)

    @property
    def fields(self) -> dict[str, str]:
        """By their names."""
        return {name.replace("_", "-"): value for name, value in self}


class About(Form):
    """Which letter, and what the server said."""

    reference: Annotated[
        str, Field(max_length=80, description="What stands in the letter's `X-PDU-Letter`")
    ]
    status: Annotated[
        str,
        Field(pattern=r"^[245]\.\d{1,3}\.\d{1,3}$", description="Such as 5.1.1 (RFC 3463)"),
    ] = "5.0.0"


class Told(Form):
    """A notice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "letter.bounced",
                    "timestamp": "2027-01-13T12:00:00Z",
                    "data": {
                        "reference": "018f0000-0000-7000-8000-000000000000.0",
                        "status": "5.1.1",
                    },
                }
            ]
        }
    )

    type: Literal["letter.delivered", "letter.bounced", "letter.failed", "letter.complained"]
    timestamp: AwareDatetime
    data: About


class Received(BaseModel):
    """What became of a notice: known already, about no letter of ours, or taken."""

    result: Taken


@router.post("/returns")
async def receive(
    told: Told, signature: Annotated[Signature, Header()], request: Request, here: Here, now: Now
) -> Received:
    """Take word of a mail relay about a letter. Who cannot sign it is not heard."""
    if here.settings.returns_secret is None:
        raise NotFound
    try:
        secret = here.settings.secret("returns_secret")
        verify(secret, signature.fields, await request.body(), now=now)
    except BadSignature as wrong:
        RETURNS.labels(Way.RELAY, "forged").inc()
        raise Unauthenticated("The signature is not right.", reason=str(wrong)) from None
    found = reference(told.data.reference)
    if found is None:
        RETURNS.labels(Way.RELAY, Taken.UNKNOWN).inc()
        return Received(result=Taken.UNKNOWN)
    notice = Notice(
        letter_id=found[0],
        resent=found[1],
        what=What(told.type.removeprefix("letter.")),
        status=told.data.status,
        way=Way.RELAY,
    )
    return Received(result=await here.part(desk_of).take(notice))
