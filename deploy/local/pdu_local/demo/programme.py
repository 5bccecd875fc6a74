"""What is to come: events of all states with those who book them, and communities."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from pdu_local.demo.cast import AREA, address, people
from pdu_local.demo.past import COORDINATOR
from pdu_local.demo.stage import Stage, at, said
from pdu_shared.identity import derived_id

Row = dict[str, Any]
WORDS = (
    *("title", "purpose", "outcomes", "event_type", "level", "workstreams", "audience"),
    *("co_delivery", "content_note", "series"),
)
SOON = timedelta(minutes=20)
REACH = "0115 496 0123"
SERIES = {
    "women-three-steps": "Women facing multiple disadvantage: three steps",
}
NOT_ASKED = "The group is too small to prepare somebody well."


async def announce(stage: Stage) -> None:
    """Announce everything, and let people book; what is cancelled is cancelled last."""
    programme = said("programme")
    for key, title in SERIES.items():
        await stage.do(
            f"series.{key}", f"PUT bookings /series/{key}", {"title": title}, by=COORDINATOR
        )
    for venue in programme["venue"]:
        await stage.do(f"venue.{venue['name']}", "POST bookings /venues", venue, by=COORDINATOR)
    async with asyncio.TaskGroup() as group:
        for event in programme["event"]:
            group.create_task(_event(stage, event))
        for community in programme["community"]:
            group.create_task(_meet(stage, community))


async def gather(stage: Stage) -> None:
    """Let communities form, before anything is told of their sessions."""
    for community in said("programme")["community"]:
        await _gather(stage, community)


async def _event(stage: Stage, event: Row) -> None:
    key = event["key"]
    drafted = await stage.do(
        f"{key}.draft",
        "POST bookings /learning-events",
        _words(stage, event),
        by=COORDINATOR,
        # What it takes up is told side by side with it.
        patiently="follow_up_of" in event,
    )
    if event.get("draft"):
        return
    path = f"/learning-events/{drafted['learning_event_id']}"
    await stage.do(f"{key}.publish", f"POST bookings {path}/publish", by=COORDINATOR)
    for number in range(event.get("booked", 0)):
        form = guest(number)
        await stage.do(f"{key}.guest.{number}", f"POST bookings {path}/bookings", form)
    if event.get("given_back"):
        await _give_back(stage, event)
    if "then" in event:
        reason = {"reason_code": event["reason"]}
        where = f"POST bookings {path}/{event['then']}"
        await stage.do(f"{key}.{event['then']}", where, reason, by=COORDINATOR)


async def _give_back(stage: Stage, event: Row) -> None:
    """Some who have a place give it back, so it is offered to those who wait."""
    for number in range(event["given_back"]):
        booking = stage.ledger[f"{event['key']}.guest.{number}"]["booking_id"]
        await stage.do(
            f"{event['key']}.given-back.{number}",
            f"POST bookings /bookings/{booking}/cancellation",
            {},
            by=COORDINATOR,
        )


def _words(stage: Stage, event: Row) -> Row:
    said_of_it = {name: event[name] for name in WORDS if name in event}
    if "support" in event:
        said_of_it |= {"support_name": event["support"], "support_reach": REACH}
    if "follow_up_of" in event:
        said_of_it["follow_up_of"] = str(derived_id("learning_event", event["follow_up_of"]))
    if not event.get("draft"):
        said_of_it = {"level": "introductory"} | said_of_it
    venue = stage.ledger[f"venue.{event['venue']}"]["venue_id"] if "venue" in event else None
    starts, ends = _hours(stage, event)
    session = {
        "starts_at": starts,
        "ends_at": ends,
        "mode": event.get("mode", "in_person"),
        "place": event.get("place") or event["venue"],
        "capacity": event["capacity"],
        "venue_id": venue,
    }
    if event.get("small"):
        said_of_it["without_lived_experience_because"] = NOT_ASKED
    return {**said_of_it, "sessions": [session]}


def _hours(stage: Stage, event: Row) -> tuple[str, str]:
    if not event.get("today"):
        day = stage.weekday(event["weeks"], event["weekday"])
        return at(day, event["hours"][0]), at(day, event["hours"][1])
    begun = stage.ledger["first day"]["minute"]
    starts = datetime.fromisoformat(begun) + SOON
    ends = starts + timedelta(hours=1)
    return starts.isoformat(timespec="minutes"), ends.isoformat(timespec="minutes")


def guest(number: int) -> Row:
    """Who books as the so-manieth."""
    told = said("guests")

    def one_of(name: str) -> str:
        words: list[str] = told[name]
        return words[number % len(words)]

    name = one_of("names")
    return {
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@example.org",
        "organisation": one_of("organisations"),
        "sector": one_of("sectors"),
        "work_field": one_of("work_fields"),
        "role_level": one_of("role_levels"),
        "heard_about": one_of("heard_about"),
        "area": AREA,
    }


async def _gather(stage: Stage, community: Row) -> None:
    key = community["key"]
    words = {name: community[name] for name in ("key", "name", "purpose", "workstream")}
    await stage.do(f"{key}.proposed", "POST bookings /communities", words, by="allan")
    path = f"/communities/{key}"
    for state in ("forming", "active"):
        moved = {"state": state, "reason_code": "agreed"}
        await stage.do(f"{key}.{state}", f"PUT bookings {path}/state", moved, by=COORDINATOR)
        if state == "forming":
            for who in community["members"]:
                form = _profile(who)
                await stage.do(f"{key}.{who}", f"POST bookings {path}/members", form)


async def _meet(stage: Stage, community: Row) -> None:
    key = community["key"]
    day = stage.weekday(community["weeks"], community["weekday"])
    session = {
        "starts_at": at(day, "10:00"),
        "ends_at": at(day, "12:00"),
        "mode": "in_person",
        "place": community["place"],
        "capacity": 30,
        "open": True,
        "purpose": community["purpose"],
    }
    await stage.do(
        f"{key}.session", f"POST bookings /communities/{key}/sessions", session, by=COORDINATOR
    )


def _profile(who: str) -> Row:
    person = people()[who]
    told = {name: person[name] for name in ("name", "sector", "work_field", "role_level")}
    if "organisation" in person:
        told["organisation"] = person["organisation"]
    return {**told, "email": address(who), "area": AREA, "shares_name": True}
