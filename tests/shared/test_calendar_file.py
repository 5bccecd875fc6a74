"""Calendar files are as RFC 5545 wants them, and three readers understand the same."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from ical.calendar_stream import IcsCalendarStream

from pdu_shared.calendar_entry import Entry, Organiser, sequence_of
from pdu_shared.calendar_file import calendar_file
from rfc5545 import flaws

LONDON = ZoneInfo("Europe/London")
PDU = Organiser("Practice Development Unit", "pdu@example.org")


def entry(starts_at=datetime(2027, 1, 14, 13, tzinfo=UTC), **details):
    return Entry(
        **{
            "uid": uuid4(),
            "sequence": 0,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "summary": "Hoarding: behind the door",
            "place": "Sneinton Hermitage",
            "written_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
            **details,
        }
    )


def file(*entries, **details):
    written = calendar_file(entries, organiser=PDU, **details).encode()
    assert flaws(written) == []
    return written


def read(written):
    """The events as the two parsers read them, which have to agree."""
    events = icalendar.Calendar.from_ical(written).events
    also = IcsCalendarStream.calendar_from_ics(written.decode()).events
    assert [str(one["UID"]) for one in events] == [one.uid for one in also]
    for one, other in zip(events, also, strict=True):
        assert (one.start, one.end) == (other.dtstart, other.dtend)
        assert str(one["SUMMARY"]) == other.summary
        assert one["SEQUENCE"] == other.sequence
        assert one["STATUS"] == other.status
    return events


@pytest.mark.parametrize(
    "text",
    [
        "Housing First; Care Act, and more",
        "A backslash \\ and \\n, which is none",
        "é" * 75 + "👩‍👩‍👧" * 30,
        "מרחב — RTL",
        "x" * 200,
        "BEGIN:VEVENT",
    ],
)
def test_whatever_a_title_holds_every_reader_gets_it_back(text):
    told = entry(summary=text, place=text, description=f"{text}\n{text}")
    [event] = read(file(told, name=text))
    assert (event["SUMMARY"], event["LOCATION"]) == (text, text)
    assert event["DESCRIPTION"] == f"{text}\n{text}"


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        # The night in which there is no hour from one to two, and the one in which it comes twice.
        ("2027-03-28T00:30+00:00", "2027-03-28T01:30+00:00"),
        ("2027-03-27T23:00+00:00", "2027-03-28T01:00+00:00"),
        ("2027-10-30T23:30+00:00", "2027-10-31T00:30+00:00"),
        ("2027-10-31T00:30+00:00", "2027-10-31T01:30+00:00"),
        ("2027-10-31T01:30+00:00", "2027-10-31T02:30+00:00"),
        ("2028-02-29T12:00+00:00", "2028-02-29T15:00+00:00"),
        ("2028-03-31T22:30+00:00", "2028-04-01T00:30+00:00"),
    ],
)
def test_on_nights_when_clocks_change_a_session_is_as_long_as_it_is(starts_at, ends_at):
    starts, ends = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    [event] = read(file(entry(starts_at=starts, ends_at=ends)))
    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (starts, ends)


def test_the_time_zone_in_the_file_is_the_one_of_the_house():
    [zone] = icalendar.Calendar.from_ical(file(entry())).timezones
    for change in zone.subcomponents:
        before, after = change["TZOFFSETFROM"].td, change["TZOFFSETTO"].td
        nights = rrulestr(change["RRULE"].to_ical().decode(), dtstart=change["DTSTART"].dt)
        for night in nights.between(datetime(2017, 1, 1), datetime(2040, 1, 1)):  # noqa: DTZ001
            moment = (night - before).replace(tzinfo=UTC)
            assert (moment - timedelta(seconds=1)).astimezone(LONDON).utcoffset() == before
            assert moment.astimezone(LONDON).utcoffset() == after


def test_a_new_date_is_newer_than_a_cancellation_and_that_than_the_first():
    told = [sequence_of(0, cancelled=False), sequence_of(0, cancelled=True)]
    told += [sequence_of(1, cancelled=False), sequence_of(1, cancelled=True)]
    assert told == sorted(set(told))


def test_a_file_without_entries_is_still_a_calendar():
    assert read(file(name="Everything that is on")) == []


def test_the_same_entries_make_the_same_file():
    told = entry()
    assert file(told) == file(told)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("\r\n", "\n"),
        ("SUMMARY:Hoarding", "SUMMARY:Hoarding; x,"),
        ("DTSTAMP:20261122T090000Z", "DTSTAMP:20261122T090000"),
        ("DTSTART;TZID=Europe/London", "DTSTART;TZID=Europe/Paris"),
        ("DTSTART;TZID=Europe/London", "DTSTART"),
        ("SEQUENCE:0", "SEQUENCE:-1"),
        ("SEQUENCE:0\r\n", ""),
        ("LOCATION:Sneinton", "LOCATION:" + 80 * "x"),
        ("END:VEVENT", "END:VTODO"),
        ("UID:", "UID\r\nUID:"),
        ("SUMMARY", "SUMMARY:x\r\nSUMMARY"),
    ],
)
def test_the_strict_reader_notices(good, bad):
    written = file(entry())
    assert good.encode() in written
    assert flaws(written.replace(good.encode(), bad.encode())) != []
