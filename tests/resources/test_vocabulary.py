"""The lists that everybody uses: there from the first start, told once, cheap to ask for."""

import time_machine

from pdu_resources.rules.project_year import project_year
from pdu_resources.vocabulary.seeds import seed
from pdu_shared.database import transaction


async def words(http):
    return (await http.get("/vocabulary")).json()


def codes(terms):
    return [term["code"] for term in terms]


async def test_every_list_is_there_from_the_first_start(resources_http):
    found = await words(resources_http)
    assert codes(found["sectors"]) == ["voluntary", "statutory", "private", "other", "unknown"]
    assert len(found["work_fields"]) == 19
    assert len(found["role_levels"]) == 13
    assert codes(found["areas"])[:2] == ["nottingham_city", "nottinghamshire"]
    assert "ncvs_bulletin" in codes(found["heard_about"])
    assert codes(found["workstreams"])[:3] == ["pie", "coproduction", "women"]
    for terms in found.values():
        assert all(term["label"] for term in terms)


async def test_other_and_not_known_are_two_things(resources_http):
    found = await words(resources_http)
    for name in ("sectors", "work_fields", "role_levels", "heard_about"):
        assert codes(found[name])[-2:] == ["other", "unknown"]


async def test_project_years_reach_from_the_first_six_months_to_the_year_after_next(
    resources_http,
):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=True):
        years = (await words(resources_http))["project_years"]
    assert years[0] == {
        "code": "1",
        "label": "Year 1 (October 2017 to March 2018)",
        "from": "2017-10-01",
        "to": "2018-03-31",
        "is_partial": True,
    }
    assert not any(year["is_partial"] for year in years[1:])
    assert codes(years) == [str(number) for number in range(1, len(years) + 1)]


async def test_a_work_stream_has_the_name_of_the_day(resources_http):
    names = {}
    for day in ("2019-06-01", "2023-06-01", "2026-06-01"):
        with time_machine.travel(f"{day}T12:00:00Z", tick=True):
            streams = (await words(resources_http))["workstreams"]
        names[day] = {stream["code"]: stream["label"] for stream in streams}
    assert set(names["2019-06-01"]) == {"pie", "coproduction", "women", "substance", "housing"}
    assert "race" in names["2023-06-01"]
    assert "gambling" in names["2026-06-01"]
    assert names["2023-06-01"]["women"] == "Women with complex needs"
    assert names["2026-06-01"]["women"] == "Women experiencing multiple disadvantage"


async def test_a_list_that_somebody_has_already_is_not_sent_again(resources_http):
    first = await resources_http.get("/vocabulary")
    assert first.headers["cache-control"] == "public, max-age=300"
    tag = first.headers["etag"]
    for known in (tag, f'"old", {tag}', f"W/{tag}"):
        again = await resources_http.get("/vocabulary", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    other = await resources_http.get("/vocabulary", headers={"If-None-Match": '"old"'})
    assert other.content == first.content


async def told(database, routing_key):
    return await database.pool.fetch(
        "SELECT subject, sequence, body FROM outbox WHERE routing_key = $1 ORDER BY position",
        routing_key,
    )


async def test_seeding_again_adds_and_tells_nothing(resources_http, resources_database):
    async def everything():
        return (
            await words(resources_http),
            await told(resources_database, "resources.WorkstreamDefined"),
            await told(resources_database, "resources.ProjectYearDefined"),
        )

    before = await everything()
    async with transaction(resources_database) as conn:
        await seed(conn)
    assert await everything() == before


async def test_each_project_year_was_told_once(resources_http, resources_database):
    years = (await words(resources_http))["project_years"]
    rows = await told(resources_database, "resources.ProjectYearDefined")
    assert len(rows) == len(years)
    assert {row["sequence"] for row in rows} == {1}


async def test_the_names_of_one_work_stream_are_told_in_order_under_one_subject(
    resources_database,
):
    rows = [
        row
        for row in await told(resources_database, "resources.WorkstreamDefined")
        if '"code":"coproduction"' in row["body"]
    ]
    assert len({row["subject"] for row in rows}) == 1
    assert [row["sequence"] for row in rows] == [1, 2, 3]


async def test_a_later_start_adds_the_years_that_have_come_nearer(resources_database):
    conn = await resources_database.pool.acquire()
    try:
        undone = conn.transaction()
        await undone.start()
        with time_machine.travel("2031-05-01T12:00:00Z", tick=True):
            await seed(conn)
            latest = await conn.fetchval("SELECT max(code::int) FROM project_year")
        await undone.rollback()
    finally:
        await resources_database.pool.release(conn)
    assert latest == 17
    assert project_year((await _now(resources_database)).date()) + 2 < latest


async def _now(database):
    return await database.pool.fetchval("SELECT now()")


async def test_no_parameter_or_method_changes_the_lists(resources_http):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await resources_http.request(method, "/vocabulary")
        assert answer.status_code == 405
