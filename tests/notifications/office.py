"""A post office for tests, the mail server it takes letters to, and what became of them."""

import asyncio
import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address

from bus import deliver as take
from pdu_notifications.app import service
from pdu_notifications.envelope import Stationery
from pdu_notifications.letter import post
from pdu_notifications.letters.booking_confirmation import compose as confirmation
from pdu_notifications.postman import PostOffice
from pdu_shared.database import transaction
from pdu_shared.smtp import Patience, Smtp

SHORT = Patience(connect=0.3, command=0.3, data=0.3, quit=0.3)
BREATH = 0.05


class PostBox:
    """A mail server that answers by a script and keeps every physical copy that it took.

    `rcpt` and `data` are answers in turn; the last one stays. "hang up" drops the connection after
    the letter has come, "take, then hang up" keeps it all the same.
    """

    def __init__(self, *, helo="answer", mail=("250 OK",), rcpt=("250 OK",), data=("250 OK",)):
        self.helo = helo
        self.answers = {"mail": list(mail), "rcpt": list(rcpt), "data": list(data)}
        self.copies = []
        self.refused_for = {}
        self.visits = []
        self.reached_by_letter = asyncio.Event()

    def _answer(self, verb):
        answers = self.answers[verb]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802
        if self.helo == "hang":
            await asyncio.sleep(5)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, _session, envelope, sender, options):  # noqa: N802
        self.visits.append(server)
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return self._answer("mail")

    async def handle_RCPT(self, _server, _session, envelope, recipient, _options):  # noqa: N802
        if recipient in self.refused_for:
            return self.refused_for[recipient]
        answer = self._answer("rcpt")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(recipient)
        return answer

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        answer = self._answer("data")
        if answer in {"250 OK", "take, then hang up"}:
            self.copies.append(envelope)
            self.reached_by_letter.set()
        if answer.endswith("hang up"):
            server.transport.abort()
            return "250 OK"
        return answer

    def letters(self):
        """The copies as the recipients' programs read them. No property: aiosmtpd reads those."""
        return [
            email.message_from_bytes(copy.content, policy=email.policy.default)
            for copy in self.copies
        ]

    def is_quiet(self):
        """Whether all who brought a letter have gone: nothing of theirs comes any more."""
        return all(server.transport is None for server in self.visits)

    def reached(self):
        return [recipient for copy in self.copies for recipient in copy.rcpt_tos]


class Clock:
    """The time, which tests move."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead

    def forward(self, **by):
        self.ahead += timedelta(**by)


def office(database, box, *, scheme="smtp+plain", host="127.0.0.1", clock=None, **more):
    """A post office with this table of letters and this mail server; `sink` is another way out."""
    if "sink" not in more:
        patience = SHORT if box.helo == "hang" else Patience()
        more["sink"] = Smtp(f"{scheme}://{host}:{box.port}", patience=patience)
    return PostOffice(
        database=database,
        stationery=Stationery(
            sender=Address("Practice Development Unit", "pdu", "example.org"),
            portal_url="https://portal.example.org",
            link_key=b"the key of links in tests",
            phone="0115 496 0100",
        ),
        now=clock or Clock(),
        **more,
    )


async def tell(database, *messages, sealer=None, origin="live"):
    """Let notifications hear these messages."""
    await take(service, database, *messages, sealer=sealer, origin=origin)


async def a_booking(database, story, sealer):
    """Somebody has booked: one confirmation lies in the post."""
    await tell(database, *story.announced, story.link, story.booked, sealer=sealer)


async def post_of(database, story, sealer, *, repeatable=True, **changes):
    """One letter of another sort than a confirmation lies in the post."""
    await tell(database, *story.announced, story.link, sealer=sealer)
    letter = replace(
        confirmation(story.booked, story.programme),
        repeatable=repeatable,
        while_booking=None,
        **changes,
    )
    async with transaction(database) as conn:
        assert await post(conn, letter)


async def letters_of(database, story):
    """The rows of the letters to this person, in the order in which they were posted."""
    return await database.pool.fetch(
        "SELECT * FROM letter WHERE person_id = $1 ORDER BY letter_id", story.person_id
    )


async def the_letter_of(database, story):
    """The only letter to this person."""
    [letter] = await letters_of(database, story)
    return letter


async def promised(database, related_id):
    """The messages told about letters about this booking: names and bodies."""
    return await database.pool.fetch(
        "SELECT routing_key, body FROM outbox WHERE body LIKE $1 ORDER BY position",
        f"%{related_id}%",
    )
