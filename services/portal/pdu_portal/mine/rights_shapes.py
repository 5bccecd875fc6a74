"""What resources answers about somebody's profile and rights, as far as their pages need it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class Profile(BaseModel):
    """Who I am, as the hub knows me."""

    name: str
    address: str
    organisation: str | None = None
    sector: str
    work_field: str
    role_level: str
    area: str
    interests: list[str] = []


class Consent(BaseModel):
    """Something I agreed to."""

    purpose: str
    label: str
    wording: str
    given_at: AwareDatetime
    withdrawn_at: AwareDatetime | None = None


class Consents(BaseModel):
    """All that I agreed to."""

    items: list[Consent] = []


class RightsRequest(BaseModel):
    """A request for my data, or to be forgotten."""

    request_id: UUID
    kind: str
    state: str
    received_on: date
    due_on: date | None = None
    done_at: AwareDatetime | None = None
    refused_because: str | None = None
    held_because: list[str] = []


class Archive(BaseModel):
    """A link to the copy of my data, good once."""

    path: str
    expires_at: AwareDatetime
