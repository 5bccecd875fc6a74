"""Letters leave by SMTP, into a folder, or through a provider, as the settings say."""

import email
import email.policy

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from loopback import loopback
from notifications.office import (
    Clock,
    PostBox,
    a_booking,
    office,
    post_of,
    the_letter_of,
)
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.maildir import Maildir
from pdu_shared.notify import Notify
from pdu_shared.settings import BadSettings, Settings
from pdu_shared.sinks import sink_of
from pdu_shared.smtp import Smtp

SERVICE = "11111111-2222-4333-8444-555555555555"
SECRET = "66666666-7777-4888-9999-aaaaaaaaaaaa"
API_KEY = f"pdu-{SERVICE}-{SECRET}"
TEMPLATE = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"


class Provider:
    """Answers as GOV.UK Notify does, and remembers what it took over."""

    def __init__(self, *script):
        self.script, self.taken = list(script), {}

    def __call__(self, asked):
        token = asked.headers["authorization"].removeprefix("Bearer ")
        assert jwt.decode(token, OctKey.import_key(SECRET)).claims["iss"] == SERVICE
        if asked.method == "GET":
            reference = asked.path.partition("reference=")[2]
            found = [{"reference": reference}] if reference in self.taken else []
            return 200, {"notifications": found, "links": {}}
        step = self.script.pop(0) if self.script else "take"
        if step in ("take", "take, then hang up"):
            self.taken.setdefault(asked.json["reference"], []).append(asked.json)
        if isinstance(step, tuple):
            return step
        return (201, {"id": TEMPLATE}) if step == "take" else None


def notify(there):
    return Notify(there.url, API_KEY, TEMPLATE)


async def test_a_folder_takes_letters_that_mail_programs_read(database, sealer, tmp_path):
    story = Story()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, None, sink=Maildir(tmp_path)))
    [file] = (tmp_path / "new").iterdir()
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert letter["To"] == story.address
    assert (await the_letter_of(database, story))["state"] == "sent"
    assert [*(tmp_path / "tmp").iterdir()] == []
    assert file.stat().st_mode & 0o077 == 0


async def test_a_folder_that_cannot_be_written_puts_letters_off(database, sealer, tmp_path):
    (tmp_path / "new").write_text("not a folder")
    story, clock = Story(), Clock()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, None, sink=Maildir(tmp_path), clock=clock))
    assert (await the_letter_of(database, story))["state"] == "deferred"
    (tmp_path / "new").unlink()
    clock.forward(seconds=61)
    await deliver_next(office(database, None, sink=Maildir(tmp_path), clock=clock))
    assert (await the_letter_of(database, story))["state"] == "sent"


async def test_a_provider_gets_the_text_and_our_reference(database, sealer):
    story = Story()
    await a_booking(database, story, sealer)
    async with loopback(Provider()) as there:
        await deliver_next(office(database, None, sink=notify(there)))
    letter = await the_letter_of(database, story)
    assert letter["state"] == "sent"
    [asked] = there.asked
    assert asked.path == "/v2/notifications/email"
    assert asked.json["email_address"] == story.address
    assert asked.json["template_id"] == TEMPLATE
    assert asked.json["reference"] == f"{letter['letter_id']}.0"
    assert asked.json["personalisation"]["body"].startswith("Hello Alan a Dale,")
    assert asked.json["personalisation"]["subject"] == "Your place at Hoarding: behind the door"


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [
        ((429, {"errors": [{"error": "RateLimitError"}]}), ("deferred", "provider_429")),
        ((403, {"errors": [{"error": "AuthError"}]}), ("deferred", "provider_403")),
        (
            (400, {"errors": [{"message": "email_address Not a valid"}]}),
            ("bounced", "provider_400"),
        ),
        ((400, {"errors": [{"message": "Template not found"}]}), ("failed", "provider_400")),
    ],
)
async def test_every_answer_of_a_provider_has_its_state(database, sealer, answer, becomes):
    story = Story()
    await a_booking(database, story, sealer)
    async with loopback(Provider(answer)) as there:
        await deliver_next(office(database, None, sink=notify(there)))
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"]) == becomes


@pytest.mark.parametrize(
    ("step", "times_asked_to_send"), [("take, then hang up", 1), ("hang up", 2), ((500, {}), 2)]
)
async def test_a_provider_is_asked_what_it_took_so_that_nothing_comes_twice(
    database, sealer, step, times_asked_to_send
):
    """Also a letter of a kind that must never come twice need not be held."""
    story, clock = Story(), Clock()
    await post_of(database, story, sealer, repeatable=False)
    async with loopback(Provider(step)) as there:
        here = office(database, None, sink=notify(there), clock=clock)
        await deliver_next(here)
        assert (await the_letter_of(database, story))["state"] == "in_doubt"
        clock.forward(seconds=121)
        while await deliver_next(here):
            pass
    assert (await the_letter_of(database, story))["state"] == "sent"
    assert sum(asked.method == "POST" for asked in there.asked) == times_asked_to_send
    [copies] = there.answer.taken.values()
    assert len(copies) == 1


async def test_while_a_provider_does_not_answer_doubt_stays_doubt(database, sealer):
    story, clock = Story(), Clock()
    await post_of(database, story, sealer, repeatable=False)
    async with loopback(lambda _asked: None) as there:
        here = office(database, None, sink=notify(there), clock=clock)
        for _ in range(3):
            await deliver_next(here)
            assert (await the_letter_of(database, story))["state"] == "in_doubt"
            clock.forward(hours=1)
    assert [asked.method for asked in there.asked] == ["POST", "GET", "GET"]


async def test_a_letter_to_a_domain_that_rests_waits_without_an_attempt(database, sealer, post_box):
    clock = Clock()
    box = await post_box(PostBox(rcpt=["451 later"] * 3 + ["250 OK"]))
    stories = [Story() for _ in range(4)]
    for story in stories:
        await a_booking(database, story, sealer)
    here = office(database, box, clock=clock)
    while await deliver_next(here):
        pass
    last = await the_letter_of(database, stories[-1])
    assert (last["state"], last["reason"], last["attempt"]) == ("queued", "domain_rests", 0)
    clock.forward(seconds=62)
    while await deliver_next(here):
        pass
    assert len(box.copies) == 4


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, Smtp),
        ({"mail_url": "maildir:/var/mail/pdu"}, Maildir),
        (
            {
                "mail_url": "notify:https://api.example.org",
                "notify_api_key": API_KEY,
                "notify_email_template": TEMPLATE,
            },
            Notify,
        ),
    ],
)
def test_the_settings_say_which_way_letters_leave(settings, kind):
    assert isinstance(sink_of(Settings(**settings)), kind)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mail_url": "carrier:pigeon"}, "begins with maildir: or notify:"),
        ({"mail_url": "maildir:here"}, "in full"),
        ({"mail_url": "notify:https://api.example.org"}, "TEMPLATE is not set"),
        (
            {
                "mail_url": "notify:http://api.example.org",
                "notify_api_key": API_KEY,
                "notify_email_template": TEMPLATE,
            },
            "https",
        ),
        (
            {
                "mail_url": "notify:https://api.example.org",
                "notify_api_key": "a key of another shape",
                "notify_email_template": TEMPLATE,
            },
            "no key",
        ),
    ],
)
def test_a_way_out_that_cannot_work_is_refused_at_the_start(settings, words):
    with pytest.raises(BadSettings, match=words):
        sink_of(Settings(**settings))
