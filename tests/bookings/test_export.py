"""Lists as files for a spreadsheet: complete, harmless, and small in memory."""

import csv
import io
import tracemalloc
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from openpyxl import load_workbook

import a
from pdu_shared.sheet import harmless, in_words
from pdu_shared.sheet_file import SheetFormat, sheet

DAY = date(2026, 11, 22)


async def file(http, token, path, **asked):
    answer = await http.get(f"/coordinator/{path}/file", params=asked, headers=token("coordinator"))
    assert answer.status_code == 200, answer.text
    return answer


def rows_of_csv(content):
    assert content.startswith(b"\xef\xbb\xbf"), "Excel would take it for another code page"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def rows_of_workbook(content):
    [worksheet] = load_workbook(io.BytesIO(content), read_only=True).worksheets
    rows = list(worksheet.iter_rows())
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr", "n", "d"}
    return [[cell.value for cell in row] for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 115 496 0000",
        "-1",
        "@SUM(A1)",
        "  =cmd|' /C calc'!A0",
        '"=1',
        "\t=1",
        "\rx",
        "\uff1d1",
        "\u00a0=1",
    ],
)
def test_text_that_a_spreadsheet_would_run_is_shown(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Alan a Dale", "1-2", "a=b", "", "O'Neill", "robin@example.org"])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_days_and_times_are_written_as_iso_8601_writes_them():
    assert in_words(date(2028, 2, 29)) == "2028-02-29"
    assert in_words(datetime(2027, 3, 28, 13)) == "2027-03-28 13:00"  # noqa: DTZ001 - local


async def booked(http, token, **details):
    event = await a.published_event(http, token("coordinator"), title=uuid4().hex)
    booking = (await a.ask_for_place(http, event, **details)).json()
    return event, booking


@pytest.mark.parametrize(("form", "rows"), [("csv", rows_of_csv), ("xlsx", rows_of_workbook)])
async def test_a_name_that_would_run_does_not(bookings_http, token, form, rows):
    event, _ = await booked(
        bookings_http, token, name="=HYPERLINK(A1)", organisation="@Home; Care, Ltd"
    )
    answer = await file(
        bookings_http, token, "bookings", format=form, learning_event_id=event["learning_event_id"]
    )
    headings, line = rows(answer.content)
    cells = dict(zip(headings, line, strict=True))
    assert cells["Name"] == "'=HYPERLINK(A1)"
    assert cells["Organisation"] == "'@Home; Care, Ltd"
    assert cells["Learning event"] == event["title"]


async def test_a_file_is_named_by_its_day_and_kept_by_nobody_on_the_way(bookings_http, token):
    answer = await file(bookings_http, token, "learning-events", text="nothing is called this")
    [name] = answer.headers["content-disposition"].split("filename=")[1:]
    assert name == f'"learning-events-{a.local_now().date()}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert len(rows_of_csv(answer.content)) == 1


async def test_what_people_need_is_in_no_file(bookings_http, token):
    event, _ = await booked(bookings_http, token, needs={"access": "quiet-room-please"})
    [session] = event["sessions"]
    for path in ("bookings", f"registers/{session['session_id']}", "learning-events"):
        assert b"quiet-room-please" not in (await file(bookings_http, token, path)).content


async def test_a_register_has_those_who_booked_and_those_who_walked_in(bookings_http, token):
    starts = a.local_now() + timedelta(hours=3)
    soon = a.session(
        starts_at=starts.isoformat(), ends_at=(starts + timedelta(hours=3)).isoformat()
    )
    event = await a.published_event(bookings_http, token("coordinator"), sessions=[soon])
    [session] = event["sessions"]
    booking = (await a.ask_for_place(bookings_http, event, name="Much Miller")).json()
    walk_in = a.person()
    del walk_in["name"]
    written = await bookings_http.put(
        f"/sessions/{session['session_id']}/attendance",
        json={
            "entries": [{"booking_id": booking["booking_id"], "state": "partial"}],
            "walk_ins": [walk_in],
        },
        headers=token("coordinator"),
    )
    assert written.status_code == 200, written.text
    answer = await file(bookings_http, token, f"registers/{session['session_id']}")
    headings, *lines = rows_of_csv(answer.content)
    told = [dict(zip(headings, line, strict=True)) for line in lines]
    assert [(one["Name"], one["Place"], one["Attendance"]) for one in told] == [
        ("Much Miller", "confirmed", "partial"),
        ("", "walked in", "present"),
    ]


async def test_the_register_of_no_session_is_not_there(bookings_http, token):
    answer = await bookings_http.get(
        f"/coordinator/registers/{uuid4()}/file", headers=token("coordinator")
    )
    assert answer.status_code == 404


async def many(pages, rows):
    for page in range(pages):
        yield [[f"={page}"] for _ in range(rows)]


@pytest.mark.parametrize(
    ("form", "rows"), [(SheetFormat.CSV, rows_of_csv), (SheetFormat.XLSX, rows_of_workbook)]
)
async def test_ten_thousand_rows_take_no_more_memory_than_a_page(form, rows):
    written, sizes = io.BytesIO(), []
    tracemalloc.start()
    try:
        answer = await sheet("people", ("Sign",), many(20, 500), form, DAY)
        async for chunk in answer.body_iterator:
            sizes.append(len(chunk))
            written.write(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - sum(sizes) < 2_500_000
    read = rows(written.getvalue())
    assert len(read) == 1 + 10_000
    assert {row[0] for row in read[1:]} == {f"'={page}" for page in range(20)}
