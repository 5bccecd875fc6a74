"""The way that somebody chose, else one that reaches them; people go where no machine does."""

import pytest

from pdu_notifications.rules.channel import Reach, Way, way_to
from pdu_notifications.rules.text_message import text_message
from pdu_shared.contracts.vocabulary import Channel

EMAIL, SMS, POST, PHONE = Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE
MOBILE, DESK = "+447700900123", "+441154960000"
ROAD = "12 Mapperley Road"
ALL = {"email": "alan@example.org", "phone": MOBILE, "postal_address": "12 Mapperley Road"}


@pytest.mark.parametrize(
    ("known", "machines", "way"),
    [
        (ALL, {SMS, POST}, Way(EMAIL, "alan@example.org")),
        ({**ALL, "wishes": SMS}, {SMS}, Way(SMS, MOBILE)),
        ({**ALL, "wishes": SMS}, set(), Way(PHONE, MOBILE, by_hand=True)),
        ({**ALL, "wishes": SMS, "texts_stopped": True}, {SMS}, Way(PHONE, MOBILE, by_hand=True)),
        ({**ALL, "wishes": PHONE}, {SMS}, Way(PHONE, MOBILE, by_hand=True)),
        ({**ALL, "wishes": POST}, {POST}, Way(POST, "12 Mapperley Road")),
        ({**ALL, "wishes": POST}, set(), Way(POST, "12 Mapperley Road", by_hand=True)),
        ({"phone": DESK}, {SMS}, Way(PHONE, DESK, by_hand=True)),
        ({"through": "the day centre"}, {SMS}, Way(PHONE, "the day centre", by_hand=True)),
        ({"postal_address": ROAD}, set(), Way(POST, ROAD, by_hand=True)),
        ({**ALL, "email_stopped": True}, {SMS}, Way(SMS, MOBILE)),
        ({"email": "alan@example.org", "email_stopped": True}, {SMS}, Way(EMAIL, ALL["email"])),
        ({}, {SMS, POST}, None),
    ],
)
def test_the_way_is_the_one_they_wish_or_one_that_reaches_them(known, machines, way):
    assert way_to(Reach(**known), machines=machines) == way


def test_what_proves_a_mailbox_goes_by_mail_or_not_at_all():
    assert way_to(Reach(**{**ALL, "wishes": SMS}), machines={SMS}, mail_only=True).channel is EMAIL
    assert way_to(Reach(phone=MOBILE), machines={SMS}, mail_only=True) is None


def test_a_text_message_says_who_writes_in_plain_letters_and_never_cuts_its_link():
    link = "https://portal.example.org/b/1" + "a" * 60
    said = text_message("\u2018Hoarding\u2019 \u2013 " + "a long title " * 40, link=link)
    assert said.startswith("Practice Development Unit (PDU): 'Hoarding' - a long title")
    assert said.endswith(f"... {link}")
    assert len(said) <= 306 + 1 + len(link)
    assert text_message("See you.", link=None) == "Practice Development Unit (PDU): See you."
