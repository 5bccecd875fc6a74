"""What comes back about a letter has its effect once, and a forged notice has none."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address

import httpx
import pytest

from loopback import loopback
from notifications.office import Clock, a_booking, office, promised, tell, the_letter_of
from notifications.press import a_press, an_issue, sent_out, states
from notifications.reading import subscribers
from notifications.reports import HOLIDAY, QUESTION, bounce, complaint
from notifications.test_ways_out import API_KEY, TEMPLATE
from notifications.told import Story
from pdu_notifications import mailing_list
from pdu_notifications.overview import resend
from pdu_notifications.postman import deliver_next
from pdu_notifications.return_path import ReturnPath
from pdu_notifications.returns.mailbox import ImapBox, MaildirBox, mailbox_of
from pdu_notifications.returns.reading import Desk, ask_once, empty
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionState
from pdu_shared.database import transaction
from pdu_shared.notify import Notify
from pdu_shared.settings import BadSettings, Settings
from pdu_shared.standard_webhooks import secret_of, signed
from pdu_shared.telemetry import REGISTRY

KEY = b"the key of links in tests"
BACK = ReturnPath(Address(username="bounces", domain="example.org"), KEY)
SECRET = secret_of(b"what the relay signs with")


@pytest.fixture
def desk(database):
    return Desk(database=database, key=KEY, return_path=BACK)


@pytest.fixture
async def sent(database, sealer, post_box):
    """Somebody to whom a letter was sent, and where it comes back to."""
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box, return_path=BACK))
    return story, box.copies[0].mail_from


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "new").mkdir()
    return tmp_path


def drop(folder, *mails):
    for number, mail in enumerate(mails):
        (folder / "new" / f"{number}.mail").write_bytes(mail)


def counted(way, what):
    return REGISTRY.get_sample_value("pdu_returns_total", {"way": way, "what": what}) or 0


async def suppressed(database):
    rows = await database.pool.fetch("SELECT address, reason FROM suppression")
    return [tuple(row) for row in rows]


async def test_a_letter_comes_back_and_nothing_more_goes_to_that_address(
    database, desk, folder, sent
):
    story, came_from = sent
    assert came_from.startswith("bounces+")
    assert len(came_from.partition("@")[0]) <= 64
    drop(folder, bounce(came_from))
    await empty(MaildirBox(folder), desk)
    letter = await the_letter_of(database, story)
    assert (letter["state"], letter["reason"]) == ("bounced", "5.1.1")
    assert await suppressed(database) == [(story.address, "5.1.1")]
    assert [one["routing_key"] for one in await promised(database, story.booking_id)][-1:] == [
        "notifications.MessageFailed"
    ]
    assert [*(folder / "new").iterdir()] == []  # understood: no address lies about


@pytest.mark.parametrize(
    ("report", "becomes"),
    [
        ({"status": "5.7.1"}, ("bounced", False)),
        ({"status": "4.4.7"}, ("failed", False)),
        ({"action": "delayed"}, ("sent", False)),
        ({"status": "5.2.2"}, ("bounced", False)),
        ({"status": "5.0.0"}, ("bounced", True)),
    ],
)
async def test_what_says_little_about_the_address_does_not_stop_it(
    desk, folder, sent, report, becomes
):
    story, came_from = sent
    drop(folder, bounce(came_from, **report))
    await empty(MaildirBox(folder), desk)
    state, stopped = becomes
    assert (await the_letter_of(desk.database, story))["state"] == state
    assert bool(await suppressed(desk.database)) == stopped


async def test_a_notice_again_and_one_that_is_forged_change_nothing_and_are_counted(
    database, desk, folder, sent
):
    story, came_from = sent
    drop(folder, bounce(came_from))
    await empty(MaildirBox(folder), desk)
    await database.pool.execute("DELETE FROM suppression")  # somebody lifted it
    forged = f"bounces+{'a' * 44}@example.org"
    other = ReturnPath(BACK.base, b"another key than ours").of_letter(story.booking_id, 0)
    drop(folder, bounce(came_from), bounce(forged), complaint(other), bounce("b@example.org"))
    before = counted("mailbox", "repeated"), counted("mailbox", "forged")
    await empty(MaildirBox(folder), desk)
    after = counted("mailbox", "repeated"), counted("mailbox", "forged")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 3)
    assert await suppressed(database) == []


async def test_who_complains_gets_nothing_more_and_leaves_every_list(database, desk, folder, sent):
    story, came_from = sent
    now = datetime.now(UTC)
    async with transaction(database) as conn:
        subscriber = await mailing_list.subscriber(conn, story.person_id, now=now)
        step = mailing_list.Step(how="form", at=now)
        active = {MailingList.BULLETIN: SubscriptionState.ACTIVE}
        await mailing_list.move(conn, subscriber, active, step)
    drop(folder, complaint(came_from))
    await empty(MaildirBox(folder), desk)
    assert await suppressed(database) == [(story.address, "complaint")]
    states = await database.pool.fetch("SELECT list, state FROM subscription")
    assert [tuple(row) for row in states] == [("bulletin", "suppressed")]
    assert (await the_letter_of(database, story))["state"] == "sent"


@pytest.mark.parametrize(
    ("report", "said"),
    [(bounce, ("bounced", "5.1.1")), (complaint, ("sent", "complaint"))],
)
async def test_a_copy_of_a_bulletin_comes_back_like_a_letter(desk, folder, post_box, report, said):
    database, box, (state, why) = desk.database, await post_box(), said
    [address, other] = await subscribers(database, 2)
    issue_id = await an_issue(database)
    await sent_out(a_press(database, box, return_path=BACK))
    copy_id = await database.pool.fetchval(
        "SELECT copy_id FROM bulletin_copy WHERE address = $1", address
    )
    came_from = BACK.of_copy(copy_id)
    assert {(copy.mail_from, *copy.rcpt_tos) for copy in box.copies} >= {(came_from, address)}
    drop(folder, report(came_from), report(came_from), report(BACK.of_copy(10**12)))
    await empty(MaildirBox(folder), desk)
    told = await states(database, issue_id)
    assert (told[address][0], told[other][0]) == (state, "sent")
    assert await suppressed(database) == [(address, why)]


async def test_a_letter_that_comes_back_from_a_former_address_leaves_the_new_one_alone(
    database, desk, folder, sent, sealer
):
    story, came_from = sent
    await tell(database, story.contact(address="new@example.org"), sealer=sealer)
    drop(folder, bounce(came_from))
    await empty(MaildirBox(folder), desk)
    assert (await the_letter_of(database, story))["state"] == "bounced"
    assert await suppressed(database) == []


async def test_a_late_notice_of_the_first_time_does_not_touch_the_second(
    database, desk, folder, sent, post_box
):
    story, came_from = sent
    letter_id = (await the_letter_of(database, story))["letter_id"]
    await resend(letter_id, database, datetime.now(UTC))
    box = await post_box()
    await deliver_next(office(database, box, return_path=BACK))
    assert box.copies[0].mail_from != came_from
    drop(folder, bounce(came_from))
    await empty(MaildirBox(folder), desk)
    assert (await the_letter_of(database, story))["state"] == "sent"
    assert await suppressed(database) == []


async def test_a_notice_may_come_before_the_postman_has_written_down_that_he_sent_it(
    database, desk, folder, sent, post_box
):
    story, came_from = sent
    await database.pool.execute("UPDATE letter SET state = 'in_doubt', reason = NULL")
    drop(folder, bounce(came_from))
    await empty(MaildirBox(folder), desk)
    assert (await the_letter_of(database, story))["state"] == "bounced"
    assert not await deliver_next(office(database, await post_box(), clock=_later()))


def _later():
    clock = Clock()
    clock.forward(hours=1)
    return clock


async def test_what_nobody_understands_stays_for_a_person_and_holidays_do_not(desk, folder):
    drop(folder, HOLIDAY, QUESTION, b"\xff\x00")
    await empty(MaildirBox(folder), desk)
    assert sorted(file.name for file in (folder / "cur").iterdir()) == [
        "1.mail:2,FS",
        "2.mail:2,FS",
    ]
    assert [*(folder / "new").iterdir()] == []


class Imap:
    """An IMAP server with one folder: the six commands that we use, and what became of mails."""

    def __init__(self, *mails):
        self.mails = dict(enumerate(mails, start=1))
        self.flags = {number: set() for number in self.mails}
        self.logins = []

    async def serve(self, reader, writer):
        writer.write(b"* OK IMAP4rev1 here\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, rest = line.partition(" ")
            verb, _, said = rest.partition(" ")
            for answer in self.answers(verb.upper(), said):
                writer.write(answer)
            writer.write(f"{tag} OK done\r\n".encode())
            if verb.upper() == "LOGOUT":
                break
        writer.close()

    def answers(self, verb, said):
        match verb, *said.split(" "):
            case "CAPABILITY", *_:
                yield b"* CAPABILITY IMAP4rev1\r\n"
            case "LOGIN", *who:
                self.logins.append(who)
            case "SELECT", *_:
                yield f"* {len(self.mails)} EXISTS\r\n".encode()
            case "UID", "SEARCH", *_:
                found = [str(n) for n, flags in self.flags.items() if r"\Seen" not in flags]
                yield f"* SEARCH {' '.join(found)}\r\n".encode()
            case "UID", "FETCH", number, *_:
                raw = self.mails[int(number)]
                yield f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n".encode()
                yield raw + b")\r\n"
            case "UID", "STORE", number, _, *flags:
                self.flags[int(number)] |= {flag.strip("()") for flag in flags}
            case "EXPUNGE", *_:
                self.mails = {
                    n: mail for n, mail in self.mails.items() if r"\Deleted" not in self.flags[n]
                }


async def test_a_mailbox_on_a_server_is_read_as_a_folder_is(database, desk, sent):
    story, came_from = sent
    there = Imap(bounce(came_from), QUESTION)
    server = await asyncio.start_server(there.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    box = mailbox_of(
        Settings(
            bounce_address="bounces@example.org",
            bounce_mailbox=f"imap+plain://pdu%40example.org@127.0.0.1:{port}/INBOX",
            bounce_password="words of this test",
        )
    )
    try:
        await empty(box, desk)
    finally:
        server.close()
    assert (await the_letter_of(database, story))["state"] == "bounced"
    assert [*there.mails] == [2]
    assert there.flags[2] == {r"\Seen", r"\Flagged"}
    assert there.logins == [["pdu@example.org", '"words', "of", "this", 'test"']]


@pytest.mark.parametrize(
    "url", ["pop3://a@example.org", "imaps://example.org/INBOX", "imap+plain://a@192.0.2.1/INBOX"]
)
def test_a_mailbox_that_cannot_be_read_is_refused_at_the_start(url):
    with pytest.raises(BadSettings, match="PDU_BOUNCE_MAILBOX"):
        ImapBox(url, "words")


@pytest.mark.parametrize("address", ["two@example.org, a@example.org", "b" * 20 + "@example.org"])
def test_an_address_to_come_back_to_that_cannot_work_is_refused_at_the_start(address):
    with pytest.raises(BadSettings, match="PDU_BOUNCE_ADDRESS"):
        ReturnPath.of(Settings(bounce_address=address, link_key=KEY.decode()))


async def test_a_provider_is_asked_what_it_could_not_deliver(database, desk, sent):
    story, _ = sent
    letter = await the_letter_of(database, story)
    told = [
        {"id": "2", "reference": "of somebody else", "status": "permanent-failure"},
        {"id": "1", "reference": f"{letter['letter_id']}.0", "status": "permanent-failure"},
    ]

    def answer(asked):
        return 200, {"notifications": [] if "older_than" in asked.path else told}

    async with loopback(answer) as there:
        provider = Notify(there.url, API_KEY, TEMPLATE)
        await ask_once(provider, desk)
        assert (await the_letter_of(database, story))["state"] == "bounced"
        await ask_once(provider, desk)
    assert [asked.path.count("older_than") for asked in there.asked] == [0, 1, 0]
    assert "status=permanent-failure&status=temporary-failure" in there.asked[0].path


@pytest.fixture
async def relay(house, database_url):
    """What a mail relay asks: `/returns` of a service with this table of letters."""
    more = {"PDU_DATABASE_URL": database_url, "PDU_RETURNS_SECRET": SECRET}
    async with (
        house.process("notifications", broker=False, **more) as process,
        httpx.AsyncClient(base_url=process.url) as http,
    ):
        yield http


def notice(letter_id, kind="letter.bounced", **about):
    told = {
        "type": kind,
        "timestamp": datetime.now(UTC).isoformat(),
        "data": {"reference": f"{letter_id}.0", "status": "5.1.1", **about},
    }
    return json.dumps(told).encode()


async def test_a_signed_notice_of_the_relay_is_heard_and_no_other(database, relay, sent):
    story, _ = sent
    letter = await the_letter_of(database, story)
    body, now = notice(letter["letter_id"]), datetime.now(UTC)
    json_body = {"Content-Type": "application/json"}
    forged = {
        "unsigned": {},
        "forged": signed(secret_of(b"of somebody else"), "m1", body, now=now),
        "of another body": signed(SECRET, "m1", body + b" ", now=now),
        "old": signed(SECRET, "m1", body, now=now - timedelta(minutes=6)),
        "of the future": signed(SECRET, "m1", body, now=now + timedelta(minutes=6)),
    }
    for kind, headers in forged.items():
        answer = await relay.post("/returns", content=body, headers={**json_body, **headers})
        assert answer.status_code == 401, kind
    assert (await the_letter_of(database, story))["state"] == "sent"
    for expected in ("taken", "repeated"):
        headers = {**json_body, **signed(SECRET, "m2", body, now=now)}
        answer = await relay.post("/returns", content=body, headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"result": expected})
    assert (await the_letter_of(database, story))["state"] == "bounced"
    strange = [notice(one) for one in ("x", "1.-1", f"{2**127:x}.255 "[:32])]
    strange.append(notice("0", reference=f"{story.booking_id}.255"))
    strange.append(notice("0", reference=f"{letter['letter_id']}.-1"))
    for about in (*strange, notice(story.booking_id), notice(letter["letter_id"])[:-1] + b" }"):
        headers = {**json_body, **signed(SECRET, "m3", about, now=now)}
        answer = await relay.post("/returns", content=about, headers=headers)
        assert answer.json()["result"] in {"unknown", "repeated"}
    page = (await relay.get("/metrics")).text
    assert 'pdu_returns_total{way="relay",what="forged"} 5.0' in page
