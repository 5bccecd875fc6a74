"""The bulletin to everybody at once, while the service is killed again and again."""

import asyncio

import pytest

from eventually import until
from notifications.press import an_issue, state_of, states
from notifications.reading import subscribers
from pdu_notifications.bulletin.copies import BATCH
from pdu_notifications.bulletin.sending import PRESSES
from raw_box import RawBox

pytestmark = [pytest.mark.bus, pytest.mark.campaign]

READERS, KILLS = 50_000, 20
LONG = 1800
"""Seconds: the machine may do much else meanwhile."""


async def test_an_issue_to_50000_with_20_kills_and_a_broker_restart(ruins):
    box = RawBox(keep="recipients")
    async with ruins.database("notifications") as database, box.open():
        addresses = await subscribers(database, READERS)
        gone = await subscribers(database, 500, state="unsubscribed")
        issue_id, left = await an_issue(database), set()
        settings = {
            "PDU_SMTP_URL": f"smtp+plain://127.0.0.1:{box.port}",
            "PDU_QUIET_HOURS": "",
        }
        for kill in range(KILLS):
            async with ruins.process("notifications", **settings) as sender:
                enough = READERS * (kill + 1) // (KILLS + 2)
                await until(lambda enough=enough: has_come(box, enough), within=LONG)
                sender.process.kill()
                await sender.process.wait()
            left |= await some_leave(database, issue_id, left)
        async with ruins.process("notifications", **settings):
            ruins.servers.rabbit.kill()
            ruins.servers.rabbit.start()
            await asyncio.to_thread(ruins.servers.rabbit.wait_ready)

            async def is_sent():
                # As if the lease of what killed processes had in hand were over.
                await database.pool.execute(
                    """
                    UPDATE bulletin_copy SET next_at = now() - interval '1 second'
                     WHERE state = 'in_doubt' AND changed_at < now() - interval '30 seconds'
                    """
                )
                return await state_of(database, issue_id) == "sent"

            await until(is_sent, within=LONG)
            await until(lambda: is_told(database, issue_id), within=LONG)
        became = await states(database, issue_id)
    held = {address for address, (state, _) in became.items() if state == "held"}
    reached = set(box.reached())
    assert len(box.reached()) == len(reached)
    assert reached | held == set(addresses) - left
    assert not reached & (left | set(gone))
    assert len(held) <= KILLS * PRESSES * BATCH
    print(f"{len(reached)} reached, {len(held - reached)} lost, {len(left)} left meanwhile")  # noqa: T201 - what was shown


async def has_come(box, letters):
    return box.count >= letters


async def is_told(database, issue_id):
    return await database.pool.fetchval(
        "SELECT published_at FROM outbox WHERE subject = $1", f"issue/{issue_id}"
    )


async def some_leave(database, issue_id, left):
    """Ten leave and ten addresses are suppressed of those whose copy has not gone: who."""
    rows = await database.pool.fetch(
        """
        SELECT address, subscription_id, person_id FROM bulletin_copy
         WHERE issue_id = $1 AND state = 'queued' AND address <> ALL ($2)
         ORDER BY copy_id DESC
         LIMIT 20
        """,
        issue_id,
        list(left),
    )
    await database.pool.execute(
        "UPDATE subscription SET state = 'unsubscribed' WHERE subscription_id = ANY ($1)",
        [row["subscription_id"] for row in rows[:10]],
    )
    await database.pool.executemany(
        "INSERT INTO suppression VALUES (lower($1), $2, '5.1.1', now())",
        [(row["address"], row["person_id"]) for row in rows[10:]],
    )
    return {row["address"] for row in rows}
