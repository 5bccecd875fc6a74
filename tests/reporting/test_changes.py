"""Figures of change: what was meant and done, what changed, and what was said and answered."""

from datetime import date
from uuid import uuid4

import pytest

import telling
import telling_change as change
from pdu_shared.contracts.resources.impact import ImpactWithdrawn
from pdu_shared.contracts.resources.survey import SurveyConsent, SurveyInvitationSent

DAYS = iter(date.fromordinal(day) for day in range(date(2300, 1, 1).toordinal(), 10**6, 40))


@pytest.fixture
def day():
    """A day that no other test uses."""
    return next(DAYS)


@pytest.fixture
def period(day):
    return {"period_from": day.isoformat(), "period_to": day.isoformat()}


async def test_response_rates_tell_started_from_submitted(take, figure, share):
    survey = f"rates-{uuid4().hex[:8]}"
    asked = [telling.invitation(survey_key=survey) for _ in range(5)]
    saved = change.started(survey_key=survey)
    gone = telling.submitted(survey_key=survey)
    submitted = [
        telling.submitted(survey_key=survey, response_id=saved.response_id),
        telling.submitted(survey_key=survey),
    ]
    await take(
        *asked,
        *(SurveyInvitationSent(**one.model_dump()) for one in asked[:4]),
        saved,
        change.started(survey_key=survey),
        *submitted,
        gone,
        change.taken_back(gone),
        telling.submitted(survey_key=survey, channel="room_screen"),
    )
    assert await figure("survey_responses", survey_key=survey) == [{"value": 3}]
    rows = await figure("survey_invitations", survey_key=survey, by="state")
    assert {row["state"]: row["value"] for row in rows} == {
        "requested": 5, "sent": 4, "started": 3, "submitted": 2,
    }  # fmt: skip
    assert await share("response_rate", survey_key=survey) == (50, 2, 4)


async def test_what_was_taken_back_counts_nowhere(take, figure):
    survey = f"withdrawn-{uuid4().hex[:8]}"
    answers = telling.answered("fu.withdrawn", options=("yes",))
    first, second = (telling.submitted(answers, survey_key=survey) for _ in range(2))
    await take(first, second)
    asked = {"survey_key": survey, "question_code": "fu.withdrawn", "by": "option_code"}
    assert await figure("question_responses", **asked) == [{"option_code": "yes", "value": 2}]
    await take(change.taken_back(second))
    assert await figure("question_responses", **asked) == [{"option_code": "yes", "value": 1}]
    assert await figure("survey_responses", survey_key=survey) == [{"value": 1}]


async def test_consent_is_of_those_who_were_asked_for_it(take, answer):
    survey = f"consent-{uuid4().hex[:8]}"
    agreed = [(True, True), (True, False), (False, False)]
    await take(
        telling.submitted(survey_key=survey),
        *(
            telling.submitted(
                survey_key=survey, consent=SurveyConsent(evaluation=True, link=link, quote=quote)
            )
            for link, quote in agreed
        ),
    )
    rows = (await answer("survey_consent", survey_key=survey))["rows"]
    assert {row["agreed_to"]: (row["numerator"], row["denominator"]) for row in rows} == {
        "link": (2, 3), "quote": (1, 3),
    }  # fmt: skip
    assert {tuple(row["caveats"]) for row in rows} == {("counts_only",)}


async def test_what_people_meant_is_held_against_what_they_did(take, figure, share):
    event = uuid4()
    meant = [change.intended(learning_event_id=event) for _ in range(4)]
    dropped = change.intended(learning_event_id=event)
    await take(telling.published(learning_event_id=event), *meant, dropped)
    await take(
        change.reported(meant[0], "done"),
        change.reported(meant[1], "partly"),
        change.reported(meant[2], "not_done"),
        change.not_intended(dropped),
    )
    asked = {"learning_event": str(event)}
    rows = await figure("intentions", **asked, by="state")
    assert {row["state"]: row["value"] for row in rows} == {
        "done": 1, "partly": 1, "not_done": 1, "intended": 1,
    }  # fmt: skip
    assert await share("intentions_acted_on", **asked) == (66.67, 2, 3)


def shared(question, *audiences, **details):
    return telling.submitted(telling.answered(question, options=audiences), **details)


async def test_whom_people_told_is_held_against_whom_they_planned_to_tell(take, answer):
    event, kept, merged = uuid4(), uuid4(), uuid4()
    other, alone = uuid4(), uuid4()
    here = {"learning_event_id": event}
    await take(
        telling.published(**here),
        telling.merged(kept_id=kept, merged_id=merged),
        shared("core.share_planned", "managers", "colleagues", **here, person_id=kept),
        shared("fu.shared_with", "managers", **here, person_id=merged),
        shared("core.share_planned", "managers", **here, person_id=other),
        shared("fu.shared_with", "supervisor", **here, person_id=other),
        shared("core.share_planned", "managers", **here, person_id=alone),
        shared("core.share_planned", "managers", **here),
    )
    rows = (await answer("shared_as_planned", learning_event=str(event), by="option_code"))["rows"]
    assert {row["option_code"]: (row["numerator"], row["denominator"]) for row in rows} == {
        "managers": (1, 2), "colleagues": (0, 1),
    }  # fmt: skip


