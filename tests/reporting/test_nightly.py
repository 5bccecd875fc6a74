"""Every night everything is recomputed: what was tampered with is found, whoever looks sees it."""

import asyncio
from datetime import UTC, datetime

import pytest

import telling
from house import client
from pdu_reporting.nightly import recompute_if_due
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rebuild import BusyError, alone
from pdu_shared.access import Role


def night(day, hour=3, minute=45):
    """A time in January, when the clock on the wall shows UTC."""
    return datetime(2191, 1, day, hour, minute, tzinfo=UTC)


@pytest.fixture
async def nights(reporting_http):
    """What `GET /recomputations` says of a day."""

    async def of(day):
        answer = await reporting_http.get("/recomputations")
        assert answer.status_code == 200, answer.text
        items = {item["ran_on"]: item for item in answer.json()["items"]}
        return items.get(f"2191-01-{day:02}")

    return of


async def test_a_night_in_which_all_is_equal(reporting_database, take, nights):
    await take(telling.attendance())
    assert await recompute_if_due(reporting_database, "03:30", night(1))
    found = await nights(1)
    end = await reporting_database.pool.fetchval("SELECT max(position) FROM journal")
    assert (found["equal"], found["different"]) == (True, [])
    assert (found["journal_position"], found["projections"]) == (end, len(PROJECTIONS))


async def test_one_row_that_somebody_changed_is_found_by_the_running_service(
    reporting_database, owner, take, counted, nights
):
    attendance = telling.attendance()
    await take(attendance)
    await counted()
    change = "UPDATE attendance SET state = $2 WHERE attendance_id = $1"
    await owner.pool.execute(change, attendance.attendance_id, "absent_no_show")
    assert await recompute_if_due(reporting_database, "03:30", night(2))
    await owner.pool.execute(change, attendance.attendance_id, "present")
    found = await nights(2)
    assert found["equal"] is False
    differs, counted_from_it = found["different"]
    assert (differs["name"], counted_from_it["name"]) == ("attendance", "tally_part")
    assert differs["kept"]["rows"] == differs["recomputed"]["rows"]
    assert differs["kept"]["digest"] != differs["recomputed"]["digest"]


@pytest.fixture
async def in_cells(owner, take, counted):
    """Somebody who came once and is counted, and the cells they are in."""
    attendance = telling.attendance()
    await take(attendance)
    await counted()
    cells = await owner.pool.fetchval(
        "SELECT cells FROM tally_part WHERE person_id = $1", attendance.person_id
    )
    assert cells
    return attendance.person_id, cells


async def test_a_cell_that_counts_one_too_many_is_found(
    reporting_database, owner, in_cells, nights
):
    _, cells = in_cells
    change = "UPDATE tally_cell SET people = people + $2 WHERE cell_id = $1"
    await owner.pool.execute(change, cells[0], 1)
    assert await recompute_if_due(reporting_database, "03:30", night(7))
    await owner.pool.execute(change, cells[0], -1)
    found = await nights(7)
    assert [one["name"] for one in found["different"]] == ["tally_cell"]
    assert found["projections"] == len(PROJECTIONS)


async def test_a_person_who_is_missing_in_a_cell_is_found(
    reporting_database, owner, in_cells, nights
):
    person_id, cells = in_cells
    change = "UPDATE tally_part SET cells = $2 WHERE person_id = $1"
    await owner.pool.execute(change, person_id, cells[1:])
    assert await recompute_if_due(reporting_database, "03:30", night(8))
    await owner.pool.execute(change, person_id, cells)
    found = await nights(8)
    assert [one["name"] for one in found["different"]] == ["tally_cell", "tally_part"]


async def test_who_is_not_counted_yet_is_no_difference(reporting_database, take, counted, nights):
    first, other, late = (telling.attendance() for _ in range(3))
    await take(
        first, other, late, telling.merged(kept_id=first.person_id, merged_id=other.person_id)
    )
    await counted()
    await take(telling.attendance(person_id=other.person_id), telling.attendance())
    assert await recompute_if_due(reporting_database, "03:30", night(9))
    assert (await nights(9))["different"] == []


async def test_it_is_done_once_a_night_and_not_by_day(reporting_database, take, nights):
    await take(telling.attendance())
    assert not await recompute_if_due(reporting_database, "03:30", night(3, 3, 29))
    assert not await recompute_if_due(reporting_database, "03:30", night(3, 12))
    assert not await recompute_if_due(reporting_database, "", night(3))
    assert await nights(3) is None
    assert await recompute_if_due(reporting_database, "03:30", night(3, 5))
    assert not await recompute_if_due(reporting_database, "03:30", night(3, 6))


async def test_the_clock_on_the_wall_says_when_it_is_night(reporting_database, take):
    await take(telling.attendance())
    summer = datetime(2191, 7, 1, 2, 45, tzinfo=UTC)  # a quarter to four in London
    assert not await recompute_if_due(reporting_database, "02:00", summer.replace(hour=0))
    assert await recompute_if_due(reporting_database, "03:30", summer)


async def test_one_that_was_cut_off_begins_again_in_the_same_night(
    reporting_database, take, nights
):
    await take(telling.attendance())
    async with alone(reporting_database):
        with pytest.raises(BusyError):
            await recompute_if_due(reporting_database, "03:30", night(4))
    assert (await nights(4))["ended_at"] is None
    assert (await nights(4))["equal"] is None
    cut_off = asyncio.create_task(recompute_if_due(reporting_database, "03:30", night(4, 3, 50)))
    await asyncio.sleep(0.05)
    cut_off.cancel()
    await asyncio.gather(cut_off, return_exceptions=True)
    assert await recompute_if_due(reporting_database, "03:30", night(4, 4))
    assert (await nights(4))["equal"] is True


async def test_messages_are_taken_meanwhile(reporting_database, take, nights):
    done = asyncio.Event()

    async def go_on_taking():
        while not done.is_set():
            await take(*(telling.attendance() for _ in range(5)))

    taking = asyncio.create_task(go_on_taking())
    assert await recompute_if_due(reporting_database, "03:30", night(5))
    done.set()
    await taking
    assert (await nights(5))["equal"] is True


async def test_it_leaves_no_tables_behind(reporting_database, take):
    await take(telling.attendance())
    await recompute_if_due(reporting_database, "03:30", night(6))
    left = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('nightly', 'rebuilding')"
    assert await reporting_database.pool.fetchval(left) == 0


async def test_nights_are_shown_to_those_who_answer_for_figures(house):
    async with house.running("reporting", broker=False) as app, client(app) as http:
        for role, status in ((Role.EVALUATOR, 200), (Role.OPERATOR, 200), (Role.MEMBER, 403)):
            answer = await http.get("/recomputations", headers=house.authorised(role))
            assert answer.status_code == status
        assert (await http.get("/recomputations")).status_code == 401
