"""The steps of taking part: what is asked for in each, and what is sent to bookings."""

from collections.abc import Mapping
from typing import Any

from pdu_portal.asks import AMBASSADOR, EXPERT, Ask, Step, terms
from pdu_portal.shapes import Term

ROLES = terms(
    {
        "table_discussant": "Talk with people at a table",
        "panel": "Sit on a panel",
        "presenter": "Present",
        "co_facilitator": "Help to run it",
        "co_designer": "Help to plan it",
        "reviewer": "Look through what others wrote",
        "steering_group_member": "Take part in the steering group",
    }
)
INVOLVED = terms({"little": "A little", "some": "Some", "much": "A lot"})
WAYS = terms(
    {
        "via_ambassador": "Through the ambassador",
        "phone": "By telephone",
        "email": "By email",
        "post": "By post",
    }
)
LADDER = terms(
    {
        "citizen_control": "They decided",
        "delegated_power": "Some decisions were theirs",
        "partnership": "Decided together",
        "placation": "They advised, others decided",
        "consultation": "They were asked",
        "informing": "They were told",
        "therapy": "They were there to be helped",
        "manipulation": "Their name was used",
    }
)
RATING = tuple(
    Term(code=str(n), label=label)
    for n, label in enumerate(
        ("Not at all", "A little", "Somewhat", "Mostly", "Very much"), start=1
    )
)
CONCERNS = terms(
    {
        "concern": "Something troubles me",
        "incident": "Something happened",
        "complaint": "I want to complain",
        "safeguarding": "Somebody may not be safe",
    }
)
EFFECTS = terms(
    {
        "helps": "It helps",
        "depends": "It depends",
        "no_difference": "It makes no difference",
        "harms": "It does harm",
    }
)


def _day(name: str, label: str) -> Ask:
    return Ask(name, "day", label)


def _brief(said: Mapping[str, Any]) -> dict[str, object]:
    parts = ("event", "role", "who_will_be_there")
    covered = [part for part in parts if said.get(f"covered_{part}")]
    return {
        "briefed_on": said["briefed_on"],
        "covered": covered,
        "acknowledged": bool(said.get("acknowledged")),
    }


STEPS: dict[str, Step] = {
    "involvement": Step(
        "How much they take part",
        "As little or as much as they like. It can be changed until the day.",
        "Save",
        "/involvement",
        (
            Ask("role", "one_of", "What would they like to do?", terms=ROLES),
            Ask("involvement", "one_of", "How much?", terms=INVOLVED),
        ),
    ),
    "briefing": Step(
        "The briefing",
        "What it is, what is wanted of them, and who will be there.",
        "Save the briefing",
        "/briefing",
        (
            _day("briefed_on", "When did you talk about it?"),
            Ask("covered_event", "tick", "We talked about the event"),
            Ask("covered_role", "tick", "We talked about their part in it"),
            Ask("covered_who_will_be_there", "tick", "We talked about who will be there"),
            Ask(
                "acknowledged", "tick", "They said they know what they need to know", optional=True
            ),
        ),
        roles=(AMBASSADOR,),
        body=_brief,
    ),
    "acknowledgement": Step(
        "All clear?",
        "You know what the event is, what your part in it is, and who will be there.",
        "Yes, I know what I need to know",
        "/briefing/acknowledgement",
        method="post",
    ),
    "support": Step(
        "Who is there for them",
        "The ambassador is there during the event, and gets in touch afterwards.",
        "Save",
        "/support",
        (Ask("debrief_way", "one_of", "How should we ask afterwards how it was?", terms=WAYS),),
    ),
    "plan": Step(
        "How much to share",
        "What will be told, and what stays private. Only the two of you can read this.",
        "Save the plan",
        "/sharing-plan",
        (Ask("text", "long", "The plan"),),
    ),
    "agreement": Step(
        "The plan is agreed",
        "You know how much they want to share, be it written down or only said.",
        "We agree",
        "/sharing-plan/agreement",
        method="post",
        roles=(AMBASSADOR,),
    ),
    "meeting": Step(
        "Meet beforehand",
        "A time and a place to meet, so that nobody walks in alone.",
        "Save",
        "/pre-meeting",
        (
            _day("on", "Which day?"),
            Ask("at", "clock", "At what time?"),
            Ask("place", "line", "Where?"),
        ),
        roles=(AMBASSADOR,),
        body=lambda said: {"starts_at": f"{said['on']}T{said['at']}", "place": said["place"]},
    ),
    "contribution": Step(
        "What they contributed",
        "The day, what they did, and how much say they had.",
        "Save",
        "/contribution",
        (
            _day("contributed_on", "Which day was it?"),
            Ask("role", "one_of", "What did they do?", terms=ROLES),
            Ask("arnstein_level", "one_of", "How much say did they have?", terms=LADDER),
        ),
        roles=(AMBASSADOR,),
    ),
    "debrief": Step(
        "Afterwards: how was it?",
        "By the next day. What they say stays between you two; here only the day is kept.",
        "Save",
        "/debrief",
        (_day("debriefed_on", "When did you ask?"),),
        roles=(AMBASSADOR,),
    ),
    "distress": Step(
        "If it weighs on them",
        "Write down only what you need in order to stay in touch. Nobody but you can read it.",
        "Save",
        "/distress",
        (
            Ask("text", "long", "What you agreed on"),
            Ask("open", "tick", "I will get in touch again", optional=True),
        ),
        roles=(AMBASSADOR,),
        body=lambda said: {"text": said["text"], "open": bool(said.get("open"))},
    ),
    "thanks": Step(
        "Thanks and expenses",
        "That they were thanked, what they were paid back, and the time they gave.",
        "Save",
        "/thanks",
        (
            _day("thanked_on", "When were they thanked?"),
            Ask("pounds", "number", "Expenses paid back, in pounds", "0 if there were none"),
            Ask("minutes_given", "number", "Minutes they gave"),
        ),
        roles=(AMBASSADOR,),
        body=lambda said: {
            "thanked_on": said["thanked_on"],
            "expenses_pence": round(float(said["pounds"]) * 100),
            "minutes_given": round(float(said["minutes_given"])),
        },
    ),
    "feedback": Step(
        "What happened because of them",
        "Tell them what came of it, also when nothing did. They read it, and so do coordinators.",
        "Tell them",
        "/feedback",
        (Ask("text", "long", "What happened"), _day("given_on", "As of which day?")),
        roles=(AMBASSADOR,),
    ),
    "closure": Step(
        "All done",
        "Nothing is left to do. What is private is deleted 90 days later.",
        "Close it",
        "/closure",
        method="post",
        roles=(AMBASSADOR,),
    ),
    "reflection": Step(
        "How was it for you?",
        "If you like. Nobody can see that it is yours.",
        "Send",
        "/reflection",
        (
            Ask("listened_to", "one_of", "Did people listen to you?", terms=RATING),
            Ask("valued", "one_of", "Did you feel valued?", terms=RATING),
        ),
        method="post",
        roles=(EXPERT,),
        body=lambda said: {name: int(said[name]) for name in ("listened_to", "valued")},
    ),
    "withdrawal": Step(
        "Not take part after all",
        "That is fine at any time. Nobody will ask why.",
        "Step back from this event",
        "/withdrawal",
        method="post",
    ),
}
