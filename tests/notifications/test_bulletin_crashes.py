"""Whenever the process that sends an issue is killed, nobody gets it twice."""

import asyncio
import os
import signal
from functools import partial
from itertools import count

import pytest

from eventually import until
from notifications.office import Clock
from notifications.press import a_press, an_issue, read, sent_out, state_of, states
from notifications.reading import subscribers
from notifications.test_postman_crashes import KILLED, KilledAt
from pdu_notifications.bulletin import copies, sending
from pdu_notifications.bulletin.sending import send_next
from pdu_shared.database import open_database
from pdu_shared.maildir import Maildir
from raw_box import RawBox

DOOMED = "doomed"


def forked(work):
    """A process of its own that does this; its id."""
    child = os.fork()
    if child:
        return child
    try:
        asyncio.set_event_loop(None)
        asyncio._set_running_loop(None)  # noqa: SLF001 - the parent's loop is not ours
        asyncio.run(work())
    finally:
        os._exit(0)


async def ended(child):
    """Whether a process was killed; it has ended."""
    while True:
        done, status = os.waitpid(child, os.WNOHANG)  # noqa: ASYNC222 - returns at once
        if done:
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == KILLED
        await asyncio.sleep(0.002)


async def is_gone(database, box):
    """Whether all that a killed process sent has arrived: its last statement outlives it."""
    return not box.lines and not await database.pool.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1)", DOOMED
    )


async def killed_everywhere(database, database_url, send, *, begun):
    """Killed at each await of `send`: how often that was, and how often a copy is in doubt."""
    doubts, killed, k = 0, True, 0
    while killed:
        k += 1
        clock = Clock()
        await database.pool.execute("DELETE FROM bulletin_copy; DELETE FROM subscriber")
        addresses = await subscribers(database, 2)
        issue_id = await an_issue(database)
        async with RawBox().open() as box:
            if begun:
                await send_next(a_press(database, box))

            async def work(box=box, k=k):
                async with open_database(database_url, application=DOOMED) as own:
                    await own.pool.fetchval("SELECT 1")
                    await KilledAt(send(a_press(own, box)), k)

            killed = await ended(forked(work))
            await until(lambda box=box: is_gone(database, box))
            clock.forward(seconds=300)  # well over the lease, however slow the machine
            await sent_out(a_press(database, box, clock=clock))
        became = await states(database, issue_id)
        held = {address for address, fate in became.items() if fate == ("held", "in_doubt")}
        assert len(box.reached()) == len(set(box.reached())), k
        assert set(box.reached()) | held == set(addresses), k
        assert await state_of(database, issue_id) == "sent", k
        doubts += bool(held)
    return k, doubts


async def test_a_press_killed_at_any_await_sends_nothing_twice(database, database_url):
    kills, doubts = await killed_everywhere(database, database_url, send_next, begun=True)
    # To look what there is, and to connect, leaves no doubt.
    assert 0 < doubts < kills - 10


@pytest.mark.campaign
async def test_a_press_killed_from_beginning_to_end_sends_nothing_twice(database, database_url):
    kills, doubts = await killed_everywhere(database, database_url, sent_out, begun=False)
    assert 0 < doubts < kills / 2


@pytest.mark.campaign
async def test_where_it_can_be_asked_what_has_gone_every_copy_comes_exactly_once(
    database, database_url, tmp_path
):
    asked = 0
    for k in count(1):
        folder = tmp_path / str(k)
        await database.pool.execute("DELETE FROM bulletin_copy; DELETE FROM subscriber")
        addresses = await subscribers(database, 2)
        issue_id = await an_issue(database)

        async def work(k=k, folder=folder):
            async with open_database(database_url, application=DOOMED) as own:
                await own.pool.fetchval("SELECT 1")
                await KilledAt(sent_out(a_press(own, None, sink=Maildir(folder))), k)

        killed = await ended(forked(work))
        await until(lambda: is_gone(database, RawBox()))
        clock = Clock()
        clock.forward(seconds=300)
        await sent_out(a_press(database, None, clock=clock, sink=Maildir(folder)))
        found = [read(file.read_bytes())["To"] for file in (folder / "new").iterdir()]
        assert sorted(found) == sorted(addresses), k
        became = await states(database, issue_id)
        assert {state for state, _ in became.values()} == {"sent"}, k
        asked += ("sent", "asked") in became.values()
        if not killed:
            break
    assert asked > 0


async def has_come(box, letters):
    return box.count >= letters


async def sent_with_kills(database, database_url, people, kills):
    """An issue to so many people while its presses are killed; the box, the issue and who left."""
    addresses = await subscribers(database, people)
    gone = await subscribers(database, 20, state="unsubscribed")
    issue_id = await an_issue(database)
    box = RawBox()

    async def work():
        async with open_database(database_url, application=DOOMED) as own:
            presses = [a_press(own, box) for _ in range(sending.PRESSES)]
            await asyncio.gather(*(sent_out(press) for press in presses))

    async with box.open():
        left = set()
        for kill in range(kills):
            child = forked(work)
            part = people * (kill + 1) // (kills + 2)
            await until(partial(has_come, box, part), rest=0.001)  # a press is quick
            os.kill(child, signal.SIGKILL)
            assert await ended(child)
            left |= await some_leave(database, issue_id, left)
        await until(lambda: is_gone(database, box))
        clock = Clock()
        clock.forward(seconds=300)
        while await state_of(database, issue_id) != "sent":
            await sent_out(a_press(database, box, clock=clock))
    became = await states(database, issue_id)
    held = {address for address, fate in became.items() if fate == ("held", "in_doubt")}
    reached = set(box.reached())
    assert len(box.reached()) == len(reached)
    assert reached | held == set(addresses) - left
    assert not reached & (left | set(gone))
    assert len(held) <= kills * sending.PRESSES * copies.BATCH
    return held - reached


async def some_leave(database, issue_id, left):
    """One leaves and one address is suppressed of those whose copy has not gone: who."""
    rows = await database.pool.fetch(
        """
        SELECT address, subscription_id, person_id FROM bulletin_copy
         WHERE issue_id = $1 AND state = 'queued' AND address <> ALL ($2)
         ORDER BY copy_id DESC
         LIMIT 2
        """,
        issue_id,
        list(left),
    )
    if len(rows) < 2:
        return set()  # all are on their way
    one, other = rows
    await database.pool.execute(
        "UPDATE subscription SET state = 'unsubscribed' WHERE subscription_id = $1",
        one["subscription_id"],
    )
    await database.pool.execute(
        "INSERT INTO suppression VALUES (lower($1), $2, '5.1.1', now())",
        other["address"],
        other["person_id"],
    )
    return {one["address"], other["address"]}


async def test_an_issue_to_5000_with_20_kills_comes_to_each_at_most_once(database, database_url):
    lost = await sent_with_kills(database, database_url, 5000, 20)
    assert len(lost) < 500
