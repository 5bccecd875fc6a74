"""What becomes of a letter: sent, later, or never, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pdu_notifications.rules.sending import (
    MOST_ATTEMPTS,
    Later,
    Never,
    SendNow,
    Standing,
    after_deferral,
    fate,
)
from pdu_shared.contracts.vocabulary import LetterState

NOON = datetime(2027, 1, 13, 12, 0, tzinfo=UTC)
QUEUED = Standing(
    state=LetterState.QUEUED,
    attempt=0,
    repeatable=True,
    posted_at=NOON,
    expires_at=NOON + timedelta(days=1),
    while_booking="confirmed",
    booking_state="confirmed",
    lacks=None,
)


def standing(**changes):
    return replace(QUEUED, **changes)


@pytest.mark.parametrize("state", ["queued", "deferred", "sending"])
def test_a_letter_that_is_due_goes_out_also_when_its_postman_died_on_the_way(state):
    assert fate(standing(state=LetterState(state)), now=NOON) == SendNow()


def test_a_confirmation_in_doubt_is_sent_again():
    assert fate(standing(state=LetterState.IN_DOUBT), now=NOON) == SendNow()


def test_a_letter_that_must_not_come_twice_is_held_when_in_doubt():
    letter = standing(state=LetterState.IN_DOUBT, repeatable=False)
    assert fate(letter, now=NOON) == Never(LetterState.HELD, "in_doubt")


def test_a_confirmation_of_a_booking_that_was_cancelled_meanwhile_is_not_sent():
    letter = standing(booking_state="cancelled")
    assert fate(letter, now=NOON) == Never(LetterState.CANCELLED, "booking_changed")


def test_a_letter_about_no_booking_asks_for_none():
    assert fate(standing(while_booking=None, booking_state=None), now=NOON) == SendNow()


def test_a_reminder_is_never_sent_once_the_session_has_begun():
    letter = standing(expires_at=NOON)
    assert fate(letter, now=NOON) == Never(LetterState.EXPIRED, "too_late")
    assert fate(letter, now=NOON - timedelta(seconds=1)) == SendNow()


@pytest.mark.parametrize("lacking", ["no_booking", "no_address", "no_link"])
def test_a_letter_waits_ten_minutes_for_what_it_lacks(lacking):
    letter = standing(lacks=lacking)
    soon = NOON + timedelta(minutes=9)
    assert fate(letter, now=soon) == Later(LetterState.QUEUED, lacking, soon + timedelta(seconds=5))
    assert fate(letter, now=NOON + timedelta(minutes=10)) == Never(LetterState.FAILED, lacking)


def deferred(attempt, *, now=NOON, expires_at=None):
    return after_deferral(attempt, reason="4.7.1", expires_at=expires_at, now=now)


def test_the_pauses_after_a_server_said_later_grow_and_end_after_a_day():
    now, pauses, attempt = NOON, [], 1
    while isinstance(becomes := deferred(attempt, now=now), Later):
        pauses.append((becomes.at - now) // timedelta(minutes=1))
        now, attempt = becomes.at, attempt + 1
    assert pauses == [1, 5, 15, 30, 60] + [60] * 22
    assert timedelta(hours=23) < now - NOON <= timedelta(hours=24)
    assert becomes == Never(LetterState.FAILED, "gave_up")


def test_a_letter_whose_postmen_keep_dying_is_given_up():
    letter = standing(attempt=MOST_ATTEMPTS, state=LetterState.SENDING)
    assert fate(letter, now=NOON) == Never(LetterState.FAILED, "gave_up")


def test_a_reminder_is_not_tried_again_after_the_start():
    assert deferred(1, expires_at=NOON + timedelta(minutes=1)) == Never(
        LetterState.EXPIRED, "too_late"
    )
    assert isinstance(deferred(1, expires_at=NOON + timedelta(minutes=2)), Later)
