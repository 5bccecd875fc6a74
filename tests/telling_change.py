"""What resources tells of change: builders of messages, each about things of its own."""

from datetime import date
from uuid import uuid4

from pdu_shared.contracts.message import Message
from pdu_shared.contracts.resources.impact import (
    ActionIntended,
    ActionReported,
    ActionWithdrawn,
    ImpactPublished,
    ImpactRecorded,
    ImpactVerified,
    ImpactWithdrawn,
)
from pdu_shared.contracts.resources.outcome import (
    EvaluationActivityLogged,
    IndicatorReported,
    PledgeAdopted,
    ProgressMarkerObserved,
    StrategicInfluenceLogged,
)
from pdu_shared.contracts.resources.survey import (
    SurveyResponseWithdrawn,
    SurveyStarted,
    SurveySubmitted,
)
from pdu_shared.contracts.resources.voice import ThemeCoded, WeDidReported, YouSaidRecorded

DAY = date(2199, 1, 1)


def started(**details) -> SurveyStarted:
    told = {
        "response_id": uuid4(),
        "survey_id": uuid4(),
        "survey_key": "core",
        "wave": "2199",
        "started_on": DAY,
    }
    return SurveyStarted(**{**told, **details})


def taken_back(of: SurveySubmitted) -> SurveyResponseWithdrawn:
    """What somebody submitted, and does not want to be kept any more."""
    return SurveyResponseWithdrawn(**of.model_dump(), withdrawn_on=of.submitted_on)


def intended(**details) -> ActionIntended:
    told = {
        "action_id": uuid4(),
        "person_id": uuid4(),
        "learning_event_id": uuid4(),
        "state": "intended",
        "intended_on": DAY,
    }
    return ActionIntended(**{**told, **details})


def reported(of: ActionIntended, state="done", **details) -> ActionReported:
    told = {**of.model_dump(), "state": state, "reported_on": DAY}
    return ActionReported(**{**told, **details})


def not_intended(of: ActionIntended) -> ActionWithdrawn:
    told = {**of.model_dump(), "state": "no_answer", "person_id": None}
    return ActionWithdrawn(**told, withdrawn_on=DAY)


def impact(kind=ImpactRecorded, **details):
    told = {
        "impact_id": uuid4(),
        "state": "captured",
        "level": "organisation",
        "expectedness": "expected",
        "happened_on": DAY,
        "recorded_on": DAY,
    }
    return kind(**{**told, **details})


def themes(*codes, **details) -> ThemeCoded:
    told = {
        "text_id": uuid4(),
        "survey_key": "core",
        "wave": "2199",
        "question_code": "core.improve",
        "coder_role": "evaluator",
        "coded_on": DAY,
    }
    return ThemeCoded(**{**told, "themes": codes, **details})


def said(**details) -> YouSaidRecorded:
    told = {"item_id": uuid4(), "state": "said", "workstream": "housing", "said_on": DAY}
    return YouSaidRecorded(**{**told, **details})


def did(of: YouSaidRecorded, state="done") -> WeDidReported:
    return WeDidReported(**{**of.model_dump(), "state": state}, changed_on=DAY)


def indicator(**details) -> IndicatorReported:
    told = {
        "report_id": uuid4(),
        "organisation_id": uuid4(),
        "indicator": "completion",
        "series": "completion",
        "period_from": DAY,
        "period_to": date(2199, 3, 31),
        "numerator": 1,
        "denominator": 2,
    }
    return IndicatorReported(**{**told, **details})


def pledged(**details) -> PledgeAdopted:
    told = {
        "adoption_id": uuid4(),
        "pledge": "ask-first",
        "organisation_id": uuid4(),
        "state": "intended",
        "adopted_on": DAY,
    }
    return PledgeAdopted(**{**told, **details})


def observed(**details) -> ProgressMarkerObserved:
    told = {
        "observation_id": uuid4(),
        "marker_id": uuid4(),
        "partner": "organisations",
        "level": "like_to_see",
        "seen": True,
        "evidence": "interview",
        "observed_on": DAY,
    }
    return ProgressMarkerObserved(**{**told, **details})


def influence(**details) -> StrategicInfluenceLogged:
    told = {
        "influence_id": uuid4(),
        "forum": "board",
        "strategy": "needs",
        "happened_on": DAY,
    }
    return StrategicInfluenceLogged(**{**told, **details})


def evaluated(**details) -> EvaluationActivityLogged:
    told = {
        "evaluation_id": uuid4(),
        "method": "interview",
        "participants_count": 3,
        "starts_on": DAY,
        "ends_on": DAY,
    }
    return EvaluationActivityLogged(**{**told, **details})


def everything() -> list[Message]:
    """One of each, and how each becomes another; not what is told of a response."""
    action, change, item = intended(), impact(), said()
    text, number = themes("a", "b"), indicator()
    return [
        started(),
        action,
        reported(action, outcome_code="yes"),
        intended(),
        not_intended(action),
        change,
        *(
            impact(kind, impact_id=change.impact_id, state=state, aims=("welcoming",))
            for kind, state in (
                (ImpactVerified, "verified"),
                (ImpactPublished, "published"),
                (ImpactWithdrawn, "withdrawn"),
            )
        ),
        text,
        text.model_copy(update={"themes": ()}),
        item,
        did(item),
        did(item, "fed_back"),
        number,
        number.model_copy(update={"numerator": 2}),
        pledged(),
        observed(),
        influence(),
        evaluated(),
    ]
