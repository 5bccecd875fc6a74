"""Reports of webinar tools: read as they come, matched by address, taken once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a
from attending import move, register, starting_soon, states, told, write
from pdu_bookings.rules.webinar import Stay, band_of, minutes_of, state_of
from pdu_bookings.rules.webinar_file import UnreadableError, read
from pdu_shared.local_time import moment

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)


def at(hours, minutes=0):
    return NINE + timedelta(hours=hours, minutes=minutes)


def stay(joined=None, left=None, lasted=None):
    return Stay(joined, left, timedelta(minutes=lasted) if lasted is not None else None)


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([stay(NINE, NOON)], 180),
        ([stay(at(-1), at(4))], 180),
        ([stay(NINE, at(1)), stay(at(2), NOON)], 120),
        ([stay(NINE, at(2)), stay(at(1), NOON)], 180),
        ([stay(NINE, NOON), stay(at(1), at(2))], 180),
        ([stay(at(-2), at(-1))], 0),
        ([stay(at(4), at(5))], 0),
        ([stay(lasted=50), stay(lasted=40)], 90),
        ([stay(lasted=500)], 180),
        ([stay(NINE, NOON, lasted=100)], 100),
        ([stay(NINE, lasted=100)], 100),
        ([], 0),
    ],
)
def test_minutes_on_several_devices_count_once_and_only_within_the_session(stays, minutes):
    assert minutes_of(stays, NINE, NOON) == minutes


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (180, "present"),
        (120, "present"),
        (119, "partial"),
        (30, "partial"),
        (29, "absent_no_show"),
        (0, "absent_no_show"),
    ],
)
def test_two_thirds_are_present_and_a_sixth_is_partial(minutes, state):
    assert state_of(minutes, timedelta(hours=3)) == state


def test_minutes_are_told_in_bands():
    told_as = [band_of(minutes) for minutes in (29, 30, 59, 60, 239, 240)]
    assert told_as == [
        "under_30",
        "30_to_59",
        "30_to_59",
        "60_to_119",
        "120_to_239",
        "240_and_more",
    ]


ZOOM = """Meeting ID,Topic,Start Time
123,Hoarding,20/11/2026 08:55

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ana,ana@example.org,20/11/2026 09:00:00 AM,20/11/2026 10:30:00 AM,90,Yes
"""
TEAMS = (
    "1. Summary\nMeeting title\tHoarding\n\n2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tRole\n"
    '"Ana"\t11/20/26, 9:00:00 AM\t11/20/26, 10:30:00 AM\t1h 15m 30s\tana@example.org\tAttendee\n'
    "\n3. In-Meeting Activities\nName\tJoin Time\nAna\t11/20/26\n"
)
UTC_TIMES = (
    "E-mail;Joined (UTC);Left (UTC)\nana@example.org;2026-11-20 09:00;2026-11-20T10:30:00+00:00\n"
)
ONLY_MINUTES = 'email,minutes\nana@example.org,"90,0"\n'


@pytest.mark.parametrize(
    ("text", "encoding", "line", "minutes"),
    [
        (ZOOM, "utf-8", 5, 90),
        (ZOOM.replace("\n", "\r\n"), "utf-8-sig", 5, 90),
        (TEAMS, "utf-16", 6, 75),
        (UTC_TIMES, "utf-8", 2, 90),
        (ONLY_MINUTES, "utf-8", 2, 90),
    ],
)
def test_a_report_is_read_as_the_tool_gives_it(text, encoding, line, minutes):
    [row] = read(text.encode(encoding), near=NINE, zone="Europe/London")
    assert (row.line, row.email) == (line, "ana@example.org")
    assert minutes_of([row.stay], NINE, NOON) == minutes


def test_times_are_of_the_zone_that_is_told():
    text = "email,joined,left\na@example.org,2026-11-20 10:00,2026-11-20 11:00\n"
    [row] = read(text.encode(), near=NINE, zone="Europe/Paris")
    assert row.stay.joined == NINE


def test_the_night_on_which_the_clocks_go_forward_has_no_half_past_one():
    night = moment(datetime(2027, 3, 28, 0, 30))  # noqa: DTZ001 - local
    text = "email,joined,left\na@example.org,2027-03-28 01:30,2027-03-28 03:00\n"
    with pytest.raises(UnreadableError) as error:
        read(text.encode(), near=night, zone="Europe/London")
    assert (error.value.line, error.value.column) == (2, "joined")


@pytest.mark.parametrize(
    ("body", "line", "code", "column"),
    [
        (b"", 1, "no-columns", ""),
        (b"Name,Town\nAna,Derby\n", 1, "no-columns", ""),
        (b"\x89PNG\r\n\x1a\n\0\0", 1, "not-text", ""),
        (b"email,minutes\nana@example.org,\xff\n", 2, "not-text", ""),
        (b"email,minutes\na@example.org,1\na@example.org\n", 3, "too-short", "minutes"),
        (b"email,minutes\na@example.org,long\n", 2, "not-a-duration", "minutes"),
        (b"email,minutes\na@example.org,99999h\n", 2, "not-a-duration", "minutes"),
        (b"email,joined,left\na@example.org,0001-01-01 00:00,\n", 2, "another-day", "joined"),
        (
            b"email,joined,left\na@example.org,0001-01-01T00:00+14:00,\n",
            2,
            "no-such-time",
            "joined",
        ),
        (b"email,joined,left\na@example.org,noon,one\n", 2, "not-a-time", "joined"),
        (b"email,joined,left\na@example.org,31/31/2026 9:00,\n", 2, "not-a-time", "joined"),
        (b"email,joined,left\na@example.org,2026-12-24 9:00,\n", 2, "not-a-time", "joined"),
        (b"email,joined,left\na@example.org,2026-12-24 09:00,\n", 2, "another-day", "joined"),
        (b"email,joined,left\na@example.org,2026-11-20 09:00,\n", 2, "no-time", ""),
        (
            b"email,joined,left\na@example.org,2026-11-20 10:00,2026-11-20 09:00\n",
            2,
            "left-before-joining",
            "",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line_and_column(body, line, code, column):
    with pytest.raises(UnreadableError) as error:
        read(body, near=NINE, zone="Europe/London")
    assert (error.value.line, error.value.code, error.value.column) == (line, code, column)


async def an_online_session(http, database, token, *emails):
    """A session of three hours that has just ended, booked from these addresses."""
    event = await a.published_event(http, token("coordinator"), sessions=[starting_soon()])
    session_id = event["sessions"][0]["session_id"]
    bookings = [
        (await a.ask_for_place(http, event, email=email)).json()["booking_id"] for email in emails
    ]
    await move(database, session_id, hours=-6)
    return session_id, bookings


async def send(http, token, session_id, minutes, **how):
    lines = [f"{email},{n}" for email, n in minutes]
    return await http.post(
        f"/sessions/{session_id}/webinar-report",
        params=how,
        content="\n".join(["email,minutes", *lines]).encode(),
        headers={**token("coordinator"), "Content-Type": "text/csv"},
    )


def addresses(number):
    return [f"online-{uuid4().hex}@example.org" for _ in range(number)]


async def test_a_report_says_who_was_there_and_is_taken_once(
    bookings_http, bookings_database, token
):
    ana, bea, cy, stranger = addresses(4)
    session_id, [one, two, three] = await an_online_session(
        bookings_http, bookings_database, token, ana, bea, cy
    )
    seen = [(ana.upper(), 100), (ana, 50), (bea, 40), (cy, 5), (stranger, 170), ("", 170)]
    first = (await send(bookings_http, token, session_id, seen)).json()
    assert await states(bookings_http, token("coordinator"), session_id) == {
        one: "present",
        two: "partial",
        three: "absent_no_show",
    }
    assert [(change["lines"], change["minutes"]) for change in first["changes"]] == [
        ([2, 3], 150),
        ([4], 40),
        ([5], 5),
    ]
    assert first["unmatched"] == [6, 7]
    assert "@" not in str(first)
    again = (await send(bookings_http, token, session_id, seen)).json()
    assert (again["changes"], again["unchanged"]) == ([], 3)
    assert len(await told(bookings_database, session_id)) == 4


async def test_a_dry_run_says_what_would_change_and_changes_nothing(
    bookings_http, bookings_database, token
):
    ana, stranger = addresses(2)
    session_id, _ = await an_online_session(bookings_http, bookings_database, token, ana)
    seen = [(ana, 170), (stranger, 170)]
    dry = (await send(bookings_http, token, session_id, seen, dry_run=True, walk_ins=True)).json()
    assert await told(bookings_database, session_id) == []
    wet = (await send(bookings_http, token, session_id, seen, walk_ins=True)).json()
    assert {**dry, "dry_run": False} == wet


async def test_who_did_not_book_walked_in_if_that_is_wanted_and_stays_known(
    bookings_http, bookings_database, token
):
    ana, glimpse = addresses(2)
    session_id, _ = await an_online_session(bookings_http, bookings_database, token)
    taken = await send(bookings_http, token, session_id, [(ana, 170), (glimpse, 2)], walk_ins=True)
    assert (len(taken.json()["changes"]), taken.json()["unmatched"]) == (1, [3])
    again = await send(bookings_http, token, session_id, [(ana, 40)])
    assert [change["after"] for change in again.json()["changes"]] == ["partial"]
    [line] = (await register(bookings_http, token("coordinator"), session_id))["walked_in"]
    assert line["method"] == "webinar_report"


async def test_what_was_written_by_hand_stays_and_what_the_closing_wrote_does_not(
    bookings_http, bookings_database, token
):
    ana, bea = addresses(2)
    session_id, [one, two] = await an_online_session(
        bookings_http, bookings_database, token, ana, bea
    )
    headers = token("coordinator")
    await write(bookings_http, headers, session_id, [(one, "absent_apologies")])
    await bookings_http.post(f"/sessions/{session_id}/register/closing", headers=headers)
    taken = (await send(bookings_http, token, session_id, [(ana, 170), (bea, 170)])).json()
    assert taken["written_by_hand"] == 1
    assert await states(bookings_http, headers, session_id) == {
        one: "absent_apologies",
        two: "present",
    }


async def test_a_bad_report_is_refused_by_line_and_column_and_changes_nothing(
    bookings_http, bookings_database, token
):
    [ana] = addresses(1)
    session_id, _ = await an_online_session(bookings_http, bookings_database, token, ana)
    answer = await send(bookings_http, token, session_id, [(ana, 170), (ana, "a while")])
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [
            {
                "pointer": "/3/minutes",
                "code": "not-a-duration",
                "detail": "This is no number of minutes.",
            }
        ],
    )
    assert await told(bookings_database, session_id) == []


async def test_a_report_is_text_and_not_too_large(bookings_http, token):
    path = f"/sessions/{uuid4()}/webinar-report"
    headers = token("coordinator")
    form = await bookings_http.post(path, json={}, headers=headers)
    headers = {**headers, "Content-Type": "text/csv"}
    long = await bookings_http.post(path, content=b"x" * (1024 * 1024 + 1), headers=headers)
    nowhere = await bookings_http.post(path, content=b"email,minutes\n", headers=headers)
    assert [one.status_code for one in (form, long, nowhere)] == [415, 413, 404]


async def test_a_report_before_the_session_and_an_unknown_zone_are_refused(
    bookings_http, bookings_database, token
):
    session_id, _ = await an_online_session(bookings_http, bookings_database, token)
    zone = await send(bookings_http, token, session_id, [], zone="Sherwood/Forest")
    assert zone.json()["errors"][0]["pointer"] == "/query/zone"
    await move(bookings_database, session_id, hours=12)
    assert (await send(bookings_http, token, session_id, [])).status_code == 409


async def test_minutes_are_kept_in_the_history_and_told_as_a_band(
    bookings_http, bookings_database, token
):
    [ana] = addresses(1)
    session_id, _ = await an_online_session(bookings_http, bookings_database, token, ana)
    [change] = (await send(bookings_http, token, session_id, [(ana, 130)])).json()["changes"]
    history = await bookings_http.get(
        f"/attendances/{change['attendance_id']}/history", headers=token("coordinator")
    )
    [entry] = history.json()["entries"]
    assert (entry["minutes"], entry["rule"]) == (130, "webinar.1")
    band = await bookings_database.pool.fetchval(
        "SELECT body::jsonb->'data'->>'minutes_band' FROM outbox WHERE subject = $1",
        f"attendance/{change['attendance_id']}",
    )
    assert band == "120_to_239"
