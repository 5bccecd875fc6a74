"""Who an address is: the same pseudonym in every service that holds the key."""

from collections.abc import Sequence
from uuid import UUID

from pdu_shared.database import Conn
from pdu_shared.identity import person_id


async def persons_of(conn: Conn, key: bytes, addresses: Sequence[str]) -> list[UUID]:
    """The persons behind these addresses, in their order. Whoever was erased is somebody new."""
    firsts = [person_id(key, address) for address in addresses]
    erased = await conn.fetch(
        "SELECT person_id, generation FROM person_erased WHERE person_id = ANY ($1::uuid[])",
        firsts,
    )
    generations = {row["person_id"]: row["generation"] for row in erased}
    return [
        person_id(key, address, generations[first]) if first in generations else first
        for address, first in zip(addresses, firsts, strict=True)
    ]
