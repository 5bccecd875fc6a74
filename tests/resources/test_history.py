"""Records of what was done, asked and answered: taken once, corrected later, told as history."""

import json
from uuid import uuid4

import pytest

from pdu_shared.identity import derived_id, person_id
from resources.surveys import ask, told

BACK = {"delivered": "false"}
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def send(resources_http, token):
    importer = token("integration", scope=["import"])

    async def sent(file, *rows, batch_id=None):
        answer = await resources_http.post(
            f"/imports/{file}?batch_id={batch_id or uuid4()}",
            content="\n".join(json.dumps(row) for row in rows).encode(),
            headers={**importer, **NDJSON},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return sent


def named(kind):
    # Digits in a row could be taken for a telephone number.
    letters = str.maketrans("0123456789", "ghijklmnop")
    return f"{kind}-{uuid4().hex[:20].translate(letters)}"


def activity(**details):
    return {
        "person_email": f"{uuid4().hex}@example.org",
        "item_key": named("res"),
        "action": "viewed",
        "at": "2018-05-09T13:44",
        **details,
    }


def invitation(**details):
    return {
        "invitation_key": named("I"),
        "survey_key": "post_event",
        "wave": "2018-05",
        "event_key": "LE-01",
        "person_email": f"{uuid4().hex}@example.org",
        "sent_at": "2018-05-17T10:00",
        "delivered": "true",
        **details,
    }


def answer(**details):
    return {
        "response_key": named("R"),
        "survey_key": "post_event",
        "wave": "2018-05",
        "event_key": "LE-01",
        "submitted_at": "2018-05-19T19:44",
        "respondent_sector": "voluntary",
        "respondent_work_field": "housing_homelessness",
        "question_code": "core.awareness",
        "option_code": "some_additional",
        "rank": "",
        "number": "",
        **details,
    }


def response_id(row):
    return derived_id("response", row["response_key"])


async def submitted(database, row):
    return await told(database, "SurveySubmitted", response_id(row))


async def faults(send, file, row):
    taken = await send(file, row)
    assert taken["changed"] == 0
    return [(one["pointer"], one["code"]) for one in taken["problems"]]


async def test_what_somebody_did_is_told_once_under_when_it_was(house, resources_database, send):
    row, batch_id = activity(at="2018-06-30T23:30"), uuid4()
    shouted = {**row, "person_email": row["person_email"].upper()}
    assert (await send("activity", row, shouted, batch_id=batch_id))["changed"] == 1
    assert (await send("activity", row))["changed"] == 0
    [fact] = await told(resources_database, "ResourceViewed", row["item_key"])
    assert fact.person_id == person_id(house.secrets.person_key.encode(), row["person_email"])
    assert str(fact.happened_on) == "2018-06-30"
    body = json.loads(
        await resources_database.pool.fetchval(
            "SELECT body FROM outbox WHERE subject = $1", f"activity/{fact.activity_id}"
        )
    )
    assert (body["time"], body["origin"]) == ("2018-06-30T22:30:00+00:00", "import")
    assert body["correlationid"] == str(batch_id)


async def test_an_item_turns_out_to_be_a_module(resources_database, send):
    row = activity(item_key=named("mod"))
    await send("activity", row)
    await send("activity", {**row, "action": "module_started"}, {**row, "action": "downloaded"})
    kind = await resources_database.pool.fetchval(
        "SELECT kind FROM item WHERE item_key = $1", row["item_key"]
    )
    assert kind == "module"
    assert len(await told(resources_database, "ModuleStarted", row["item_key"])) == 1


@pytest.mark.parametrize(
    ("details", "fault"),
    [
        ({"at": "2018-03-25T01:30"}, ("/at", "value_error")),
        ({"at": "2018-02-30T01:30"}, ("/at", "value_error")),
        ({"at": "2016-05-09T13:44"}, ("/at", "value_error")),
        ({"at": "2099-05-09T13:44"}, ("/at", "value_error")),
        ({"at": "2018-05-09T13:44Z"}, ("/at", "value_error")),
        ({"at": ""}, ("/at", "missing")),
        ({"action": "danced"}, ("/action", "enum")),
        ({"person_email": "nobody"}, ("/person_email", "value_error")),
        ({"mood": "good"}, ("/mood", "extra_forbidden")),
    ],
)
async def test_what_cannot_have_been_done_is_named(send, details, fault):
    assert await faults(send, "activity", activity(**details)) == [fault]


async def test_an_invitation_that_came_back_is_told_as_that(house, resources_database, send):
    sent, bounced = invitation(), invitation(delivered="false")
    assert (await send("survey_invitations", sent, bounced))["changed"] == 2
    ids = [derived_id("invitation", row["invitation_key"]) for row in (sent, bounced)]
    [one] = await told(resources_database, "SurveyInvitationSent", ids[0])
    [other] = await told(resources_database, "SurveyInvitationBounced", ids[1])
    assert one.person_id == person_id(house.secrets.person_key.encode(), sent["person_email"])
    assert (one.wave, str(one.invited_on)) == ("2018-05", "2018-05-17")
    assert one.learning_event_id == derived_id("learning_event", "LE-01")
    assert other.survey_id == derived_id("survey", "post_event")


async def test_an_invitation_is_told_again_only_when_it_is_another(resources_database, send):
    row = invitation()
    taken = [
        (await send("survey_invitations", {**row, **change}))["changed"]
        for change in ({}, {}, BACK, BACK, {**BACK, "wave": "2018-06"})
    ]
    assert taken == [1, 0, 1, 0, 1]
    invitation_id = derived_id("invitation", row["invitation_key"])
    [_] = await told(resources_database, "SurveyInvitationSent", invitation_id)
    back, last = await told(resources_database, "SurveyInvitationBounced", invitation_id)
    assert (back.wave, last.wave) == ("2018-05", "2018-06")


async def test_an_imported_invitation_opens_no_form_and_is_counted(
    resources_http, resources_database, send, token
):
    survey_key = named("old")
    await send("survey_invitations", invitation(survey_key=survey_key, event_key=""))
    tokens = await resources_database.pool.fetch(
        "SELECT token_hash FROM invitation WHERE survey_key = $1", survey_key
    )
    assert [one["token_hash"] for one in tokens] == [None]
    assert (await resources_http.get(f"/surveys/{survey_key}")).status_code == 404
    listed = (await resources_http.get("/surveys", headers=token("coordinator"))).json()
    assert [one["state"] for one in listed["surveys"] if one["survey_key"] == survey_key] == [
        "imported"
    ]
    path = f"/surveys/{survey_key}/invitations"
    counted = (await resources_http.get(path, headers=token("coordinator"))).json()
    assert (counted["invited"], counted["by_state"]["sent"]) == (1, 1)
    [survey] = await told(resources_database, "SurveyDefined", survey_key)
    assert (survey.title, survey.questions) == (survey_key, ())


@pytest.mark.parametrize(
    ("details", "fault"),
    [
        ({"delivered": "perhaps"}, ("/delivered", "literal_error")),
        ({"sent_at": "2019-03-31T01:00"}, ("/sent_at", "value_error")),
        ({"survey_key": "07700900123"}, ("/survey_key", "value_error")),
        ({"invitation_key": ""}, ("/invitation_key", "missing")),
    ],
)
async def test_what_is_no_invitation_is_named(send, details, fault):
    assert await faults(send, "survey_invitations", invitation(**details)) == [fault]


async def test_an_answer_is_told_with_who_answered_and_without_a_person(resources_database, send):
    row = answer()
    assert (await send("survey_answers", row))["changed"] == 1
    [message] = await submitted(resources_database, row)
    assert (message.sector, message.work_field, message.person_id) == (
        "voluntary", "housing_homelessness", None,
    )  # fmt: skip
    assert (message.survey_id, message.wave, str(message.submitted_on)) == (
        derived_id("survey", "post_event"), "2018-05", "2018-05-19",
    )  # fmt: skip
    [answered] = message.answers
    assert (answered.question_code, answered.version, answered.options) == (
        "core.awareness", 1, ("some_additional",),
    )  # fmt: skip


async def test_a_response_that_comes_in_two_requests_is_told_with_all_it_has(
    resources_database, send
):
    row = answer()
    more = {**row, "question_code": "core.share_planned", "option_code": "managers"}
    again = [await send("survey_answers", one) for one in (row, more, row, more)]
    assert [one["changed"] for one in again] == [1, 1, 0, 0]
    first, second = await submitted(resources_database, row)
    assert [len(one.answers) for one in (first, second)] == [1, 2]


async def test_who_answered_may_be_corrected(resources_database, send):
    row = answer()
    await send("survey_answers", row)
    corrected = {**row, "respondent_sector": "statutory", "respondent_work_field": ""}
    assert (await send("survey_answers", corrected))["changed"] == 1
    assert (await send("survey_answers", corrected))["changed"] == 0
    _, last = await submitted(resources_database, row)
    assert (last.sector, last.work_field) == ("statutory", None)


async def test_another_choice_corrects_a_question_of_one_choice_and_adds_to_one_of_many(
    resources_database, send
):
    row = answer()
    many = {**row, "question_code": "core.share_planned", "option_code": "managers"}
    await send("survey_answers", row, many)
    corrected = {**row, "option_code": "much_greater"}
    taken = await send("survey_answers", corrected, {**many, "option_code": "colleagues"})
    assert taken["changed"] == 2
    *_, last = await submitted(resources_database, row)
    assert [one.options for one in last.answers] == [("much_greater",), ("colleagues", "managers")]


async def test_a_vanished_row_means_nothing(resources_database, send):
    row = answer(question_code="core.share_planned", option_code="managers")
    await send("survey_answers", row, {**row, "option_code": "colleagues"})
    assert (await send("survey_answers", row))["changed"] == 0
    [message] = await submitted(resources_database, row)
    assert message.answers[0].options == ("colleagues", "managers")


async def test_unknown_questions_are_of_the_type_their_rows_have(resources_database, send):
    chosen, many, ranked, number = (named(kind) for kind in ("one", "many", "rank", "num"))
    row = answer(survey_key=named("old"), question_code=chosen, option_code="a")
    await send(
        "survey_answers",
        row,
        {**row, "question_code": many, "option_code": "a"},
        {**row, "question_code": many, "option_code": "b"},
        {**row, "question_code": ranked, "option_code": "x", "rank": "2"},
        {**row, "question_code": ranked, "option_code": "y", "rank": "1"},
        {**row, "question_code": number, "option_code": "", "number": "7.5"},
    )
    types = {
        code: [one.type for one in await told(resources_database, "QuestionVersioned", code)]
        for code in (chosen, many, ranked, number)
    }
    assert types == {
        chosen: ["single"], many: ["multiple"], ranked: ["ranking"], number: ["number"],
    }  # fmt: skip
    [message] = await submitted(resources_database, row)
    answers = {one.question_code: one for one in message.answers}
    assert [(one.option, one.rank) for one in answers[ranked].ranks] == [("y", 1), ("x", 2)]
    assert (answers[number].number, answers[many].options) == (7.5, ("a", "b"))
    *_, survey = await told(resources_database, "SurveyDefined", row["survey_key"])
    assert {one.code for one in survey.questions} == types.keys()


async def test_a_question_turns_out_to_be_of_many_choices(resources_database, send):
    row = answer(question_code=named("old"), option_code="a")
    for option in ("a", "b"):
        taken = await send("survey_answers", {**row, "option_code": option})
        assert taken["problems"] == []
    messages = await told(resources_database, "QuestionVersioned", row["question_code"])
    assert [(one.type, len(one.options)) for one in messages] == [("single", 1), ("multiple", 2)]


async def test_an_option_that_was_offered_once_is_known_and_not_offered_again(
    resources_http, resources_database, send, token
):
    asked = await ask(resources_http, token("coordinator"))
    await send("survey_answers", answer(question_code=asked["code"], option_code="perhaps"))
    *_, message = await told(resources_database, "QuestionVersioned", asked["code"])
    assert [one.code for one in message.options] == ["yes", "no", "perhaps"]
    renewed = await resources_http.get("/surveys/post_event")
    codes = [
        option["code"] for question in renewed.json()["questions"] for option in question["options"]
    ]
    assert "perhaps" not in codes


async def test_a_corrected_rank_and_number_are_told_again(resources_database, send):
    row = answer(question_code="ev.rank_impact", option_code="no_impact", rank="1")
    number = answer(question_code=named("num"), option_code="", number="1")
    await send("survey_answers", row, number)
    taken = await send("survey_answers", {**row, "rank": "2"}, {**number, "number": "2"})
    assert taken["changed"] == 2
    _, last = await submitted(resources_database, row)
    assert [(one.option, one.rank) for one in last.answers[0].ranks] == [("no_impact", 2)]
    _, last = await submitted(resources_database, number)
    assert last.answers[0].number == 2


@pytest.mark.parametrize(
    ("details", "fault"),
    [
        ({"respondent_sector": "piracy"}, ("/respondent_sector", "unknown-code")),
        ({"respondent_work_field": "piracy"}, ("/respondent_work_field", "unknown-code")),
        ({"submitted_at": "2018-03-25T01:00"}, ("/submitted_at", "value_error")),
        ({"option_code": ""}, ("", "value_error")),
        ({"number": "1"}, ("", "value_error")),
        ({"option_code": "", "rank": "1", "number": "1"}, ("", "value_error")),
        ({"option_code": "07700900123"}, ("/option_code", "value_error")),
        ({"rank": "0"}, ("/rank", "greater_than_equal")),
        ({"rank": "1"}, ("/question_code", "wrong-type")),
        ({"question_code": "ev.rank_impact"}, ("/question_code", "wrong-type")),
        ({"option_code": "", "number": "1"}, ("/question_code", "wrong-type")),
        ({"option_code": "", "number": "nan"}, ("/number", "finite_number")),
        ({"question_code": ""}, ("/question_code", "missing")),
    ],
)
async def test_what_is_no_answer_is_named_and_stops_nothing_else(
    resources_database, send, details, fault
):
    good, bad = answer(), answer(**details)
    taken = await send("survey_answers", good, bad)
    assert [(one["line"], one["pointer"], one["code"]) for one in taken["problems"]] == [
        (2, *fault)
    ]
    assert len(await submitted(resources_database, good)) == 1
    assert await submitted(resources_database, bad) == []


async def test_more_than_a_message_can_tell_is_refused(resources_database, send):
    row = answer(survey_key=named("old"), question_code=named("old"))
    rows = [{**row, "option_code": f"option-{number}"} for number in range(201)]
    taken = await send("survey_answers", *rows)
    assert {one["code"] for one in taken["problems"]} == {"too-many"}
    assert taken["changed"] == 200
    *_, message = await submitted(resources_database, row)
    assert len(message.answers[0].options) == 200


async def test_nobody_is_written_to(resources_database, send):
    batch_id = uuid4()
    await send("survey_invitations", invitation(), batch_id=batch_id)
    await send("survey_answers", answer(), batch_id=uuid4())
    rows = await resources_database.pool.fetch(
        "SELECT routing_key, exchange FROM outbox WHERE body LIKE $1", f"%{batch_id}%"
    )
    assert {(row["routing_key"], row["exchange"]) for row in rows} == {
        ("resources.SurveyInvitationSent.import", "pdu.messages")
    }
