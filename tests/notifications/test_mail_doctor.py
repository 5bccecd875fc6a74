"""The doctor says in words what is wrong with our mail, and by its exit code if anything is."""

import argparse
import asyncio
import json
import os
from datetime import UTC, datetime

import dns.message
import dns.rrset
import pytest

from notifications.office import PostBox
from pdu_notifications.doctor.command import MAIL_DOCTOR
from pdu_notifications.doctor.way_out import look_at_server
from pdu_notifications.rules.mail_records import Mark, dkim, dmarc, mx, spf
from pdu_shared.settings import Settings
from pdu_shared.smtp import Smtp

KEY = "A" * 392
GOOD = {
    ("example.org.", "TXT"): ['"some" "thing"', '"v=spf1 include:relay.example.net -all"'],
    ("_dmarc.example.org.", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:d@example.org"'],
    ("s1._domainkey.example.org.", "TXT"): [f'"v=DKIM1; k=rsa; " "p={KEY[:200]}" "{KEY[200:]}"'],
    ("example.org.", "MX"): ["10 mx.example.net."],
}  # fmt: skip


class NameServer(asyncio.DatagramProtocol):
    """Answers what a zone says, and that nothing else is there."""

    def __init__(self, zone):
        self.zone = zone

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        [question] = asked.question
        kind = dns.rdatatype.to_text(question.rdtype)
        found = self.zone.get((question.name.to_text(), kind))
        if found:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), address)


@pytest.fixture
async def name_server():
    loop = asyncio.get_running_loop()
    transport, there = await loop.create_datagram_endpoint(
        lambda: NameServer(GOOD), local_addr=("127.0.0.1", 0)
    )
    there.address = "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    yield there
    transport.close()


@pytest.fixture
def ask(monkeypatch, capsys, name_server):
    """`await ask(box, ...)`: the exit code, and what the doctor says of each thing."""

    async def run(box, *, to=None, selector="s1", **settings):
        for name in [name for name in os.environ if name.startswith("PDU_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PDU_SMTP_URL", f"smtp+plain://127.0.0.1:{box.port}")
        monkeypatch.setenv("PDU_DKIM_SELECTOR", selector)
        for name, value in settings.items():
            monkeypatch.setenv(f"PDU_{name.upper()}", value)
        asked = argparse.Namespace(to=to, nameserver=name_server.address, json=True)
        code = await MAIL_DOCTOR.run(None, asked)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return code, {line["what"]: (line["mark"], line["words"]) for line in lines}

    return run


async def test_mail_that_is_in_order_is_said_to_be_fine(ask, post_box):
    box = await post_box()
    code, said = await ask(box, to="marian@example.org")
    assert code == 0, said
    for what in ("SPF of example.org", "DMARC of example.org", "MX of example.org", "Mail server"):
        assert said[what][0] == "fine", said
    assert said["DKIM of s1._domainkey.example.org"] == ("fine", "There is a key.")
    assert said["TLS"][0] == "note"
    assert box.reached() == ["marian@example.org"]
    [letter] = box.letters()
    assert letter["Subject"] == "A test of our mail"


async def test_what_is_missing_is_said_with_what_is_wanted(ask, post_box, name_server):
    name_server.zone = {}
    code, said = await ask(await post_box(PostBox(rcpt=["550 5.1.1 no"])), to="much@example.org")
    assert code == 1
    assert "v=spf1" in said["SPF of example.org"][1]
    assert "_dmarc.example.org" in said["DMARC of example.org"][1]
    assert "v=DKIM1" in said["DKIM of s1._domainkey.example.org"][1]
    assert said["Test letter"] == ("wrong", "The recipient is refused (5.1.1).")


async def test_a_name_server_that_is_silent_leaves_it_open(ask, post_box, name_server, monkeypatch):
    monkeypatch.setattr("pdu_notifications.doctor.records.SECONDS", 0.1)
    name_server.datagram_received = lambda *_args: None
    code, said = await ask(await post_box())
    assert code == 2
    assert said["DNS of example.org"][0] == "unsure"


async def test_a_server_that_is_away_and_a_mailbox_that_cannot_be_read_are_wrong(ask, post_box):
    box = await post_box()
    box.port = 9
    code, said = await ask(
        box, bounce_address="bounces@example.org", bounce_mailbox="imap+plain://a@127.0.0.1:9/",
        bounce_password="words of this test",
    )  # fmt: skip
    assert code == 1
    assert said["Mail server"][0] == "wrong"
    assert "cannot be reached" in said["Mail server"][1]
    assert said["Bounces"][0] == "wrong"


async def test_a_server_without_starttls_is_said_to_have_none(post_box):
    box = await post_box()
    sink = Smtp(f"smtp://localhost:{box.port}")
    [found] = await look_at_server(sink, Settings(), now=datetime.now(UTC))
    assert (found.mark, "STARTTLS" in found.words) == (Mark.WRONG, True)


async def test_two_addresses_get_no_test_letter(ask, post_box, capsys):
    box = await post_box()
    code, _ = await ask(box, to="a@example.org, b@example.org")
    assert code == 64
    assert box.copies == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("found", "mark"),
    [
        (spf("x", ["v=spf1 -all"]), Mark.FINE),
        (spf("x", ["v=spf1 redirect=_spf.example.net"]), Mark.FINE),
        (spf("x", ["v=spf1 mx"]), Mark.NOTE),
        (spf("x", ["v=spf1 +all"]), Mark.WRONG),
        (spf("x", ["v=spf1 -all", "v=spf1 ~all"]), Mark.WRONG),
        (spf("x", ["v=spf1 " + "include:a.example " * 11 + "-all"]), Mark.WRONG),
        (spf("x", ["v=spf10 -all"]), Mark.WRONG),
        (dmarc("x", ["v=DMARC1; p=reject; rua=mailto:a@example.org"]), Mark.FINE),
        (dmarc("x", ["v=DMARC1; p=none"]), Mark.NOTE),
        (dmarc("x", ["v=DMARC1; p=reject"]), Mark.NOTE),
        (dmarc("x", ["v=DMARC1"]), Mark.WRONG),
        (dmarc("x", ["v=DMARC1; p=reject"] * 2), Mark.WRONG),
        (dkim("x", "s", [f"v=DKIM1; p={KEY}"]), Mark.FINE),
        (dkim("x", "s", ["v=DKIM1; k=ed25519; p=" + "A" * 44]), Mark.FINE),
        (dkim("x", "s", ["v=DKIM1; p="]), Mark.WRONG),
        (dkim("x", "s", ["v=DKIM1; p=!!"]), Mark.WRONG),
        (dkim("x", "s", ["v=DKIM1; p=" + "A" * 44]), Mark.WRONG),
        (dkim("x", "s", [f"v=DKIM1; t=y; p={KEY}"]), Mark.NOTE),
        (mx("x", ["."]), Mark.WRONG),
        (mx("x", []), Mark.WRONG),
    ],
)
def test_every_record_is_judged(found, mark):
    assert found.mark is mark
    assert found.words
