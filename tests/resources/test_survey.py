"""Questions keep their code and their versions; a survey is enough to draw a form of."""

import asyncio
from uuid import uuid4

import pytest

import a
from pdu_resources.survey import bank
from pdu_shared.database import transaction
from resources.surveys import a_code, a_question, a_survey, ask, told

SEEDED = {
    "post_event": {"core.understanding", "core.awareness", "core.share_planned"},
    "follow_up": {"core.heard_about", "fu.action", "fu.contacts", "fu.model", "fu.hub_used"},
    "evaluation": {"ev.rank_challenge", "ev.rank_impact", "ev.better_equipped"},
}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def post(http, path, form, headers):
    return await http.post(path, json=form, headers={**headers, **a.key()})


@pytest.mark.parametrize("survey_key", SEEDED)
async def test_the_surveys_of_the_programme_are_there_from_the_first_start(
    resources_http, survey_key
):
    survey = (await resources_http.get(f"/surveys/{survey_key}")).json()
    asked = {question["code"]: question for question in survey["questions"]}
    assert asked.keys() >= SEEDED[survey_key]
    for question in asked.values():
        offers = question["type"] in {"single", "multiple", "ranking"}
        assert bool(question["options"]) == offers
        assert all(option["label"] for option in question["options"])


async def test_nine_conditions_are_ranked(resources_http):
    survey = (await resources_http.get("/surveys/evaluation")).json()
    [ranked] = [one for one in survey["questions"] if one["code"] == "ev.rank_challenge"]
    assert (ranked["type"], len(ranked["options"])) == ("ranking", 9)


async def test_the_bank_is_told_once(resources_database):
    async def everything():
        return [
            await told(resources_database, name, text)
            for name, text in (("QuestionVersioned", "core.awareness"), ("SurveyDefined", "title"))
        ]

    before = await everything()
    async with transaction(resources_database) as conn:
        await bank.seed(conn)
    assert await everything() == before
    [question], surveys = before
    assert [option.code for option in question.options] == [
        "much_greater", "some_additional", "confirmed_previous", "no_greater",
    ]  # fmt: skip
    assert {survey.survey_key for survey in surveys} >= SEEDED.keys()


async def test_a_new_question_is_the_first_version_and_is_told(
    resources_http, resources_database, coordinator
):
    bounds = {"minimum": None, "maximum": 5}
    question = await ask(resources_http, coordinator, type="number", options=[], **bounds)
    assert (question["version"], question["minimum"], question["maximum"]) == (1, None, 5)
    [message] = await told(resources_database, "QuestionVersioned", question["code"])
    assert (message.version, message.type, message.options) == (1, "number", ())


async def test_new_words_are_a_new_version_and_surveys_keep_theirs(
    resources_http, resources_database, coordinator
):
    first = await ask(resources_http, coordinator)
    survey = await a_survey(resources_http, coordinator, first)
    second = await ask(resources_http, coordinator, code=first["code"], wording="Does it help?")
    assert (first["version"], second["version"]) == (1, 2)
    assert (await resources_http.get(f"/surveys/{survey['survey_key']}")).json() == survey
    renewed = await a_survey(resources_http, coordinator, second, survey_key=survey["survey_key"])
    assert [one["version"] for one in renewed["questions"]] == [2]
    messages = await told(resources_database, "SurveyDefined", survey["survey_key"])
    assert [one.questions[0].version for one in messages] == [1, 2]


async def test_another_type_needs_another_code(resources_http, coordinator):
    question = await ask(resources_http, coordinator)
    changed = a_question(code=question["code"], type="multiple")
    answer = await post(resources_http, "/questions", changed, coordinator)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")


async def test_ten_versions_at_once_are_ten_versions_or_a_conflict(resources_http, coordinator):
    code = a_code()
    answers = await asyncio.gather(
        *(post(resources_http, "/questions", a_question(code=code), coordinator)
          for _ in range(10))
    )  # fmt: skip
    made = [one.json()["version"] for one in answers if one.status_code == 201]
    assert sorted(made) == list(range(1, len(made) + 1))
    assert {one.status_code for one in answers} <= {201, 409}


