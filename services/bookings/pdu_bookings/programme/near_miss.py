"""When nothing fits: which filter to take away, and how much there is then."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.programme.finding import Asked, Filters, When, find
from pdu_shared.database import Conn, snapshot
from pdu_shared.runtime import Now, Store

MOST = 100

router = APIRouter(tags=["learning events"])


class NearMiss(BaseModel):
    """What there would be with one filter less."""

    without: str = Field(description="The filter, as it is named in the address: `mode`")
    found: int = Field(description=f"At most {MOST}")


class NearMisses(BaseModel):
    """What comes near to what somebody looks for, the most promising first."""

    items: list[NearMiss] = Field(description="Only those that give something")
    over: int = Field(description=f"So many that fit are over already, at most {MOST}")


@router.get("/near-misses")
async def near_misses(database: Store, now: Now, filters: Asked) -> NearMisses:
    """Say which of the filters of `GET /learning-events` to take away, and what that gives."""
    async with snapshot(database) as conn:
        found = [
            NearMiss(without=name, found=await _count(conn, filters.without(name), now))
            for name in filters.used
        ]
        past = filters.model_copy(update={"when": When.PAST, "after": None})
        over = 0 if filters.when is When.PAST else await _count(conn, past, now)
    promising = sorted(found, key=lambda one: -one.found)
    return NearMisses(items=[one for one in promising if one.found], over=over)


async def _count(conn: Conn, filters: Filters, now: Now) -> int:
    return len(await find(conn, filters, now=now, limit=MOST))
