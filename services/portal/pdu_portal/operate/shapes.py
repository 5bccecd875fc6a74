"""What services tell operators, as far as the pages show it."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class Readiness(BaseModel):
    """Whether a service can work, and what is late while it does."""

    status: str
    reasons: list[str] = []


class Aside(BaseModel):
    """A message that was set aside, without what it says."""

    parked_id: UUID
    listener: str | None = None
    message_id: UUID | None = None
    routing_key: str | None = None
    reason: str
    detail: str = ""
    service_version: str = ""
    first_seen: AwareDatetime
    bytes: int = 0
    resolution: str | None = None

    @property
    def name(self) -> str:
        """The message's own name, without who tells it."""
        return (self.routing_key or "").rpartition(".")[2]


class AsideMessages(BaseModel):
    """The oldest of them."""

    items: list[Aside]
    next: UUID | None = None


class Replay(BaseModel):
    """A replay, and how far it is."""

    replay_id: UUID
    to: str
    messages: list[str] = []
    asked_at: AwareDatetime
    told: int = 0
    trouble: str | None = None
    done_at: AwareDatetime | None = None


class Replays(BaseModel):
    """The latest replays of one service."""

    items: list[Replay]


class Letter(BaseModel):
    """A letter on its way, without what it says and whom it reaches."""

    letter_id: UUID
    kind: str
    state: str
    reason: str | None = None
    attempt: int = 0
    changed_at: AwareDatetime


class Letters(BaseModel):
    """The newest letters in one state."""

    items: list[Letter]
    next: UUID | None = None


class Released(BaseModel):
    """A letter that goes out after all."""

    letter_id: UUID
