"""Handing over what a service keeps about a person: copies of its holdings, sealed, in parts."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pdu_shared import outbox
from pdu_shared.contracts import MESSAGES
from pdu_shared.database import Conn
from pdu_shared.holding import Holding, copy_of
from pdu_shared.sealing import Sealer

LARGEST_PART = 20_000
"""Characters of a part: four bytes each, sealed and in base64, still fit into a message."""


async def gathered(
    conn: Conn,
    service: str,
    holdings: Sequence[Holding],
    person_ids: Sequence[UUID],
    *,
    now: datetime,
) -> str:
    """All that a service keeps about these ids, as JSON."""
    copies = [
        {
            "table": holding.table,
            "words": holding.words,
            "stays": holding.stays,
            "rows": await copy_of(conn, holding, person_ids),
        }
        for holding in holdings
    ]
    kept = [copy for copy in copies if copy["rows"]]
    told = {"service": service, "gathered_at": now.isoformat(), "holdings": kept}
    return json.dumps(told, ensure_ascii=False)


def in_parts(
    service: str, request_id: UUID, person_id: UUID, content: str, sealer: Sealer
) -> list[outbox.Promise]:
    """The content as sealed messages, each small enough to travel."""
    kind = MESSAGES[f"{service}.PersonalDataGathered"]
    parts = [content[at : at + LARGEST_PART] for at in range(0, len(content), LARGEST_PART)]
    return [
        outbox.sealed(
            kind.model_validate(
                {
                    "request_id": request_id,
                    "person_id": person_id,
                    "part": number,
                    "parts": len(parts),
                    "content": part,
                }
            ),
            sealer,
        )
        for number, part in enumerate(parts, start=1)
    ]
