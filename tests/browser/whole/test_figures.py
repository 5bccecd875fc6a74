"""Those who read figures: a steering group that sees what is published, an evaluator for a time."""

import a
from attending import write
from eventually import until
from signing_in import person_of

MANY, FEW = 12, 3


async def came(town, token):
    """An event that twelve came to from one sector and three from another."""
    http, header = town.http["bookings"], token("coordinator")
    event = await a.published_event(http, header)
    sectors = ["voluntary"] * MANY + ["statutory"] * FEW
    asked = [await a.ask_for_place(http, event, sector=one) for one in sectors]
    await town.began(event["learning_event_id"])
    marks = [(one.json()["booking_id"], "present") for one in asked]
    kept = await write(http, header, event["sessions"][0]["session_id"], marks)
    assert kept.status_code == 200, kept.text


async def test_a_steering_group_sees_only_what_is_published(town, token, signed_in):
    await came(town, token)
    reporting, header = town.http["reporting"], token("coordinator")

    async def all_are_counted():
        answer = await reporting.get("/figures/attendances", headers=header)
        return answer.json()["rows"][0]["value"] >= MANY + FEW

    await until(all_are_counted, within=60)
    set_of = {"kind": "published", "title": "Our first year"}
    frozen = await reporting.post("/snapshots", json=set_of, headers={**header, **a.key()})
    assert frozen.status_code == 201, frozen.text

    johanna = await signed_in("steering_group", name="Johanna Little")
    await johanna.open("/figures")
    await johanna.sees("Our first year")
    said = await johanna.said()
    assert "[c]" in said
    assert f"\t{FEW}\n" not in said
    await johanna.page.emulate_media(media="print")
    assert not await johanna.page.locator(".site-nav").is_visible()


async def test_an_evaluators_time_runs_out(town, token, signed_in):
    await came(town, token)
    evaluator = await signed_in("evaluator", name="Eleanor Plantagenet-Okafor")
    await evaluator.open("/figures/attendances")
    await evaluator.follow("The messages behind it")
    await evaluator.sees("Attendance")

    path = f"/persons/{person_of(evaluator.email)}/roles/evaluator"
    ended = await town.http["resources"].delete(path, headers=token("administrator"))
    assert ended.status_code == 204
    await evaluator.context.clear_cookies()
    await evaluator.sign_in()
    answer = await evaluator.page.goto("/figures/attendances/messages")
    assert answer.status == 403
