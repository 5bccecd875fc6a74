"""Projections made anew from the journal: always equal to those kept, and read meanwhile."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import telling
from bus import arrived
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rebuild import make_what_is_new, rebuild
from pdu_shared.database import transaction

NAMES = [projection.name for projection in PROJECTIONS]


async def contents(database):
    """Every row of every projection."""
    found = {}
    for name in NAMES:
        rows = await database.pool.fetch(f"SELECT t::text FROM {name} AS t ORDER BY 1")  # noqa: S608
        found[name] = [row["t"] for row in rows]
    return found


def history():
    """Messages of every kind a projection hears, several about the same thing."""
    year = telling.project_year()
    session = telling.scheduled()
    here = {"session_id": session.session_id, "learning_event_id": session.learning_event_id}
    booking = telling.booked(session_ids=(session.session_id,))
    first = telling.attendance(**here)
    second = telling.attendance(**here, person_id=first.person_id, sector="statutory")
    return [
        *telling.words()[:2],
        year,
        year.model_copy(update={"label": "Another name", "is_partial": True}),
        telling.published(learning_event_id=session.learning_event_id),
        session,
        session.model_copy(update={"starts_at": session.starts_at + timedelta(days=1)}),
        telling.held(**here),
        booking,
        telling.waitlisted(booking),
        telling.cancelled(booking),
        first,
        telling.correction(first, state="absent_apologies"),
        telling.correction(first, state="partial"),
        second,
        telling.member(),
    ]


@given(data=st.data())
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_rebuilt_equals_kept_whatever_the_order_the_repeats_and_the_batches(
    owner, take, data
):
    messages = [arrived(one) for one in history()]
    order = st.lists(st.sampled_from(messages), max_size=30).map(lambda more: [*messages, *more])
    left = data.draw(order.flatmap(st.permutations), label="order")
    while left:
        size = data.draw(st.integers(1, len(left)), label="batch")
        await take(*left[:size])
        left = left[size:]
    kept = await contents(owner)
    newest = {one.envelope.subject: int(one.envelope.sequence) for one in messages}
    attendance = next(one for one in messages if one.envelope.subject.startswith("attendance/"))
    row = await owner.pool.fetchrow(
        "SELECT sequence, state FROM attendance WHERE 'attendance/' || attendance_id = $1",
        attendance.envelope.subject,
    )
    assert tuple(row) == (newest[attendance.envelope.subject], "partial")
    await rebuild(owner, NAMES)
    assert await contents(owner) == kept


async def test_figures_are_answered_while_projections_are_made_anew(owner, take, figure):
    year = telling.project_year()
    await take(year, *(telling.attendance(held_on=year.starts_on) for _ in range(50)))
    done = asyncio.Event()
    answers = []

    async def ask():
        while not done.is_set():
            answers.append(await figure("attendances", project_year=year.code))

    asking = [asyncio.create_task(ask()) for _ in range(3)]
    for _ in range(10):
        await rebuild(owner, ["attendance", "project_year"])
    done.set()
    await asyncio.gather(*asking)
    assert len(answers) > 10
    assert all(answer == [{"value": 50}] for answer in answers)


async def test_messages_are_taken_while_projections_are_made_anew(owner, take, figure):
    year = telling.project_year()
    await take(year)
    done = asyncio.Event()
    taken = 0

    async def go_on_taking():
        nonlocal taken
        while not done.is_set():
            await take(*(telling.attendance(held_on=year.starts_on) for _ in range(5)))
            taken += 5

    taking = asyncio.create_task(go_on_taking())
    for _ in range(10):
        await rebuild(owner, ["attendance"])
    done.set()
    await taking
    assert taken > 10
    assert await figure("attendances", project_year=year.code) == [{"value": taken}]


async def test_migrate_makes_a_projection_whose_definition_has_changed(owner, take):
    await take(telling.member())
    kept = await contents(owner)
    await owner.pool.execute("UPDATE projection SET definition = 'older' WHERE name = 'member'")
    await owner.pool.execute("TRUNCATE member")
    async with transaction(owner) as conn:
        await make_what_is_new(conn)
    assert await contents(owner) == kept
    made = await owner.pool.fetch("SELECT name FROM projection ORDER BY name")
    assert [row["name"] for row in made] == NAMES


async def test_the_running_service_may_work_with_a_rebuilt_table(owner, take):
    await rebuild(owner, ["attendance"])
    await take(telling.attendance())  # with run-time rights


async def test_a_name_that_no_projection_has_is_refused(owner):
    with pytest.raises(KeyError):
        await rebuild(owner, ["reservation"])
