"""The suite that a new installation begins with, put in place and told once."""

import tomllib
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files

import structlog

from pdu_resources.learning.manuscript import Manuscript, read
from pdu_resources.learning.publishing import publish_shipped
from pdu_resources.usage.activity import item_id_of
from pdu_shared import outbox
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id

HERE = files("pdu_resources") / "learning"
SCHEME = "module_group"

log = structlog.get_logger()


async def seed(conn: Conn) -> None:
    """Add the groups and modules that are missing, and newer versions of those that came with us.

    Safe to repeat. What a coordinator published here, or announced otherwise, stays as it is.
    """
    groups = tomllib.loads((HERE / "suite.toml").read_text("utf-8"))["group"]
    for place, group in enumerate(groups, start=1):
        if await _insert_group(conn, group["code"], group["label"], place):
            await outbox.add(conn, _group_defined(group["code"], group["label"]))
        for number, one in enumerate(group["modules"], start=1):
            await _announce(conn, group["code"], one["key"], one["title"], number)
    for manuscript in shipped():
        await publish_shipped(conn, manuscript)
    log.info("suite seeded", groups=len(groups))


@cache
def shipped() -> tuple[Manuscript, ...]:
    """The modules that come with the software."""
    folders = sorted((HERE / "modules").iterdir(), key=lambda folder: folder.name)
    return tuple(read(_texts(folder)) for folder in folders if folder.is_dir())


def _texts(folder: Traversable) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


def _group_defined(code: str, label: str) -> CategoryDefined:
    return CategoryDefined(
        category_id=derived_id("category", SCHEME, code), scheme=SCHEME, code=code, label=label
    )


async def _insert_group(conn: Conn, code: str, label: str, place: int) -> bool:
    """Whether it was new."""
    inserted = await conn.fetchval(
        """
        INSERT INTO module_group (code, label, place) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        RETURNING true
        """,
        code,
        label,
        place,
    )
    return bool(inserted)


async def _announce(conn: Conn, group: str, module_key: str, title: str, place: int) -> None:
    await conn.execute(
        """
        INSERT INTO module (module_id, module_key, group_code, title, place, state)
        VALUES ($1, $2, $3, $4, $5, 'announced')
            ON CONFLICT DO NOTHING
        """,
        item_id_of(module_key),
        module_key,
        group,
        title,
        place,
    )
