"""The map of all data is the data that there is."""

import pytest

import data_map
from house import service

SERVICES = ("bookings", "notifications", "reporting", "resources")
TEXT = data_map.FILE.read_text("utf-8")
LINES, NOBODYS = data_map.read(TEXT)


@pytest.mark.parametrize("name", SERVICES)
async def test_every_column_is_on_the_map(house, name):
    async with house.database(name) as database:
        there = await data_map.columns(name, database)
    known = data_map.of(name, LINES)
    missing, gone = there - known, known - there
    told = (
        f"Add to docs/data-map.yaml (the classes stand at its head):\n{data_map.skeleton(missing)}"
    )
    assert not missing, told
    assert gone == set(), "Take these out of docs/data-map.yaml"


def test_no_column_is_on_the_map_twice():
    assert data_map.twice(TEXT) == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_line_has_a_class_and_a_way_of_keeping_that_there_is(name):
    kept = data_map.KEPT | {line.data_class for line in service(name).whole_schedule}
    unknown = {
        column: line
        for column, line in data_map.lines_of(name, LINES).items()
        if line.kind not in data_map.CLASSES or line.kept not in kept
    }
    assert unknown == {}


@pytest.mark.parametrize("name", SERVICES)
def test_every_line_of_the_schedule_is_on_the_map(name):
    named = {line.kept for line in data_map.lines_of(name, LINES).values()}
    assert {line.data_class for line in service(name).whole_schedule} - named == set()


@pytest.mark.parametrize("name", SERVICES)
def test_whatever_is_kept_about_people_can_be_copied_and_forgotten(name):
    about_people = data_map.of(name, data_map.tables_about_people(LINES))
    held, nobodys = data_map.held(service(name)), data_map.of(name, NOBODYS)
    told = "Say in the room's holdings how it is copied and forgotten (docs/adding.md), or why not"
    assert about_people - held - nobodys == set(), told
    assert nobodys - about_people == set(), "nothing of a person is in these"


@pytest.mark.parametrize("name", SERVICES)
def test_every_table_with_ids_of_people_is_spoken_of(name):
    pseudonymous = {
        column.rpartition(".")[0]
        for column, line in data_map.lines_of(name, LINES).items()
        if line.kind == "pseudonymous"
    }
    told = "Name it in the room's holdings, as `also` of another if nothing is to be done"
    kernel = data_map.of(name, {f"{data_map.EVERY}.{table}" for table in data_map.KERNEL})
    assert pseudonymous - data_map.held(service(name)) - kernel == set(), told


@pytest.mark.parametrize("name", SERVICES)
def test_no_table_is_held_twice(name):
    tables = [one.table for one in service(name).holdings]
    assert sorted(tables) == sorted(set(tables))


def test_a_line_that_nobody_decided_is_refused():
    lines, _ = data_map.read(data_map.skeleton(["bookings.contact.name"]))
    assert lines["bookings.contact.name"].kind not in data_map.CLASSES
