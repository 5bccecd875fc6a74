"""A press for tests, an issue that is due, and what became of its copies."""

import email
import email.policy
import json
from email.headerregistry import Address
from uuid import uuid4

from notifications.office import Clock
from pdu_notifications.bulletin.sending import Press, send_next
from pdu_shared.smtp import Smtp

LINK_KEY = b"the key of links in tests"


def a_press(database, box, *, clock=None, **more):
    """A press with these copies and this mail server."""
    return Press(
        database=database,
        sink=more.pop("sink", None) or Smtp(f"smtp+plain://127.0.0.1:{box.port}"),
        sender=Address("Practice Development Unit", "pdu", "example.org"),
        portal_url="https://portal.example.org",
        link_key=LINK_KEY,
        now=clock or Clock(),
        **more,
    )


async def an_issue(database, *, one="bulletin", topics=(), sectors=(), second_person=True, **texts):
    """An issue whose time has come; its id."""
    issue_id, author = uuid4(), uuid4()
    await database.pool.execute(
        """
        INSERT INTO bulletin_issue (issue_id, issue_key, list, title, topics, sectors, texts,
                                    left_out, state, version, news_since, written_by, approved_by,
                                    scheduled_for, changed_at)
        VALUES ($1, $2, $3, 'The bulletin', $4, $5, $6, '{}', 'scheduled', 1, now(), $7, $8,
                now(), now())
        """,
        issue_id,
        f"issue-{issue_id.hex[:12]}",
        one,
        list(topics),
        list(sectors),
        json.dumps(texts or {"headline": "Hello, *everybody*."}),
        [author],
        uuid4() if second_person else author,
    )
    return issue_id


async def sent_out(press):
    """All that can be done now is done."""
    while await send_next(press):
        pass
    await press.outlet.leave()


async def state_of(database, issue_id):
    return await database.pool.fetchval(
        "SELECT state FROM bulletin_issue WHERE issue_id = $1", issue_id
    )


async def states(database, issue_id):
    """The state and the reason of the copy for each address."""
    rows = await database.pool.fetch(
        "SELECT address, state, reason FROM bulletin_copy WHERE issue_id = $1", issue_id
    )
    return {row["address"]: (row["state"], row["reason"]) for row in rows}


def read(content):
    """A copy as the recipient's program reads it."""
    return email.message_from_bytes(content, policy=email.policy.default)
