"""The outcome of a sending is what happened at the server, and doubt is called doubt."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from functools import partial

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pdu_shared.handover import Accepted, Bounced, Deferred, InDoubt, Rejected
from pdu_shared.mail import Letter, compose
from pdu_shared.settings import BadSettings
from pdu_shared.smtp import Patience, Smtp

MESSAGE = compose(
    Letter(
        message_id="<1@example.org>",
        written_at=datetime(2027, 1, 14, tzinfo=UTC),
        sender=Address("PDU", "pdu", "example.org"),
        to=Address(username="person0051", domain="example.org"),
        subject="Your place",
        text=".a line that begins with a dot\n",
    )
)
SENDER = "bounce+1@example.org"


class PostBox:
    """A mail server that answers as the test says and keeps what it takes."""

    def __init__(self, **answers):
        self.answers = answers
        self.taken = []

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server, _session, envelope, sender, options
    ):
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server, _session, envelope, recipient, _options
    ):
        envelope.rcpt_tos.append(recipient)
        if self.answers.get("rcpt") == "hang up":
            server.transport.abort()
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server, _session, envelope
    ):
        answer = self.answers.get("data", "250 OK")
        if answer == "hang up":
            server.transport.abort()
            return "250 OK"
        if answer == "250 OK":
            self.taken.append(envelope)
        return answer


@pytest.fixture
async def post_box():
    running = []

    async def start(box=None, **options):
        box = box or PostBox()
        make = partial(SMTP, box, hostname="mail.example.org", **options)
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        running.append(server)
        box.port = server.sockets[0].getsockname()[1]
        return box

    yield start
    for server in running:
        server.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def server_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate):
    return ssl.create_default_context(cafile=certificate)


async def nothing():
    pass


async def send(url, before_data=nothing, message=MESSAGE, **options):
    smtp = Smtp(url, **options)
    return await smtp.send(message, envelope_sender=SENDER, before_data=before_data)


def plain(box):
    return f"smtp+plain://127.0.0.1:{box.port}"


async def test_a_letter_arrives_whole_with_its_envelope(post_box):
    box = await post_box()
    assert await send(plain(box)) == Accepted()
    [envelope] = box.taken
    assert envelope.mail_from == SENDER
    assert envelope.rcpt_tos == ["person0051@example.org"]
    assert b"\r\n.a line that begins with a dot\r\n" in envelope.content


async def test_the_moment_before_the_letter_goes_out_is_told(post_box):
    box = await post_box()
    seen = []

    async def note():
        seen.append(len(box.taken))

    await send(plain(box), note)
    assert seen == [0]
    assert len(box.taken) == 1


async def test_what_stops_us_in_that_moment_stops_the_letter(post_box):
    box = await post_box()

    async def fail():
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await send(plain(box), fail)
    await asyncio.sleep(0.05)
    assert box.taken == []


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"mail": "421 4.7.0 slow down"}, Deferred(421, "4.7.0")),
        ({"mail": "550 5.7.1 not this sender"}, Deferred(550, "5.7.1")),
        ({"rcpt": "451 4.7.1 greylisted"}, Deferred(451, "4.7.1")),
        ({"rcpt": "550 5.1.1 person0051@example.org unknown"}, Bounced(550, "5.1.1")),
        ({"rcpt": "550 unknown"}, Bounced(550)),
        ({"rcpt": "hang up"}, Deferred()),
        ({"data": "451 later"}, Deferred(451)),
        ({"data": "554 5.7.1 spam"}, Rejected(554, "5.7.1")),
        ({"data": "hang up"}, InDoubt()),
    ],
)
async def test_every_answer_of_the_server_has_its_outcome(post_box, answers, outcome):
    box = await post_box(PostBox(**answers))
    assert await send(plain(box)) == outcome
    assert box.taken == []


async def test_nothing_is_in_doubt_before_the_recipient_is_accepted(post_box):
    box = await post_box(PostBox(rcpt="550 5.1.1 unknown"))
    noted = []

    async def note():
        noted.append(1)

    await send(plain(box), note)
    assert noted == []


async def test_a_server_that_is_away_is_tried_later():
    assert await send("smtp+plain://127.0.0.1:9") == Deferred()


async def test_a_server_without_starttls_gets_no_letter(post_box):
    box = await post_box()
    assert await send(f"smtp://localhost:{box.port}") == Deferred()
    assert box.taken == []


async def test_a_letter_travels_over_starttls(post_box, server_tls, trusting):
    box = await post_box(tls_context=server_tls, require_starttls=True)
    assert await send(f"smtp://localhost:{box.port}", tls=trusting) == Accepted()


async def test_a_certificate_that_nobody_vouches_for_gets_no_letter(post_box, server_tls):
    box = await post_box(tls_context=server_tls, require_starttls=True)
    assert await send(f"smtp://localhost:{box.port}") == Deferred()
    assert box.taken == []


async def test_the_server_learns_who_we_are_over_tls_only(post_box, server_tls, trusting):
    seen = []

    def check(_server, _session, _envelope, _mechanism, said):
        seen.append((said.login, said.password))
        return AuthResult(success=said.password == b"p@ss", handled=False)

    box = await post_box(tls_context=server_tls, auth_required=True, authenticator=check)
    url = f"smtp://pdu%40example.org@localhost:{box.port}"
    assert await send(url, password="p@ss", tls=trusting) == Accepted()
    assert seen == [(b"pdu@example.org", b"p@ss")]
    assert (await send(url, password="wrong", tls=trusting)).code == 535


@pytest.mark.parametrize(
    "url",
    ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port",
     "smtp+plain://mail.example.org", "smtp+plain://10.0.0.1", "smtp+plain://127.0.0.1.example.org"],
)  # fmt: skip
def test_a_url_that_we_do_not_dare_to_use_is_refused_at_the_start(url):
    with pytest.raises(BadSettings, match="PDU_SMTP_URL"):
        Smtp(url)


@pytest.mark.parametrize(
    "url", ["smtp+plain://localhost:1025", "smtp+plain://[::1]:1025", "smtps://mail.example.org"]
)
def test_a_url_that_we_use_is_taken(url):
    assert Smtp(url)


async def test_a_message_to_two_people_is_never_sent(post_box):
    box = await post_box()
    for header in ("Cc", "Bcc"):
        message = EmailMessage()
        message["To"] = "one@example.org"
        message[header] = "two@example.org"
        with pytest.raises(ValueError, match="one recipient"):
            await send(plain(box), message=message)
    assert box.taken == []


class Visits(PostBox):
    """Counts connections, and closes each after so many letters if asked to."""

    def __init__(self, *, letters_each=None, **answers):
        super().__init__(**answers)
        self.letters_each, self.connections = letters_each, {}

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.connections[id(session)] = self.connections.get(id(session), 0) + 1
        if self.connections[id(session)] == self.letters_each:
            asyncio.get_running_loop().call_later(0, server.transport.close)
        return await super().handle_DATA(server, session, envelope)


async def send_many(smtp, count, breath=0):
    for _ in range(count):
        yield await smtp.send(MESSAGE, envelope_sender=SENDER, before_data=nothing)
        await asyncio.sleep(breath)


async def test_letters_one_after_another_share_a_connection(post_box):
    box = await post_box(Visits())
    smtp = Smtp(plain(box))
    assert [one async for one in send_many(smtp, 20)] == [Accepted()] * 20
    assert list(box.connections.values()) == [20]
    await smtp.close()


async def test_a_connection_is_given_back_after_so_many_letters(post_box):
    box = await post_box(Visits())
    smtp = Smtp(plain(box), patience=Patience(letters=3))
    assert [one async for one in send_many(smtp, 7)] == [Accepted()] * 7
    assert list(box.connections.values()) == [3, 3, 1]
    await smtp.close()


async def test_a_server_that_closes_between_letters_costs_no_letter(post_box):
    box = await post_box(Visits(letters_each=2))
    smtp = Smtp(plain(box))
    assert [one async for one in send_many(smtp, 6, breath=0.01)] == [Accepted()] * 6
    assert len(box.taken) == 6
    await smtp.close()


@pytest.mark.parametrize(
    "answers", [{"rcpt": "550 5.1.1 unknown"}, {"rcpt": "451 later"}, {"data": "554 5.7.1 spam"}]
)
async def test_a_refusal_does_not_spoil_the_connection_for_the_next_letter(post_box, answers):
    box = await post_box(Visits(**answers))
    smtp = Smtp(plain(box))
    await smtp.send(MESSAGE, envelope_sender=SENDER, before_data=nothing)
    box.answers = {}
    assert [one async for one in send_many(smtp, 2)] == [Accepted()] * 2
    assert len({id(envelope) for envelope in box.taken}) == 2
    assert all(envelope.rcpt_tos == ["person0051@example.org"] for envelope in box.taken)
    await smtp.close()


async def test_a_connection_that_nobody_needs_is_closed(post_box):
    box = await post_box(Visits())
    smtp = Smtp(plain(box), patience=Patience(keep=0.05))
    first = [one async for one in send_many(smtp, 2, breath=0.2)]
    assert first == [Accepted()] * 2
    assert list(box.connections.values()) == [1, 1]


async def test_letters_at_the_same_time_have_a_connection_each(post_box):
    box = await post_box(Visits())
    smtp = Smtp(plain(box))
    sends = [smtp.send(MESSAGE, envelope_sender=SENDER, before_data=nothing) for _ in range(4)]
    assert await asyncio.gather(*sends) == [Accepted()] * 4
    assert len(box.taken) == 4
    await smtp.close()


async def test_whoever_looks_at_a_server_is_greeted_and_told_what_it_offers(post_box):
    box = await post_box()
    client = await Smtp(plain(box)).probe(SENDER)
    assert client.supports_extension("8bitmime")
    client.close()
