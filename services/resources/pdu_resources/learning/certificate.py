"""A certificate of a completed module: for its learner, and verified by whoever has its code."""

from datetime import date
from typing import Any

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.identity.keys import base_of
from pdu_resources.learning.progress import Learner, learner
from pdu_resources.learning.suite import ModuleKey
from pdu_resources.member.same_person import ids_of
from pdu_resources.paper import AS_PDF, pdf
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Caller, Who
from pdu_shared.certificate import CertificateCode, hash_of, initials, new_code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["certificates"])

_CERTIFICATE = """
    SELECT code, name, show_name, issued_at, module_key, module_version.title, minutes,
           completed_at, module_version.version
      FROM module_certificate
      JOIN module_progress USING (progress_id)
      JOIN module_version USING (module_id, version)
      JOIN module USING (module_id)
    """


class AskForCertificate(Form):
    """How the holder wants to be named where others verify the certificate."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"show_name": True}]})

    show_name: bool = Field(
        default=False, description="Show the name to whoever has the code, instead of initials"
    )
    name: OneLine | None = Field(None, description="If it is to be another than that of my account")


class ModuleCertificate(BaseModel):
    """What a certificate says to anybody who has its code."""

    code: str
    module_key: str
    title: str
    version: int
    minutes: int = Field(description="How long most people need for the module")
    holder: str = Field(description="The name, if its holder wants that; else the initials")
    completed_on: date
    issued_on: date
    verification_hash: str


class OwnModuleCertificate(ModuleCertificate):
    """What it says to its holder."""

    show_name: bool


@router.get("/certificates/{code}")
async def verify(code: CertificateCode, database: Store) -> ModuleCertificate:
    """Whether there is such a certificate of a module."""
    row = await database.pool.fetchrow(f"{_CERTIFICATE} WHERE code = $1", code)
    if row is None:
        raise NotFound
    holder = row["name"] if row["show_name"] else initials(row["name"])
    return ModuleCertificate(**_shown(row), holder=holder)


@router.get("/modules/{module_key}/certificate")
async def own(module_key: ModuleKey, database: Store, caller: Who) -> OwnModuleCertificate:
    """My certificate of this module."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _own(conn, module_key, caller)


@router.put("/modules/{module_key}/certificate")
async def ask(
    module_key: ModuleKey, form: AskForCertificate, database: Store, caller: Who, now: Now
) -> OwnModuleCertificate:
    """Ask for a certificate of a module that I completed, or change how it names me.

    409 for a module that is not completed.
    """
    async with transaction(database) as conn:
        person_id = await account_of(conn, caller)
        one = await learner(conn, person_id, module_key)
        if one.completed_at is None:
            raise Conflict("A certificate is for a module that is completed.")
        name = form.name or await _name(conn, caller)
        await conn.execute(
            """
            INSERT INTO module_certificate (certificate_id, code, progress_id, name, show_name,
                                            issued_at)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (progress_id) DO UPDATE
               SET name = excluded.name, show_name = excluded.show_name
            """,
            uuid7(),
            new_code(),
            one.progress_id,
            name,
            form.show_name,
            now,
        )
        return await _own(conn, module_key, caller)


@router.get("/modules/{module_key}/certificate/paper", responses=AS_PDF, response_model=None)
async def paper(module_key: ModuleKey, runtime: Here, caller: Who) -> Response:
    """My certificate of this module, to print."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        mine = await _own(conn, module_key, caller)
    data = {
        "issuer": runtime.settings.hub_name,
        "holder": mine.holder,
        "title": mine.title,
        "day": f"{mine.completed_on:%-d %B %Y}",
        "minutes": mine.minutes,
        "code": mine.code,
        "where": f"{base_of(runtime)}/certificates/{mine.code}",
    }
    return await pdf("certificate", data, name=f"certificate-{module_key}")


async def _own(conn: Conn, module_key: str, caller: Caller) -> OwnModuleCertificate:
    one: Learner = await learner(conn, await account_of(conn, caller), module_key)
    row = await conn.fetchrow(f"{_CERTIFICATE} WHERE progress_id = $1", one.progress_id)
    if row is None:
        raise NotFound
    return OwnModuleCertificate(**_shown(row), holder=row["name"], show_name=row["show_name"])


def _shown(row: asyncpg.Record) -> dict[str, Any]:
    fields = ("code", "module_key", "title", "version", "minutes")
    return {
        **{name: row[name] for name in fields},
        "completed_on": local_date(row["completed_at"]),
        "issued_on": local_date(row["issued_at"]),
        "verification_hash": hash_of(row["code"]),
    }


async def _name(conn: Conn, caller: Caller) -> str:
    assert caller.sub is not None, "whoever has an account is a person"
    name: str | None = await conn.fetchval(
        """
        SELECT name FROM member
         WHERE person_id = ANY ($1::uuid[]) AND name IS NOT NULL
         ORDER BY person_id = $2 DESC
         LIMIT 1
        """,
        await ids_of(conn, caller.sub),
        caller.sub,
    )
    if name is None:
        told = "We have no name of yours: send it with this request."
        raise Refused(errors=[Fault("/name", "missing", told)])
    return name
