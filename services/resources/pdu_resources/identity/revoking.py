"""Signing out with a refresh token (RFC 7009)."""

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict

from pdu_resources.identity import refresh
from pdu_resources.identity.asked import Said
from pdu_resources.identity.client import authenticated
from pdu_resources.identity.signed_in import end
from pdu_shared.database import transaction
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["tokens"])


class RevokeForm(BaseModel):
    """A refresh token that is to be good no more."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"client_id": "portal", "token": "mB5cQ0x2w1K3s4n5h6g7f8d9a0q1w2e3r4t5y6u7i8o"}
            ]
        }
    )

    token: Said | None = None
    client_id: Said | None = None
    client_secret: Said | None = None


class Revoked(BaseModel):
    """There is nothing to say."""


@router.post("/revoke")
async def revoke(form: Annotated[RevokeForm, Form()], here: Here, now: Now) -> Revoked:
    """Sign out with a refresh token: it and all of its family are good no more (RFC 7009).

    The answer is the same for a token that nobody knows. An access token ends by itself.
    """
    async with transaction(here.database) as conn:
        client = await authenticated(conn, form.client_id or "", form.client_secret)
        row = await refresh.found(conn, form.token or "")
        if row and row["client_id"] == client.client_id:
            await end(conn, row["signed_in_id"], because="signed_out", now=now)
    return Revoked()
