"""The postman hands each letter over once, waits when asked to, and never lets one block others."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.headerregistry import Address
from itertools import pairwise

import pytest

from notifications.office import (
    BREATH,
    Clock,
    PostBox,
    a_booking,
    office,
    promised,
    tell,
    the_letter_of,
)
from notifications.told import Story
from pdu_notifications import overview, postman
from pdu_notifications.letter import post
from pdu_notifications.letters.booking_confirmation import compose
from pdu_notifications.pace import Pace
from pdu_notifications.postman import PostOffice, deliver_next
from pdu_notifications.rules.courtesy import Quiet
from pdu_shared.again import rounds
from pdu_shared.database import transaction
from pdu_shared.handover import Accepted, Deferred, InDoubt
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.settings import Settings
from pdu_shared.telemetry import REGISTRY

NOON = datetime(2027, 1, 13, 12, 0, tzinfo=UTC)


async def test_a_letter_arrives_whole(database, sealer, post_box):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box))
    [letter] = box.letters()
    assert letter["To"] == story.address
    assert letter["From"] == "Practice Development Unit <pdu@example.org>"
    assert box.copies[0].mail_from == "pdu@example.org"
    text = letter.get_body(("plain",)).get_content()
    assert text.startswith("Hello Alan a Dale,")
    assert f"https://portal.example.org/b/{story.token}" in text
    assert letter.get_body(("html",)).get_content_type() == "text/html"
    assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/calendar"]


async def test_what_was_sent_is_recorded_and_told_of_without_the_person(database, sealer, post_box):
    story = Story()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, await post_box()))
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["attempt"]) == ("sent", 1)
    told = await promised(database, story.booking_id)
    assert [one["routing_key"] for one in told] == [
        "notifications.MessageQueued",
        "notifications.MessageSent",
    ]
    for one in told:
        for secret in (story.name, story.address, story.token, str(story.person_id)):
            assert secret not in one["body"]
        assert str(letter["correlation_id"]) in one["body"]


async def test_a_greylisted_letter_goes_a_minute_later_with_the_same_id_and_date(
    database, sealer, post_box
):
    story, clock = Story(), Clock()
    box = await post_box(PostBox(rcpt=["451 4.7.1 greylisted", "250 OK"]))
    await a_booking(database, story, sealer)
    here = office(database, box, clock=clock)
    await deliver_next(here)
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"]) == ("deferred", "4.7.1")
    assert not await deliver_next(here)
    clock.forward(seconds=61)
    await deliver_next(here)
    assert (await the_letter_of(database, story))["state"] == "sent"
    assert len(box.copies) == 1


@pytest.mark.parametrize(
    ("script", "becomes"),
    [
        ({"rcpt": ["550 5.1.1 no such user"]}, ("bounced", "5.1.1", "MessageFailed")),
        ({"rcpt": ["552 mailbox full"]}, ("bounced", "smtp_552", "MessageFailed")),
        ({"data": ["554 5.7.1 spam"]}, ("failed", "5.7.1", "MessageFailed")),
        ({"mail": ["421 4.7.0 slow down"]}, ("deferred", "4.7.0", "MessageQueued")),
        ({"data": ["452 full"]}, ("deferred", "smtp_452", "MessageQueued")),
        ({"helo": "hang"}, ("deferred", "no_answer", "MessageQueued")),
    ],
)
async def test_every_answer_of_the_server_has_its_state(
    database, sealer, post_box, script, becomes
):
    story, box = Story(), await post_box(PostBox(**script))
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box))
    letter = await the_letter_of(database, story)
    told = (await promised(database, story.booking_id))[-1]["routing_key"]
    assert (letter["state"], letter["reason"], told.partition(".")[2]) == becomes
    assert box.copies == []


async def test_a_server_without_starttls_gets_no_letter_where_it_is_required(
    database, sealer, post_box
):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box, scheme="smtp", host="localhost"))
    assert (await the_letter_of(database, story))["state"] == "deferred"
    assert box.copies == []


@pytest.mark.parametrize("ending", ["hang up", "take, then hang up"])
async def test_a_letter_in_doubt_is_sent_again_under_the_same_id(
    database, sealer, post_box, ending
):
    story, clock = Story(), Clock()
    box = await post_box(PostBox(data=[ending, "250 OK"]))
    await a_booking(database, story, sealer)
    here = office(database, box, clock=clock)
    await deliver_next(here)
    assert (await the_letter_of(database, story))["state"] == "in_doubt"
    clock.forward(seconds=119)
    assert not await deliver_next(here)
    clock.forward(seconds=2)
    await deliver_next(here)
    assert (await the_letter_of(database, story))["state"] == "sent"
    assert len(box.copies) == (1 if ending == "hang up" else 2)
    assert len({(one["Message-ID"], one["Date"]) for one in box.letters()}) == 1


async def test_a_letter_that_must_not_come_twice_is_held_in_doubt(database, sealer, post_box):
    story, clock = Story(), Clock()
    box = await post_box(PostBox(data=["take, then hang up"]))
    await tell(database, *story.announced, story.link, sealer=sealer)
    once = replace(compose(story.booked, story.programme), repeatable=False, while_booking=None)
    async with transaction(database) as conn:
        await post(conn, once)
    here = office(database, box, clock=clock)
    await deliver_next(here)
    clock.forward(minutes=3)
    await deliver_next(here)
    assert (await the_letter_of(database, story))["state"] == "held"
    clock.forward(days=2)
    assert not await deliver_next(here)
    assert len(box.copies) == 1


async def test_a_letter_waits_for_its_address_and_goes_when_it_comes(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.booked)
    here = office(database, box)
    await deliver_next(here)
    assert (await the_letter_of(database, story))["reason"] == "no_address"
    assert not await deliver_next(here)
    await tell(database, story.link, sealer=sealer)
    await deliver_next(here)
    assert box.reached() == [story.address]


async def test_a_letter_waits_for_its_link_though_the_address_is_known(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.contact(), story.booked, sealer=sealer)
    await deliver_next(office(database, box))
    assert (await the_letter_of(database, story))["reason"] == "no_link"
    assert box.copies == []


async def test_an_address_that_does_not_come_fails_the_letter_after_ten_minutes(database, post_box):
    story, box, clock = Story(), await post_box(), Clock()
    await tell(database, *story.announced, story.booked)
    clock.forward(minutes=10, seconds=1)
    await deliver_next(office(database, box, clock=clock))
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"]) == ("failed", "no_address")


@pytest.mark.parametrize("address", ["a@example.org, b@example.org", "a@example.org\nBcc: b", "x"])
async def test_what_is_not_one_address_gets_nothing(database, sealer, post_box, address):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    await tell(database, story.contact(address=address), sealer=sealer)
    await deliver_next(office(database, box))
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"]) == ("failed", "bad_address")
    assert box.copies == []


async def test_a_nasty_title_adds_no_header_and_no_recipient(database, sealer, post_box):
    # Line breaks cannot be published at all; what looks like a header is a title like any other.
    story = Story(title="Tea Bcc: all of you <script>")
    box = await post_box()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box))
    [letter] = box.letters()
    assert letter["Subject"] == "Your place at Tea Bcc: all of you <script>"
    assert letter["Bcc"] is None
    assert box.reached() == [story.address]
    assert "<script>" not in letter.get_body(("html",)).get_content()


async def test_one_refused_recipient_does_not_keep_the_others_waiting(database, sealer, post_box):
    stories, box = [Story() for _ in range(3)], await post_box()
    box.refused_for[stories[1].address] = "550 5.1.1 unknown"
    for story in stories:
        await a_booking(database, story, sealer)
    here = office(database, box)
    while await deliver_next(here):
        pass
    assert set(box.reached()) == {stories[0].address, stories[2].address}
    assert (await the_letter_of(database, stories[1]))["state"] == "bounced"


async def test_a_letter_that_cannot_be_read_does_not_keep_the_others_waiting(
    database, sealer, post_box
):
    broken, sound, box = Story(), Story(), await post_box()
    for story in (broken, sound):
        await a_booking(database, story, sealer)
    await database.pool.execute(
        "UPDATE letter SET content = '{}' WHERE person_id = $1", broken.person_id
    )
    while await deliver_next(office(database, box)):
        pass
    assert (await the_letter_of(database, broken))["reason"] == "unsendable"
    assert box.reached() == [sound.address]


async def test_two_postmen_at_once_deliver_every_letter_once(database, sealer, post_box):
    stories, box = [Story() for _ in range(20)], await post_box()
    for story in stories:
        await a_booking(database, story, sealer)

    async def one():
        here = office(database, box)
        while await deliver_next(here):
            pass

    await asyncio.gather(one(), one(), one())
    assert sorted(box.reached()) == sorted(story.address for story in stories)


async def test_a_postman_whose_lease_is_over_does_not_send_what_another_has(
    database, sealer, post_box
):
    story, clock = Story(), Clock()
    slow, quick = await post_box(PostBox(helo="hang")), await post_box()
    await a_booking(database, story, sealer)
    late = office(database, slow)
    patient = replace(late, sink=office(database, quick).sink)
    picked = await postman.pick_up(database, now=clock())
    clock.forward(seconds=121)
    await deliver_next(office(database, quick, clock=clock))
    with pytest.raises(postman.ClaimLostError):
        await postman._deliver(patient, picked)  # noqa: SLF001 - the late one goes on where it was
    assert len(quick.copies) == 1


async def test_no_database_connection_is_held_while_the_server_takes_its_time(
    database, sealer, post_box
):
    story, box = Story(), await post_box(PostBox(helo="hang"))
    await a_booking(database, story, sealer)
    delivery = asyncio.create_task(deliver_next(office(database, box)))
    await asyncio.sleep(2 * BREATH)
    assert database.pool.get_idle_size() == database.pool.get_size()
    await delivery


def test_a_server_that_asks_us_to_slow_down_gives_everybody_a_longer_break_each_time():
    pace, now, breaks = Pace(), NOON, []
    for _ in range(8):
        pace.heed(Deferred(421, "4.7.0"), "example.org", now=now)
        pace.heed(Deferred(), "example.org", now=now)  # under way when it began
        breaks.append(pace.server.lasts.total_seconds())
        assert pace.rests(now)
        now = pace.server.until
    assert breaks == [1, 2, 4, 8, 16, 32, 60, 60]
    pace.heed(Deferred(421), "example.org", now=now)
    pace.heed(InDoubt(), "example.org", now=now)
    assert pace.rests(now)
    assert not pace.rests(now - timedelta(hours=1))  # a clock that was put back
    pace.heed(Accepted(), "example.org", now=now)
    assert not pace.rests(now)


def test_a_domain_that_says_later_again_and_again_rests_alone():
    pace, now, rests = Pace(), NOON, []
    for _ in range(8):
        for _ in range(3):
            pace.heed(Deferred(451, of_recipient=True), "slow.example.org", now=now)
        now = pace.free_at("slow.example.org", now)
        rests.append(now)
    minutes = [(b - a) // timedelta(minutes=1) for a, b in pairwise([NOON, *rests])]
    assert minutes == [1, 2, 4, 8, 16, 30, 30, 30]
    assert not pace.rests(NOON)
    assert pace.free_at("example.org", NOON) is None
    pace.heed(Accepted(), "slow.example.org", now=now)
    assert pace.free_at("slow.example.org", now) is None
    assert pace.domains == {}  # memory does not grow with the domains of the world


def test_no_more_letters_go_in_a_second_or_to_a_domain_than_the_settings_say():
    pace, now, gone, there = Pace(per_second=5, per_domain_per_minute=6), NOON, 0, 0
    for tick in range(600):
        now = NOON + timedelta(seconds=tick / 10)
        domain = "example.org" if pace.free_at("example.org", now) is None else "example.net"
        if not pace.rests(now):
            pace.take(domain, now)
            gone, there = gone + 1, there + (domain == "example.org")
    assert gone <= 5 * 60 + 5
    assert gone > 5 * 50
    assert 6 <= there <= 7


async def test_nothing_is_picked_up_during_a_break(database, sealer, post_box):
    story, box = Story(), await post_box(PostBox(mail=["421 slow down", "250 OK"]))
    await a_booking(database, story, sealer)
    here = office(database, box)
    await deliver_next(here)
    await a_booking(database, second := Story(), sealer)
    assert not await deliver_next(here)
    assert (await the_letter_of(database, second))["state"] == "queued"


async def test_letters_leave_within_a_second_of_being_posted(database, sealer, post_box):
    story, box = Story(), await post_box()
    here = office(database, box)
    worker = asyncio.create_task(
        rounds(lambda: deliver_next(here), name="postman", rest=postman.LOOK_EVERY)
    )
    await a_booking(database, story, sealer)
    async with asyncio.timeout(1):
        await box.reached_by_letter.wait()
    worker.cancel()


def test_the_post_office_is_the_one_in_the_settings():
    settings = Settings(
        smtp_url="smtp+plain://127.0.0.1:1025",
        mail_from="letters@example.org",
        portal_url="https://portal.example.org/",
        link_key="the key of links in tests",
    )
    here = PostOffice.of(None, settings)
    assert here.stationery.sender == Address("Practice Development Unit", "letters", "example.org")
    assert here.stationery.portal_url == "https://portal.example.org"
    assert here.quiet == Quiet(time(20), time(8))


async def test_letters_are_counted_by_the_state_they_came_into(database, sealer, post_box):
    def sent():
        return REGISTRY.get_sample_value("pdu_letters_total", {"state": "sent"}) or 0

    before = sent()
    await a_booking(database, Story(), sealer)
    await deliver_next(office(database, await post_box()))
    assert sent() == before + 1


async def test_a_letter_sent_once_more_is_another_e_mail(database, sealer, post_box):
    """Else mail programs would show only the first, which somebody has lost."""
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    here = office(database, box)
    await deliver_next(here)
    letter = await the_letter_of(database, story)
    line = await overview.resend(letter["letter_id"], database, here.now())
    assert (line.state, line.reason) == ("queued", "resent")
    with pytest.raises(Conflict):
        await overview.resend(letter["letter_id"], database, here.now())
    await deliver_next(here)
    assert (await the_letter_of(database, story))["state"] == "sent"
    first, second = box.letters()
    assert first["Message-ID"] != second["Message-ID"]
    assert second["X-PDU-Letter"] == f"{letter['letter_id']}.1"
    await database.pool.execute("UPDATE letter SET expires_at = $1", here.now())
    with pytest.raises(Conflict, match="too late"):
        await overview.resend(letter["letter_id"], database, here.now())
    await database.pool.execute("UPDATE letter SET content = ''")
    with pytest.raises(Conflict, match="forgotten"):
        await overview.resend(letter["letter_id"], database, here.now())
    with pytest.raises(NotFound):
        await overview.resend(story.booking_id, database, here.now())
