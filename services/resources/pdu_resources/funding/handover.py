"""What is handed over when a programme ends: all that the hub keeps of its governance, in one file.

No names of persons, no ids of persons, and no notes: those go by agreement, not by download.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from pdu_shared.database import Conn, Database
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["programme periods"])

ZIP = "application/zip"
CHUNK = 1 << 16

HANDED_OVER: Mapping[str, str] = {
    "sector": "SELECT code, label FROM sector ORDER BY place",
    "work_field": "SELECT code, label FROM work_field ORDER BY place",
    "role_level": "SELECT code, label FROM role_level ORDER BY place",
    "area": "SELECT code, label FROM area ORDER BY place",
    "heard_about": "SELECT code, label FROM heard_about ORDER BY place",
    "workstream": "SELECT code, label, valid_from, valid_to FROM workstream ORDER BY place",
    "project_year": """
        SELECT code, label, starts_on, ends_on, is_partial FROM project_year ORDER BY starts_on
        """,
    "programme_period": """
        SELECT code, label, starts_on, ends_on FROM programme_period ORDER BY starts_on
        """,
    "question": """
        SELECT code, version, type, wording, minimum, maximum FROM question ORDER BY code, version
        """,
    "question_option": """
        SELECT question_code, version, code, label FROM question_option
         ORDER BY question_code, version, place
        """,
    "survey": "SELECT survey_key, title FROM survey ORDER BY survey_key",
    "survey_question": """
        SELECT survey_key, question_code, version FROM survey_question ORDER BY survey_key, place
        """,
    "local_service": """
        SELECT service_id, organisation_id, organisation, title, offers, for_whom, areas,
               workstreams, how_to_refer, self_referral, opening, cost, telephone, email, website,
               hidden, reviewed_on, review_due_on
          FROM local_service
         ORDER BY service_id
        """,
    "seat": """
        SELECT seat_id, kind, organisation_id, organisation, sector, role_level, chairs, starts_on,
               ends_on
          FROM seat
         ORDER BY seat_id
        """,
    "steering_meeting": """
        SELECT meeting_id, title, meets_on, place, papers, state FROM steering_meeting
         ORDER BY meets_on, meeting_id
        """,
    "steering_attendance": """
        SELECT meeting_id, seat_id, state FROM steering_attendance ORDER BY meeting_id, seat_id
        """,
    "working_group": """
        SELECT group_id, title, purpose, workstream, starts_on, ends_on FROM working_group
         ORDER BY group_id
        """,
    "working_group_member": """
        SELECT membership_id, group_id, organisation_id, organisation, leads, joined_on, left_on
          FROM working_group_member
         ORDER BY membership_id
        """,
    "working_group_output": """
        SELECT output_id, group_id, title, url, made_on FROM working_group_output
         ORDER BY output_id
        """,
    "plan": """
        SELECT plan_id, kind, workstream, title, aims, organisation_id, organisation, group_id,
               starts_on, ends_on, state
          FROM plan
         ORDER BY plan_id
        """,
    "objective": """
        SELECT objective_id, plan_id, place, wording, measure, partner_plan, due_on, state, set_on
          FROM objective
         ORDER BY plan_id, place, objective_id
        """,
    "milestone": """
        SELECT plan_id, place, wording, due_on, reached_on FROM milestone ORDER BY plan_id, place
        """,
    "plan_activity": """
        SELECT plan_id, kind, activity_id FROM plan_activity ORDER BY plan_id, kind, activity_id
        """,
    "action": """
        SELECT action_id, meeting_id, objective_id, group_id, what, seat_id, membership_id,
               organisation_id, organisation, role, set_on, due_on, state, percent
          FROM action
         ORDER BY action_id
        """,
    "commitment": """
        SELECT commitment_id, organisation_id, organisation, kind, project_year, promised, made_on,
               state, reviewed_on
          FROM commitment
         ORDER BY commitment_id
        """,
    "commitment_topic": """
        SELECT commitment_id, topic_id, named_on FROM commitment_topic
         ORDER BY commitment_id, topic_id
        """,
}
"""Each file by the name of its table, one row a line."""

ELSEWHERE = {
    "learning events, bookings and registers": "bookings: /coordinator/learning-events/file …",
    "figures and all facts": "reporting: /figures/{name}?format=csv, /journal",
    "whole databases": "pg_dump, as docs/operating.md says",
}


@router.get(
    "/handover",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A ZIP archive: JSON lines for each table, and a list of the files.",
            "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def hand_over(database: Store, now: Now) -> StreamingResponse:
    """All lists, the directory, the steering group, plans, groups, actions and commitments."""
    file = await _archive(database, now)
    name = f"handover-{local_day(now).isoformat()}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_chunks(file), media_type=ZIP, headers=headers)


async def _archive(database: Database, now: datetime) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115 - closed when the last chunk has gone
    listed: list[dict[str, Any]] = []
    # One moment for all files, so that they fit together.
    async with (
        database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, statement in HANDED_OVER.items():
                lines = await _lines(conn, statement)
                text = "".join(f"{line}\n" for line in lines).encode()
                await asyncio.to_thread(archive.writestr, f"{name}.ndjson", text)
                digest = hashlib.sha256(text).hexdigest()
                listed.append({"file": f"{name}.ndjson", "rows": len(lines), "sha256": digest})
            told = {"made_at": now.isoformat(), "files": listed, "elsewhere": ELSEWHERE}
            archive.writestr("manifest.json", json.dumps(told, indent=2, ensure_ascii=False))
    file.seek(0)
    return file


async def _lines(conn: Conn, statement: str) -> list[str]:
    query = f"SELECT row_to_json(t)::text AS line FROM ({statement}) AS t"  # noqa: S608 - our own
    rows = await conn.fetch(query)
    return [row["line"] for row in rows]


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
