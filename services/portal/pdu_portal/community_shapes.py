"""What bookings answers about Communities of Practice, as far as the pages need it."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel


class Meeting(BaseModel):
    """When and where a community meets."""

    starts_at: AwareDatetime
    place: str


class Community(BaseModel):
    """People who meet regularly."""

    name: str
    purpose: str = ""
    next_session: Meeting | None = None


class Fellow(BaseModel):
    """A member whom other members may see."""

    name: str
    organisation: str | None = None


class Membership(BaseModel):
    """How somebody belongs to a community, as their own link shows it."""

    state: Literal["invited", "active", "on_break", "left"]
    shares_name: bool = False
    community: Community
    fellows: list[Fellow] = []
