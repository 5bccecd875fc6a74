"""Our own web pages at the issuer: registered by themselves, and known by the secret they share."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

import signing_in
from eventually import until
from pdu_resources.identity.portal import register_portal

ADDRESS = "https://pdu.example.org/signed-in"


@pytest.fixture
async def apart(resources_http, resources_database):
    """A portal that nobody registered yet, and afterwards the one that the service registered."""
    pool = resources_database.pool
    assert resources_http
    await until(lambda: pool.fetchval("SELECT true FROM client WHERE client_id = 'portal'"))
    await pool.execute("UPDATE client SET client_id = 'portal-kept' WHERE client_id = 'portal'")
    yield
    await pool.execute("DELETE FROM client WHERE client_id = 'portal'")
    await pool.execute("UPDATE client SET client_id = 'portal' WHERE client_id = 'portal-kept'")


def told(database, secret):
    settings = SimpleNamespace(
        portal_url="https://pdu.example.org/",
        portal_client_secret=SecretStr(secret) if secret else None,
    )
    return SimpleNamespace(database=database, settings=settings)


@pytest.mark.usefixtures("apart")
async def test_the_portal_is_known_by_its_secret_and_by_the_next_one_too(
    resources_http, resources_database
):
    async def token_with(secret):
        portal = signing_in.FrontEnd(resources_http, resources_database, "portal", ADDRESS, secret)
        return await portal.token(grant_type="client_credentials")

    now = datetime.now(UTC)
    await register_portal(told(resources_database, None), now)
    signing_in.refused(await token_with(None), "unauthorized_client")
    for secret in ("the-first-of-two-secrets", "the-first-of-two-secrets", "the-second-of-them"):
        await register_portal(told(resources_database, secret), now)
    for secret in ("the-first-of-two-secrets", "the-second-of-them"):
        assert (await token_with(secret)).status_code == 200
    for wrong in (None, "the-third"):
        signing_in.refused(await token_with(wrong), "invalid_client")
