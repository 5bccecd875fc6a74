"""Answers: kept only of those who agree, told as codes, and never with what people wrote."""

from uuid import uuid4

import pytest
import time_machine

import a
from resources.surveys import AGREED, a_survey, ask, consenting, respond, told

SECRET = "Marjorie told me about her brother"


@pytest.fixture
async def survey(resources_http, token):
    coordinator = token("coordinator")
    items = [{"code": code, "label": code} for code in ("one", "two", "three")]
    questions = [
        await ask(resources_http, coordinator, offers_not_applicable=True),
        await ask(resources_http, coordinator, type="ranking", options=items),
        await ask(resources_http, coordinator, type="number", options=[], minimum=0, maximum=10),
        await ask(resources_http, coordinator, type="text", options=[]),
    ]
    return await a_survey(resources_http, coordinator, *questions)


@pytest.fixture
def codes(survey):
    return [question["code"] for question in survey["questions"]]


async def submitted(database, answer):
    assert answer.status_code == 201, answer.text
    return await told(database, "SurveySubmitted", answer.json()["response_id"])


async def test_answers_are_told_as_codes_ranks_and_numbers(
    resources_http, resources_database, survey, codes
):
    choice, ranking, number, text = codes
    event = str(uuid4())
    form = consenting(
        {"question": choice, "options": ["no"]},
        {"question": ranking, "ranks": [{"option": "two", "rank": 1}]},
        {"question": number, "number": 4},
        {"question": text, "text": SECRET},
        sector="voluntary",
        work_field="mental_health",
        learning_event_id=event,
        wave="2026-09",
    )
    answer = await respond(resources_http, survey, form)
    [message] = await submitted(resources_database, answer)
    assert answer.json() == {
        "response_id": str(message.response_id),
        "survey_key": survey["survey_key"],
        "wave": "2026-09",
        "receipt": answer.json()["receipt"],
    }
    assert (message.wave, str(message.learning_event_id)) == ("2026-09", event)
    assert message.channel == "open_form"
    assert (message.sector, message.work_field, message.person_id) == (
        "voluntary", "mental_health", None,
    )  # fmt: skip
    told_of = {one.question_code: one for one in message.answers}
    assert told_of[choice].options == ("no",)
    assert [(one.option, one.rank) for one in told_of[ranking].ranks] == [("two", 1)]
    assert told_of[number].number == 4
    assert (told_of[text].state, told_of[text].options) == ("answered", ())
    [text_id] = message.text_ids
    assert SECRET not in message.model_dump_json()
    kept = await resources_database.pool.fetchval(
        "SELECT said FROM answer_text WHERE text_id = $1", text_id
    )
    assert kept == SECRET


async def test_what_was_asked_and_not_answered_is_told_as_that(
    resources_http, resources_database, survey, codes
):
    form = consenting({"question": codes[0], "not_applicable": True})
    [message] = await submitted(resources_database, await respond(resources_http, survey, form))
    assert [one.state for one in message.answers] == [
        "not_applicable", "not_answered", "not_answered", "not_answered",
    ]  # fmt: skip
    assert message.text_ids == ()


async def test_the_wave_is_the_month_on_the_clock_here(resources_http, resources_database, survey):
    with time_machine.travel("2027-03-31T23:30:00Z", tick=True):
        answer = await respond(resources_http, survey, consenting())
    [message] = await submitted(resources_database, answer)
    assert (message.wave, str(message.submitted_on)) == ("2027-04", "2027-04-01")


@pytest.mark.parametrize("consent", [{}, {"evaluation": False, "quote": True}])
async def test_without_consent_nothing_is_kept(
    resources_http, resources_database, survey, codes, consent
):
    before = await resources_database.pool.fetchval("SELECT count(*) FROM response")
    form = {"consent": consent, "answers": [{"question": codes[3], "text": SECRET}]}
    answer = await respond(resources_http, survey, form)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Thank you for wanting to answer.")
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/consent/evaluation", "consent")
    assert SECRET not in answer.text
    assert await resources_database.pool.fetchval("SELECT count(*) FROM response") == before


async def test_everything_that_is_wrong_is_said_at_once(resources_http, survey, codes):
    form = {
        "consent": {"evaluation": False},
        "sector": "piracy",
        "answers": [
            {"question": codes[0], "options": ["perhaps"]},
            {"question": "nowhere", "options": ["yes"]},
            {"question": codes[1], "ranks": [{"option": "one", "rank": 2}]},
        ],
    }
    answer = await respond(resources_http, survey, form)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/answers/0/options/0", "unknown-option"),
        ("/answers/1/question", "unknown-question"),
        ("/answers/2/ranks", "ranks"),
        ("/sector", "unknown-code"),
        ("/consent/evaluation", "consent"),
    ]


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"consent": None}, "/consent"),
        ({"consent": {"evaluation": "true"}}, "/consent/evaluation"),
        ({"answers": [{"question": "x", "number": "4"}]}, "/answers/0/number"),
        ({"answers": [{"question": "x", "ranks": [{"option": "a", "rank": True}]}]},
         "/answers/0/ranks/0/rank"),
        ({"wave": "winter"}, "/wave"),
        ({"person_id": str(uuid4())}, "/person_id"),
    ],
)  # fmt: skip
async def test_a_form_that_is_none_is_refused(resources_http, survey, details, pointer):
    answer = await respond(resources_http, survey, {**consenting(), **details})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_the_same_key_answers_once(resources_http, resources_database, survey):
    headers = a.key()
    answers = [
        await respond(resources_http, survey, consenting(), headers=headers) for _ in range(3)
    ]
    assert len({one.content for one in answers}) == 1
    assert len(await submitted(resources_database, answers[0])) == 1


async def test_a_survey_that_is_not_there_cannot_be_answered(resources_http):
    answer = await respond(
        resources_http, {"survey_key": "nowhere"}, {"consent": AGREED, "answers": []}
    )
    assert answer.status_code == 404


async def test_an_answer_keeps_the_version_it_was_given_to(
    resources_http, resources_database, survey, codes, token
):
    await ask(resources_http, token("coordinator"), code=codes[0], offers_not_applicable=True)
    form = consenting({"question": codes[0], "options": ["yes"]})
    [message] = await submitted(resources_database, await respond(resources_http, survey, form))
    assert message.answers[0].version == 1
