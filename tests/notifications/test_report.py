"""Mail that comes back is read for what it says, and never trips the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.reports import HOLIDAY, QUESTION, bounce, complaint
from pdu_notifications.rules.report import LARGEST, Aside, Report, What, is_about_the_address, read

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefghijkl"
TO = f"bounces+{TOKEN}@example.org"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (bounce(TO), Report(What.BOUNCED, "5.1.1", (TOKEN, TOKEN))),
        (bounce(TO, status="5.2.2"), Report(What.BOUNCED, "5.2.2", (TOKEN, TOKEN))),
        (bounce(TO, status="4.4.7"), Report(What.FAILED, "4.4.7", (TOKEN, TOKEN))),
        (bounce(TO, status="said"), Report(What.BOUNCED, "5.1.1", (TOKEN, TOKEN))),
        (
            bounce(TO, status="", diagnostic="smtp; 554 no"),
            Report(What.BOUNCED, "5.0.0", (TOKEN, TOKEN)),
        ),
        (bounce(TO, action="Delivered", status="2.0.0").replace(b"5.1.1", b"2.0.0"),
         Report(What.DELIVERED, "2.0.0", (TOKEN, TOKEN))),
        (bounce(TO, action="delayed", status="4.4.1"), Aside.PASSING),
        (bounce(TO, action="eaten"), Aside.STRANGE),
        (bounce("bounces@example.org"), Report(What.BOUNCED, "5.1.1", ())),
        (complaint(TO), Report(What.COMPLAINED, "abuse", (TOKEN, TOKEN))),
        (complaint(TO, kind="not-spam"), Aside.PASSING),
        (complaint(TO, kind="A\tB"), Aside.STRANGE),
        (HOLIDAY, Aside.PASSING),
        (QUESTION, Aside.STRANGE),
        (b"", Aside.STRANGE),
        (bounce(TO) + b"x" * LARGEST, Aside.STRANGE),
    ],
)  # fmt: skip
def test_every_mail_is_read_for_what_it_says(raw, said):
    assert read(raw) == said


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10", "5.2.1", "5.2.2", "5.0.0"])
def test_a_bad_address_is_an_address_we_leave_alone(status):
    assert is_about_the_address(status)


@pytest.mark.parametrize("status", ["5.7.1", "5.3.4", "5.6.0", "5.4.4", "4.2.2", "abuse", ""])
def test_a_letter_that_was_refused_says_nothing_about_its_address(status):
    assert not is_about_the_address(status)


@given(st.data())
def test_no_damage_trips_the_reader(data):
    raw = bytearray(data.draw(st.sampled_from([bounce(TO), complaint(TO), HOLIDAY])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
        if not raw:
            break
    assert isinstance(read(bytes(raw)), Report | Aside)


def test_a_mail_within_a_mail_within_a_mail_trips_nobody():
    raw = bounce(TO)
    for _ in range(200):
        raw = b"Content-Type: message/rfc822\r\n\r\n" + raw
    assert read(raw) is Aside.STRANGE
