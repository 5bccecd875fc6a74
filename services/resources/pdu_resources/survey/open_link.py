"""Links for everybody who is there: one for each channel, such as the code on a screen."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.survey.answer_form import SubmitAnswers, Wave
from pdu_resources.survey.link import Purpose, opened, token_for
from pdu_resources.survey.response import Received, present_wave, respondent, submit_openly
from pdu_resources.survey.response_rows import Submitted
from pdu_resources.survey.survey_rows import SurveySeen, survey
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, LocalMoment
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Runtime

OPEN_FOR = timedelta(days=21)

router = APIRouter(tags=["surveys"])

Token = Annotated[str, Path(description="The token of an open link")]


class OpenLink(Form):
    """Through what people come to the survey, about which event, and until when."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"channel": "room_screen"}]})

    channel: Code = Field(description="Your word for it: room_screen, bulletin, web_page …")
    learning_event_id: UUID | None = None
    wave: Wave | None = None
    closes_at: Annotated[
        LocalMoment | None, Field(description="Three weeks from now unless given")
    ] = None


class OpenLinkSeen(BaseModel):
    """An open link, and how many answered through it."""

    open_link_id: UUID
    survey_key: str
    channel: str
    learning_event_id: UUID | None
    wave: str
    closes_at: datetime
    path: str
    """Below the address of a front end; no secret, and it leads to no person."""
    responses: int


class OpenLinks(BaseModel):
    """The open links of a survey, newest first."""

    items: list[OpenLinkSeen]


class OpenSurvey(BaseModel):
    """A survey as everybody sees it who has the link."""

    wave: str
    learning_event_id: UUID | None
    closes_at: datetime
    survey: SurveySeen


@router.post("/surveys/{survey_key}/open-links", status_code=201, response_model=OpenLinkSeen)
async def open_it(survey_key: str, form: OpenLink, here: Here, asked: Asked, now: Now) -> Response:
    """Make a link through which everybody can answer."""
    use_case = partial(_open, here=here, survey_key=survey_key, form=form, now=now)
    return await once(here.database, asked, use_case)


@router.get("/surveys/{survey_key}/open-links")
async def open_links(survey_key: str, here: Here) -> OpenLinks:
    """The open links of a survey, and how many answered through each."""
    async with here.database.pool.acquire(timeout=5) as conn:
        return OpenLinks(items=await _select(conn, here, survey_key))


@router.put("/open-links/{open_link_id}/closure")
async def close(open_link_id: UUID, here: Here, now: Now) -> OpenLinkSeen:
    """Close a link now. One that has closed stays as it was."""
    async with transaction(here.database) as conn:
        survey_key = await conn.fetchval(
            """
            UPDATE open_link SET closes_at = least(closes_at, greatest($2, opened_at))
             WHERE open_link_id = $1
            RETURNING survey_key
            """,
            open_link_id,
            now,
        )
        if survey_key is None:
            raise NotFound
        [found] = [
            one for one in await _select(conn, here, survey_key) if one.open_link_id == open_link_id
        ]
    return found


@router.get("/o/{token}")
async def see(token: Token, here: Here, now: Now) -> OpenSurvey:
    """The survey that an open link is for. 409 once it has closed."""
    async with here.database.pool.acquire(timeout=5) as conn:
        link = await _link(conn, here, token, now)
        return OpenSurvey(
            wave=link["wave"],
            learning_event_id=link["learning_event_id"],
            closes_at=link["closes_at"],
            survey=await survey(conn, link["survey_key"], link["learning_event_id"]),
        )


@router.post("/o/{token}/responses", status_code=201, response_model=Received)
async def answer(token: Token, form: SubmitAnswers, here: Here, asked: Asked, now: Now) -> Response:
    """Answer through an open link. Nobody is asked who they are, and nobody is linked."""
    use_case = partial(_answer, here=here, token=token, form=form, now=now)
    return await once(here.database, asked, use_case)


async def _answer(
    conn: Conn, *, here: Runtime, token: str, form: SubmitAnswers, now: datetime
) -> Answer:
    link = await _link(conn, here, token, now)
    response = Submitted(
        response_id=uuid7(),
        survey_key=link["survey_key"],
        wave=link["wave"],
        learning_event_id=link["learning_event_id"],
        invitation_id=None,
        respondent=respondent(form, person_id=None),
        submitted_at=now,
        channel=link["channel"],
        open_link_id=link["open_link_id"],
    )
    return await submit_openly(conn, here, response, form)


async def _open(
    conn: Conn, *, here: Runtime, survey_key: str, form: OpenLink, now: datetime
) -> Answer:
    await survey(conn, survey_key)
    closes_at = form.closes_at or now + OPEN_FOR
    if closes_at <= now:
        detail = "It has to close later than now."
        raise Refused(errors=[Fault("/closes_at", "out-of-bounds", detail)])
    open_link_id = uuid7()
    await conn.execute(
        """
        INSERT INTO open_link (open_link_id, survey_key, learning_event_id, channel, wave,
                               opened_at, closes_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        open_link_id,
        survey_key,
        form.learning_event_id,
        form.channel,
        form.wave or present_wave(now),
        now,
        closes_at,
    )
    found = await _select(conn, here, survey_key)
    return Answer.of(next(one for one in found if one.open_link_id == open_link_id))


async def _link(conn: Conn, here: Runtime, token: str, now: datetime) -> asyncpg.Record:
    open_link_id = opened(here, Purpose.OPEN, token)
    row = await conn.fetchrow(
        """
        SELECT open_link_id, survey_key, learning_event_id, channel, wave, closes_at
          FROM open_link
         WHERE open_link_id = $1
        """,
        open_link_id,
    )
    if row is None:
        raise NotFound
    if row["closes_at"] <= now:
        raise Conflict("This survey has closed. Thank you all the same.")
    return row


async def _select(conn: Conn, here: Runtime, survey_key: str) -> list[OpenLinkSeen]:
    rows = await conn.fetch(
        """
        SELECT open_link_id, survey_key, channel, learning_event_id, wave, closes_at,
               (SELECT count(*) FROM response
                 WHERE response.open_link_id = open_link.open_link_id
                   AND withdrawn_at IS NULL) AS responses
          FROM open_link
         WHERE survey_key = $1
         ORDER BY open_link_id DESC
         LIMIT 200
        """,
        survey_key,
    )
    return [
        OpenLinkSeen(**row, path=f"o/{token_for(here, Purpose.OPEN, row['open_link_id'])}")
        for row in rows
    ]