async def test_changes_are_counted_once_however_many_aims_they_have(take, figure, day, period):
    event = telling.published()
    both = change.impact(
        happened_on=day,
        learning_event_ids=(event.learning_event_id, uuid4()),
        aims=("welcoming", "user_led"),
        hls=("local_relationships",),
        contribution_class="partnership",
        expectedness="unexpected",
    )
    plain = change.impact(happened_on=day, level="system")
    gone = change.impact(happened_on=day)
    await take(event, both, plain, gone, ImpactWithdrawn(**_but(gone, state="withdrawn")))
    assert await figure("impacts", **period) == [{"value": 2}]
    by_aim = await figure("impacts", **period, by="aim")
    assert {row["aim"]: row["value"] for row in by_aim} == {
        "welcoming": 1, "user_led": 1, None: 1,
    }  # fmt: skip
    assert await figure("impacts", **period, aim="welcoming,user_led", by="aim") == [
        {"aim": "user_led", "value": 1},
        {"aim": "welcoming", "value": 1},
    ]
    assert await figure("impacts", **period, aim="welcoming") == [{"value": 1}]
    by_event = {"learning_event": str(event.learning_event_id), "by": "learning_event"}
    assert [row["value"] for row in await figure("impacts", **by_event)] == [1]
    by_class = await figure("impacts", **period, by="contribution_class,expectedness")
    assert {"contribution_class": "partnership", "expectedness": "unexpected", "value": 1} in (
        by_class
    )


def _but(message, **details):
    return {**message.model_dump(), **details}


async def test_a_theme_is_a_share_of_the_texts_that_were_coded(take, answer):
    question = f"test.{uuid4().hex[:8]}"
    here = {"question_code": question}
    gone = change.themes("links", **here)
    await take(
        telling.question(code=question),
        change.themes("links", "confidence", **here),
        change.themes("confidence", **here),
        gone,
        gone.model_copy(update={"themes": ()}),
    )
    rows = (await answer("theme_share", **here))["rows"]
    assert {row["theme"]: (row["numerator"], row["denominator"]) for row in rows} == {
        "links": (1, 2), "confidence": (2, 2),
    }  # fmt: skip


async def test_a_theme_is_a_share_of_each_group_that_was_asked(take, answer):
    question = f"test.{uuid4().hex[:8]}"
    here = {"question_code": question}
    await take(
        telling.question(code=question),
        change.themes("mental_health", **here, respondent_group="interviewee"),
        change.themes("mental_health", **here),
        change.themes("housing", **here),
    )
    rows = (await answer("theme_share", **here, by="respondent_group"))["rows"]
    assert {
        (row["respondent_group"], row["theme"]): (row["numerator"], row["denominator"])
        for row in rows
        if row["respondent_group"]
    } == {("interviewee", "mental_health"): (1, 1)}
    [row] = (await answer("theme_share", **here, respondent_group="interviewee"))["rows"]
    assert row["value"] == 100.0


async def test_what_people_said_is_counted_where_it_has_come_to(take, figure, day):
    first, second = (change.said(said_on=day) for _ in range(2))
    await take(first, second, change.did(first), change.did(first, "fed_back"))
    asked = {"said_from": day.isoformat(), "said_to": day.isoformat(), "by": "state"}
    rows = await figure("you_said", **asked)
    assert {row["state"]: row["value"] for row in rows} == {"said": 1, "fed_back": 1}


async def test_the_logs_beside_the_map_are_counted(take, figure, share, day, period):
    number = change.indicator(period_from=day, period_to=day, numerator=1, denominator=4)
    await take(
        number,
        number.model_copy(update={"numerator": 3}),
        change.indicator(period_from=day, period_to=day, denominator=None),
        *(change.observed(observed_on=day, seen=seen) for seen in (True, True, False)),
        change.influence(happened_on=day, influenced=True),
        change.influence(happened_on=day),
        change.pledged(adopted_on=day, state="partly"),
        *(change.evaluated(starts_on=day, ends_on=day) for _ in range(2)),
    )
    assert await share("indicator_share", **period, indicator="completion") == (75, 3, 4)
    assert await share("markers_seen", **period) == (66.67, 2, 3)
    rows = await figure("strategic_influences", **period, by="result")
    assert {row["result"]: row["value"] for row in rows} == {"influenced": 1, "not_known": 1}
    assert await figure("pledges", **period, state="partly") == [{"value": 1}]
    assert await figure("evaluation_activities", **period, evidence="interview") == [{"value": 2}]
    assert await figure("evaluation_participants", **period) == [{"value": 6}]
