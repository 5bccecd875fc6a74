"""What changed and how it is known, what people said, and what they would like to hear about."""

import asyncio
from typing import Any

from pdu_local.demo.cast import address, people
from pdu_local.demo.past import COORDINATOR
from pdu_local.demo.stage import Stage, said
from pdu_shared.identity import derived_id

SECOND = "johanna"
Row = dict[str, Any]
CODED = (
    *("level", "expectedness", "kind", "depth", "contribution_class", "evidence", "outcomes"),
    *("aims", "hls", "pie", "workstreams"),
)
ORDINARY = {"evidence": ["observation"], "workstreams": ["housing"], "kind": "emergent"}


async def happen(stage: Stage) -> None:
    """Tell what changed, with every step from being written down to being public."""
    change = said("change")
    async with asyncio.TaskGroup() as group:
        for number, impact in enumerate(change["impact"]):
            group.create_task(_impact(stage, number, impact))
        for number, one in enumerate(change["said"]):
            group.create_task(_said(stage, number, one))
        for number, topic in enumerate(change["topic"]):
            group.create_task(_topic(stage, number, topic))
        for number, offer in enumerate(change["offer"]):
            group.create_task(_offer(stage, number, offer))
        group.create_task(_stories(stage, change["story"]))
        group.create_task(_quotes(stage, change["quote"]))
        group.create_task(_governance(stage, change))


async def _impact(stage: Stage, number: int, impact: Row) -> None:
    key = f"impact.{number}"
    told = {name: impact[name] for name in CODED if name in impact}
    form = {
        **told,
        "what": impact["what"],
        "happened_on": stage.day(impact["days"]).isoformat(),
        "may_publish": True,
    }
    if "organisation" in impact:
        form["organisation"] = impact["organisation"]
    if "event" in impact:
        form["learning_event_ids"] = [str(derived_id("learning_event", impact["event"]))]
    made = await stage.do(key, "POST resources /impacts", form, by=impact["by"])
    if impact.get("captured_only"):
        return
    path = f"PUT resources /impacts/{made['impact_id']}"
    await stage.do(f"{key}.verified", f"{path}/verification", by=SECOND)
    if impact.get("verified_only"):
        return
    coding = {"expectedness": "expected", **ORDINARY, **told}
    await stage.do(f"{key}.coded", f"{path}/coding", coding, by=SECOND, seen=2)
    words = {"title": impact["summary"].partition(".")[0][:120], "summary": impact["summary"]}
    await stage.do(f"{key}.public", f"{path}/publication", words, by=SECOND)


async def _stories(stage: Stage, stories: list[Row]) -> None:
    for number, story in enumerate(stories):
        key = f"story.{number}"
        made = await stage.do(key, "POST resources /case-studies", story, by=COORDINATOR)
        path = f"PUT resources /case-studies/{made['case_study_id']}"
        until = {"shown_until": stage.day(700).isoformat()}
        await stage.do(f"{key}.agreed", f"{path}/consent", until, by=COORDINATOR)
        await stage.do(f"{key}.read", f"{path}/review", by=SECOND)
        await stage.do(f"{key}.public", f"{path}/publication", by=COORDINATOR)


async def _said(stage: Stage, number: int, one: Row) -> None:
    key = f"said.{number}"
    form = {
        "said": one["said"],
        "listed": True,
        "workstream": one["workstream"],
        "said_on": stage.day(one["days"]).isoformat(),
    }
    made = await stage.do(key, "POST resources /you-said", form, by=COORDINATOR)
    path = f"PUT resources /you-said/{made['item_id']}/state"
    for state in one["steps"]:
        told = {"told": one["did"]} if state in {"done", "not_done_with_reason"} else {}
        await stage.do(f"{key}.{state}", path, {"state": state, **told}, by=COORDINATOR)


async def _topic(stage: Stage, number: int, topic: Row) -> None:
    key = f"topic.{number}"
    form = {"text": topic["text"], "workstream": topic["workstream"]}
    form |= {"reply_to": {"name": people()["much"]["name"], "email": address("much")}}
    made = await stage.do(key, "POST bookings /topics", form)
    path = f"PUT bookings /topics/{made['topic_id']}"
    if "wording" in topic:
        await stage.do(
            f"{key}.worded", f"{path}/wording", {"wording": topic["wording"]}, by=COORDINATOR
        )
    for who in topic.get("backed_by", ()):
        await stage.do(f"{key}.{who}", f"{path}/backing", by=who)
    if "decision" in topic:
        decided = {"decision": topic["decision"]}
        await stage.do(f"{key}.decided", f"{path}/decision", decided, by=COORDINATOR)
    if "declined" in topic:
        decided = {"decision": "declined_with_reason", "reason": topic["declined"]}
        await stage.do(f"{key}.declined", f"{path}/decision", decided, by=COORDINATOR)


async def _offer(stage: Stage, number: int, offer: Row) -> None:
    form = {name: value for name, value in offer.items() if name != "triage"}
    form["email"] = f"{offer['name'].lower().replace(' ', '.')}@example.org"
    made = await stage.do(f"offer.{number}", "POST bookings /speaker-offers", form)
    if "triage" in offer:
        path = f"PUT bookings /speaker-offers/{made['offer_id']}/triage"
        await stage.do(f"offer.{number}.triage", path, {"state": offer["triage"]}, by=COORDINATOR)


async def answer(stage: Stage) -> None:
    """People answer in their own words what they are asked about what was held."""
    for number, told in enumerate(said("change")["answer"]):
        await _answer(stage, number, told)


async def _answer(stage: Stage, number: int, told: Row) -> None:
    form = {
        "answers": [{"question": told["question"], "text": told["text"]}],
        "consent": {"evaluation": True, "link": False, "quote": True},
        "learning_event_id": str(derived_id("learning_event", told["event"])),
        "sector": told["sector"],
    }
    where = f"POST resources /surveys/{told['survey']}/responses"
    await stage.do(f"answer.{number}", where, form, patiently=True)


async def _quotes(stage: Stage, quotes: list[Row]) -> None:
    for number, quote in enumerate(quotes):
        form = {**quote, "agreed": True}
        made = await stage.do(f"quote.{number}", "POST resources /quotes", form, by=COORDINATOR)
        path = f"PUT resources /quotes/{made['quote_id']}/approval"
        await stage.do(f"quote.{number}.approved", path, by=SECOND)


async def _governance(stage: Stage, change: Row) -> None:
    for number, seat in enumerate(change["seat"]):
        form = {**seat, "starts_on": stage.day(-300).isoformat()}
        await stage.do(f"seat.{number}", "POST resources /steering/seats", form, by=COORDINATOR)
    for key, days in (("last", -40), ("next", 24)):
        form = {"meets_on": stage.day(days).isoformat(), "title": "Steering group"}
        form["place"] = "Lace Market Rooms"
        meeting = await stage.do(
            f"meeting.{key}", "POST resources /steering/meetings", form, by=COORDINATOR
        )
        if key == "last":
            path = f"/steering/meetings/{meeting['meeting_id']}"
            action = {"what": "Ask two more hostels.", "due_on": stage.day(20).isoformat()}
            await stage.do(
                "meeting.action",
                f"POST resources {path}/actions",
                action | {"role": "coordinator"},
                by=COORDINATOR,
            )
    for service in change["service"]:
        where = "POST resources /directory/services"
        await stage.do(f"service.{service['title']}", where, service, by=COORDINATOR)
