"""A letter reaches one mailbox, says who wrote it, and smuggles nothing in."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdu_shared.mail import WIRE, BadAddress, Letter, address, compose, message_id

LETTER = Letter(
    message_id=message_id("booking_confirmation:1", "mail.example.org"),
    written_at=datetime(2027, 1, 14, 9, 30, tzinfo=UTC),
    sender=Address("Practice Development Unit", "pdu", "example.org"),
    to=Address(username="person0051", domain="example.org"),
    subject="Your place at Hoarding awareness",
    text="Dear Zo\u00eb,\n\nyou have a place.\n",
)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def sent(letter):
    """The letter as the recipient's program reads it."""
    return email.message_from_bytes(
        compose(letter).as_bytes(policy=WIRE), policy=email.policy.default
    )


@pytest.mark.parametrize(
    "text",
    [
        "email@example.org",
        "email@example.ORG",
        "firstname.lastname@example.org",
        "email@subdomain.example.org",
        "firstname+lastname@example.org",
        "1234567890@example.org",
        "email@example-one.org",
        "_______@example.org",
        "email@example.museum",
        "firstname-lastname@example.org",
        "japanese-info@\u4f8b\u3048.example.org",
        "email@double--hyphen.example.org",
        "firstname.o'lastname@example.org",
        "o!brien#1@example.org",
        "  email@example.org ",
    ],
)
def test_an_ordinary_address_is_taken(text):
    assert address(text).addr_spec.isascii()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has an @"),
        ("plainaddress", "has an @"),
        ("one@example.org, two@example.org", "one e-mail address only"),
        ("one@example.org;two@example.org", "one e-mail address only"),
        ("one@two@example.org", "one e-mail address only"),
        ("one@example.org two@example.org", "one e-mail address only"),
        ("Person <one@example.org>", "quotes and brackets"),
        ('"much.more unusual"@example.org', "quotes and brackets"),
        ("email@[123.123.123.123]", "quotes and brackets"),
        ("email@example.org (Person)", "quotes and brackets"),
        ("email@example.org\nBcc: z@example.org", "control characters"),
        ("email@example.org\r\n", "control characters"),
        ("email\x00@example.org", "control characters"),
        ("email@example.org\u2028", "control characters"),
        ("email\x85@example.org", "control characters"),
        ("first last@example.org", "no spaces"),
        ("first\u00a0last@example.org", "no spaces"),
        (".email@example.org", "dot"),
        ("email.@example.org", "dot"),
        ("email..email@example.org", "dot"),
        ("email@example..org", "dot"),
        ("email@.example.org", "dot"),
        ("email@example.org.", "dot"),
        ("zo\u00eb@example.org", "without accents"),
        ("@example.org", "not a complete"),
        ("email@", "not a complete"),
        ("email@example", "not a complete"),
        ("email@localhost", "not a complete"),
        ("email@-example.org", "not a complete"),
        ("email@123.123.123.123", "not a complete"),
        ("email@example.o", "not a complete"),
        ("email@exam_ple.org", "not a complete"),
        ("a" * 65 + "@example.org", "not a complete"),
        ("a" * 309 + "@example.org", "at most 320"),
    ],
)
def test_what_is_not_one_mailbox_is_refused_with_a_reason(text, words):
    with pytest.raises(BadAddress, match=words) as raised:
        address(text)
    assert not text or text not in str(raised.value)


@given(st.text(max_size=60) | st.emails())
def test_an_address_is_either_refused_or_safe_in_a_header_and_a_command(text):
    try:
        found = address(text).addr_spec
    except BadAddress:
        return
    assert found.isascii()
    assert found.isprintable()
    assert not set(found) & set(' ,;<>"()[]\\')
    assert found.count("@") == 1


def test_a_letter_carries_what_mail_servers_ask_for():
    found = sent(LETTER)
    assert found["From"] == "Practice Development Unit <pdu@example.org>"
    assert found["To"] == "person0051@example.org"
    assert found["Subject"] == "Your place at Hoarding awareness"
    assert found["Message-ID"] == LETTER.message_id
    assert found["Date"].datetime == LETTER.written_at
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content().splitlines() == ["Dear Zo\u00eb,", "", "you have a place."]


def test_the_message_id_of_a_letter_stays_and_stands_on_one_line():
    assert LETTER.message_id == message_id("booking_confirmation:1", "mail.example.org")
    assert LETTER.message_id != message_id("booking_confirmation:2", "mail.example.org")
    wire = compose(LETTER).as_bytes(policy=WIRE)
    assert f"Message-ID: {LETTER.message_id}\r\n".encode() in wire


def test_a_letter_travels_in_seven_bits():
    letter = replace(LETTER, subject="Zo\u00eb \u2713", text="\u2713" * 2000, html="<p>\u2713</p>")
    wire = compose(letter).as_bytes(policy=WIRE)
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert sent(letter)["Subject"] == "Zo\u00eb \u2713"


def test_text_comes_first_then_html_then_the_calendar():
    found = sent(replace(LETTER, html="<p>Zo\u00eb</p>", calendar=CALENDAR))
    types = [part.get_content_type() for part in found.walk()]
    assert types == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    calendar = next(found.iter_attachments())
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar.get_filename() == "event.ics"
    assert calendar.get_content().replace("\r\n", "\n") == CALENDAR.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: z@example.org",
        "Hello\x00\x07 Bcc: z@example.org",
        "Hello\u2028Bcc: z@example.org",
    ],
)
def test_a_subject_cannot_become_another_header(subject):
    found = sent(replace(LETTER, subject=subject))
    assert found["Subject"] == "Hello Bcc: z@example.org"
    assert found["Bcc"] is None


def test_a_long_subject_is_cut():
    assert len(sent(replace(LETTER, subject="long " * 100))["Subject"]) <= 200


@given(subject=st.text(), text=st.text(), html=st.none() | st.text())
def test_no_text_breaks_a_letter_or_adds_a_recipient(subject, text, html):
    found = sent(replace(LETTER, subject=subject, text=text, html=html))
    assert len(found["To"].addresses) == 1
    assert set(found.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    } | ({"Content-Transfer-Encoding"} if html is None else set())  # fmt: skip


@pytest.mark.parametrize(
    "bad", ["", "no-brackets@example.org", "<a@b>\r\nBcc: z@example.org", "<a b@c>"]
)
def test_a_message_id_of_another_form_is_refused(bad):
    with pytest.raises(ValueError, match="Message-ID"):
        compose(replace(LETTER, message_id=bad))


def test_a_date_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        compose(replace(LETTER, written_at=datetime(2027, 1, 14)))  # noqa: DTZ001
