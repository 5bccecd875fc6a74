"""Governance for tests: `await governed.service(http, headers)`, seats, plans, commitments."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

import a
from pdu_shared.local_time import local_day

Http = httpx.AsyncClient


def today() -> date:
    """The day that it is in Nottingham."""
    return local_day(datetime.now(UTC))


def day(days: int = 0) -> str:
    """So many days from today."""
    return (today() + timedelta(days=days)).isoformat()


def organisation() -> str:
    """The name of an organisation that no other test knows."""
    return f"Sherwood Outreach {uuid4().hex[:12]}"


def described(**details: Any) -> dict[str, Any]:
    """A service as its organisation describes it."""
    return {
        "organisation": organisation(),
        "title": "Street outreach",
        "offers": "Finds people who sleep rough, and stays in touch with them.",
        "for_whom": "Adults who sleep rough in the city.",
        "areas": ["nottingham_city"],
        "workstreams": ["housing"],
        "how_to_refer": "Ring us, at any time. No form.",
        "self_referral": True,
        "telephone": "0115 496 0123",
        **details,
    }


def seat(**details: Any) -> dict[str, Any]:
    """A seat of an organisation, whose term began a year ago."""
    return {
        "kind": "organisation",
        "name": "Marian Fitzwalter",
        "organisation": organisation(),
        "sector": "voluntary",
        "role_level": "senior_manager",
        "starts_on": day(-365),
        **details,
    }


def plan(**details: Any) -> dict[str, Any]:
    """The plan of a work stream with one objective."""
    return {
        "kind": "workstream_plan",
        "workstream": "housing",
        "title": "A room, whatever happens",
        "aims": "Nobody loses a room because of how they cope.",
        "starts_on": day(-30),
        "state": "agreed",
        "objectives": [{"wording": "Hostels ask before they evict."}],
        **details,
    }


def action(**details: Any) -> dict[str, Any]:
    """Something that the coordinator is to do within a month."""
    who = {} if details.keys() & {"seat_id", "membership_id", "organisation"} else "coordinator"
    named = {"role": who} if who else {}
    return {"what": "Ask two more hostels.", "due_on": day(30), **named, **details}


def group(**details: Any) -> dict[str, Any]:
    """A working group that began a month ago."""
    return {
        "title": "Hoarding",
        "purpose": "Agree how services visit people who hoard.",
        "workstream": "housing",
        "starts_on": day(-30),
        **details,
    }


def commitment(**details: Any) -> dict[str, Any]:
    """A promise of an organisation to send three people in year 9."""
    return {
        "organisation": organisation(),
        "kind": "send_staff",
        "project_year": "9",
        "promised": 3,
        **details,
    }


async def post(http: Http, headers: dict[str, str], path: str, form: dict[str, Any]) -> Any:
    """What comes of a creating request that is allowed."""
    answer = await http.post(path, json=form, headers={**headers, **a.key()})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def put(
    http: Http, headers: dict[str, str], path: str, form: Any = None, *, seen: int | None = None
) -> Any:
    """What comes of a change that is allowed, to the version that was seen."""
    answer = await try_to_put(http, headers, path, form, seen=seen)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def try_to_put(
    http: Http, headers: dict[str, str], path: str, form: Any = None, *, seen: int | None = None
) -> httpx.Response:
    """The answer to a change, allowed or not."""
    match = {} if seen is None else {"If-Match": f'"{seen}"'}
    return await http.put(path, json=form, headers={**headers, **match})


async def get(http: Http, headers: dict[str, str], path: str, **query: Any) -> Any:
    """What there is to read."""
    answer = await http.get(path, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def service(http: Http, headers: dict[str, str], **details: Any) -> dict[str, Any]:
    """An entry of the directory."""
    found: dict[str, Any] = await post(http, headers, "/directory/services", described(**details))
    return found


def wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    """What is wrong with a request: pointers and codes."""
    assert answer.status_code == 422, answer.text
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}
