"""A town in which every page of the portal has something to show, and the addresses of all."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from fastapi.routing import APIRoute

from pdu_portal.app import ROUTERS
from pdu_portal.areas import AREAS_OF, MORE_OF
from portal import (
    certificate_stand_in,
    coding_stand_in,
    coordinator_stand_in,
    figures_stand_in,
    hub_stand_in,
    letters_stand_in,
    library_stand_in,
    manager_stand_in,
    mine_stand_in,
    operate_stand_in,
    rights_stand_in,
    speaker_stand_in,
    study_stand_in,
    support_stand_in,
    survey_stand_in,
    taking_part_stand_in,
    team_stand_in,
)
from portal.community_stand_in import belonging
from portal.stand_in import TOKEN, Town, town

ENDLESS = "/live/rows"
TORTURE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "</title></textarea></select><svg onload=alert(1)>",
    "{{ 'pdu'|upper * 2 }}{% raise %}${7*7}<%= 7 %>",
    "javascript:alert(1)",
    "\u202e\u200f\u0645\u0631\u062d\u0628\u0627 z\u0351\u0300a\u0335 \U0001f600",
    "&lt;b&gt; &amp;amp; ]]> -- %00 ../../ '; DROP TABLE x;",
)
OWN = {
    "/communities/{key}": taking_part_stand_in.KEY,
    "/figures/{name}": "attendances",
    "/s/{token}": survey_stand_in.INVITED,
    "/o/{token}": survey_stand_in.IN_THE_ROOM.removeprefix("/o/"),
    "/t/{token}": taking_part_stand_in.TOPIC_TOKEN,
    "/figures/published/{name}": "attendances.sector",
    "/requests/{request_id}/{step}": "identity",
    "/taking-part/{engagement_id}/{step}": "briefing",
    "/recordings/{item_key}": "cuckooing",
    "/workstreams/{code}": "housing",
    "/pathways/{pathway_key}": "new-to-outreach",
    "/learn/{module_key}/{part:int}": "1",
    "/tasks/{action_id}": mine_stand_in.ACTION,
    "/answers/{survey_key}": "post_event",
    "/coordinate/surveys/{survey_key}": "post_event",
    "/coordinate/bulletins/{issue_key}": "winter",
}
"""What stands for a name in the addresses that begin so, where others have another."""
SAID = {
    "title", "purpose", "summary", "label", "text", "keeps", "place", "preferred_name", "wording",
    "said", "did", "statement", "reference", "counted_from", "subtitle", "audience_note", "detail",
    "reason", "take_away", "organisation", "means", "other_factors",
}  # fmt: skip
"""Fields of answers that hold what somebody once wrote."""


def furnished() -> tuple[Town, dict[str, str]]:
    """A town with everything, and what stands in the addresses of its pages."""
    it = town()
    it.announce()
    belonging(it, "invited")
    letters_stand_in.reading(it)
    library_stand_in.shelved(it)
    hub_stand_in.opened(it)
    speaker_stand_in.invited(it)
    certificate_stand_in.certificate_of(it)
    manager_stand_in.hearing(it)
    survey_stand_in.surveys_of(it)
    mine_stand_in.at_home(it)
    supported = support_stand_in.supported(it)
    supported.task("brief")
    supported.texts["feedback"] = supported.texts["sharing_plan"] = "What was agreed."
    requested = rights_stand_in.requested(it)
    operated = operate_stand_in.operated(it)
    counted = figures_stand_in.counted(it)
    work = coordinator_stand_in.working(it)
    taking_part_stand_in.taking_part(it)
    team_stand_in.managing(it)
    wrote = coding_stand_in.written(it)
    study = study_stand_in.studying(it)
    study.page, study.completed = 1, True
    requested.hold()
    requested.read("bookings")
    operated.hold_letter()
    ids = {
        "token": TOKEN,
        "learning_event_id": next(iter(it.events)),
        "item_key": library_stand_in.KEY,
        "module_key": "tic-introduction",
        "issue_key": "may-2026",
        "code": certificate_stand_in.CODE,
        "project_year": "y2",
        "survey_key": "evaluation",
        "booking_id": mine_stand_in.BOOKING,
        "wish": "forget",
        "form": "csv",
        "service": "notifications",
        "parked_id": operated.set_aside("notifications"),
        "engagement_id": supported.engagement["engagement_id"],
        "opportunity_id": supported.opportunity["opportunity_id"],
        "invitation_id": mine_stand_in.SURVEY,
        "action_id": supported.actions[0]["action_id"],
        "expert_id": support_stand_in.EXPERT,
        "request_id": requested.request()["request_id"],
        "event_id": work.event_id,
        "session_id": work.session_id,
        "meeting_id": support_stand_in.MEETING["meeting_id"],
        "task_id": coordinator_stand_in.TASK,
        "organisation_id": coordinator_stand_in.ORGANISATION["organisation_id"],
        "text_id": next(iter(wrote.texts)),
        "quote_id": next(iter(wrote.quotes)),
        "impact_id": wrote.change["impact_id"],
        "snapshot_id": counted.snapshot()["snapshot_id"],
    }
    return it, ids


def tortured(it: Town) -> None:
    """Let everything that the services tell be what somebody wrote who means ill."""
    for service in it.services.values():
        service.answers = {path: _tortured(answer) for path, answer in service.answers.items()}


def _tortured(answer: Callable[..., tuple[int, object]]) -> Callable[..., tuple[int, object]]:
    def told(*asked: object) -> tuple[int, object]:
        status, found = answer(*asked)
        return status, _written(found)

    return told


def _written(found: Any) -> Any:
    if isinstance(found, dict):
        return {
            key: " ".join(TORTURE) if key in SAID and isinstance(value, str) else _written(value)
            for key, value in found.items()
        }
    return [_written(one) for one in found] if isinstance(found, list) else found


def routes(method: str) -> list[APIRoute]:
    """Every route of the portal that takes this method."""
    found = [one for router in ROUTERS for one in router.routes if isinstance(one, APIRoute)]
    return [one for one in found if method in one.methods and one.path != ENDLESS]


def address(path: str, ids: dict[str, str]) -> str:
    """The address of a route; what is not known is a number that nobody has."""
    for start, word in OWN.items():
        if path.startswith(start):
            path = path.replace(start, start[: start.rindex("{")] + word)
    for part in path.split("{")[1:]:
        name = part.partition("}")[0]
        path = path.replace("{" + name + "}", ids.get(name, str(uuid4())))
    return path


def every_role() -> list[str]:
    """All roles that the portal knows of."""
    return sorted({*AREAS_OF, *MORE_OF, "member", "coordinator", "evaluator", "operator"})


class Looked(HTMLParser):
    """What a page holds that could do harm, and the fields of its forms."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []
        self.fields: dict[str, dict[str, str]] = {}
        self._form = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.harm += [f"{tag} {name}" for name in said if name.startswith("on") or name == "style"]
        self.harm += [f"{tag} {said[n]}" for n in ("href", "src", "action") if _runs(said.get(n))]
        if tag == "script" and "src" not in said and said.get("type") != "application/ld+json":
            self.harm.append("a script within the page")
        if tag in {"iframe", "object", "embed", "base", "applet", "meta"}:
            known = tag == "meta" and "http-equiv" not in said
            self.harm += [] if known else [tag]
        if tag in {"script", "img", "link", "source", "video", "audio", "track"}:
            where = said.get("src") or said.get("href") or "/"
            foreign = not where.startswith("/") or where.startswith("//")
            if foreign and said.get("rel") != "canonical":
                self.harm.append(f"{tag} from {where}")
        if tag == "form" and said.get("method") == "post":
            self._form = said.get("action", "")
            self.fields.setdefault(self._form, {})
            if self._form and not self._form.startswith("/"):
                self.harm.append(f"form to {self._form}")
        if tag in {"input", "textarea", "select"} and said.get("name") and self.fields:
            self.fields[self._form][said["name"]] = said.get("type", "text")


def _runs(address: str | None) -> bool:
    told = (address or "").strip().lower()
    return told.startswith(("javascript:", "data:", "vbscript:"))


def looked(text: str) -> Looked:
    """The page, looked through."""
    page = Looked()
    page.feed(text)
    return page
