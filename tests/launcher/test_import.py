"""`./pdu import`: from CSV files to the journal, and clear words for what cannot be read."""

import asyncio
import csv
import json
import subprocess
import sys
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from house import service
from pdu_local.failure import Failure
from pdu_local.importing import IMPORTER, carry, report
from pdu_local.records import parts_of, records_in
from pdu_local.sending import Target
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint
from told_history import attendance, event, member

OWNERS = [service("bookings"), service("resources")]


@pytest.fixture
def write(tmp_path):
    """Write rows as one of the files, and give the folder."""

    def written(name, rows, *, columns=None):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns or rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return written


@pytest.fixture(scope="module")
async def target(house):
    """All services as processes, and a token for importing."""
    async with AsyncExitStack() as closing:
        running = {
            name: await closing.enter_async_context(house.process(name)) for name in SERVICES
        }
        token = mint(house.secrets.issuer, IMPORTER, audiences=[f"pdu-{n}" for n in SERVICES])
        yield Target({name: process.url for name, process in running.items()}, token)


async def imported(target, folder):
    return await asyncio.to_thread(carry, target, records_in(folder, OWNERS))


async def journalled(database, sent):
    return await database.pool.fetchval(
        "SELECT count(*) FROM journal WHERE body LIKE $1", f'%"correlationid":"{sent.batch_id}"%'
    )


@pytest.mark.bus
async def test_records_go_from_their_files_into_the_journal_once(
    house, target, write, reporting_database
):
    held = [event(title="What, exactly, makes a “good” hostel?"), event()]
    write("events", held)
    rows = [attendance(held[number % 2]) for number in range(1500)]
    write("attendances", rows)
    folder = write("members", [member() for _ in range(10)])

    events, attendances, members = first = await imported(target, folder)

    assert [(sent.rows, sent.changed, sent.messages) for sent in first] == [
        (2, 2, 6),
        (1500, 1500, 1500),
        (10, 10, 10),
    ]
    assert await journalled(reporting_database, events) == 6 + 1
    assert await journalled(reporting_database, attendances) == 1500 + 1
    assert await journalled(reporting_database, members) == 10 + 1
    assert report(first, problems=None) == 0
    logs = "".join(log.read_text() for log in house.secrets.folder.glob("*.log"))
    assert not [row for row in rows if row["person_email"] in logs]

    again = await imported(target, folder)
    assert [(sent.changed, sent.messages) for sent in again] == [(0, 0)] * 3


@pytest.mark.bus
async def test_wrong_rows_are_named_by_their_lines_and_stop_nothing(
    target, write, tmp_path, capsys
):
    held = event()
    write("events", [held, event(status="perhaps", title="Two\nlines"), event()])
    rows = [attendance(held) for _ in range(30)]
    for row in rows[:25]:
        row["sector"] = ""
    folder = write("attendances", [*rows, {**rows[-1], "state": "absent_no_show"}])

    sent = await imported(target, folder)
    told = tmp_path / "wrong.txt"
    assert report(sent, problems=told) == 1

    lines = told.read_text("utf-8").splitlines()
    assert len(lines) == 2 + 25 + 1
    said = capsys.readouterr().out
    assert "attendances.csv:2: sector: missing" in said
    assert "more. --problems FILE writes all of them." in said
    assert lines[-1].startswith("attendances.csv:32: repeated-key. Line 31 ")
    assert not any("example.org" in line for line in lines)
    assert sent[1].changed == 5


def test_lines_are_counted_as_an_editor_counts_them(write):
    folder = write("events", [event(title="Two\nlines"), event(), event()])
    [records] = records_in(folder, OWNERS)
    [part] = parts_of(records, [])
    assert [line.number for line in part] == [2, 4, 5]


def test_a_row_that_is_there_twice_is_sent_once(write):
    row = attendance(event())
    same = {**row, "person_email": row["person_email"].upper()}
    folder = write("attendances", [row, row, same, {**same, "sector": "private"}])
    complaints = []
    [records] = records_in(folder, OWNERS)
    [part] = parts_of(records, complaints)
    assert [line.number for line in part] == [2]
    assert [(one.line, one.code) for one in complaints] == [
        (4, "repeated-key"),
        (5, "repeated-key"),
    ]


def test_a_row_with_more_columns_than_the_header_is_named(write):
    folder = write("members", [member()])
    with (folder / "members.csv").open("a") as file:
        file.write("only,three,columns\n\n")
    complaints = []
    [records] = records_in(folder, OWNERS)
    [part] = parts_of(records, complaints)
    assert len(part) == 1
    assert [str(one) for one in complaints] == [
        "members.csv:3: columns. It has 3 columns and should have 7."
    ]


def test_a_file_is_cut_into_requests_of_a_thousand_rows(write):
    folder = write("members", [member() for _ in range(2001)])
    [records] = records_in(folder, OWNERS)
    assert [len(part) for part in parts_of(records, [])] == [1000, 1000, 1]


def test_a_file_with_nothing_but_its_header_is_no_trouble(write):
    folder = write("events", [], columns=list(event()))
    [records] = records_in(folder, OWNERS)
    assert list(parts_of(records, [])) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("members.csv", b"", "the column 'person_email' is missing"),
        ("members.csv", b"person_email,sector\n", "the column 'work_field' is missing"),
        ("members.csv", ",".join(["name", *member()]).encode(), "'name' is no column of it"),
        ("members.csv", ",".join(["area", *member()]).encode(), "'area' is there twice"),
        ("members.csv", b"person_email\nmarian\xe9@example.org\n", "line 2: this is not UTF-8"),
        ("other.csv", b"", "has no records"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Failure, match=words) as refused:
        records_in(tmp_path, OWNERS)
    assert refused.value.code == 2


def test_a_file_as_spreadsheets_write_it_is_read(write):
    folder = write("members", [member()])
    file = folder / "members.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    [records] = records_in(folder, OWNERS)
    [[line]] = parts_of(records, [])
    assert json.loads(json.dumps(line.columns))["sector"] == "voluntary"


def test_a_folder_that_is_not_there_is_wrong_usage():
    done = subprocess.run(
        [sys.executable, "-m", "pdu_local", "import", f"/nowhere/{uuid4()}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
