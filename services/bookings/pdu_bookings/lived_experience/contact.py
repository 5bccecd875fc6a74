"""How an expert wishes to hear from us."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from pdu_shared.forms import Form, OneLine
from pdu_shared.mail import address
from pdu_shared.phone import takes_texts


class ContactWay(StrEnum):
    """How an expert by experience wishes to hear from us."""

    EMAIL = "email"
    SMS = "sms"
    VIA_AMBASSADOR = "via_ambassador"
    PHONE = "phone"
    POST = "post"


class Contact(Form):
    """How an expert wishes to hear from us. Nobody needs an e-mail address."""

    preferred_name: OneLine = Field(description="What they like to be called")
    contact_way: ContactWay
    reach: OneLine | None = Field(
        default=None,
        description="The e-mail address, telephone number or postal address for the way they "
        "chose; not needed via the ambassador",
    )

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if (self.reach is None) != (self.contact_way is ContactWay.VIA_AMBASSADOR):
            msg = "Say where to reach them, unless it is via the ambassador."
            raise ValueError(msg)
        if self.reach is not None and self.contact_way is ContactWay.EMAIL:
            address(self.reach)
        if self.contact_way is ContactWay.SMS and not takes_texts(self.reach or ""):
            msg = "A text message needs the number of a mobile."
            raise ValueError(msg)
        return self
