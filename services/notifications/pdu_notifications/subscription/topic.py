"""The topics that alerts can be about: the work streams, as the hub tells them."""

from collections.abc import Sequence

from pydantic import BaseModel

from pdu_shared.contracts.resources.vocabulary import WorkstreamDefined
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused


class Topic(BaseModel):
    """A topic and its name."""

    code: str
    label: str


async def learn_topic(conn: Conn, message: WorkstreamDefined) -> None:
    """Keep the name of a work stream."""
    await conn.execute(
        """
        INSERT INTO topic (code, label) VALUES ($1, $2)
            ON CONFLICT (code) DO UPDATE SET label = excluded.label
        """,
        message.code,
        message.label,
    )


async def topics(conn: Conn) -> list[Topic]:
    """All of them, by name."""
    rows = await conn.fetch("SELECT code, label FROM topic ORDER BY label, code")
    return [Topic(code=row["code"], label=row["label"]) for row in rows]


async def check(conn: Conn, codes: Sequence[str]) -> None:
    """Raise Refused for a topic that nobody has told of."""
    known = [one.code for one in await topics(conn)]
    faults = [
        Fault(f"/topics/{place}", "unknown-code", f"Possible are: {', '.join(known)}.")
        for place, code in enumerate(codes)
        if code not in known
    ]
    if faults:
        raise Refused(errors=faults)
