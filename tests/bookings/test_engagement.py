"""The rules of an engagement: its state follows from facts and time, and so does what is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pdu_bookings.rules.engagement import (
    POSSIBLE,
    EngagementState,
    Facts,
    Missing,
    Step,
    debriefed_in_time,
    in_time,
    missing,
    state_of,
    why_not,
)
from pdu_bookings.rules.expert_task import TaskKind, tasks

STARTS = datetime(2027, 3, 30, 9, tzinfo=UTC)  # at ten, two days after the clocks went forward
OPTED_IN = Facts(starts_at=STARTS, ends_at=STARTS + timedelta(hours=3))
BRIEFED = replace(OPTED_IN, briefed=True)
SUPPORTED = replace(BRIEFED, supported=True)
READY = replace(SUPPORTED, plan_agreed=True)
CONTRIBUTED = replace(READY, contributed_on=date(2027, 3, 30))
DEBRIEFED = replace(CONTRIBUTED, debriefed_on=date(2027, 3, 31))
TOLD = replace(DEBRIEFED, feedback_given_on=date(2027, 5, 1))
EARLY, LATER = STARTS - timedelta(days=20), STARTS + timedelta(hours=4)


@pytest.mark.parametrize(
    ("facts", "now", "state"),
    [
        (OPTED_IN, EARLY, "opted_in"),
        (OPTED_IN, STARTS - timedelta(days=14), "briefing_due"),
        (replace(OPTED_IN, supported=True, plan_agreed=True), EARLY, "opted_in"),
        (BRIEFED, EARLY, "briefed"),
        (replace(BRIEFED, plan_agreed=True), EARLY, "briefed"),
        (SUPPORTED, EARLY, "support_confirmed"),
        (READY, EARLY, "ready"),
        (CONTRIBUTED, LATER, "contributed"),
        (CONTRIBUTED, LATER + timedelta(days=1), "debrief_due"),
        (DEBRIEFED, LATER + timedelta(days=1), "debriefed"),
        (DEBRIEFED, LATER + timedelta(days=29), "debriefed"),
        (DEBRIEFED, LATER + timedelta(days=30), "feedback_due"),
        (TOLD, LATER + timedelta(days=40), "feedback_given"),
        (replace(TOLD, closed=True), LATER + timedelta(days=40), "closed"),
        (replace(OPTED_IN, withdrawn=True), EARLY, "withdrawn"),
        (replace(TOLD, closed=True, withdrawn=True), LATER, "withdrawn"),
    ],
)
def test_a_state_follows_from_what_is_known(facts, now, state):
    assert state_of(facts, now) == state


def test_a_debrief_is_due_by_the_day_and_not_by_the_hour():
    last_minute = datetime(2027, 3, 30, 22, 59, tzinfo=UTC)  # a minute to midnight in Nottingham
    assert state_of(CONTRIBUTED, last_minute) == "contributed"
    assert state_of(CONTRIBUTED, last_minute + timedelta(minutes=1)) == "debrief_due"


def test_every_state_lets_one_withdraw():
    assert POSSIBLE[Step.WITHDRAW] == frozenset(EngagementState)


@pytest.mark.parametrize(
    ("facts", "possible"),
    [
        (READY, {Step.CHANGE, Step.PREPARE, Step.WITHDRAW}),
        (CONTRIBUTED, {Step.CONTRIBUTE, Step.FOLLOW_UP, Step.GIVE_FEEDBACK, Step.WITHDRAW}),
        (TOLD, {Step.CONTRIBUTE, Step.FOLLOW_UP, Step.GIVE_FEEDBACK, Step.CLOSE, Step.WITHDRAW}),
        (replace(TOLD, closed=True), {Step.CLOSE, Step.WITHDRAW}),
        (replace(READY, withdrawn=True), {Step.WITHDRAW}),
    ],
)
def test_what_can_be_done_depends_on_the_state(facts, possible):
    now = LATER if facts.contributed_on else EARLY
    assert {step for step in Step if why_not(step, facts, now) is None} == possible


def test_nobody_contributes_before_the_event():
    assert why_not(Step.CONTRIBUTE, READY, EARLY) == "The event has not begun yet."
    assert why_not(Step.CONTRIBUTE, READY, STARTS) is None


def test_an_expert_needs_a_briefing_a_supporter_and_a_plan():
    assert missing(OPTED_IN) == tuple(Missing)
    assert missing(SUPPORTED) == (Missing.SHARING_PLAN,)
    assert missing(READY) == ()


@pytest.mark.parametrize(
    ("facts", "now", "due"),
    [
        (OPTED_IN, EARLY, {}),
        (OPTED_IN, STARTS - timedelta(days=14), {TaskKind.BRIEF: date(2027, 3, 29)}),
        (
            BRIEFED,
            STARTS - timedelta(days=7),
            {
                TaskKind.NAME_SUPPORTER: date(2027, 3, 29),
                TaskKind.AGREE_SHARING_PLAN: date(2027, 3, 29),
            },
        ),
        (READY, STARTS - timedelta(days=1), {}),
        (READY, LATER, {TaskKind.RECORD_CONTRIBUTION: date(2027, 3, 31)}),
        (
            CONTRIBUTED,
            LATER,
            {TaskKind.DEBRIEF: date(2027, 3, 31), TaskKind.GIVE_FEEDBACK: date(2027, 5, 29)},
        ),
        (DEBRIEFED, LATER, {TaskKind.GIVE_FEEDBACK: date(2027, 5, 29)}),
        (
            replace(TOLD, distress_open=True),
            LATER,
            {TaskKind.FOLLOW_UP_DISTRESS: date(2027, 3, 30)},
        ),
        (TOLD, LATER, {}),
        (replace(OPTED_IN, withdrawn=True), STARTS, {}),
        (replace(OPTED_IN, called_off=True), STARTS, {}),
        (replace(TOLD, distress_open=True, closed=True), LATER, {}),
    ],
)
def test_what_is_due_follows_from_the_event_and_what_is_done(facts, now, due):
    assert tasks(facts, now) == due


def test_preparing_on_the_day_itself_is_late():
    assert in_time(date(2027, 3, 29), OPTED_IN)
    assert not in_time(date(2027, 3, 30), OPTED_IN)


def test_a_debrief_after_the_next_day_is_late():
    assert debriefed_in_time(date(2027, 3, 31), date(2027, 3, 30))
    assert not debriefed_in_time(date(2027, 4, 1), date(2027, 3, 30))
