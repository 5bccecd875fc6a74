"""Who a request is about: whoever is signed in, or somebody whose address or id is known."""

from uuid import UUID

from pdu_shared.access import Caller
from pdu_shared.database import Conn
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Forbidden, Refused
from pdu_shared.runtime import Runtime


def myself(caller: Caller) -> UUID:
    """The person who calls. Raises Forbidden for a machine: it has no rights of its own."""
    if caller.sub is None:
        raise Forbidden("Only people have data of their own: sign in.")
    return caller.sub


async def person_of(
    conn: Conn, here: Runtime, *, email: str | None, person_id: UUID | None
) -> UUID:
    """The one person that is named, known or not. Raises Refused unless one of both is given."""
    if (email is None) == (person_id is None):
        fault = Fault("/email", "one-of-both", "Give either an address or an id.")
        raise Refused(errors=[fault])
    if person_id is not None:
        return person_id
    assert email is not None, "one of both is given"
    [found] = await persons_of(conn, here.person_key, [email])
    return found


async def all_ids(conn: Conn, person_id: UUID) -> list[UUID]:
    """Every id that is this person: the one that is kept, and all that were merged into it."""
    rows = await conn.fetch(
        """
        WITH RECURSIVE same (person_id) AS (
            SELECT $1::uuid
            UNION
            SELECT CASE WHEN merge.merged_id = same.person_id THEN merge.kept_id
                        ELSE merge.merged_id END
              FROM same
              JOIN person_merge AS merge
                ON merge.merged_id = same.person_id OR merge.kept_id = same.person_id)
        SELECT person_id FROM same ORDER BY person_id
        """,
        person_id,
    )
    return [row["person_id"] for row in rows]
