"""Who does something to an issue, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from pdu_shared.access import Who
from pdu_shared.runtime import Now


@dataclass(frozen=True, slots=True)
class Hand:
    """Which person, none for a machine, and when."""

    person_id: UUID | None
    now: datetime


async def hand(who: Who, now: Now) -> Hand:
    """Who makes the present request."""
    return Hand(who.sub, now)


By = Annotated[Hand, Depends(hand)]
