"""The desk: requests for places that arrive together are answered together, by one writer.

Everybody who books a popular event needs the same row. One writer that commits what has arrived
is many times faster than one transaction each, and fair: who came first is answered first.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from pdu_bookings.category import Categories
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.asking import Ask, AskForPlace, BookingAnswer, Keys
from pdu_bookings.place.at_once import CameBetweenError, book_at_once
from pdu_bookings.place.booking import book
from pdu_bookings.place.queue import DeskQueue, Visitor
from pdu_bookings.place.remembered import Remembered
from pdu_shared.again import end_if_cancelled
from pdu_shared.bus import current_thread
from pdu_shared.database import Conn
from pdu_shared.direct import DirectRoute
from pdu_shared.idempotency import Answer, Asked
from pdu_shared.limits import Limit, count_about
from pdu_shared.own_connection import OwnConnection
from pdu_shared.problems import Problem
from pdu_shared.runtime import Runtime, runtime_of

log = structlog.get_logger()

CROWDED = 8
"""So many times we go the long way after somebody came between: there may be another desk."""
LETTERS = Limit("booking_letters", 60, timedelta(hours=1))
"""Each place brings a letter, and a stranger could ask for them in somebody's name."""

router = APIRouter(tags=["bookings"], route_class=DirectRoute)


class Desk:
    """Where requests queue, in the order of their arrival."""

    def __init__(self, runtime: Runtime) -> None:
        self._own = OwnConnection(runtime.settings.database_dsn(), application="pdu-bookings-desk")
        self._committed = runtime.database.committed
        self._queue = DeskQueue()
        self._keys = Keys.of(runtime)
        self._remembered = Remembered()
        self._crowded = 0

    async def ask(self, ask: Ask) -> Answer:
        """Queue and be answered. Raises Unavailable when the queue is too long."""
        [answer] = self._queue.join([ask])
        match await answer:
            case Answer() as given:
                return given
            case Problem() as problem:
                raise problem

    async def ask_all(self, asks: Sequence[Ask]) -> list[Answer | Problem]:
        """Queue one behind the other, with nobody between, and be answered each."""
        return list(await asyncio.gather(*self._queue.join(asks)))

    async def serve(self) -> None:
        """Answer those who queue, as many as are there at a time."""
        try:
            await self._serve_for_ever()
        finally:
            await self._own.close()

    async def _serve_for_ever(self) -> None:
        while True:
            visitors = await self._queue.first()
            try:
                await self._serve(visitors)
            except Exception as failure:  # noqa: BLE001 - one of them must not spoil it for the others
                log.warning("served singly", requests=len(visitors), reason=type(failure).__name__)
                for visitor in visitors:
                    await self._serve_alone(visitor)
            self._queue.served(len(visitors))
            end_if_cancelled()

    async def _serve(self, visitors: Sequence[Visitor]) -> None:
        asks = [visitor.ask for visitor in visitors]
        async with self._own.held() as conn:
            answers = await self._at_once(conn, asks) or await self._with_lock(conn, asks)
        for visitor, answer in zip(visitors, answers, strict=True):
            if not visitor.answer.done():  # whoever asked may have hung up
                visitor.answer.set_result(answer)
        await self._queue.let_answers_go()
        self._committed.set()  # after that: people are answered first, and then it is told
        self._remembered.settle()

    async def _at_once(self, conn: Conn, asks: Sequence[Ask]) -> Sequence[Answer] | None:
        if self._crowded:
            self._crowded -= 1
            return None
        try:
            return await book_at_once(
                conn, asks, self._keys, self._remembered, now=datetime.now(UTC)
            )
        except CameBetweenError:
            self._crowded = CROWDED
            return None

    async def _with_lock(self, conn: Conn, asks: Sequence[Ask]) -> Sequence[Answer | Problem]:
        self._remembered.forget(ask.learning_event_id for ask in asks)
        async with conn.transaction():
            return await book(conn, asks, self._keys, now=datetime.now(UTC))

    async def _serve_alone(self, visitor: Visitor) -> None:
        try:
            await self._serve([visitor])
        except Exception as failure:  # noqa: BLE001 - it is the answer to this one request
            if not visitor.answer.done():
                visitor.answer.set_exception(failure)


@router.post(
    "/learning-events/{learning_event_id}/bookings",
    status_code=201,
    response_model=BookingAnswer,
)
async def ask_for_place(
    learning_event_id: UUID, form: AskForPlace, asked: Asked, request: Request
) -> Response:
    """Ask for a place. A full event gives a position in the waiting list, also with 201."""
    runtime = await runtime_of(request)
    await runtime.part(Categories).check(form.said())
    await count_about(request.scope, LETTERS, form.email.casefold(), datetime.now(UTC))
    also = await runtime.part(BookingForms).check(learning_event_id, form)
    ask = Ask(learning_event_id, form.person(), asked, current_thread(), also)
    return (await runtime.part(Desk).ask(ask)).response()


async def serve(runtime: Runtime) -> None:
    """Keep the desk open."""
    await runtime.part(Desk).serve()