async def test_the_same_key_asks_once(resources_http, resources_database, coordinator):
    question, headers = a_question(), {**coordinator, **a.key()}
    answers = [
        await resources_http.post("/questions", json=question, headers=headers) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert len(await told(resources_database, "QuestionVersioned", question["code"])) == 1


@pytest.mark.parametrize(
    ("details", "pointers"),
    [
        ({"options": []}, ["/options"]),
        ({"type": "text"}, ["/options"]),
        ({"minimum": 1}, ["/minimum"]),
        ({"type": "verse"}, ["/type"]),
        ({"wording": "Ring 07700 900123"}, ["/wording"]),
        ({"code": "Not A Code"}, ["/code"]),
        ({"options": [{"code": "yes", "label": "Y"}] * 2}, ["/options"]),
        ({"maximum": "5"}, ["/maximum"]),
        ({"version": 3}, ["/version"]),
    ],
)
async def test_a_question_that_cannot_be_asked_is_refused(
    resources_http, coordinator, details, pointers
):
    answer = await post(resources_http, "/questions", a_question(**details), coordinator)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


async def test_a_survey_asks_the_common_core_and_what_one_event_was_for(
    resources_http, coordinator
):
    questions = [{"code": code} for code in ("core.understanding", "event.outcome.1")]
    survey = await a_survey(resources_http, coordinator, *questions)
    assert [one["code"] for one in survey["questions"]] == ["core.understanding", "event.outcome.1"]
    assert len(survey["questions"][1]["options"]) == 4


async def test_a_survey_of_questions_that_are_not_there_is_refused_and_all_are_named(
    resources_http, coordinator
):
    survey = {
        "survey_key": f"test-{uuid4().hex[:20]}",
        "title": "Odd",
        "questions": ["core.improve", "nowhere", "core.improve", "neither"],
    }
    answer = await post(resources_http, "/surveys", survey, coordinator)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/questions/1", "unknown-question"),
        ("/questions/2", "repeated"),
        ("/questions/3", "unknown-question"),
    ]
    assert (await resources_http.get(f"/surveys/{survey['survey_key']}")).status_code == 404


async def test_a_coordinator_sees_every_survey(resources_http, coordinator):
    survey = await a_survey(resources_http, coordinator)
    listed = (await resources_http.get("/surveys", headers=coordinator)).json()["surveys"]
    assert {one["survey_key"] for one in listed} >= {survey["survey_key"], *SEEDED}
    [found] = [one for one in listed if one["survey_key"] == survey["survey_key"]]
    assert found == {
        "survey_key": survey["survey_key"],
        "title": "How it went",
        "kind": "other",
        "state": "defined",
        "questions": [survey["questions"][0]["code"]],
    }


@pytest.mark.parametrize("survey_key", ["nowhere", "Not A Key", "%F0%9F"])
async def test_a_survey_that_is_not_there_is_not_found(resources_http, survey_key):
    assert (await resources_http.get(f"/surveys/{survey_key}")).status_code == 404


@pytest.mark.parametrize("role", ["member", "evaluator"])
async def test_nobody_else_changes_what_is_asked(resources_http, token, role):
    for path, form in (("/questions", a_question()), ("/surveys", {})):
        assert (await post(resources_http, path, form, token(role))).status_code == 403


async def test_a_survey_stays_of_its_kind_when_it_asks_something_else(resources_http, coordinator):
    survey = await a_survey(resources_http, coordinator, kind="evaluation")
    again = await a_survey(resources_http, coordinator, survey_key=survey["survey_key"])
    assert (survey["kind"], again["kind"]) == ("evaluation", "evaluation")
    assert again["questions"] != survey["questions"]
