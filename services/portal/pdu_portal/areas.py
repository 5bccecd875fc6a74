"""The areas of the portal: what the line at the top shows to whom, and where signing in leads.

Whoever adds an area puts it here, and nowhere else.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """One word of the line at the top: `key` is what a page of it says as `area`."""

    key: str
    path: str
    words: str


OPEN = (
    Area("events", "/events", "What\u2019s on"),
    Area("library", "/library", "Library"),
    Area("learn", "/learn", "Learn"),
    Area("communities", "/communities", "Communities"),
    Area("impact", "/impact", "Impact"),
)
"""What everybody sees, and members too."""
MY_ACTIVITY = Area("me", "/me", "My activity")
LIVE = Area("live", "/live", "Live messages")

DESK = (
    Area("today", "/coordinate", "Today"),
    Area("coordinate_events", "/coordinate/events", "Events"),
    Area("people", "/coordinate/people", "People"),
    Area("bulletins", "/coordinate/bulletins", "Bulletin"),
    Area("shelf", "/coordinate/library", "Library"),
    Area("surveys", "/coordinate/surveys", "Surveys"),
)
"""Of coordinators."""

OPERATE = (
    Area("operate", "/operate", "Health"),
    Area("queues", "/operate/queues", "Queues"),
    Area("aside", "/operate/set-aside", "Set aside"),
    Area("replay", "/operate/replay", "Tell again"),
    Area("letters", "/operate/letters", "Letters"),
    LIVE,
)
SUPPORT = (
    Area("support", "/support", "People I support"),
    Area("opportunities", "/support/opportunities", "Opportunities"),
    Area("briefings", "/support/briefings", "Briefings"),
    Area("debriefs", "/support/debriefs", "Debriefs"),
)
FIGURES = Area("figures", "/figures", "Figures")
EVALUATE = (
    FIGURES,
    Area("answers", "/answers", "Answers"),
    Area("coding", "/coding", "Coding"),
    Area("snapshots", "/figures/snapshots", "Frozen"),
    Area("report", "/figures/report", "Report"),
    Area("claims", "/figures/claims", "Claims"),
)
STEER = (
    FIGURES,
    Area("report", "/figures/report", "Report"),
    Area("impact", "/impact", "Evidence"),
    Area("meetings", "/meetings", "Meetings"),
)
PROTECT = (
    Area("requests", "/requests", "Requests"),
    Area("holds", "/requests/holds", "Holds"),
    Area("retention", "/retention", "Retention"),
    Area("audit", "/audit", "Audit"),
)
AREAS_OF: dict[str, tuple[Area, ...]] = {
    "coordinator": DESK,
    "data_protection_lead": PROTECT,
    "operator": OPERATE,
    "evaluator": EVALUATE,
    "steering_group": STEER,
    "commissioner_funder": STEER[:3],
    "beneficiary_ambassador": SUPPORT,
}
"""Of staff: instead of what everybody sees, for the first of these roles that somebody has."""
OUR_TEAM = (Area("team", "/our-team", "Our team"),)
MORE_OF: dict[str, tuple[Area, ...]] = {
    "manager": OUR_TEAM,
    "organisation_lead": OUR_TEAM,
    "expert_by_experience": (Area("part", "/my-part", "My part"),),
}
"""Of members with a task: beside what everybody sees."""


def areas_of(roles: Collection[str]) -> tuple[Area, ...]:
    """The line at the top for somebody with these roles."""
    for role, areas in AREAS_OF.items():
        if role in roles:
            return areas
    more = [area for role, areas in MORE_OF.items() if role in roles for area in areas]
    return (*OPEN, *dict.fromkeys(more))


def works(roles: Collection[str]) -> bool:
    """Whether somebody has areas of their own, and may want to see what visitors see."""
    return not AREAS_OF.keys().isdisjoint(roles)


def landing(roles: Collection[str]) -> str:
    """Where somebody with these roles is after signing in."""
    first = next((areas for role, areas in AREAS_OF.items() if role in roles), ())
    return first[0].path if first else MY_ACTIVITY.path
