"""One person with two ids: counted once while they are merged, and as two when that is undone."""

from uuid import UUID, uuid4

import pytest

import telling


@pytest.fixture
async def three(take):
    """A year in which three people came, the first of them to the session of the second too."""
    year, people, session = telling.project_year(), [uuid4() for _ in range(3)], uuid4()
    on = {"held_on": year.starts_on}
    await take(
        year,
        telling.attendance(person_id=people[0], session_id=session, sector="statutory", **on),
        telling.attendance(person_id=people[1], session_id=session, **on),
        telling.attendance(person_id=people[2], **on),
    )
    return year.code, people


async def counted(figure, year):
    [attendances] = await figure("attendances", project_year=year)
    [individuals] = await figure("individuals", project_year=year)
    return attendances["value"], individuals["value"]


async def test_merged_people_are_one_and_unmerged_ones_two(take, figure, three):
    year, (first, second, _) = three
    assert await counted(figure, year) == (3, 3)
    merged = telling.merged(kept_id=first, merged_id=second)
    await take(merged)
    assert await counted(figure, year) == (2, 2)
    await take(telling.unmerged(merged))
    assert await counted(figure, year) == (3, 3)


async def test_in_one_session_the_row_of_the_kept_id_counts(take, figure, three):
    year, (first, second, _) = three
    await take(telling.merged(kept_id=first, merged_id=second))
    rows = await figure("attendances", project_year=year, by="sector")
    assert rows == [{"sector": "statutory", "value": 1}, {"sector": "voluntary", "value": 1}]


async def test_a_chain_of_merges_ends_in_one_person(take, figure, three):
    year, (first, second, third) = three
    merges = (
        telling.merged(kept_id=second, merged_id=first),
        telling.merged(kept_id=third, merged_id=second),
    )
    await take(*merges)
    assert await counted(figure, year) == (2, 1)
    await take(telling.unmerged(merges[1]))
    assert await counted(figure, year) == (2, 2)


async def test_ids_merged_into_one_another_are_one_person(take, figure, three):
    year, (first, second, third) = three
    await take(
        telling.merged(kept_id=second, merged_id=first),
        telling.merged(kept_id=first, merged_id=second),
        telling.merged(kept_id=first, merged_id=third),
    )
    assert await counted(figure, year) == (2, 1)


async def test_who_came_before_under_another_id_is_not_new(take, figure):
    before, year, ids = telling.project_year(), telling.project_year(), [uuid4(), uuid4()]
    await take(
        before,
        year,
        telling.attendance(person_id=ids[0], held_on=before.starts_on),
        telling.attendance(person_id=ids[1], held_on=year.starts_on),
    )
    assert await figure("individuals_new", project_year=year.code) == [{"value": 1}]
    await take(telling.merged(kept_id=ids[1], merged_id=ids[0]))
    assert await figure("individuals_new", project_year=year.code) == [{"value": 0}]
    assert await figure("individuals_returning", project_year=year.code) == [{"value": 1}]


async def reach(figure, sector, as_of="2199-12-31"):
    names = ("reached", "blended", "hub_only", "events_only")
    rows = [await figure(f"individuals_{name}", sector=sector, as_of=as_of) for name in names]
    return [row["value"] for [row] in rows]


async def test_reach_is_members_and_attendees_and_people_are_counted_once(take, figure):
    sector = telling.word("sector")
    people: list[UUID] = [uuid4() for _ in range(3)]
    here = {"sector": sector.code}
    await take(
        sector,
        telling.member(person_id=people[0], **here),
        telling.member(person_id=people[1], registered_on="2198-01-01", **here),
        telling.attendance(person_id=people[1], **here),
        telling.attendance(person_id=people[1], **here),
        telling.attendance(person_id=people[2], **here),
        telling.attendance(state="absent_no_show", **here),
    )
    assert await reach(figure, sector.code) == [3, 1, 1, 1]
    assert await reach(figure, sector.code, as_of="2198-12-31") == [1, 0, 1, 0]
    merged = telling.merged(kept_id=people[0], merged_id=people[2])
    await take(merged)
    assert await reach(figure, sector.code) == [2, 2, 0, 0]
    await take(telling.unmerged(merged))
    assert await reach(figure, sector.code) == [3, 1, 1, 1]


async def test_reach_takes_people_as_they_were_the_last_time(take, figure):
    before, after, person = telling.word("sector"), telling.word("sector"), uuid4()
    await take(
        before,
        after,
        telling.member(person_id=person, registered_on="2198-01-01", sector=before.code),
        telling.attendance(person_id=person, held_on="2198-06-01", sector=after.code),
    )
    assert await reach(figure, after.code) == [1, 1, 0, 0]
    assert await reach(figure, before.code) == [0, 0, 0, 0]
    assert await reach(figure, before.code, as_of="2198-05-31") == [1, 0, 1, 0]
