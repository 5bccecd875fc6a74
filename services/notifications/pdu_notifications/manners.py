"""How often this city writes to people, and when not: by its settings, else as usual."""

from pdu_notifications.rules.courtesy import USUAL, Caps, Quiet
from pdu_shared.database import Conn
from pdu_shared.instance import instance


async def manners(conn: Conn, quiet: Quiet | None) -> tuple[Caps, Quiet | None]:
    """The caps and the quiet hours of this city; where there are none, there are none."""
    heard = await instance(conn)
    caps = Caps(
        heard.number("letters.a_week", USUAL.a_week),
        heard.number("surveys.days_between", USUAL.days_between_surveys),
    )
    if quiet is None:
        return caps, None
    return caps, Quiet(
        heard.clock("letters.quiet_from", quiet.begins),
        heard.clock("letters.quiet_until", quiet.ends),
    )
