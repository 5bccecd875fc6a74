"""What front ends without HTTP may ask: the same as over HTTP, by the names of commands."""

from functools import partial

from fastapi import APIRouter

from pdu_bookings.command.carrying_out import carry_out
from pdu_bookings.command.reading import reading
from pdu_shared.access import PUBLIC
from pdu_shared.commands import serve_commands
from pdu_shared.runtime import Here, Runtime
from pdu_shared.service import Room

OVER_BUS = {
    "BookPlace": "POST /learning-events/{learning_event_id}/bookings",
    "BookOwnPlace": "POST /learning-events/{learning_event_id}/bookings/own",
    "CancelBooking": "POST /bookings/{booking_id}/cancellation",
    "CancelBookingByLink": "POST /b/{token}/cancellation",
    "AnswerOffer": "POST /b/{token}/offer",
    "BookTeam": "POST /learning-events/{learning_event_id}/team-bookings",
    "BookSeries": "POST /series/{key}/bookings",
    "CheckIn": "POST /b/{token}/check-in",
    "SendApologies": "POST /b/{token}/apologies",
    "SuggestTopic": "POST /topics",
}

router = APIRouter(tags=["commands"])


@router.get("/commands/key")
async def key(runtime: Here) -> dict[str, object]:
    """The public key (X25519, as a JWK set) to which the `data` of a command is sealed."""
    return runtime.sealer.published()


async def serve(runtime: Runtime) -> None:
    """Carry out what is asked over the bus."""
    assert runtime.app is not None, "only a running service is asked"
    one = partial(carry_out, runtime.app, runtime.database, OVER_BUS)
    await serve_commands(runtime, reading(runtime.sealer), one)


ROOM = Room(
    routes=(router,),
    access={"GET /commands/key": PUBLIC},
    workers=(serve,),
    over_bus=OVER_BUS,
)
