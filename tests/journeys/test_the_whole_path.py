"""From a place that is booked to a frozen figure: four services, a broker and a mail server.

Nobody hands anything over but the messages. Only the clock is ours: people are asked after 14 days.
"""

import asyncio
import email
import email.policy
import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from aiosmtpd.smtp import SMTP

import a
from attending import booked_session, write
from eventually import until
from house import client
from notifications.office import PostBox
from pdu_resources.survey.diary import ask_next
from pdu_shared.platform import SERVICES
from spare import a_spare

LINK = re.compile(r"/s/([A-Za-z0-9_.-]+)")

pytestmark = pytest.mark.bus


@pytest.fixture(scope="module")
async def town(house):
    """Every service with a database of its own, all of them running; and where letters come in."""
    box = PostBox()
    make = partial(SMTP, box, hostname="mail.example.org")
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    mail = f"smtp+plain://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with AsyncExitStack() as closing:
        http, apps = {}, {}
        for name in SERVICES:
            url = await closing.enter_async_context(a_spare(house, name))
            apps[name] = await closing.enter_async_context(
                house.running(name, database_url=url, smtp_url=mail)
            )
            http[name] = await closing.enter_async_context(client(apps[name]))
        yield http, {name: app.state.runtime for name, app in apps.items()}, box
    server.close()


def letters_with(box, pattern):
    """What the links of letters say, oldest first."""
    copies = [
        email.message_from_bytes(one.content, policy=email.policy.default) for one in box.copies
    ]
    texts = [copy.get_body(("plain",)).get_content() for copy in copies]
    return [found[1] for text in texts if (found := pattern.search(text))]


async def test_who_booked_comes_is_asked_by_letter_answers_and_is_counted(town, token):
    http, running, box = town
    coordinator = token("coordinator")
    session_id, bookings = await booked_session(http["bookings"], token, people=3)
    states = ("present", "partial", "absent_no_show")
    kept = await write(
        http["bookings"], coordinator, session_id, list(zip(bookings, states, strict=True))
    )
    assert kept.status_code == 200, kept.text

    async def figure(name, **asked):
        answer = await http["reporting"].get(f"/figures/{name}", params=asked, headers=coordinator)
        if answer.status_code == 422:  # what was not told yet is no word to ask with
            return None
        assert answer.status_code == 200, answer.text
        return [row["value"] for row in answer.json()["rows"]]

    async def two_came():
        return await figure("attendances", session=session_id) == [2]

    await until(two_came, within=60)

    async def two_are_asked():
        later = datetime.now(UTC) + timedelta(days=15)
        while await ask_next(running["resources"], now=later):
            pass
        return len({*letters_with(box, LINK)}) == 2

    await until(two_are_asked, within=60)
    link, _ = {*letters_with(box, LINK)}
    form = {
        "consent": {"evaluation": True, "quote": False, "link": False},
        "answers": [{"question": "core.understanding", "options": ["some_additional"]}],
    }
    answered = await http["resources"].post(f"/s/{link}/responses", json=form, headers=a.key())
    assert answered.status_code == 200, answered.text

    async def one_answered():
        asked = {"survey_key": "post_event", "question_code": "core.understanding"}
        return await figure("question_responses", **asked) == [1]

    await until(one_answered, within=60)
    rate = await http["reporting"].get("/figures/response_rate_of_invited", headers=coordinator)
    [row] = rate.json()["rows"]
    assert (row["numerator"], row["denominator"]) == (1, 2)
    again = await http["resources"].post(f"/s/{link}/responses", json=form, headers=a.key())
    assert again.status_code in (200, 409)
    assert await figure("survey_responses", survey_key="post_event") == [1]

    came = {"name": "attendances", "filters": {"session": session_id}}
    snapshot = {"kind": "report", "title": "An afternoon in figures", "figures": [came]}
    headers = {**coordinator, **a.key()}
    frozen = await http["reporting"].post("/snapshots", json=snapshot, headers=headers)
    assert frozen.status_code == 201, frozen.text

    async def everybody_may_know():
        journal = running["reporting"].database.pool
        told = "SELECT count(*) FROM journal WHERE routing_key = 'reporting.SnapshotFrozen'"
        return await journal.fetchval(told) == 1

    await until(everybody_may_know, within=60)
