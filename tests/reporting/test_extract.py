"""Facts row by row: complete, typed, and under ids that lead to nobody."""

import csv
import io
import json
from contextlib import AsyncExitStack, aclosing
from uuid import uuid4

import duckdb
import pytest

import telling
from pdu_reporting.export.table import Column, Holds
from pdu_reporting.extract import MOST_AT_ONCE, PAGE, pages_of
from pdu_reporting.extracts import EXTRACTS, Extract
from pdu_reporting.projections import PROJECTIONS
from pdu_shared.access import Role

ROWS = 12
OPEN = (None, None)


@pytest.fixture(scope="session")
async def day(take):
    """A day on which a dozen people came, two of whose ids are one person."""
    year = telling.project_year()
    kept, merged = uuid4(), uuid4()
    people = [kept, merged, *(uuid4() for _ in range(ROWS - 2))]
    on = {"held_on": year.starts_on}
    await take(year, *(telling.attendance(person_id=one, **on) for one in people))
    await take(telling.merged(merged_id=merged, kept_id=kept))
    return year.starts_on


@pytest.fixture(scope="session")
async def facts(reporting_http, day):
    async def written(form="csv", name="attendances", **query):
        days = {"period_from": str(day), "period_to": str(day)}
        answer = await reporting_http.get(
            f"/facts/{name}", params={**days, **query, "format": form}
        )
        assert answer.status_code == 200, answer.text
        return answer

    return written


async def test_each_fact_is_a_row_and_each_person_one_id(facts):
    rows = list(csv.DictReader(io.StringIO((await facts()).text)))
    assert len(rows) == ROWS
    assert len({row["person"] for row in rows}) == ROWS - 1
    assert {row["sector"] for row in rows} == {"voluntary"}


async def test_ids_are_nobodys_and_differ_from_file_to_file(facts, kept, day):
    known = {row["person_id"].hex for row in await kept("attendance", held_on=day)}
    one, other = [
        {row["person"] for row in csv.DictReader(io.StringIO((await facts()).text))}
        for _ in range(2)
    ]
    assert not one & other
    assert not one & known


async def test_lines_of_json_and_parquet_hold_the_same(facts, tmp_path, day):
    lines = [json.loads(line) for line in (await facts("jsonl")).text.splitlines()]
    file = tmp_path / "attendances.parquet"
    file.write_bytes((await facts("parquet")).content)
    with duckdb.connect() as db:
        rows = db.execute(
            "SELECT held_on, sector, count(DISTINCT person), count(*)"
            " FROM read_parquet(?) GROUP BY ALL",
            [str(file)],
        ).fetchall()
    assert rows == [(day, "voluntary", ROWS - 1, ROWS)]
    assert [(line["held_on"], line["sector"]) for line in lines] == [(str(day), "voluntary")] * ROWS


def numbers(most):
    """Facts that are numbers from 1."""
    return Extract(
        name="numbers",
        statement="Numbers.",
        columns=(Column("number", Holds.WHOLE, "It."),),
        tables=("project_year",),
        query=f"""
            SELECT number
              FROM generate_series(1, {most}) AS number
             WHERE $1::bytea IS NOT NULL AND $2::date IS NULL AND $3::date IS NULL
            """,  # noqa: S608 - the number is ours
    )


async def test_pages_follow_one_another_without_a_gap(reporting_database):
    pages = [page async for page in pages_of(reporting_database, numbers(PAGE * 2 + 1), OPEN)]
    assert [len(page) for page in pages] == [PAGE, PAGE, 1]
    assert [number for page in pages for (number,) in page] == [*range(1, PAGE * 2 + 2)]


async def test_a_reader_who_leaves_frees_the_place(reporting_database):
    for _ in range(MOST_AT_ONCE + 1):
        async with aclosing(pages_of(reporting_database, numbers(PAGE * 3), OPEN)) as pages:
            assert len(await anext(pages)) == PAGE


async def test_nothing_is_a_file_too(facts, tmp_path):
    never = {"period_from": "1901-01-01", "period_to": "1901-01-01"}
    assert len((await facts(**never)).text.splitlines()) == 1
    file = tmp_path / "nothing.parquet"
    file.write_bytes((await facts("parquet", **never)).content)
    with duckdb.connect() as db:
        assert db.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone() == (0,)


async def test_answers_and_members_have_no_free_text(reporting_http, take):
    key = f"extract-{uuid4().hex}"
    await take(
        telling.submitted(telling.answered("extract.it", options=("yes",)), survey_key=key),
        telling.member(),
    )
    told = await reporting_http.get("/facts/answers")
    [row] = [row for row in csv.DictReader(io.StringIO(told.text)) if row["survey_key"] == key]
    assert (row["question_code"], row["option_code"], row["rank"]) == ("extract.it", "yes", "")
    assert (await reporting_http.get("/facts/members")).status_code == 200


async def test_columns_are_described(reporting_http):
    told = (await reporting_http.get("/facts")).json()["items"]
    assert [one["name"] for one in told] == list(EXTRACTS)
    [state] = [one for one in told[0]["columns"] if one["name"] == "state"]
    assert (state["holds"], "absent_no_show" in state["means"]) == ("string", True)


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_table_that_is_read_is_held_meanwhile(name):
    one = EXTRACTS[name]
    kept = {projection.name for projection in PROJECTIONS}
    words = set(one.query.replace("(", " ").split())
    assert one.tables == tuple(sorted(words & kept))


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("/facts/reservations", "/path/name"),
        ("/facts/attendances?period_from=yesterday", "/query/period_from"),
        ("/facts/attendances?format=pdf", "/query/format"),
        ("/facts/attendances?period_from=2020-01-02&period_to=2020-01-01", "/query/period_to"),
    ],
)
async def test_what_is_not_possible_is_refused(reporting_http, address, pointer):
    answer = await reporting_http.get(address)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_more_than_two_at_once_are_asked_to_wait(reporting_database, reporting_http):
    async with AsyncExitStack() as closing:
        for _ in range(MOST_AT_ONCE):
            pages = pages_of(reporting_database, numbers(PAGE * 3), OPEN)
            await anext(await closing.enter_async_context(aclosing(pages)))
        answer = await reporting_http.get("/facts/attendances")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert (await reporting_http.get("/facts/members")).status_code == 200


async def test_rows_are_for_the_team_and_evaluators(house):
    async with house.http("reporting") as http:
        assert (await http.get("/facts/attendances")).status_code == 401
        for role, status in ((Role.STEERING_GROUP, 403), (Role.EVALUATOR, 200)):
            answer = await http.get("/facts/members", headers=house.authorised(role))
            assert answer.status_code == status
