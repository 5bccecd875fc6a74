"""Wherever the postman's process is killed, the letter arrives, and twice only after doubt."""

import asyncio
import os
import signal
from functools import partial
from itertools import count

from eventually import until
from notifications.office import Clock, a_booking, office, post_of, the_letter_of
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.database import open_database
from pdu_shared.maildir import Maildir

KILLED = 9
KINDS = ("bulletin", "survey_invitation", "follow_up_invitation")
DOOMED = "doomed"


class KilledAt:
    """Awaits something, and kills this process at the k-th point where it waits."""

    def __init__(self, awaited, k):
        self.awaited, self.k = awaited, k

    def __await__(self):
        steps = self.awaited.__await__()
        answer = None
        for step in count(1):
            try:
                waited_for = steps.send(answer)
            except StopIteration as done:
                return done.value
            if step == self.k:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = yield waited_for


def run_and_die(url, make_office, k):
    """In a process of its own: deliver what waits, killed at the k-th await."""

    async def work():
        async with open_database(url, application=DOOMED) as database:
            await database.pool.fetchval("SELECT 1")
            await KilledAt(_deliver_all(make_office(database)), k)

    asyncio.run(work())


async def _deliver_all(here):
    while await deliver_next(here):
        pass


async def killed_at(url, make_office, k):
    """Whether the process came as far as the k-th await."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.set_event_loop(None)
            asyncio._set_running_loop(None)  # noqa: SLF001 - the parent's loop is not ours
            run_and_die(url, make_office, k)
        finally:
            os._exit(0)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)  # noqa: ASYNC222 - returns at once
        if done:
            return os.WIFSIGNALED(status) and os.WTERMSIG(status) == KILLED
        await asyncio.sleep(0.002)


async def has_ended(database):
    """Whether the database has done with a killed process: its last statement outlives it."""
    return not await database.pool.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1)", DOOMED
    )


async def is_gone(database, box):
    """Whether all that a killed process sent has arrived."""
    return box.is_quiet() and await has_ended(database)


async def test_a_postman_killed_at_any_await_loses_no_letter(
    database, database_url, sealer, post_box
):
    doubts = 0
    for k in count(1):
        story, box, clock = Story(), await post_box(), Clock()
        await a_booking(database, story, sealer)
        if not await killed_at(database_url, lambda d, box=box: office(d, box), k):
            break
        await until(lambda box=box: is_gone(database, box))
        left = (await the_letter_of(database, story))["state"]
        copies = len(box.copies)
        doubts += left == "in_doubt"
        clock.forward(seconds=300)  # well over the lease, however slow the machine
        await _deliver_all(office(database, box, clock=clock))
        assert (await the_letter_of(database, story))["state"] == "sent", k
        assert len(box.copies) == 1 or (left == "in_doubt" and copies == 1), k
        assert len({one["Message-ID"] for one in box.letters()}) == 1, k
    # Connecting, greeting and naming the recipient leave no doubt.
    assert doubts > 0
    assert k - 1 - doubts > 10


async def test_what_must_not_come_twice_never_does_wherever_the_postman_is_killed(
    database, database_url, sealer, post_box
):
    """Two letters over one connection, killed at every await of both."""
    held = 0
    for k in count(1):
        stories, box, clock = [Story(), Story()], await post_box(), Clock()
        for story in stories:
            await post_of(database, story, sealer, repeatable=False, kind=KINDS[k % len(KINDS)])
        if not await killed_at(database_url, lambda d, box=box: office(d, box), k):
            break
        await until(lambda box=box: is_gone(database, box))
        clock.forward(seconds=300)
        await _deliver_all(office(database, box, clock=clock))
        for story in stories:
            state = (await the_letter_of(database, story))["state"]
            copies = box.reached().count(story.address)
            held += state == "held"
            # Nothing is lost: what may have gone and may not is kept for somebody to decide.
            assert (state == "sent" and copies == 1) or (state == "held" and copies <= 1), k
    assert held > 0


async def test_a_folder_gets_every_letter_exactly_once_wherever_the_postman_is_killed(
    database, database_url, sealer, tmp_path
):
    for k in count(1):
        story, clock = Story(), Clock()
        await post_of(database, story, sealer, repeatable=False)
        folder = tmp_path / str(k)
        make = partial(office, box=None, sink=Maildir(folder), clock=clock)
        if not await killed_at(database_url, make, k):
            break
        await until(lambda: has_ended(database))
        clock.forward(seconds=300)
        await _deliver_all(make(database))
        assert (await the_letter_of(database, story))["state"] == "sent", k
        assert len([*(folder / "new").iterdir()]) == 1, k
    assert k > 15
