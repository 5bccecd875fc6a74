"""Who an address is: the same pseudonym in every service that holds the key."""

from collections.abc import Sequence
from uuid import UUID

from pdu_shared.database import Conn
from pdu_shared.identity import person_id


async def persons_of(conn: Conn, key: bytes, addresses: Sequence[str]) -> list[UUID]:
    """The persons behind these addresses, in their order. Whoever was erased is somebody new."""
    found = [person_id(key, address) for address in addresses]
    generations = [0 for _ in found]
    # From one id of an address to the next, as often as it was erased.
    while erased := await _erased(conn, found):
        for place, address in enumerate(addresses):
            if found[place] in erased:
                generations[place] += erased[found[place]]
                found[place] = person_id(key, address, generations[place])
    return found


async def _erased(conn: Conn, person_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Those who were erased, and by how many generations the address has gone on since."""
    rows = await conn.fetch(
        "SELECT person_id, generation FROM person_erased WHERE person_id = ANY ($1::uuid[])",
        person_ids,
    )
    return {row["person_id"]: row["generation"] for row in rows}
