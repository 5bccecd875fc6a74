"""Surveys: responses are counted, not rows, and every share says of whom."""

import pytest

import telling
from pdu_shared.contracts.resources.survey import (
    SurveyInvitationBounced,
    SurveyInvitationRequested,
    SurveyInvitationSent,
)


def heard(*options, **details):
    return telling.submitted(telling.answered("t.heard", options=options), **details)


@pytest.fixture
async def survey(take):
    """A survey with two waves: four responses of the first answered what can have many answers."""
    key = telling.word("survey").code
    here = {"survey_key": key, "wave": "2198-06", "submitted_on": "2198-06-10"}
    skipped = telling.answered("t.heard", state="not_answered")
    named = telling.answered("t.other", options=("yes",))
    await take(
        heard("newsletter", "manager", **here),
        heard("newsletter", sector="statutory", work_field="mental_health", **here),
        heard("manager", sector="statutory", **{**here, "submitted_on": "2198-06-20"}),
        heard("search", sector="voluntary", **here),
        telling.submitted(skipped, named, **here),
        heard("search", survey_key=key, wave="2199-01"),
    )
    return key


ASKED = {"wave": "2198-06", "question_code": "t.heard"}


async def test_responses_are_counted_and_not_their_rows(figure, survey):
    asked = {"survey_key": survey}
    assert await figure("survey_responses", **asked) == [{"value": 6}]
    assert await figure("survey_responses", **asked, by="wave") == [
        {"wave": "2198-06", "value": 5},
        {"wave": "2199-01", "value": 1},
    ]
    assert await figure("survey_responses", **asked, **ASKED) == [{"value": 4}]
    assert await figure("question_responses", **asked, **ASKED) == [{"value": 4}]
    assert await figure("survey_responses", **asked, option_code="newsletter,manager") == [
        {"value": 3}
    ]


@pytest.mark.parametrize(
    ("asked", "responses"),
    [
        ({"submitted_from": "2198-06-11"}, 2),
        ({"submitted_to": "2198-06-10"}, 4),
        ({"respondent_sector": "statutory"}, 2),
        ({"respondent_work_field": "mental_health"}, 1),
    ],
)
async def test_responses_are_filtered_by_day_and_respondent(figure, survey, asked, responses):
    assert await figure("survey_responses", survey_key=survey, **asked) == [{"value": responses}]


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ({"option_code": "newsletter"}, (50.0, 2, 4)),
        ({"option_code": "newsletter", "base": "answered"}, (50.0, 2, 4)),
        ({"option_code": "newsletter", "base": "respondents"}, (40.0, 2, 5)),
        ({"option_code": "newsletter,manager"}, (75.0, 3, 4)),
        ({"option_code": "yes"}, (0.0, 0, 4)),
        ({"option_code": "search", "respondent_sector": "voluntary"}, (100.0, 1, 1)),
    ],
)
async def test_a_share_says_whether_it_is_of_those_who_answered(share, survey, asked, parts):
    assert await share("survey_share", survey_key=survey, **ASKED, **asked) == parts


@pytest.mark.parametrize(("base", "whole"), [("answered", (4, 1)), ("respondents", (5, 1))])
async def test_shares_cut_by_option_and_wave_are_each_of_their_wave(answer, survey, base, whole):
    asked = {"survey_key": survey, "question_code": "t.heard", "base": base}
    told = await answer("survey_share", **asked, by="wave,option_code")
    assert [
        (row["wave"], row["option_code"], row["numerator"], row["denominator"])
        for row in told["rows"]
    ] == [
        ("2198-06", "manager", 2, whole[0]),
        ("2198-06", "newsletter", 2, whole[0]),
        ("2198-06", "search", 1, whole[0]),
        ("2199-01", "search", 1, whole[1]),
    ]


async def test_a_response_that_came_again_counts_as_it_came_last(take, figure, share):
    first = heard("newsletter", "manager", survey_key=telling.word("survey").code)
    second = telling.answered("t.heard", options=("manager",))
    await take(first)
    await take(first.model_copy(update={"answers": (second,)}))
    asked = {"survey_key": first.survey_key, "question_code": "t.heard"}
    assert await figure("survey_responses", **asked, by="option_code") == [
        {"option_code": "manager", "value": 1}
    ]
    parts = await share("survey_share", **asked, option_code="newsletter")
    assert parts == (0.0, 0, 1)


@pytest.fixture
async def invited(take):
    """A survey with eight invitations: two on their way, two came back, four delivered."""
    here = {"survey_key": telling.word("survey").code, "wave": "2198-06"}
    states = (
        *(SurveyInvitationRequested,) * 2,
        *(SurveyInvitationBounced,) * 2,
        *(SurveyInvitationSent,) * 4,
    )
    await take(
        *(telling.invitation(state, **here) for state in states),
        heard("search", **here),
        telling.invitation(SurveyInvitationSent, **{**here, "wave": "2199-01"}),
    )
    return here


async def test_a_response_rate_is_of_what_was_delivered_or_of_all(share, invited):
    assert await share("response_rate", **invited) == (25.0, 1, 4)
    assert await share("response_rate_of_invited", **invited) == (12.5, 1, 8)


async def test_response_rates_are_told_by_wave(answer, invited):
    told = await answer("response_rate", survey_key=invited["survey_key"], by="wave")
    assert [(row["wave"], row["value"], row["denominator"]) for row in told["rows"]] == [
        ("2198-06", 25.0, 4),
        ("2199-01", 0.0, 1),
    ]


async def test_without_invitations_there_is_no_rate(share, survey):
    assert await share("response_rate", survey_key=survey) == (None, 6, 0)


async def test_invitations_are_told_by_how_far_they_came(figure, invited):
    assert await figure("survey_invitations", **invited) == [
        {"state": "bounced", "value": 2},
        {"state": "requested", "value": 8},
        {"state": "sent", "value": 4},
        {"state": "started", "value": 1},
        {"state": "submitted", "value": 1},
    ]
    assert await figure("survey_invitations", **invited, state="sent", by="wave") == [
        {"wave": "2198-06", "state": "sent", "value": 4}
    ]


async def test_answers_to_a_survey_that_few_answered_are_not_representative(answer, invited):
    asked = {"question_code": "t.heard", "option_code": "search"}
    told = await answer("survey_share", **invited, **asked)
    assert told["rows"][0]["caveats"] == ["counts_only", "not_representative"]
    assert told["caveats"]["not_representative"].startswith("Fewer than 30%")
    cut = await answer("survey_share", survey_key=invited["survey_key"], **asked, by="wave")
    assert cut["rows"][0]["caveats"] == ["counts_only", "not_representative"]


async def test_answers_to_a_survey_that_many_answered_have_no_such_caveat(answer, take):
    here = {"survey_key": telling.word("survey").code, "wave": "2198-06"}
    await take(telling.invitation(SurveyInvitationSent, **here), heard("search", **here))
    told = await answer("survey_responses", **here)
    assert told["rows"][0]["caveats"] == []
