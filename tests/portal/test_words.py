"""Plain words for dates, places, durations, and what documents and metrics say."""

from datetime import UTC, datetime, timedelta

import pytest

from pdu_portal import words
from pdu_portal.event_shapes import Price, Session
from pdu_portal.listeners import heard
from pdu_portal.metrics import total
from pdu_shared.contracts import MESSAGES


def session(starts: datetime = datetime(2027, 1, 14, 13, tzinfo=UTC), **more: object) -> Session:
    lasts = more.pop("lasts", timedelta(hours=3, minutes=30))
    return Session(starts_at=starts, ends_at=starts + lasts, **more)


def test_times_are_those_of_the_place_in_summer_and_winter():
    assert words.hours(session()) == "1pm to 4:30pm"
    assert words.hours(session(datetime(2027, 7, 14, 11, 30, tzinfo=UTC))) == "12:30pm to 4pm"
    assert words.long_day(datetime(2021, 3, 31, 23, 30, tzinfo=UTC)) == "Thursday 1 April 2021"
    assert words.clock(datetime(2027, 1, 14, 0, 5, tzinfo=UTC)) == "12:05am"


NEVER = "free for volunteers, students and experts by experience."


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (None, "Free."),
        (
            Price(pence=4550, who_pays="outside_area"),
            f"£45.50 if you work outside our area; {NEVER}",
        ),
        (
            Price(pence=4500, who_pays="everybody", note="By invoice."),
            f"£45; {NEVER} By invoice.",
        ),
    ],
)
def test_what_it_costs_is_one_sentence(price, said):
    assert words.costs(price) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(45, "45 minutes"), (60, "1 hour"), (120, "2 hours"), (210, "half a day"), (390, "a day")],
)
def test_lengths_are_said_as_people_say_them(minutes, said):
    assert words.lasting(session(lasts=timedelta(minutes=minutes))) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ([6], "6 places left"),
        ([1], "1 place left"),
        ([0], "Full, waiting list open"),
        ([0, 3], "Some days full"),
        ([4, 3], "3 places left"),
        ([None], ""),
        ([], ""),
    ],
)
def test_places_are_plain_numbers(left, said):
    assert words.places([session(places_left=number) for number in left]) == said


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (2_440, "2.4 s"),
        (65_000, "1 min"),
        (7_200_000, "2 h"),
        (200_000_000, "2 d"),
    ],
)
def test_how_soon_is_said_in_one_unit(milliseconds, said):
    assert words.took(milliseconds) == said


@pytest.mark.parametrize("document", [{}, {"operations": []}, {"operations": {"a": 7}}])
def test_a_document_that_says_nothing_is_heard_as_nothing(document):
    assert heard(document) == frozenset()


def test_a_service_listens_to_what_its_document_receives_and_not_to_what_it_sends():
    def operation(action: str, key: str) -> dict:
        return {"action": action, "channel": {"$ref": f"#/channels/{key}"}}

    channel = {"messages": {"X": {"$ref": "#/components/messages/bookings.EventBooked"}}}
    document = {
        "channels": {"bookings.EventBooked": channel},
        "components": {"messages": {"bookings.EventBooked": {"name": "pdu.bookings.EventBooked"}}},
        "operations": {
            "receive": operation("receive", "bookings.EventBooked"),
            "send": operation("send", "notifications.MessageSent"),
            "round": {"action": "receive", "messages": [{"$ref": "#/operations/round"}]},
        },
    }
    assert "EventBooked" in heard(document)
    assert "MessageSent" not in heard(document)


def test_every_public_message_is_said_in_plain_words():
    public = {message.__name__ for message in MESSAGES.values() if message.public}
    assert public - words.HAPPENED.keys() == set()


def test_metrics_are_summed_over_their_labels():
    page = '# TYPE a gauge\na{x="1"} 2\na{x="} 9"} 3.0\nab 7\nb nonsense\nc 4 1700000000\n'
    assert total(page, "a") == 5
    assert total(page, "b") is None
    assert total(page, "c") == 4
    assert total(page, "d") is None
