"""An organisation promises to send staff, or to say what they would like to learn about."""

from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_resources.commitment.keeping import Commitment, lock_own, one_commitment
from pdu_resources.organisation.rows import are_one, stands_for
from pdu_resources.versioned.changes import By, Hand, note
from pdu_resources.versioned.seen import Version
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import (
    CommitmentKind,
    CommitmentMade,
    UndertakingState,
)
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["commitments"])

STILL_TO_COME = (UndertakingState.INTENDED, UndertakingState.REMINDED)

Promised = Annotated[int, Field(ge=1, le=10_000), WRITTEN_AS_NUMBER]


class Commit(Form):
    """What an organisation promises for a project year."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organisation": "Sherwood Outreach",
                    "kind": "send_staff",
                    "project_year": "10",
                    "promised": 8,
                }
            ]
        }
    )

    organisation: OneLine
    kind: CommitmentKind
    project_year: Code
    promised: Promised = Field(description="How many people it sends, or topics it names")


class PromiseAnew(Form):
    """More than was promised, or less."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"promised": 10}]})

    promised: Promised


@router.post("/commitments", status_code=201, response_model=Commitment)
async def commit(form: Commit, database: Store, asked: Asked, by: By) -> Response:
    """Promise something for a year. Whoever leads an organisation does, or a coordinator for it.

    409 when it has promised this for that year already.
    """
    return await once(database, asked, partial(_commit, form=form, by=by))


@router.put("/commitments/{commitment_id}/promise")
async def promise_anew(
    commitment_id: UUID,
    form: PromiseAnew,
    version: Version,
    database: Store,
    by: By,
) -> Commitment:
    """Promise more, or less, before it is looked at what became of it.

    409 after that. 412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_own(conn, commitment_id, by.caller)
        version.check(row["version"])
        if UndertakingState(row["state"]) not in STILL_TO_COME:
            raise Conflict("What became of it has been looked at: the promise stays as it was.")
        await conn.execute(
            """
            UPDATE commitment SET promised = $2, version = version + 1, changed_at = $3
             WHERE commitment_id = $1
            """,
            commitment_id,
            form.promised,
            by.now,
        )
        await note(conn, "commitment", commitment_id, {"promised": row["promised"]}, by)
        found = await one_commitment(conn, commitment_id)
        await outbox.add(conn, _made(found))
    version.renew(found.version)
    return found


async def _commit(conn: Conn, *, form: Commit, by: Hand) -> Answer:
    whose = await stands_for(conn, organisation_id(form.organisation))
    faults = await not_in_list(conn, "project_year", [form.project_year], ["/project_year"])
    if not by.caller.has(Role.COORDINATOR) and not await are_one(
        conn, whose, by.caller.organisation_id
    ):
        detail = "You promise for your own organisation, under its own name."
        faults.append(Fault("/organisation", "not-yours", detail))
    if faults:
        raise Refused(errors=faults)
    commitment_id = uuid7()
    try:
        await conn.execute(
            """
            INSERT INTO commitment (commitment_id, organisation_id, organisation, kind,
                                    project_year, promised, made_on, state, version, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'intended', 1, $8)
            """,
            commitment_id,
            whose,
            form.organisation,
            form.kind,
            form.project_year,
            form.promised,
            local_day(by.now),
            by.now,
        )
    except asyncpg.UniqueViolationError:
        raise Conflict("It has promised this for that year already: promise anew.") from None
    found = await one_commitment(conn, commitment_id)
    await outbox.add(conn, _made(found))
    return Answer.of(found)


def _made(found: Commitment) -> CommitmentMade:
    return CommitmentMade(
        commitment_id=found.commitment_id,
        organisation_id=found.organisation_id,
        kind=found.kind,
        project_year=found.project_year,
        promised=found.promised,
        state=found.state,
        made_on=found.made_on,
    )
