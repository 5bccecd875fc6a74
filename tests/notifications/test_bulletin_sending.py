"""An issue goes to whoever wants it, once; nothing that happens makes it come twice."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from notifications.office import Clock, tell
from notifications.press import LINK_KEY, a_press, an_issue, read, sent_out, state_of, states
from notifications.reading import subscribers
from notifications.told import Story
from pdu_notifications.bulletin import copies, course, outlet
from pdu_notifications.bulletin.holdings import COPIES_KEPT_FOR, forget_copies
from pdu_notifications.bulletin.sending import send_next
from pdu_notifications.pace import Pace
from pdu_notifications.reader_link import Purpose
from pdu_notifications.rules.courtesy import Quiet
from pdu_shared.database import transaction
from pdu_shared.links import opened_by
from pdu_shared.maildir import Maildir
from pdu_shared.smtp_line import Parcel
from raw_box import RawBox

SENT = ("sent", "accepted")


@pytest.fixture
async def box():
    async with RawBox().open() as box:
        yield box


async def the_subscription(database, address):
    return await database.pool.fetchrow(
        """
        SELECT subscription_id, subscriber_id, person_id
          FROM subscription JOIN subscriber USING (subscriber_id)
          JOIN contact_point USING (person_id)
         WHERE address = $1
        """,
        address,
    )


async def leaves(database, address):
    subscription = await the_subscription(database, address)
    await database.pool.execute(
        "UPDATE subscription SET state = 'unsubscribed' WHERE subscription_id = $1",
        subscription["subscription_id"],
    )


async def test_everybody_on_the_list_gets_one_copy_with_links_of_their_own(database, box):
    addresses = await subscribers(database, 45)
    others = await subscribers(database, 3, state="unsubscribed")
    others += await subscribers(database, 3, state="pending_confirmation")
    others += await subscribers(database, 3, "opportunities")
    issue_id = await an_issue(database, headline="[Book](https://portal.example.org/events)")
    await sent_out(a_press(database, box))
    assert sorted(box.reached()) == sorted(addresses)
    assert await state_of(database, issue_id) == "sent"
    for address, content in box.copies:
        letter = read(content)
        assert letter["To"] == address
        known = await the_subscription(database, address)
        one_click = letter["List-Unsubscribe"].strip("<>").rpartition("/u/")[2]
        assert opened_by(LINK_KEY, Purpose.ONE_CLICK, one_click) == known["subscription_id"]
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for part in letter.iter_parts():
            said = part.get_content()
            token = said.rpartition("https://portal.example.org/p/")[2][:44]
            assert opened_by(LINK_KEY, Purpose.PREFERENCES, token) == known["subscriber_id"]
            # The same for everybody: what they follow says which issue, and nothing of whom.
            key = f"source=issue-{issue_id.hex[:12]}"
            assert f"https://portal.example.org/events?{key}" in said
            assert address not in said
            assert "<img" not in said
    ids = {read(content)["Message-ID"] for _, content in box.copies}
    assert len(ids) == len(addresses)
    [issued] = await database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'notifications.BulletinIssued'"
    )
    assert '"recipients":45' in issued["body"]
    assert "@example.org" not in issued["body"]


async def test_an_address_that_two_people_share_gets_one_copy(database, box):
    first, second = await subscribers(database, 2)
    await database.pool.execute(
        "UPDATE contact_point SET address = upper($1) WHERE address = $2", first, second
    )
    await an_issue(database)
    await sent_out(a_press(database, box))
    assert len(box.copies) == 1


async def test_topics_that_people_chose_are_kept_to(database, box):
    chose = await subscribers(database, 2, "alerts", topics=["housing", "women"])
    everything = await subscribers(database, 2, "alerts")
    await subscribers(database, 2, "alerts", topics=["race"])
    await an_issue(database, one="alerts", topics=["women"])
    await sent_out(a_press(database, box))
    assert sorted(box.reached()) == sorted(chose + everything)


async def test_only_those_on_the_list_get_it_who_said_so_of_their_sector(database, box):
    theirs, others = [await subscribers(database, 2, "opportunities") for _ in range(2)]
    not_asked_for = Story()
    sector = not_asked_for.booked.sector
    for address in theirs:
        story = Story(person_id=(await the_subscription(database, address))["person_id"])
        await tell(database, *story.announced, story.booked, story.cancelled)
    elsewhere = Story(person_id=(await the_subscription(database, others[0]))["person_id"])
    booked = elsewhere.booked.model_copy(update={"sector": "statutory"})
    await tell(database, *elsewhere.announced, booked)
    await tell(database, *not_asked_for.announced, not_asked_for.booked)
    await an_issue(database, one="opportunities", sectors=[sector])
    await sent_out(a_press(database, box))
    assert sorted(box.reached()) == sorted(theirs)


async def test_who_leaves_or_is_suppressed_meanwhile_gets_nothing(database, box):
    addresses = await subscribers(database, 60)
    issue_id = await an_issue(database)
    press = a_press(database, box)
    await send_next(press)  # recipients are fixed
    await send_next(press)  # the first batch
    gone = await database.pool.fetch(
        "SELECT address FROM bulletin_copy WHERE issue_id = $1 AND state = 'queued'", issue_id
    )
    left, suppressed, moved, *_ = (row["address"] for row in gone)
    await leaves(database, left)
    await database.pool.execute(
        "INSERT INTO suppression VALUES ($1, gen_random_uuid(), '5.1.1', now())", suppressed
    )
    await database.pool.execute(
        "UPDATE contact_point SET address = 'new@example.org' WHERE address = $1", moved
    )
    await sent_out(press)
    assert sorted(box.reached()) == sorted(set(addresses) - {left, suppressed, moved})
    became = await states(database, issue_id)
    assert became[left] == ("suppressed", "unsubscribed")
    assert became[suppressed] == ("suppressed", "address_suppressed")
    assert became[moved] == ("suppressed", "address_changed")
    assert await state_of(database, issue_id) == "sent"


@pytest.mark.parametrize(("stopped", "left"), [("paused", "queued"), ("withdrawn", "queued")])
async def test_an_issue_that_is_stopped_goes_no_further(database, box, stopped, left):
    await subscribers(database, 50)
    issue_id = await an_issue(database)
    press = a_press(database, box)
    await send_next(press)
    await send_next(press)
    await database.pool.execute(
        "UPDATE bulletin_issue SET state = $2 WHERE issue_id = $1", issue_id, stopped
    )
    await sent_out(press)
    assert len(box.copies) == copies.BATCH
    assert (left, None) in (await states(database, issue_id)).values()
    if stopped == "paused":
        await database.pool.execute(
            "UPDATE bulletin_issue SET state = 'sending' WHERE issue_id = $1", issue_id
        )
        await sent_out(press)
        assert len(set(box.reached())) == len(box.copies) == 50


async def test_four_presses_at_once_send_every_copy_once(database, box):
    addresses = await subscribers(database, 200)
    await an_issue(database)
    await asyncio.gather(*(sent_out(a_press(database, box)) for _ in range(4)))
    await sent_out(a_press(database, box))
    assert sorted(box.reached()) == sorted(addresses)


async def test_where_a_line_breaks_the_copy_in_doubt_is_held_and_the_rest_goes(database):
    addresses = await subscribers(database, 60)
    issue_id = await an_issue(database)
    clock = Clock()
    async with RawBox(breaks_after=7).open() as box:
        press = a_press(database, box, clock=clock)
        await sent_out(press)
        clock.forward(minutes=2)
        await sent_out(press)
    assert len(box.copies) == len(set(box.reached()))
    became = await states(database, issue_id)
    held = {address for address, fate in became.items() if fate == ("held", "in_doubt")}
    assert len(held) == 1
    assert set(box.reached()) | held == set(addresses)
    assert await state_of(database, issue_id) == "sent"


async def test_what_a_killed_press_had_in_hand_is_never_sent_again(database, box):
    await subscribers(database, 30)
    issue_id = await an_issue(database)
    clock = Clock()
    press = a_press(database, box, clock=clock)
    await send_next(press)
    taken = await copies.take(database, issue_id, now=clock())  # and the process dies
    clock.forward(seconds=121)
    await sent_out(press)
    became = await states(database, issue_id)
    held = {one.reader.address for one in taken}
    assert {address for address, fate in became.items() if fate[0] == "held"} == held
    assert set(box.reached()) == set(became) - held


async def test_where_it_can_be_asked_what_has_gone_nothing_is_lost_and_nothing_twice(
    database, tmp_path
):
    addresses = await subscribers(database, 30)
    issue_id = await an_issue(database)
    clock = Clock()
    press = a_press(database, None, clock=clock, sink=Maildir(tmp_path))
    await send_next(press)
    taken = await copies.take(database, issue_id, now=clock())
    letter = press.letter_of(await course.at_work(database, now=clock()))
    await press.outlet.hand_over([Parcel(*letter.copy(one.reader)) for one in taken[:7]])
    clock.forward(seconds=121)  # the process has died
    await sent_out(press)
    became = list((await states(database, issue_id)).values())
    assert (became.count(("sent", "asked")), became.count(SENT)) == (7, 23)
    files = list((tmp_path / "new").iterdir())
    assert sorted(read(file.read_bytes())["To"] for file in files) == sorted(addresses)


async def test_a_press_that_is_told_to_stop_leaves_only_what_was_begun_in_doubt(database, box):
    await subscribers(database, 20)
    issue_id = await an_issue(database)
    clock = Clock()
    press = a_press(database, box, clock=clock)
    await send_next(press)
    box.silent = asyncio.Event()
    working = asyncio.create_task(send_next(press))
    await box.silent.wait()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    box.silent = None
    clock.forward(minutes=5)
    await sent_out(press)
    became = list((await states(database, issue_id)).values())
    assert became.count(("held", "in_doubt")) == outlet.LINES
    assert became.count(SENT) == 20 - outlet.LINES
    assert len(box.copies) == len(set(box.reached())) == 20 - outlet.LINES


async def test_what_a_mail_server_says_counts_for_each_copy_alone(database):
    good, nobody, full, later = await subscribers(database, 4)
    refused = {
        nobody: b"550 5.1.1 No such user\r\n",
        full: b"552 5.2.2 Full\r\n",
        later: b"451 4.7.1 Greylisted\r\n",
    }
    issue_id = await an_issue(database)
    clock = Clock()
    async with RawBox(refused=refused).open() as box:
        press = a_press(database, box, clock=clock)
        await sent_out(press)
        became = await states(database, issue_id)
        assert became == {
            good: SENT,
            nobody: ("bounced", "5.1.1"),
            full: ("bounced", "5.2.2"),
            later: ("deferred", "4.7.1"),
        }
        assert await state_of(database, issue_id) == "sending"
        suppressed = await database.pool.fetch("SELECT address FROM suppression")
        assert [row["address"] for row in suppressed] == [nobody]
        del refused[later]
        clock.forward(minutes=1)
        await sent_out(press)
    assert box.reached() == [good, later]
    assert await state_of(database, issue_id) == "sent"


async def test_nothing_is_in_doubt_while_the_mail_server_is_away(database):
    addresses = await subscribers(database, 5)
    issue_id = await an_issue(database)
    async with RawBox().open() as gone:
        pass
    press = a_press(database, gone)
    await send_next(press)
    assert not await send_next(press)
    assert await press.rests()
    assert set((await states(database, issue_id)).values()) == {("queued", None)}
    async with RawBox().open() as box:
        await sent_out(a_press(database, box))
    assert sorted(box.reached()) == sorted(addresses)


async def test_a_domain_that_says_later_holds_up_nobody_else(database):
    there, elsewhere = await subscribers(database, 30), await subscribers(database, 30)
    await database.pool.execute(
        "UPDATE contact_point SET address = replace(address, 'example.org', 'example.com')"
        " WHERE address = ANY ($1)",
        there,
    )
    refused = {
        one.replace("example.org", "example.com"): b"451 4.7.1 Greylisted\r\n" for one in there
    }
    issue_id = await an_issue(database)
    async with RawBox(refused=refused).open() as box:
        clock = Clock()
        press = a_press(database, box, clock=clock)
        await sent_out(press)
        assert sorted(box.reached()) == sorted(elsewhere)
        reasons = [reason for _, reason in (await states(database, issue_id)).values()]
        assert 3 <= reasons.count("4.7.1") <= copies.BATCH
        assert reasons.count("4.7.1") + reasons.count("domain_rests") == 30
        refused.clear()
        clock.forward(hours=1)
        await sent_out(press)
        assert len(box.reached()) == len(set(box.reached())) == 60


async def test_no_more_a_second_than_was_set(database, box):
    await subscribers(database, 60)
    await an_issue(database)
    clock = Clock()
    press = a_press(database, box, clock=clock, pace=Pace(per_second=4))
    await send_next(press)
    for second in range(1, 4):
        await send_next(press)
        assert not await send_next(press)
        assert len(box.copies) == second * copies.BATCH
        clock.forward(seconds=copies.BATCH // 4)


async def test_nobody_gets_too_much_and_nobody_at_night(database, box):
    addresses = await subscribers(database, 3)
    clock = Clock()
    for _ in range(3):
        await an_issue(database)
    press = a_press(database, box, clock=clock, quiet=Quiet(time(0), time(23, 59, 59, 999999)))
    assert not await send_next(press)
    press.quiet = None
    await sent_out(press)
    assert len(box.copies) == 2 * len(addresses)
    clock.forward(days=7, hours=1)
    await sent_out(press)
    assert len(box.copies) == 3 * len(addresses)


async def test_an_issue_that_grew_beyond_500_asks_for_a_second_person(database, box):
    await subscribers(database, 501)
    issue_id = await an_issue(database, second_person=False)
    await sent_out(a_press(database, box))
    assert await state_of(database, issue_id) == "in_review"
    assert not box.copies
    assert not await states(database, issue_id)


async def test_what_was_called_off_or_withdrawn_meanwhile_is_not_told(database, box):
    [address] = await subscribers(database, 1)
    off, on = UUID(int=1), UUID(int=2)
    issue_id = await an_issue(database)
    await database.pool.execute(
        "UPDATE bulletin_issue SET entries = $2 WHERE issue_id = $1",
        issue_id,
        json.dumps([_entry(off, "Called off"), _entry(on, "Takes place")]),
    )
    await database.pool.executemany(
        "INSERT INTO bulletin_event VALUES ($1, 'x', 'learning_event', NULL, '{}', $2)",
        [(off, True), (on, False)],
    )
    await sent_out(a_press(database, box))
    text = read(box.copies[0][1]).get_body(("plain",)).get_content()
    assert box.reached() == [address]
    assert "Takes place" in text
    assert "Called off" not in text


def _entry(event, title):
    return {
        "section": "upcoming",
        "source": "learning_event",
        "source_id": str(event),
        "title": title,
    }


async def test_whom_it_went_to_is_forgotten_and_how_many_stays(database, box):
    await subscribers(database, 3)
    issue_id = await an_issue(database)
    await sent_out(a_press(database, box))
    now = datetime.now(UTC) + COPIES_KEPT_FOR + timedelta(days=1)
    async with transaction(database) as conn:
        assert await forget_copies(conn, now) == 3
    assert not await states(database, issue_id)
    kept = await database.pool.fetchrow(
        "SELECT state, counts FROM bulletin_issue WHERE issue_id = $1", issue_id
    )
    assert tuple(kept) == ("archived", '{"sent": 3}')
