"""Who has no e-mail address, or wishes so, is told by text message, on paper, or by people."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import structlog

from loopback import loopback
from notifications.office import Clock, letters_of, office, promised, tell, the_letter_of
from notifications.test_ways_out import API_KEY, TEMPLATE, Provider
from notifications.told import Story
from pdu_notifications.postman import deliver_next, note_sinks
from pdu_notifications.protection import HOLDINGS, forget_ways
from pdu_shared.contracts.bookings.place import ContactPoint
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import transaction
from pdu_shared.holding import forget
from pdu_shared.note_folder import NoteFolder
from pdu_shared.notify import Provider as ProviderAt
from pdu_shared.notify_note import NotifyNotes
from pdu_shared.settings import BadSettings, Settings

MOBILE = "+447700900123"
ROAD = "12 Mapperley Road\nNottingham\nNG3 5AA"


def reached_by(story, *points, **more):
    """The link of a booking, with these ways to whoever it is for; the first is what they wish."""
    (channel, address), *others = points
    also = tuple(ContactPoint(channel=one, address=at) for one, at in others)
    return story.link.model_copy(
        update={"channel": Channel(channel), "address": address, "also": also, **more}
    )


async def booked(database, sealer, *points, **more):
    story = Story()
    link = reached_by(story, *points, **more)
    await tell(database, *story.announced, link, story.booked, sealer=sealer)
    return story


def with_texts(database, folder, box=None, **more):
    more = more if box else {"sink": NoMail(), **more}
    return office(database, box, notes={Channel.SMS: NoteFolder(folder)}, **more)


class NoMail:
    """A way out for e-mail that nobody may go in these tests."""

    tells = True

    async def send(self, *_message, **_how):
        raise AssertionError("no e-mail")


def texts(folder):
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]


async def test_a_text_message_is_short_and_leads_to_the_booking(database, sealer, tmp_path):
    story = await booked(database, sealer, ("sms", MOBILE))
    await deliver_next(with_texts(database, tmp_path))
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["channel"]) == ("sent", "sms")
    [said] = texts(tmp_path)
    assert said["to"] == MOBILE
    assert said["body"].startswith(
        "Practice Development Unit (PDU): You have a place at Hoarding: behind the door, "
    )
    assert said["body"].endswith(f"See or cancel it: https://portal.example.org/b/{story.token}")
    told = {row["routing_key"]: json.loads(row["body"])["data"]["channel"]
            for row in await promised(database, story.booking_id)}  # fmt: skip
    assert told["notifications.MessageSent"] == "sms"


async def test_who_wishes_texts_gets_them_though_there_is_an_e_mail_address(
    database, sealer, tmp_path
):
    ways = (("sms", MOBILE), ("email", "alan@example.org"))
    story = await booked(database, sealer, *ways)
    await tell(database, story.contact(), sealer=sealer)
    await deliver_next(with_texts(database, tmp_path))
    assert [one["to"] for one in texts(tmp_path)] == [MOBILE]


async def test_without_texts_somebody_rings_and_the_letter_waits_for_that(database, sealer):
    story = await booked(database, sealer, ("sms", MOBILE))
    assert await deliver_next(office(database, None, sink=NoMail()))
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["channel"], letter["attempt"]) == ("by_hand", "phone", 0)
    assert not await deliver_next(office(database, None, sink=NoMail()))


async def test_what_a_person_was_to_tell_goes_by_mail_once_there_is_an_address(
    database, sealer, post_box
):
    story, box = await booked(database, sealer, ("phone", "through the day centre")), None
    box = await post_box()
    await deliver_next(office(database, box))
    assert (await the_letter_of(database, story))["state"] == "by_hand"
    await tell(database, story.contact(), sealer=sealer)
    await deliver_next(office(database, box))
    # They still wish to be told by somebody: only when they say otherwise is it an e-mail.
    assert box.copies == []
    await database.pool.execute("UPDATE contact_way SET wishes = 'email'")
    await tell(database, story.contact(), sealer=sealer)
    await deliver_next(office(database, box))
    assert box.reached() == [story.address]


async def test_what_is_not_true_any_more_is_no_task(database, sealer):
    story, clock = await booked(database, sealer, ("phone", "0115 496 0000")), Clock()
    here = office(database, None, sink=NoMail(), clock=clock)
    await deliver_next(here)
    await tell(database, story.cancelled)
    clock.forward(minutes=11)
    while await deliver_next(here):
        pass
    states = {one["kind"]: one["state"] for one in await letters_of(database, story)}
    assert states == {"booking_confirmation": "cancelled", "booking_cancellation": "by_hand"}


async def test_what_goes_by_mail_only_waits_for_an_address(database, sealer, tmp_path):
    story = await booked(database, sealer, ("sms", MOBILE))
    here = with_texts(database, tmp_path)
    await deliver_next(here)
    await database.pool.execute("UPDATE letter SET mail_only = true, state = 'queued'")
    await deliver_next(here)
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"]) == ("queued", "no_address")
    assert len(texts(tmp_path)) == 1


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [
        ((400, {"errors": [{"message": "phone_number Not a UK number"}]}), "bounced"),
        ((400, {"errors": [{"message": "Template not found"}]}), "failed"),
        ((429, {"errors": [{"error": "RateLimitError"}]}), "deferred"),
    ],
)
async def test_every_answer_about_a_text_message_has_its_state(
    database, sealer, answer, becomes, post_box
):
    story, box, clock = await booked(database, sealer, ("sms", MOBILE)), await post_box(), Clock()
    async with loopback(Provider(answer)) as there:
        notes = {Channel.SMS: through(there, "sms")}
        here = office(database, box, notes=notes, clock=clock)
        await deliver_next(here)
        assert (await the_letter_of(database, story))["state"] == becomes
        # E-mail goes on, and a number that takes none is rung from now on.
        other = Story()
        await tell(database, *other.announced, other.link, other.booked, sealer=sealer)
        await deliver_next(here)
    assert box.reached() == [other.address]
    if becomes == "bounced":
        await tell(database, story.cancelled)
        await deliver_next(here)
        *_, letter = await letters_of(database, story)
        assert (letter["state"], letter["channel"]) == ("by_hand", "phone")


@pytest.mark.parametrize("step", ["take, then hang up", "hang up", (500, {})])
async def test_a_provider_is_asked_so_that_no_text_comes_twice(database, sealer, step):
    story, clock = await booked(database, sealer, ("sms", MOBILE)), Clock()
    async with loopback(Provider(step)) as there:
        notes = {Channel.SMS: through(there, "sms")}
        here = office(database, None, sink=NoMail(), notes=notes, clock=clock)
        await deliver_next(here)
        assert (await the_letter_of(database, story))["state"] == "in_doubt"
        clock.forward(seconds=121)
        while await deliver_next(here):
            pass
        taken = [one for one in there.asked if one.method == "POST"]
        assert (await the_letter_of(database, story))["state"] == "sent"
        assert len(there.answer.taken) == 1
        assert [len(one) for one in there.answer.taken.values()] == [1]
    assert {one.path for one in taken} == {"/v2/notifications/sms"}


async def test_a_letter_on_paper_has_the_name_the_address_and_where_to_ring(database, sealer):
    story = await booked(database, sealer, ("post", ROAD))
    async with loopback(Provider()) as there:
        notes = {Channel.POST: through(there, "letter")}
        await deliver_next(office(database, None, sink=NoMail(), notes=notes))
    [asked] = there.asked
    said = asked.json["personalisation"]
    lines = [said[f"address_line_{at}"] for at in range(1, 5)]
    assert lines == [story.name, *ROAD.split("\n")]
    assert said["subject"] == f"Your place at {story.title}"
    assert said["body"].startswith(f"Hello {story.name},")
    assert "please ring 0115 496 0100" in said["body"]
    assert (await the_letter_of(database, story))["state"] == "sent"


async def test_logs_and_messages_hold_no_number_and_no_road(database, sealer, tmp_path):
    with structlog.testing.capture_logs() as lines:
        for way in (("sms", MOBILE), ("phone", "0115 496 0000"), ("post", ROAD)):
            story = await booked(database, sealer, way)
            await deliver_next(with_texts(database, tmp_path))
            bodies = await database.pool.fetch("SELECT body FROM outbox")
            told = " ".join([*map(str, lines), *(one["body"] for one in bodies)])
            for secret in (way[1], "4960000", "Mapperley", story.token, str(story.person_id)):
                assert secret not in told


async def test_what_an_older_booking_says_is_not_believed_after_a_newer_one(database, sealer):
    story = Story()
    newer = reached_by(story, ("phone", "0115 496 0000"), arranged_by=uuid4())
    await tell(database, newer, sealer=sealer)
    await database.pool.execute(
        "UPDATE contact_way SET told_by = 'ffffffff-ffff-7fff-bfff-ffffffffffff'"
    )
    await tell(database, reached_by(story, ("sms", MOBILE)), sealer=sealer)
    way = await database.pool.fetchrow("SELECT wishes, phone FROM contact_way")
    assert tuple(way) == ("phone", "+441154960000")


def through(there, kind):
    return NotifyNotes(ProviderAt(there.url, API_KEY, "PDU_SMS_URL"), kind, TEMPLATE)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sms_url": "telegraph:here"}, "PDU_SMS_URL begins with folder: or notify:."),
        ({"sms_url": "folder:here"}, "PDU_SMS_URL: name the folder in full"),
        ({"sms_url": "notify:https://n.example.org"}, "PDU_NOTIFY_SMS_TEMPLATE is not set."),
        ({"post_url": "notify:https://n.example.org"}, "PDU_NOTIFY_LETTER_TEMPLATE is not set."),
        (
            {"post_url": "notify:http://n.example.org", "notify_letter_template": TEMPLATE},
            "PDU_POST_URL: the provider is reached by https://.",
        ),
    ],
)
def test_settings_that_lead_nowhere_are_refused_at_the_start(wrong, words):
    with pytest.raises(BadSettings) as refused:
        note_sinks(Settings(notify_api_key=API_KEY, **wrong))
    assert words in str(refused.value)


async def test_a_note_lies_in_the_folder_once_however_often_it_is_put_there(tmp_path):
    settings = Settings(sms_url=f"folder:{tmp_path}", post_url=f"folder:{tmp_path / 'paper'}")
    assert set(note_sinks(settings)) == {Channel.SMS, Channel.POST}


async def test_a_number_is_forgotten_when_all_is_over_and_told(database, sealer):
    story = await booked(database, sealer, ("phone", "0115 496 0000"))
    keeps = await booked(database, sealer, ("phone", "0115 496 0001"))
    await tell(database, keeps.contact(), sealer=sealer)
    ends_at = story.starts_at + timedelta(hours=3)
    async with transaction(database) as conn:
        assert await forget_ways(conn, ends_at + timedelta(days=29)) == 0
        await conn.execute("UPDATE letter SET state = 'sent'")
        assert await forget_ways(conn, ends_at + timedelta(days=27)) == 0
        await conn.execute("DELETE FROM due")
        assert await forget_ways(conn, ends_at + timedelta(days=29)) == 1
    # Whoever has an e-mail address keeps the way that they chose.
    left = await database.pool.fetch("SELECT person_id FROM contact_way")
    assert [row["person_id"] for row in left] == [keeps.person_id]


async def test_whoever_is_erased_is_rung_no_more(database, sealer):
    story = await booked(database, sealer, ("phone", "0115 496 0000"))
    await deliver_next(office(database, None, sink=NoMail()))
    async with transaction(database) as conn:
        for holding in HOLDINGS:
            await forget(conn, holding, [story.person_id], now=datetime.now(UTC))
    assert await database.pool.fetchval("SELECT count(*) FROM contact_way") == 0
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"], letter["content"]) == (
        "cancelled",
        "person_erased",
        "",
    )
