"""What others tell reporting: builders of messages, each about things of its own."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4, uuid5

from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.bookings.attendance import (
    AttendanceCorrected,
    AttendanceRecorded,
    EventHeld,
    EventHeldWithdrawn,
)
from pdu_shared.contracts.bookings.past import HistoryImported
from pdu_shared.contracts.bookings.place import BookingCancelled, BookingWaitlisted, EventBooked
from pdu_shared.contracts.bookings.programme import (
    EventPublished,
    EventUpdated,
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.ledger import Counted
from pdu_shared.contracts.resources.member import MemberRegistered, PersonMerged, PersonUnmerged
from pdu_shared.contracts.resources.organisation import (
    AbsenceExplained,
    OrganisationChanged,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationUnmerged,
)
from pdu_shared.contracts.resources.steering import (
    CommitmentMade,
    CommitmentReviewed,
    PlanObjectiveSet,
    ProgrammePeriodDefined,
    SteeringActionSet,
    SteeringMeetingHeld,
    SteeringMemberAppointed,
)
from pdu_shared.contracts.resources.survey import (
    Answered,
    Option,
    QuestionVersioned,
    Ranked,
    SurveyInvitationRequested,
    SurveySubmitted,
)
from pdu_shared.contracts.resources.usage import ResourceViewed
from pdu_shared.contracts.resources.vocabulary import (
    CategoryDefined,
    ProjectYearDefined,
    WorkstreamDefined,
)

_NAMES = UUID("5a8b0f4e-92b1-4d6f-9b73-0c1f6f6b2a11")
_years = count(2200, 3)
_words = count(1)
_hours = count(step=2)

WHO = {
    "sector": "voluntary",
    "work_field": "housing_homelessness",
    "role_level": "front_line",
    "area": "nottingham_city",
}
WORDS = {
    "sector": ("voluntary", "statutory", "private"),
    "work_field": ("housing_homelessness", "mental_health"),
    "role_level": ("front_line", "team_manager"),
    "area": ("nottingham_city", "national"),
    "heard_about": ("bulletin", "word_of_mouth"),
}


def words() -> list[CategoryDefined]:
    return [
        CategoryDefined(
            category_id=uuid5(_NAMES, f"{scheme}/{code}"), scheme=scheme, code=code, label=code
        )
        for scheme, codes in WORDS.items()
        for code in codes
    ]


def word(scheme) -> CategoryDefined:
    """A word that no other test uses."""
    code = f"{scheme}-{next(_words)}"
    return CategoryDefined(category_id=uuid4(), scheme=scheme, code=code, label=code)


def project_year(**details) -> ProjectYearDefined:
    """A year that no other test uses; its code is its own, too."""
    year = next(_years)
    told = {
        "project_year_id": uuid4(),
        "code": f"y{year}",
        "label": f"Year {year}",
        "starts_on": date(year, 4, 1),
        "ends_on": date(year + 1, 3, 31),
        "is_partial": False,
    }
    return ProjectYearDefined(**{**told, **details})


def attendance(**details) -> AttendanceRecorded:
    return AttendanceRecorded(**_attendance(details))


def correction(of: AttendanceRecorded, **details) -> AttendanceCorrected:
    return AttendanceCorrected(**{**of.model_dump(), "supersedes": uuid4(), **details})


def _attendance(details) -> dict[str, object]:
    return {
        "attendance_id": uuid4(),
        "session_id": uuid4(),
        "learning_event_id": uuid4(),
        "event_kind": "learning_event",
        "person_id": uuid4(),
        "state": "present",
        "method": "register",
        "held_on": date(2199, 1, 1),
        **WHO,
        **details,
    }


def booked(**details) -> EventBooked:
    told = {
        "booking_id": uuid4(),
        "learning_event_id": uuid4(),
        "session_ids": (uuid4(),),
        "person_id": uuid4(),
        "booked_on": date(2199, 1, 1),
        **WHO,
    }
    return EventBooked(**{**told, **details})


def waitlisted(of: EventBooked) -> BookingWaitlisted:
    return BookingWaitlisted(**of.model_dump(), position=1)


def cancelled(of: EventBooked) -> BookingCancelled:
    return BookingCancelled(**of.model_dump(), by="person")


def published(**details) -> EventPublished:
    told = {
        "learning_event_id": uuid4(),
        "kind": "learning_event",
        "event_type": "workshop",
        "title": "Hoarding: behind the door",
        "purpose": "Work with people who hoard, without force.",
        "level": "introductory",
        "workstreams": ("housing",),
        "audience": ("any",),
    }
    return EventPublished(**{**told, **details})


def scheduled(**details) -> SessionScheduled:
    told = {
        "session_id": uuid4(),
        "learning_event_id": uuid4(),
        "starts_at": datetime(2199, 1, 1, 12, tzinfo=UTC),
        "ends_at": datetime(2199, 1, 1, 14, tzinfo=UTC),
        "tz": "Europe/London",
        "mode": "online",
        "place": "Online",
        "capacity": 20,
    }
    return SessionScheduled(**{**told, **details})


def updated(event: EventPublished, **changed) -> EventUpdated:
    return EventUpdated(**{**event.model_dump(), **changed, "changed_fields": tuple(changed)})


def rescheduled(session: SessionScheduled, **changed) -> SessionRescheduled:
    before = {name: getattr(session, name) for name in ("starts_at", "ends_at", "place")}
    previous = {f"previous_{name}": value for name, value in before.items()}
    return SessionRescheduled(**{**session.model_dump(), **changed, **previous})


def moved_online(session: SessionScheduled) -> SessionMovedOnline:
    previous = {"previous_mode": "in_person", "previous_place": session.place}
    return SessionMovedOnline(**{**session.model_dump(), "mode": "online", **previous})


def held(**details) -> EventHeld:
    told = {"session_id": uuid4(), "learning_event_id": uuid4(), "held_on": date(2199, 1, 1)}
    return EventHeld(**{**told, **details})


def member(**details) -> MemberRegistered:
    return MemberRegistered(
        **{"person_id": uuid4(), "registered_on": date(2199, 1, 1), **WHO, **details}
    )


def withdrawn(of: EventHeld) -> EventHeldWithdrawn:
    return EventHeldWithdrawn(**of.model_dump())


def workstream(**details) -> WorkstreamDefined:
    told = {
        "workstream_id": uuid4(),
        "code": "housing",
        "label": "Housing",
        "valid_from": date(2199, 1, 1),
    }
    return WorkstreamDefined(**{**told, **details})


def merged(**details) -> PersonMerged:
    return PersonMerged(
        **{"kept_id": uuid4(), "merged_id": uuid4(), "basis": "same_address", **details}
    )


def unmerged(of: PersonMerged) -> PersonUnmerged:
    return PersonUnmerged(**of.model_dump())


def organisation(**details) -> OrganisationRegistered:
    told = {"organisation_id": uuid4(), "canonical_name": "Sherwood Housing", **details}
    return OrganisationRegistered(**told)


def renamed(of: OrganisationRegistered) -> OrganisationChanged:
    return OrganisationChanged(**{**of.model_dump(), "canonical_name": "Sherwood Homes"})


def another_name(of: OrganisationRegistered) -> OrganisationMerged:
    return OrganisationMerged(kept_id=of.organisation_id, merged_id=uuid4())


def absence(of: OrganisationRegistered, *reasons: str) -> AbsenceExplained:
    """Why nobody comes from an organisation, as it says; without reasons, that was taken back."""
    return AbsenceExplained(
        organisation_id=of.organisation_id, reasons=reasons, asked_on=date(2026, 11, 2)
    )


def no_name(of: OrganisationMerged) -> OrganisationUnmerged:
    return OrganisationUnmerged(**of.model_dump())


def activity(kind=ResourceViewed, **details):
    """What a member did; `kind` is one of the four messages that tell it."""
    told = {
        "activity_id": uuid4(),
        "item_id": uuid4(),
        "item_key": "res-001",
        "person_id": uuid4(),
        "happened_on": date(2199, 1, 1),
    }
    return kind(**{**told, **details})


def question(**details) -> QuestionVersioned:
    told = {
        "question_id": uuid4(),
        "code": "core.recommend",
        "version": 1,
        "type": "single",
        "wording": "Would you recommend this?",
        "options": (Option(code="yes", label="Yes"), Option(code="no", label="No")),
    }
    return QuestionVersioned(**{**told, **details})


def answered(question_code="core.recommend", *, ranks=(), **details) -> Answered:
    """An answer; `ranks` are options, the first of them being first."""
    told = {
        "question_code": question_code,
        "version": 1,
        "state": "answered",
        "ranks": tuple(Ranked(option=one, rank=rank) for rank, one in enumerate(ranks, 1)),
    }
    return Answered(**{**told, **details})


def submitted(*answers: Answered, **details) -> SurveySubmitted:
    told = {
        "response_id": uuid4(),
        "survey_id": uuid4(),
        "survey_key": "core",
        "wave": "2199",
        "submitted_on": date(2199, 1, 1),
        "answers": answers,
    }
    return SurveySubmitted(**{**told, **details})


def invitation(kind=SurveyInvitationRequested, **details):
    """An invitation; `kind` is one of the three messages that tell how far it came."""
    told = {
        "invitation_id": uuid4(),
        "survey_id": uuid4(),
        "survey_key": "core",
        "wave": "2199",
        "person_id": uuid4(),
        "invited_on": date(2199, 1, 1),
    }
    return kind(**{**told, **details})


def imported(kind=HistoryImported, **details):
    """A file has been taken; `kind` is the message of the service that took it."""
    told = {"batch_id": uuid4(), "file": "attendances", "rows": 1, "messages": 1}
    return kind(**{**told, **details})


def programme(**details) -> ProgrammePeriodDefined:
    """A programme with a year and a code that no other test uses."""
    year = next(_years)
    told = {
        "programme_period_id": uuid4(),
        "code": f"programme-{year}",
        "label": "Next Futures",
        "starts_on": date(year, 4, 1),
        "ends_on": date(year + 1, 3, 31),
    }
    return ProgrammePeriodDefined(**{**told, **details})


def seat(**details) -> SteeringMemberAppointed:
    told = {
        "seat_id": uuid4(),
        "seat_kind": "organisation",
        "organisation_id": uuid4(),
        "sector": "voluntary",
        "role_level": "team_manager",
        "starts_on": date(2199, 1, 1),
    }
    return SteeringMemberAppointed(**{**told, **details})


def steering_meeting(**details) -> SteeringMeetingHeld:
    told = {
        "meeting_id": uuid4(),
        "held_on": date(2199, 1, 1),
        "members": 10,
        "present": 6,
        "apologies": 2,
    }
    return SteeringMeetingHeld(**{**told, **details})


def action(**details) -> SteeringActionSet:
    told = {
        "action_id": uuid4(),
        "of": "steering_group",
        "set_on": date(2199, 1, 1),
        "due_on": date(2199, 2, 1),
        "state": "intended",
    }
    return SteeringActionSet(**{**told, **details})


def objective(**details) -> PlanObjectiveSet:
    told = {
        "objective_id": uuid4(),
        "plan_id": uuid4(),
        "plan_kind": "workstream_plan",
        "workstream": "housing",
        "set_on": date(2199, 1, 1),
        "state": "intended",
    }
    return PlanObjectiveSet(**{**told, **details})


def committed(**details) -> CommitmentMade:
    told = {
        "commitment_id": uuid4(),
        "organisation_id": uuid4(),
        "kind": "send_staff",
        "project_year": "2",
        "promised": 4,
        "state": "intended",
        "made_on": date(2199, 1, 1),
    }
    return CommitmentMade(**{**told, **details})


def reviewed(of: CommitmentMade, **details) -> CommitmentReviewed:
    told = {**of.model_dump(), "reviewed_on": date(2199, 3, 1), "state": "done", "kept": 4}
    return CommitmentReviewed(**{**told, **details})


def ledger_counted(service: str, **details: Any) -> Any:
    """A service says how many messages it told in an hour that no other test speaks of."""
    starts_at = datetime(2190, 1, 1, tzinfo=UTC) + timedelta(hours=next(_hours))
    told = [(f"{service}.RetentionApplied", 3), (f"{service}.PersonErased", 1)]
    return MESSAGES[f"{service}.LedgerCounted"].model_validate(
        {
            "ledger_id": uuid4(),
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "counts": tuple(Counted(key=key, messages=n, digest=n * 1000) for key, n in told),
            **details,
        }
    )
