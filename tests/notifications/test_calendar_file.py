"""The calendar file is one that calendars read, with the same UID for the same session."""

from uuid import uuid4

from icalendar import Calendar

from notifications.told import Story
from pdu_notifications.calendar_file import calendar_file
from pdu_notifications.dates import appointments
from pdu_notifications.wording import Diary


def read(story, method="PUBLISH"):
    diary = Diary(method=method, appointments=appointments(story.booking_id, story.programme))
    text = calendar_file(diary, organiser="pdu@example.org", written_at=story.starts_at)
    return Calendar.from_ical(text)


def test_a_calendar_reads_time_zone_place_and_organiser():
    story = Story()
    calendar = read(story)
    [event] = calendar.events
    assert calendar["METHOD"] == "PUBLISH"
    assert event.start == story.starts_at
    assert event.start.tzinfo.key == "Europe/London"
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/London"]
    assert (event["SUMMARY"], event["LOCATION"]) == (story.title, story.place)
    assert event["ORGANIZER"] == "mailto:pdu@example.org"
    assert "ATTENDEE" not in event
    assert event["SEQUENCE"] == 0


def test_a_cancellation_finds_the_entry_that_the_confirmation_made():
    story = Story(sessions=2)
    confirmed, cancelled = read(story).events, read(story, "CANCEL").events
    assert [one["UID"] for one in confirmed] == [one["UID"] for one in cancelled]
    assert len({one["UID"] for one in confirmed}) == 2
    assert {one["STATUS"] for one in cancelled} == {"CANCELLED"}
    assert {one["SEQUENCE"] for one in cancelled} == {1}


def test_another_booking_of_the_same_session_is_another_entry():
    story = Story()
    other = Story(first_session_id=story.first_session_id, booking_id=uuid4())
    assert read(story).events[0]["UID"] != read(other).events[0]["UID"]


def test_a_title_cannot_add_a_line_to_the_file():
    [event] = read(Story(title="Hoarding\\nATTENDEE:mailto:x; yes, \\n")).events
    assert "ATTENDEE" not in event
    assert event["SUMMARY"] == "Hoarding\\nATTENDEE:mailto:x; yes, \\n"
