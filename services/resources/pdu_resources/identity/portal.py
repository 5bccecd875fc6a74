"""Our own web pages, which may ask us to sign people in without anybody having to register them."""

from datetime import UTC, datetime

from pydantic import SecretStr

from pdu_resources.identity.client import ClientForm, put_client
from pdu_resources.identity.secret import hashed
from pdu_shared.again import rounds
from pdu_shared.database import Conn, transaction
from pdu_shared.runtime import Runtime

PORTAL = "portal"
EVERY = 600.0


async def know_the_portal(runtime: Runtime) -> None:
    """See to it that the portal is registered. What an administrator says of it stays."""

    async def once() -> bool:
        await register_portal(runtime, datetime.now(UTC))
        return False

    await rounds(once, name="portal", rest=EVERY)


async def register_portal(runtime: Runtime, now: datetime) -> None:
    """Register the portal, unless somebody has, and know the secret that both were given."""
    address = f"{runtime.settings.portal_url.rstrip('/')}/signed-in"
    form = ClientForm(name="Portal", redirect_uris=[address], scopes=["openid", "email"])
    async with transaction(runtime.database) as conn:
        await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('client', 120))")
        if not await conn.fetchval("SELECT true FROM client WHERE client_id = $1", PORTAL):
            await put_client(conn, PORTAL, form, now)
        if secret := runtime.settings.portal_client_secret:
            await _know_secret(conn, secret, now)


async def _know_secret(conn: Conn, secret: SecretStr, now: datetime) -> None:
    known = await conn.fetchval(
        """
        INSERT INTO client_secret (secret_hash, client_id, made_at) VALUES ($1, $2, $3)
            ON CONFLICT (secret_hash) DO NOTHING
     RETURNING true
        """,
        hashed(secret.get_secret_value()),
        PORTAL,
        now,
    )
    if known:
        await conn.execute("UPDATE client SET confidential = true WHERE client_id = $1", PORTAL)
