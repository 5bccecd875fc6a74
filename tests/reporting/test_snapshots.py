"""Figures frozen at one moment of the journal, and compared with what they are later."""

from uuid import UUID, uuid4

import pytest

import a
import telling
from pdu_shared.access import Role


@pytest.fixture
async def freeze(reporting_http, take):
    """`await freeze("Title", kind="report", figures=[…])`: what was frozen."""
    del take

    async def frozen(title="Interim report", **asked):
        body = {"kind": "report", "title": title, **asked}
        answer = await reporting_http.post("/snapshots", json=body, headers=a.key())
        assert answer.status_code == 201, answer.text
        return answer.json()

    return frozen


@pytest.fixture
async def compare(reporting_http):
    """`await compare(snapshot)`: its tables by name, then and now."""

    async def tables(snapshot, **query):
        path = f"/snapshots/{snapshot['snapshot_id']}/compare"
        answer = await reporting_http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return {table["name"]: table for table in answer.json()["tables"]}

    return tables


def in_year(year, name="attendances", **asked):
    return {"name": name, "filters": {"project_year": year.code}, **asked}


async def test_what_was_frozen_stays_as_it_was(freeze, take, reporting_http):
    year = telling.project_year()
    await take(year, telling.attendance(held_on=year.starts_on))
    made = await freeze(figures=[in_year(year)])
    assert made["tables"] == ["attendances"]
    await take(telling.attendance(held_on=year.starts_on))
    kept = (await reporting_http.get(f"/snapshots/{made['snapshot_id']}")).json()
    [table] = kept["frozen"]
    assert table["answer"]["rows"][0]["value"] == 1
    assert table["answer"]["journal_position"] == made["journal_position"]
    newest = (await reporting_http.get("/snapshots?limit=1")).json()["items"][0]
    assert newest["snapshot_id"] == made["snapshot_id"]


async def test_a_later_count_shows_the_difference_and_what_came_in_between(freeze, compare, take):
    year = telling.project_year()
    first, second = (telling.attendance(held_on=year.starts_on, sector=s)
                     for s in ("voluntary", "statutory"))  # fmt: skip
    await take(year, first, second)
    made = await freeze(figures=[in_year(year, by=["sector"], called="by.sector")])
    assert (await compare(made))["by.sector"]["same"]
    await take(
        telling.attendance(held_on=year.starts_on, sector="private"),
        telling.correction(first, state="absent_no_show"),
        telling.merged(kept_id=first.person_id, merged_id=second.person_id),
    )
    table = (await compare(made))["by.sector"]
    assert not table["same"]
    rows = {row["row"]["sector"]: (row["then"], row["now"]) for row in table["rows"]}
    assert rows == {"voluntary": (1, None), "statutory": (1, 1), "private": (None, 1)}
    assert table["reasons"]["corrected"] == 1
    assert table["reasons"]["merged"] == 1
    assert table["messages"]["bookings.AttendanceRecorded"] == 1


async def test_two_snapshots_are_compared(freeze, compare, take):
    year = telling.project_year()
    await take(year, telling.attendance(held_on=year.starts_on))
    before = await freeze("Baseline", kind="baseline", figures=[in_year(year)])
    await take(*(telling.attendance(held_on=year.starts_on) for _ in range(3)))
    after = await freeze("A year later", figures=[in_year(year)])
    await take(telling.attendance(held_on=year.starts_on))
    [row] = (await compare(before, **{"with": after["snapshot_id"]}))["attendances"]["rows"]
    assert (row["then"], row["now"], row["difference"]) == (1, 4, 3)


async def test_a_snapshot_is_told_to_the_others(freeze, reporting_database, take):
    year = telling.project_year()
    await take(year)
    made = await freeze("Told to others", figures=[in_year(year)])
    body = await reporting_database.pool.fetchval(
        "SELECT body FROM outbox WHERE subject = $1", f"snapshot/{made['snapshot_id']}"
    )
    assert '"pdu.reporting.SnapshotFrozen"' in body
    assert str(made["journal_position"]) in body


async def test_a_repeated_request_freezes_once(reporting_http, take):
    year = telling.project_year()
    await take(year)
    body, key = {"kind": "report", "title": "Once", "figures": [in_year(year)]}, a.key()
    one = await reporting_http.post("/snapshots", json=body, headers=key)
    two = await reporting_http.post("/snapshots", json=body, headers=key)
    assert one.json() == two.json()
    assert UUID(one.json()["snapshot_id"]).version == 7


async def test_a_last_day_holds_for_all_that_have_days(freeze, reporting_http, take):
    year = telling.project_year()
    early = telling.attendance(held_on=year.starts_on)
    await take(year, early, telling.attendance(held_on=year.ends_on))
    made = await freeze(figures=[in_year(year)], up_to="2028-12-31")
    [table] = (await reporting_http.get(f"/snapshots/{made['snapshot_id']}")).json()["frozen"]
    assert table["answer"]["filters"]["period_to"] == "2028-12-31"


@pytest.mark.parametrize(
    ("figures", "pointer"),
    [
        ([{"name": "reservations"}], "/figures/0/path/name"),
        ([{"name": "attendances"}, {"name": "bookings", "by": ["colour"]}],
         "/figures/1/query/by"),
        ([{"name": "attendances", "filters": {"sector": "nobody"}}],
         "/figures/0/query/sector"),
        ([{"name": "attendances"}, {"name": "attendances"}], "/figures"),
    ],
)  # fmt: skip
async def test_what_cannot_be_frozen_is_refused_and_nothing_is_kept(
    reporting_http, take, reporting_database, figures, pointer
):
    await take()
    before = await reporting_database.pool.fetchval("SELECT count(*) FROM snapshot")
    body = {"kind": "report", "title": "Not possible", "figures": figures}
    answer = await reporting_http.post("/snapshots", json=body, headers=a.key())
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert before == await reporting_database.pool.fetchval("SELECT count(*) FROM snapshot")


@pytest.mark.parametrize(
    "wrong",
    [{"figures": [{"name": "attendances"}]}, {"up_to": "2024-03-31"}, {"anew": ["year_nobody"]}],
)
async def test_the_published_set_is_always_the_same(reporting_http, take, wrong):
    await take()
    body = {"kind": "published", "title": "Another set", **wrong}
    answer = await reporting_http.post("/snapshots", json=body, headers=a.key())
    assert answer.status_code == 422
    assert f"/{next(iter(wrong))}" in [one["pointer"] for one in answer.json()["errors"]]


async def test_a_snapshot_that_is_none_is_not_there(reporting_http, freeze):
    assert (await reporting_http.get(f"/snapshots/{uuid4()}")).status_code == 404
    made = await freeze(figures=[{"name": "events_held"}])
    path = f"/snapshots/{made['snapshot_id']}/compare"
    wrong = await reporting_http.get(path, params={"with": "yesterday"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/query/with"
    assert (await reporting_http.get(path, params={"with": str(uuid4())})).status_code == 404


async def test_snapshots_are_for_the_team(house):
    async with house.http("reporting") as http:
        for role in (Role.MEMBER, Role.COMMISSIONER_FUNDER, Role.STEERING_GROUP):
            answer = await http.get("/snapshots", headers=house.authorised(role))
            assert answer.status_code == 403
