"""Twelve kinds of trouble with a mail server: each leaves the letter safe, to go once."""

import asyncio

import pytest
from aiosmtpd.smtp import AuthResult

from notifications.office import SHORT, Clock, PostBox, a_booking, office, the_letter_of
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.smtp import Patience, Smtp

ENOUGH = Patience()
"""A busy machine is no trouble with a mail server: only who says nothing is given up soon."""


class Stubborn(PostBox):
    """Hangs when a verb comes, once."""

    def __init__(self, verb):
        super().__init__()
        self.verb = verb

    async def _hang(self, verb):
        if verb == self.verb:
            self.verb = None
            await asyncio.sleep(2)

    async def handle_MAIL(self, *said):  # noqa: N802 - aiosmtpd's name
        await self._hang("mail")
        return await super().handle_MAIL(*said)

    async def handle_RCPT(self, *said):  # noqa: N802
        await self._hang("rcpt")
        return await super().handle_RCPT(*said)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await self._hang("data")
        if server.transport is None:
            return "451 gone"
        return await super().handle_DATA(server, session, envelope)


async def a_broken_server(*lines):
    """Says these lines, one for each that comes, and hangs up; very slowly if asked to."""

    async def serve(reader, writer):
        for line in lines:
            writer.write(line)
            if not line.endswith(b"\n"):
                await asyncio.sleep(2)
            await reader.readline()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


def smtp(port, scheme="smtp+plain", who="", patience=ENOUGH):
    word = "wrong words" if who else None
    return Smtp(f"{scheme}://{who}localhost:{port}", word, patience=patience)


async def first_attempt(database, sealer, sink):
    story = Story()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, None, sink=sink))
    letter = await the_letter_of(database, story)
    return story, (letter["state"], letter["reason"])


async def goes_once_after(database, story, box, sink):
    """When the trouble is over, whatever it was, the letter goes, once."""
    clock = Clock()
    for _ in range(3):
        clock.forward(minutes=6)
        while await deliver_next(office(database, None, sink=sink, clock=clock)):
            pass
    letter = await the_letter_of(database, story)
    assert letter["state"] == "sent"
    assert len({one["Message-ID"] for one in box.letters()}) == 1
    await sink.close()


@pytest.mark.parametrize(
    ("box", "becomes"),
    [
        (PostBox(rcpt=["451 4.7.1 greylisted", "250 OK"]), ("deferred", "4.7.1")),
        (PostBox(rcpt=["452 4.2.2 full", "250 OK"]), ("deferred", "4.2.2")),
        (PostBox(mail=["421 4.7.0 too much", "250 OK"]), ("deferred", "4.7.0")),
        (PostBox(mail=["554 5.7.1 not you", "250 OK"]), ("deferred", "5.7.1")),
        (PostBox(data=["451 4.3.0 later", "250 OK"]), ("deferred", "4.3.0")),
        (PostBox(data=["hang up", "250 OK"]), ("in_doubt", None)),
        (Stubborn("mail"), ("deferred", "no_answer")),
        (Stubborn("rcpt"), ("deferred", "no_answer")),
        (Stubborn("data"), ("in_doubt", None)),
    ],
)
async def test_after_trouble_that_passes_the_letter_goes_once(
    database, sealer, post_box, box, becomes
):
    patience = SHORT if isinstance(box, Stubborn) else ENOUGH
    sink = smtp((await post_box(box)).port, patience=patience)
    story, state = await first_attempt(database, sealer, sink)
    assert state == becomes
    await goes_once_after(database, story, box, sink)
    assert len(box.copies) == 1


@pytest.mark.parametrize(
    "lines",
    [
        (b"220 here\r\n", b"250-here\r\n250 STARTTLS\r\n", b"220 go ahead\r\n"),
        (b"220 here\r\n", b"250-here\r\n250 STARTTLS\r\n", b"454 4.7.0 not now\r\n"),
        (b"22",),
        (b"we speak no SMTP\r\n",),
        (b"220 " + b"x" * 100_000 + b"\r\n",),
        (),
    ],
)
async def test_a_server_that_fails_before_it_says_anything_of_use_is_tried_again(
    database, sealer, post_box, lines
):
    server, port = await a_broken_server(*lines)
    story, (state, _) = await first_attempt(database, sealer, smtp(port, "smtp", patience=SHORT))
    server.close()
    assert state == "deferred"
    box = await post_box()
    await goes_once_after(database, story, box, smtp(box.port))


async def test_with_wrong_credentials_no_letter_is_lost(database, sealer, post_box):
    def check(_server, _session, _envelope, _mechanism, _said):
        return AuthResult(success=False, handled=False)

    box = await post_box(auth_require_tls=False, authenticator=check)
    story, state = await first_attempt(database, sealer, smtp(box.port, who="pdu@"))
    assert state == ("deferred", "5.7.8")
    assert box.copies == []
    good = await post_box()
    await goes_once_after(database, story, good, smtp(good.port))


async def test_letters_are_seven_bits_wide_for_servers_that_take_no_more(
    database, sealer, post_box
):
    story = Story(
        title="Hoarding: derrière la porte, \N{RIGHT SINGLE QUOTATION MARK}trésor", name="Zoë"
    )
    box = await post_box()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box))
    [copy] = box.copies
    assert copy.content.isascii()
    assert "BODY=8BITMIME" not in copy.mail_options
    assert max(len(line) for line in copy.content.splitlines()) <= 998
    assert "trésor" in box.letters()[0]["Subject"]
