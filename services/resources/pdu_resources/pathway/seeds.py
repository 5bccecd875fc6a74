"""The pathways that a new installation begins with, put in place once."""

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import structlog

from pdu_resources.pathway.description import NewPathway
from pdu_resources.pathway.writing import put_in_place
from pdu_shared.database import Conn

BEGINNING = files("pdu_resources") / "pathway" / "pathways.toml"

log = structlog.get_logger()


async def seed(conn: Conn) -> None:
    """Add the pathways that are missing. Safe to repeat: what is there stays as it is."""
    known = [NewPathway(**one) for one in tomllib.loads(BEGINNING.read_text("utf-8"))["pathway"]]
    now = datetime.now(UTC)
    new = [await put_in_place(conn, one.pathway_key, one, now) for one in known]
    log.info("pathways seeded", new=sum(new))
