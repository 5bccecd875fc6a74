"""The words of lists that an item names, and the learning event that it belongs to."""

from pdu_resources.rules.library import Item
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused


async def check_words(conn: Conn, item: Item) -> None:
    """Raise Refused for a work stream, a learning event or a session that nobody has told of."""
    known = await workstreams(conn)
    faults = [
        Fault(f"/workstreams/{place}", "unknown-code", f"Possible are: {', '.join(known)}.")
        for place, code in enumerate(item.workstreams)
        if code not in known
    ]
    for field, statement, asked in (
        ("learning_event_id", _EVENT, item.learning_event_id),
        ("session_id", _SESSION, item.session_id),
    ):
        if asked and not await conn.fetchval(statement, asked):
            faults.append(Fault(f"/{field}", "unknown", "The hub has not heard of it."))
    if faults:
        raise Refused(errors=faults)


async def workstreams(conn: Conn) -> list[str]:
    """The codes of all work streams that there are or were."""
    rows = await conn.fetch("SELECT DISTINCT code::text FROM workstream ORDER BY 1")
    return [row["code"] for row in rows]


_EVENT = "SELECT EXISTS (SELECT FROM hub_event WHERE learning_event_id = $1)"
_SESSION = "SELECT EXISTS (SELECT FROM hub_session WHERE session_id = $1)"
