"""Rows as parameters: few as values, many as arrays, and all of them as they were given."""

from uuid import uuid4

import pytest

from pdu_shared.own_connection import OwnConnection
from pdu_shared.tables import FEW, Table, Writing

READ = Writing(
    "SELECT $1::text, one.*, other.*"
    "  FROM {one} AS one (id, word, place) LEFT JOIN {other} AS other (number) ON other.number = 0",
    at=2,
    one=Table("uuid text", numbered=True),
    other=Table("int"),
)


@pytest.fixture
async def conn(house):
    own = OwnConnection(house.settings("bookings").database_dsn(), application="tests")
    async with own.held() as conn:
        yield conn
    await own.close()


@pytest.mark.parametrize("rows", [1, 2, FEW, FEW + 1, 100])
async def test_rows_arrive_as_they_were_given(conn, rows):
    ids, words = [uuid4() for _ in range(rows)], [None, *(f"word {n}" for n in range(1, rows))]
    text, given = READ.of([ids, words], [[0]])
    found = await conn.fetch(text, "said before", *given)
    expected = [
        ("said before", *row, 0) for row in zip(ids, words, range(1, rows + 1), strict=True)
    ]
    assert [tuple(row) for row in found] == expected


async def test_a_table_may_be_empty(conn):
    text, given = READ.of([[uuid4()], ["alone"]], [[]])
    [found] = await conn.fetch(text, "said before", *given)
    assert found["number"] is None


def test_any_number_of_rows_has_one_text():
    texts = {READ.of([[None] * rows, [None] * rows], [[0]])[0] for rows in range(FEW + 1, 50)}
    assert len(texts) == 1
    assert READ.of([[None], [None]], [[0]])[0] not in texts


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        READ.of([[1, 2], ["one"]], [[0]])
