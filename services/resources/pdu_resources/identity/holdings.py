"""What is kept about where people are signed in and what they may do, and for how long."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention

KEPT_FOR = timedelta(days=7)
"""So long it can still be seen that a token was used a second time."""

HOLDINGS = (
    Holding(
        table="signed_in",
        words="Where you were signed in of late",
        copy="""
            SELECT client.name AS client, scope, amr, started_at, last_used_at, ended_at
              FROM signed_in JOIN client USING (client_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM signed_in WHERE person_id = ANY ($1::uuid[])",
        also=("authorization_code", "refresh_token"),
    ),
    Holding(
        table="sign_in",
        words="That you were about to sign in",
        forget="DELETE FROM sign_in WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="second_factor",
        words="Since when your account has a second step",
        copy="SELECT set_up_at FROM second_factor WHERE person_id = ANY ($1::uuid[])",
        forget="DELETE FROM second_factor WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="outside_identity",
        words="Accounts elsewhere with which you sign in here",
        copy="""
            SELECT issuer, subject, linked_at
              FROM outside_identity WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM outside_identity WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="role_grant",
        words="Roles that you were given",
        copy="""
            SELECT role, given_at, ends_at, taken_at
              FROM role_grant WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            UPDATE role_grant SET taken_at = clock_timestamp()
             WHERE person_id = ANY ($1::uuid[]) AND taken_at IS NULL
            """,
        also=("client_secret",),
        stays="Who had which role under an id that leads to nobody any more: the audit of access.",
    ),
)


async def forget_signed_in(conn: Conn, now: datetime) -> int:
    """Forget sign-ins that came to nothing, and where somebody was signed in a week ago."""
    await conn.execute("DELETE FROM sign_in WHERE expires_at < $1", now)
    await conn.execute("DELETE FROM authorization_code WHERE expires_at < $1", now - KEPT_FOR)
    await conn.execute("DELETE FROM refresh_token WHERE expires_at < $1", now - KEPT_FOR)
    done: str = await conn.execute(
        "DELETE FROM signed_in WHERE least(expires_at, ended_at) < $1", now - KEPT_FOR
    )
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="resources.signed_in",
        keeps="where somebody was signed in",
        kept_for=KEPT_FOR,
        counted_from="the end of it",
        apply=forget_signed_in,
    ),
)
