"""The year behind: records made up of numbers, taken by the services as any records of the past."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from pdu_local.demo.stage import Stage, at, said
from pdu_local.paths import ROOT
from pdu_local.records import records_in
from pdu_local.sending import Target, send
from pdu_shared.identity import derived_id

LATER = 400
"""Days ahead: an event is described before it is over, as afterwards nobody may."""
COORDINATOR = "robin"
PEOPLE = 110
SEED = "Sherwood"
SECTORS = ("voluntary",) * 11 + ("statutory",) * 7 + ("private", "other")
FIELDS = (
    *("housing_homelessness",) * 6,
    *("substance_use", "mental_health", "criminal_justice") * 2,
    *("womens_services", "adult_social_care", "health", "advocacy", "welfare_employment"),
)
LEVELS = ("front_line",) * 6 + ("team_manager",) * 3 + ("senior_manager", "volunteer", "student")
AREAS = ("nottingham_city",) * 6 + ("nottinghamshire",) * 3 + ("neighbouring",)
HEARD = ("bulletin", "word_of_mouth", "colleague_forward", "email_from_pdu", "manager")
ORGANISATIONS = (
    "Greenwood Housing", "Trent Bridge Outreach", "Sycamore Recovery", "Castle Gate Advice",
    "Lantern Women's Service", "Probation East", "Sneinton Health Centre", "Meadows Night Shelter",
)  # fmt: skip

Row = dict[str, Any]


def events() -> list[Row]:
    """What was held, the oldest first."""
    found: list[Row] = said("past")["event"]
    return found


async def live_through(stage: Stage, target: Target) -> None:
    """Describe the events of the year behind, and bring in who came and what they answered."""
    if "past.attendances" in stage.ledger:
        return
    with TemporaryDirectory() as folder:
        if "past.events" not in stage.ledger:
            await _bring(Path(folder), {"events": _events(stage, ahead=LATER)}, target)
            await _describe(stage)
            await _bring(Path(folder), {"events": _events(stage)}, target)
            stage.ledger.note("past.events", {})
        await _bring(Path(folder), dict(_records(stage)), target)
    stage.ledger.note("past.attendances", {})


async def _describe(stage: Stage) -> None:
    for event in events():
        key = derived_id("learning_event", event["key"])
        found = await stage.read("bookings", f"/learning-events/{key}")
        words = {
            name: event[name] for name in ("purpose", "outcomes", "event_type") if name in event
        }
        await stage.do(
            f"{event['key']}.words",
            f"PATCH bookings /learning-events/{key}",
            words,
            by=COORDINATOR,
            seen=found["etag"],
        )


async def _bring(folder: Path, files: dict[str, list[Row]], target: Target) -> None:
    # It loads every service, which a demonstration that is there already need not wait for.
    from pdu_local.generate import services_of

    _write(folder, files)
    for records in records_in(folder, services_of(ROOT)):
        sent = await send(target, records, lambda _: None)
        assert not sent.complaints, sent.complaints[:3]


def _write(folder: Path, files: dict[str, list[Row]]) -> None:
    for path in folder.glob("*.csv"):
        path.unlink()
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def _events(stage: Stage, *, ahead: int = 0) -> list[Row]:
    return [
        {
            "event_key": event["key"],
            "title": event["title"],
            "kind": event.get("kind", "learning_event"),
            "series": event.get("series", ""),
            "workstream": event["workstream"],
            "delivery_mode": event.get("mode", "in_person"),
            "starts_at": at(_day(stage, event) + timedelta(days=ahead), event["hours"][0]),
            "ends_at": at(_day(stage, event) + timedelta(days=ahead), event["hours"][1]),
            "capacity": event.get("capacity", 40),
            "status": "scheduled" if ahead else event.get("status", "held"),
        }
        for event in events()
    ]


def _records(stage: Stage) -> Iterator[tuple[str, list[Row]]]:
    chance = Random(SEED)  # noqa: S311 - the same people every time
    people = [_person(chance, number) for number in range(PEOPLE)]
    came = {event["key"]: _booked(chance, stage, event, people) for event in events()}
    members = [one for one in people if chance.random() < 0.6]  # noqa: PLR2004
    yield "attendances", [row for rows in came.values() for row in rows]
    yield "members", [_member(chance, stage, one) for one in members]
    yield "activity", list(_activity(chance, stage, members))
    invitations = list(_invitations(stage, came))
    yield "survey_invitations", invitations
    yield "survey_answers", list(_answers(chance, invitations, people))


def _person(chance: Random, number: int) -> Row:
    return {
        "person_email": f"practitioner-{number:03}@example.org",
        "organisation": chance.choice(ORGANISATIONS),
        "sector": chance.choice(SECTORS),
        "work_field": chance.choice(FIELDS),
        "role_level": chance.choice(LEVELS),
        "area": chance.choice(AREAS),
    }


def _booked(chance: Random, stage: Stage, event: Row, people: Sequence[Row]) -> list[Row]:
    states = [
        *["present"] * event["came"],
        *["absent_apologies"] * event["apologies"],
        *["absent_no_show"] * event["absent"],
    ]
    chosen = chance.sample(people, len(states))
    return [
        {
            "event_key": event["key"],
            **person,
            "booked_at": _moment(chance, _day(stage, event) - timedelta(days=30), 25),
            "state": state,
            "heard_about": chance.choice(HEARD),
        }
        for person, state in zip(chosen, states, strict=True)
    ]


def _member(chance: Random, stage: Stage, person: Row) -> Row:
    return {**person, "registered_at": _moment(chance, stage.day(-360), 350)}


def _activity(chance: Random, stage: Stage, members: Sequence[Row]) -> Iterator[Row]:
    kept = [item["item_key"] for item in said("library")["item"]]
    for person in members:
        for item in chance.sample(kept, chance.randint(1, 5)):
            action = chance.choice(("viewed", "viewed", "downloaded"))
            yield {
                "person_email": person["person_email"],
                "item_key": item,
                "action": action,
                "at": _moment(chance, stage.day(-300), 290),
            }


def _invitations(stage: Stage, came: dict[str, list[Row]]) -> Iterator[Row]:
    """After a day to all who came; after three months again, if so much time has passed."""
    for event in events():
        held = _day(stage, event)
        for survey, days in (("post_event", 1), ("follow_up", 91)):
            sent = held + timedelta(days=days)
            if sent >= stage.day(-7):
                continue
            for row in came[event["key"]]:
                if row["state"] == "present":
                    yield {
                        "invitation_key": f"{event['key']}-{survey}-{row['person_email'][:16]}",
                        "survey_key": survey,
                        "wave": f"{held:%Y-%m}",
                        "event_key": event["key"],
                        "person_email": row["person_email"],
                        "sent_at": at(sent, "10:00"),
                        "delivered": "true",
                    }


def _answers(chance: Random, invitations: Sequence[Row], people: Sequence[Row]) -> Iterator[Row]:
    known = {one["person_email"]: one for one in people}
    asked = said("answers")
    for invitation in invitations:
        if chance.random() > asked["rate"][invitation["survey_key"]]:
            continue
        person = known[invitation["person_email"]]
        day = date.fromisoformat(invitation["sent_at"][:10])
        told = {
            "response_key": invitation["invitation_key"],
            **{name: invitation[name] for name in ("survey_key", "wave", "event_key")},
            "submitted_at": _moment(chance, day, 6),
            "respondent_sector": person["sector"],
            "respondent_work_field": person["work_field"],
        }
        for question, options in asked[invitation["survey_key"]].items():
            [option] = chance.choices(list(options), list(options.values()))
            answer = {"question_code": question, "option_code": option}
            yield {**told, **answer, "rank": "", "number": ""}


def _day(stage: Stage, event: Row) -> date:
    return stage.weekday(-event["weeks"], event["weekday"])


def _moment(chance: Random, day: date, within: int) -> str:
    """Some time in the day, some days later."""
    then = day + timedelta(days=chance.randrange(within))
    moment = datetime.combine(then, time(chance.randint(8, 20), chance.randrange(60)))
    return moment.isoformat(timespec="minutes")
