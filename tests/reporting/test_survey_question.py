"""Questions of surveys: their newest words, and the codes of their options."""

import telling
from bus import arrived
from pdu_shared.contracts.resources.survey import Option


async def test_a_question_is_kept_with_the_codes_of_its_options(take, kept):
    question = telling.question()
    await take(question)
    assert await kept("survey_question", question_id=question.question_id) == [
        {
            "question_id": question.question_id,
            "code": "core.recommend",
            "version": 1,
            "type": "single",
            "wording": "Would you recommend this?",
            "options": ["yes", "no"],
            "labels": ["Yes", "No"],
            "sequence": 1,
        }
    ]


async def test_a_question_without_options_has_none(take, kept):
    question = telling.question(type="text", options=())
    await take(question)
    [row] = await kept("survey_question", question_id=question.question_id)
    assert row["options"] == []


async def test_the_newest_words_stand_whichever_come_first(take, kept):
    question = telling.question()
    newer = question.model_copy(
        update={"version": 2, "options": (Option(code="maybe", label="Perhaps"),)}
    )
    first, second = arrived(question), arrived(newer)
    await take(second)
    await take(first)
    [row] = await kept("survey_question", question_id=question.question_id)
    assert (row["version"], row["options"]) == (2, ["maybe"])
