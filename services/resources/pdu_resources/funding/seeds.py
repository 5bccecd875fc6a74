"""The programmes that a new installation begins with, put in place and told once."""

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import structlog

from pdu_resources.funding.period import Period, keep_period
from pdu_shared.database import Conn

BEGINNING = files("pdu_resources") / "programmes.toml"

log = structlog.get_logger()


async def seed(conn: Conn) -> None:
    """Add the programmes of the file to an installation that has none. Safe to repeat."""
    if await conn.fetchval("SELECT EXISTS (SELECT FROM programme_period)"):
        return
    told = tomllib.loads(BEGINNING.read_text("utf-8"))
    for code, period in told.items():
        await keep_period(conn, Period(code=code, **period), datetime.now(UTC))
    log.info("seeded programmes", programmes=len(told))
