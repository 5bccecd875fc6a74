"""Answers in surveys: a row for each option chosen or ranked, one for any other answer."""

import telling
from bus import arrived

KIND = ("question_code", "option_code", "version", "state", "rank", "number")


async def answers(kept, response, *names):
    rows = await kept("survey_answer", response_id=response.response_id)
    return [tuple(row[name] for name in names or KIND) for row in rows]


async def test_each_option_that_was_chosen_is_a_row(take, kept):
    response = telling.submitted(
        telling.answered("core.learnt", options=("practice", "policy"), version=2)
    )
    await take(response)
    assert await answers(kept, response) == [
        ("core.learnt", "policy", 2, "answered", None, None),
        ("core.learnt", "practice", 2, "answered", None, None),
    ]


async def test_each_item_that_was_ranked_is_a_row_with_its_rank(take, kept):
    response = telling.submitted(telling.answered("fu.topics", ranks=("trauma", "housing")))
    await take(response)
    assert await answers(kept, response, "option_code", "rank") == [("housing", 2), ("trauma", 1)]


async def test_a_number_a_text_and_a_question_left_out_are_one_row_each(take, kept):
    response = telling.submitted(
        telling.answered("fu.contacts", number=3.5),
        telling.answered("fu.other"),
        telling.answered("fu.topics", state="not_answered"),
    )
    await take(response)
    assert await answers(kept, response) == [
        ("fu.contacts", "", 1, "answered", None, 3.5),
        ("fu.other", "", 1, "answered", None, None),
        ("fu.topics", "", 1, "not_answered", None, None),
    ]


async def test_only_what_was_submitted_last_has_the_sequence_of_its_response(take, kept):
    first = telling.submitted(telling.answered(options=("yes",)), telling.answered("core.x"))
    again = first.model_copy(update={"answers": (telling.answered(options=("no",)),)})
    early, late = arrived(first), arrived(again)
    await take(late)
    await take(early)
    [response] = await kept("survey_response", response_id=first.response_id)
    assert response["sequence"] == 2
    assert await answers(kept, first, "question_code", "option_code", "sequence") == [
        ("core.recommend", "no", 2),
        ("core.recommend", "yes", 1),
        ("core.x", "", 1),
    ]
