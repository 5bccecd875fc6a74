"""What is kept counted equals what the facts give, whatever is told, and in whichever order."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import telling
from pdu_reporting.asking import Asked
from pdu_reporting.facts.reached import REACH
from pdu_reporting.figures import FIGURES
from pdu_reporting.rebuild import rebuild
from pdu_reporting.tally.asked import kept_for, tallied
from pdu_reporting.tally.cuts import CUTS, CUTS_BY_WORKSTREAM, CUTS_OF_REACH
from pdu_reporting.tally.keeping import AT_ONCE, count_again, nobody_waits

KEPT = [figure for figure in FIGURES.values() if figure.tallied]


def asked_by(figure, cut, **words):
    """A cut of a figure that is kept; a ratio is never cut by its sectors."""
    if figure.name == "attendance_ratio":
        words |= {"sector": ["voluntary"], "against_sector": ["statutory"]}
        cut = [name for name in cut if name != "sector"]
    return Asked((*cut, *figure.always_by), words, first=None, last=None)


QUESTIONS = [
    (figure, asked_by(figure, cut))
    for figure in KEPT
    for cut in (CUTS_OF_REACH if figure.fact is REACH else (*CUTS, *CUTS_BY_WORKSTREAM))
    if kept_for(figure, asked_by(figure, cut)) is not None
]


async def both(database, figure, asked):
    """The answer from the cells, and the one from the facts, at one moment."""
    number = kept_for(figure, asked)
    assert number is not None
    while True:
        while await count_again(database):
            pass
        async with (
            database.pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            if await nobody_waits(conn):
                kept = await tallied(conn, figure, asked, number)
                return kept, await conn.fetch(figure.query, *asked.arguments)


TELLING = [
    (FIGURES[name], Asked(cut, {}, first=None, last=None))
    for name, cut in (
        ("attendances", ()),
        ("attendances", ("project_year", "sector")),
        ("attendances", ("series",)),
        ("attendances", ("workstream",)),
        ("attendances", ("programme_period",)),
        ("individuals", ()),
        ("individuals_new", ("project_year",)),
        ("individuals_events_only", ()),
    )
]
"""Questions that between them show whatever is counted wrongly."""


class World:
    """A few people, sessions, years and alike, about whom a lot can be told."""

    def __init__(self):
        self.year = telling.project_year()
        self.programme = telling.programme(
            starts_on=self.year.starts_on, ends_on=self.year.starts_on + timedelta(days=100)
        )
        self.people = [uuid4() for _ in range(3)]
        self.events = [
            telling.published(kind="cop_session", series=telling.word("series").code),
            telling.published(workstreams=("housing", "justice")),
        ]
        self.attendances = [uuid4() for _ in range(3)]
        self.sessions = [uuid4() for _ in range(3)]

    def told(self, draw):
        """One thing that somebody tells."""
        one_of = {
            "attendance": self._attendance, "merge": self._merge, "event": self._event,
            "year": self._year, "programme": self._programme, "member": self._member,
        }  # fmt: skip
        kinds = ["attendance"] * 9 + ["merge"] * 4 + list(one_of)[2:]
        return one_of[draw(st.sampled_from(kinds))](draw)

    def _attendance(self, draw):
        place = draw(st.integers(0, len(self.sessions) - 1))
        event = self.events[place % 2]
        return telling.attendance(
            attendance_id=draw(st.sampled_from(self.attendances)),
            person_id=draw(st.sampled_from(self.people)),
            session_id=self.sessions[place],
            learning_event_id=event.learning_event_id,
            event_kind=event.kind,
            state=draw(st.sampled_from(["present", "partial", "absent_no_show"])),
            sector=draw(st.sampled_from(["voluntary", "statutory"])),
            area=draw(st.sampled_from(["nottingham_city", "national"])),
            held_on=self.year.starts_on + timedelta(days=draw(st.sampled_from([0, 40, 80, 400]))),
        )

    def _merge(self, draw):
        kept, merged = draw(st.permutations(self.people))[:2]
        told = telling.merged(kept_id=kept, merged_id=merged)
        return draw(st.sampled_from([told, telling.unmerged(told)]))

    def _event(self, draw):
        event = draw(st.sampled_from(self.events))
        streams = draw(st.sampled_from([(), ("housing",), ("housing", "justice")]))
        series = draw(st.sampled_from([None, self.events[0].series]))
        return telling.updated(event, workstreams=streams, series=series)

    def _year(self, draw):
        days = timedelta(days=draw(st.sampled_from([-30, 0, 60])))
        return self.year.model_copy(update={"starts_on": self.year.starts_on + days})

    def _programme(self, draw):
        days = timedelta(days=draw(st.sampled_from([0, 60])))
        return self.programme.model_copy(update={"starts_on": self.programme.starts_on + days})

    def _member(self, draw):
        return telling.member(person_id=draw(st.sampled_from(self.people)))


HELD = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@given(data=st.data())
@settings(max_examples=4, derandomize=True, **HELD)
async def test_the_cells_give_what_the_facts_give(reporting_database, take, data):
    await _cells_give_what_the_facts_give(reporting_database, take, data)


@pytest.mark.campaign
@given(data=st.data())
@settings(max_examples=100, **HELD)
async def test_the_cells_give_what_the_facts_give_for_long(reporting_database, take, data):
    await _cells_give_what_the_facts_give(reporting_database, take, data)


async def _cells_give_what_the_facts_give(reporting_database, take, data):
    world = World()
    await take(world.year, world.programme, *world.events)
    for _ in range(data.draw(st.integers(2, 4), label="batches")):
        told = data.draw(st.integers(1, 6), label="told")
        await take(*(world.told(data.draw) for _ in range(told)))
        if data.draw(st.sampled_from([True, True, False]), label="counted meanwhile"):
            await count_again(reporting_database)
    some = data.draw(st.lists(st.sampled_from(QUESTIONS), max_size=2), label="questions")
    for figure, asked in (*TELLING, *some):
        kept, counted = await both(reporting_database, figure, asked)
        assert kept == counted, (figure.name, asked)


async def equal(database):
    """Whether the questions that show most have the same answer from both."""
    for figure, asked in TELLING:
        kept, counted = await both(database, figure, asked)
        assert kept == counted, (figure.name, asked)


async def test_an_attendance_that_was_another_persons_is_counted_of_one_of_them(
    reporting_database, take
):
    told = telling.attendance()
    await take(told)
    await equal(reporting_database)
    await take(telling.correction(told, person_id=uuid4()))
    await equal(reporting_database)


async def test_who_was_taken_for_another_leaves_nothing_behind(reporting_database, take):
    first, second, both_of_them = (telling.attendance() for _ in range(3))
    somebody = {"merged_id": both_of_them.person_id}
    await take(first, second, both_of_them, telling.merged(kept_id=first.person_id, **somebody))
    await equal(reporting_database)
    await take(telling.merged(kept_id=second.person_id, **somebody))
    await equal(reporting_database)


async def test_an_event_takes_its_people_along_into_another_series(reporting_database, take):
    event = telling.published(series=telling.word("series").code, workstreams=("housing",))
    await take(event, telling.attendance(learning_event_id=event.learning_event_id))
    await equal(reporting_database)
    await take(telling.updated(event, series=None, workstreams=("housing", "justice")))
    await equal(reporting_database)


async def test_a_year_or_a_programme_of_other_days_has_other_people(reporting_database, take):
    year, programme = telling.project_year(), telling.programme()
    await take(
        year, programme,
        *(telling.attendance(held_on=one.starts_on) for one in (year, year, programme, programme)),
        *(telling.attendance(held_on=one.ends_on + timedelta(days=9)) for one in (year, programme)),
    )  # fmt: skip
    await equal(reporting_database)
    for one in (year, programme):
        later = {
            "starts_on": one.starts_on + timedelta(days=9),
            "ends_on": one.ends_on + timedelta(days=9),
        }
        await take(one.model_copy(update=later))
        await equal(reporting_database)


async def test_an_account_and_an_attendance_reach_a_person_in_either_order(
    reporting_database, take
):
    first, second = telling.member(), telling.attendance()
    await take(first, second)
    await equal(reporting_database)
    await take(
        telling.attendance(person_id=first.person_id), telling.member(person_id=second.person_id)
    )
    await equal(reporting_database)


async def test_every_figure_and_cut_that_is_kept_gives_what_the_facts_give(
    reporting_database, take
):
    year, event = telling.project_year(), telling.published(workstreams=("housing", "justice"))
    here = {"learning_event_id": event.learning_event_id, "held_on": year.starts_on}
    again = telling.attendance(**here)
    await take(
        year, event, again,
        telling.attendance(**here, person_id=again.person_id),
        telling.attendance(**here, sector="statutory"),
        telling.member(person_id=again.person_id), telling.member(),
    )  # fmt: skip
    assert {figure.name for figure, _ in QUESTIONS} == {figure.name for figure in KEPT}
    for figure, asked in QUESTIONS:
        kept, counted = await both(reporting_database, figure, asked)
        assert kept == counted, (figure.name, asked)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("attendances", {"sector": ["voluntary", "statutory"]}),
        ("attendance_share", {"sector": ["voluntary", "statutory"]}),
        ("individuals", {"sector": ["voluntary"], "project_year": ["the-year"]}),
        ("repeat_attendance", {"kind": ["learning_event"], "band": ["1", "5+"]}),
        ("individuals_reached", {"area": ["nottingham_city"]}),
    ],
)
async def test_what_is_filtered_comes_from_the_cells_too(reporting_database, take, name, words):
    year = telling.project_year()
    await take(year, *(telling.attendance(held_on=year.starts_on) for _ in range(3)))
    if "project_year" in words:
        words |= {"project_year": [year.code]}
    asked = asked_by(FIGURES[name], (), **words)
    kept, counted = await both(reporting_database, FIGURES[name], asked)
    assert kept == counted
    assert kept


@pytest.mark.parametrize(
    ("name", "by", "words"),
    [
        ("individuals", (), {"sector": ["voluntary", "statutory"]}),
        ("individuals", ("sector", "work_field"), {}),
        ("attendances", ("session",), {}),
        ("attendance_range_per_session", (), {}),
        ("bookings", (), {}),
    ],
)
def test_what_cannot_follow_from_the_cells_is_counted_from_the_facts(name, by, words):
    asked = Asked(by, words, first=None, last=None)
    assert kept_for(FIGURES[name], asked) is None


async def test_a_period_of_days_is_counted_from_the_facts(figure, take):
    year = telling.project_year()
    last = year.starts_on + timedelta(days=1)
    await take(*(telling.attendance(held_on=day) for day in (year.starts_on, last, year.ends_on)))
    asked = {"period_from": year.starts_on.isoformat(), "period_to": last.isoformat()}
    assert await figure("attendances", **asked) == [{"value": 2}]


async def test_while_many_wait_answers_are_counted_from_the_facts(reporting_database, figure, take):
    year = telling.project_year()
    await take(year, telling.attendance(held_on=year.starts_on))
    async with reporting_database.pool.acquire() as conn, conn.transaction():
        await conn.execute("LOCK TABLE tally_part IN EXCLUSIVE MODE")  # nobody counts meanwhile
        await conn.execute(
            """
            INSERT INTO tally_pending (person_id, position)
            SELECT gen_random_uuid(), 0 FROM generate_series(0, $1)
            """,
            AT_ONCE,
        )
    await take(telling.attendance(held_on=year.starts_on))
    assert await figure("attendances", project_year=year.code) == [{"value": 2}]


async def test_a_rebuild_has_everybody_counted_again(reporting_database, owner, take):
    year = telling.project_year()
    await take(year, telling.attendance(held_on=year.starts_on))
    asked = Asked(("project_year",), {"project_year": [year.code]}, first=None, last=None)
    kept, _ = await both(reporting_database, FIGURES["individuals"], asked)
    await owner.pool.execute(
        "UPDATE tally_cell SET people = people + 1 WHERE $1 = ANY (cut)", year.code
    )
    wrong, counted = await both(reporting_database, FIGURES["individuals"], asked)
    assert [row["value"] for row in wrong] == [2]
    await rebuild(owner, ["project_year"])
    kept, counted = await both(reporting_database, FIGURES["individuals"], asked)
    assert kept == counted
