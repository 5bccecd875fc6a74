"""Signing in for front ends that draw their own pages: the same steps, as JSON."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pdu_resources.identity import asked, sign_in
from pdu_resources.identity.asked import AuthorizationRequest
from pdu_resources.identity.secret import new_secret
from pdu_shared.database import transaction
from pdu_shared.forms import EmailAddress, Form
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["sign in"])

Handle = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
Typed = Annotated[str, StringConstraints(pattern=r"^[0-9 -]{6,16}$")]


class Begin(Form):
    """Whom to send a code, and for which front end. `code_challenge` is the S256 of a verifier."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "email": "alan@example.org",
                    "client_id": "kiosk",
                    "redirect_uri": "https://kiosk.example.org/signed-in",
                    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                }
            ]
        }
    )

    email: EmailAddress
    client_id: Annotated[str, StringConstraints(max_length=40)]
    redirect_uri: Annotated[str, StringConstraints(max_length=300)]
    code_challenge: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    code_challenge_method: Literal["S256"] = "S256"
    scope: Annotated[str, StringConstraints(max_length=1000)] | None = None
    nonce: Annotated[str, StringConstraints(max_length=1000)] | None = None


class Begun(BaseModel):
    """A code is on its way. The handle is for whoever asked, and nobody else."""

    handle: str
    expires_at: datetime


class TypedStep(Form):
    """What somebody typed: the code of the letter, then that of their app."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"handle": "kq0E4mSW0wKdq4pNw3yrWZ5yqfJ4oX7uQ0z1nB2c3d4", "code": "483 920"}
            ]
        }
    )

    handle: Handle
    code: Typed


class StepTaken(BaseModel):
    """What comes next: `app` and `set_up` want a code of the app, `done` has one for `/token`."""

    state: Literal["app", "set_up", "done", "no_account"]
    secret: str | None = Field(default=None, description="To type into the app; only in `set_up`")
    code: str | None = Field(default=None, description="For `/token`, within a minute")


@router.post("/sign-in", status_code=201)
async def begin_sign_in(form: Begin, here: Here, now: Now) -> Begun:
    """Have a code sent to somebody who wants to sign in. Alike for known and unknown addresses.

    There is no Idempotency-Key: nobody keeps the handle, so it cannot be told again.
    """
    said = AuthorizationRequest(response_type="code", **form.model_dump(exclude={"email"}))
    handle = new_secret()
    async with transaction(here.database) as conn:
        asking = await asked.read(conn, said)
        if not asking.client.pageless:
            told = "This client sends people to /authorize."
            raise Refused(errors=[Fault("/client_id", "not-pageless", told)])
        await sign_in.begin(conn, here, asking, form.email, handle=handle, now=now)
    return Begun(handle=handle, expires_at=now + sign_in.MAY_TAKE)


@router.post("/sign-in/step")
async def take_step(form: TypedStep, here: Here, now: Now) -> StepTaken:
    """Hand in the code that somebody typed."""
    match await sign_in.go_on(here, form.handle, form.code, now):
        case sign_in.Done(code=code):
            return StepTaken(state="done", code=code)
        case sign_in.NoAccount():
            return StepTaken(state="no_account")
        case sign_in.Waiting(what="set_up", secret=secret):
            return StepTaken(state="set_up", secret=secret)
    return StepTaken(state="app")
