"""Records of the past: every row is taken or named, once, and told as history."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

import told
from house import client
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.forms import LocalMoment
from pdu_shared.identity import derived_id
from pdu_shared.importing import History
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.rows import Row
from pdu_shared.service import Service
from scratch import scratch

NOTED = "CREATE TABLE noted (word text PRIMARY KEY, at timestamptz NOT NULL)"
NDJSON = {"Content-Type": "application/x-ndjson"}


class Note(Row):
    word: Code
    at: LocalMoment | None = None

    @property
    def key(self):
        return self.word


async def note(conn, rows, _here):
    """Keep words that are not forbidden, and tell of each that is new or has another time."""
    if any(row.word == "forbidden" for row in rows):
        raise Refused(errors=[Fault("/word", "unknown-code", "Possible are others.")])
    if any(row.word == "late" for row in rows):
        raise Conflict("It is too late for this.")
    if any(row.word == "locked" for row in rows):
        raise asyncpg.LockNotAvailableError
    changed = await conn.fetch(
        """
        INSERT INTO noted AS kept (word, at)
        SELECT * FROM unnest($1::text[], $2::timestamptz[])
            ON CONFLICT (word) DO UPDATE SET at = excluded.at WHERE kept.at <> excluded.at
        RETURNING word
        """,
        [row.word for row in rows],
        [row.at or datetime(2018, 1, 1, tzinfo=UTC) for row in rows],
    )
    cancelled = [told.cancelled(booking_id=derived_id("note", row["word"])) for row in changed]
    await outbox.add(conn, *cancelled)
    return len(changed)


NOTES = History(file="notes", row=Note, take=note)
OTHERS = History(file="others", row=Note, take=note)


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings", extra=NOTED) as place:
        yield place


@pytest.fixture(scope="module")
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture(scope="module")
async def http(place):
    service = Service(name="bookings", histories=[NOTES, OTHERS])
    app = service.app(
        place.settings("bookings").model_copy(update={"amqp_url": "amqp://no:no@127.0.0.1:1/no"})
    )
    async with app.router.lifespan_context(app), client(app) as http:
        yield http


@pytest.fixture
def post(http, token):
    importer = token("integration", scope=["import"])

    async def posted(lines, batch_id, *, file="notes", headers=importer):
        body = b"\n".join(
            line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
        )
        path = f"/imports/{file}?batch_id={batch_id}"
        return await http.post(path, content=body, headers={**headers, **NDJSON})

    return posted


@pytest.fixture
def complete(http, token):
    async def completed(batch_id, *, file="notes"):
        path = f"/imports/{file}/completion?batch_id={batch_id}"
        return await http.post(path, headers=token("coordinator", scope=["import"]))

    return completed


def words(count):
    return [{"word": uuid4().hex} for _ in range(count)]


async def told_in(database, batch_id):
    rows = await database.pool.fetch(
        "SELECT routing_key, body FROM outbox WHERE body LIKE $1 ORDER BY position",
        f'%"correlationid":"{batch_id}"%',
    )
    return [(row["routing_key"], json.loads(row["body"])) for row in rows]


async def test_rows_are_told_as_history_under_the_batch(database, post):
    batch_id = uuid4()
    answer = await post(words(3), batch_id)
    assert (answer.status_code, answer.json()) == (200, {"rows": 3, "changed": 3, "problems": []})
    messages = await told_in(database, batch_id)
    assert [key for key, _ in messages] == ["bookings.BookingCancelled.import"] * 3
    assert {body["type"] for _, body in messages} == {"pdu.bookings.BookingCancelled"}
    assert {body["origin"] for _, body in messages} == {"import"}


async def test_rows_that_are_there_already_tell_nothing(database, post):
    rows, again = words(5), uuid4()
    await post(rows, uuid4())
    assert (await post(rows, again)).json()["changed"] == 0
    assert await told_in(database, again) == []


async def test_a_wrong_row_stops_nothing_else(database, post):
    rows, batch_id = words(9), uuid4()
    rows[4] = {"word": "forbidden"}
    rows[7] = {"word": "late"}
    answer = (await post(rows, batch_id)).json()
    assert answer["changed"] == 7
    assert answer["problems"] == [
        {"line": 5, "pointer": "/word", "code": "unknown-code", "detail": "Possible are others."},
        {"line": 8, "pointer": "", "code": "conflict", "detail": "It is too late for this."},
    ]
    assert len(await told_in(database, batch_id)) == 7


@pytest.mark.parametrize(
    ("line", "pointer", "code"),
    [
        (b'{"word":', "", "malformed-json"),
        (b'["word"]', "", "malformed-json"),
        (b"", "", "malformed-json"),
        (b'{"word":"a","word":"a"}', "", "malformed-json"),
        (b'{"word":"\xff"}', "", "malformed-json"),
        (b'{"word":"\\u0000"}', "", "malformed-json"),
        (b'{"word":""}', "/word", "missing"),
        (b'{"word":"Two Words"}', "/word", "string_pattern_mismatch"),
        (b'{"word":"a","colour":""}', "/colour", "extra_forbidden"),
        (b'{"word":"a","at":"2019-02-30T10:00"}', "/at", "value_error"),
        (b'{"word":"a","at":"2019-03-31T01:30"}', "/at", "value_error"),
        (b'{"word":"a","at":"2019-03-31T01:30Z"}', "/at", "value_error"),
        (b'{"word":"a","at":"1919-03-31T01:30"}', "/at", "value_error"),
    ],
)
async def test_an_unfit_line_is_named_and_the_next_one_taken(post, line, pointer, code):
    answer = (await post([line, *words(1)], uuid4())).json()
    assert (answer["rows"], answer["changed"]) == (2, 1)
    [problem] = answer["problems"]
    assert (problem["line"], problem["pointer"], problem["code"]) == (1, pointer, code)


async def test_what_is_wrong_is_said_without_what_was_sent(post):
    lines = [{"word": "marian@example.org"}, {"word": "a", "at": "marian@example.org"}, b"marian@"]
    assert "marian" not in (await post(lines, uuid4())).text


async def test_the_later_of_two_rows_with_one_key_is_wrong_unless_it_says_the_same(post):
    [row] = words(1)
    answer = (await post([row, row, {**row, "at": "2019-01-01T10:00"}], uuid4())).json()
    assert answer["changed"] == 1
    [problem] = answer["problems"]
    assert (problem["line"], problem["code"]) == (3, "repeated-key")


async def test_an_hour_that_comes_twice_is_the_first_of_the_two(database, post):
    [row] = words(1)
    await post([{**row, "at": "2019-10-27T01:30"}], uuid4())
    at = await database.pool.fetchval("SELECT at FROM noted WHERE word = $1", row["word"])
    assert at == datetime(2019, 10, 27, 0, 30, tzinfo=UTC)


async def test_a_thousand_lines_are_taken_and_one_more_is_too_many(post):
    assert (await post(words(1000), uuid4())).json()["changed"] == 1000
    assert (await post(words(1001), uuid4())).status_code == 413


async def test_a_body_is_lines_of_json_of_at_most_a_mebibyte(http, token):
    headers = token("integration", scope=["import"])
    path = f"/imports/notes?batch_id={uuid4()}"
    as_json = await http.post(path, json={"word": "a"}, headers=headers)
    assert as_json.status_code == 415
    large = await http.post(path, content=b" " * (1024 * 1024 + 1), headers={**headers, **NDJSON})
    assert large.status_code == 413


async def test_no_other_route_takes_lines_or_that_much(http):
    answer = await http.post("/imports/notes/completion", content=b"{}\n{}", headers=NDJSON)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("roles", "scope"),
    [(["integration"], []), (["coordinator"], ["journal"]), (["evaluator"], ["import"])],
)
async def test_only_who_may_import_does(database, post, token, roles, scope):
    rows = words(1)
    answer = await post(rows, uuid4(), headers=token(*roles, scope=scope))
    assert answer.status_code == 403
    kept = await database.pool.fetchval("SELECT 1 FROM noted WHERE word = $1", rows[0]["word"])
    assert kept is None


async def test_the_end_of_a_file_is_told_once_with_its_numbers(database, post, complete):
    batch_id = uuid4()
    await post(words(3), batch_id)
    await post([{"word": "late"}], batch_id)
    for _ in range(2):
        assert (await complete(batch_id)).json() == {"rows": 4, "messages": 3}
    *_, (key, last) = messages = await told_in(database, batch_id)
    assert (len(messages), key) == (4, "bookings.HistoryImported.import")
    assert last["data"] == {"batch_id": str(batch_id), "file": "notes", "rows": 4, "messages": 3}


async def test_a_request_that_is_sent_again_is_not_counted_again(post, complete):
    rows, batch_id = words(2), uuid4()
    for _ in range(2):
        await post(rows, batch_id)
    assert (await complete(batch_id)).json() == {"rows": 2, "messages": 2}


async def test_rows_that_come_after_the_end_make_another_end(database, post, complete):
    batch_id = uuid4()
    assert (await complete(batch_id)).json() == {"rows": 0, "messages": 0}
    await post(words(1), batch_id)
    assert (await complete(batch_id)).json() == {"rows": 1, "messages": 1}
    ends = [body for key, body in await told_in(database, batch_id) if "HistoryImported" in key]
    assert [body["sequence"] for body in ends] == ["0000000001", "0000000002"]


async def test_a_batch_is_of_one_file(database, post, complete):
    rows, batch_id = words(1), uuid4()
    await post(words(1), batch_id)
    assert (await post(rows, batch_id, file="others")).status_code == 409
    assert (await complete(batch_id, file="others")).status_code == 409
    kept = await database.pool.fetchval("SELECT 1 FROM noted WHERE word = $1", rows[0]["word"])
    assert kept is None


async def test_a_busy_database_is_no_fault_of_a_row(database, post):
    rows = [*words(1), {"word": "locked"}]
    answer = await post(rows, uuid4())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    kept = await database.pool.fetchval("SELECT 1 FROM noted WHERE word = $1", rows[0]["word"])
    assert kept is None


async def test_the_name_of_a_batch_is_a_uuid(post):
    answer = await post([], "one")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/batch_id"


async def test_an_empty_file_has_no_rows(post):
    assert (await post([], UUID(int=1))).json() == {"rows": 0, "changed": 0, "problems": []}
