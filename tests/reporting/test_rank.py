"""Ranking questions, with numbers that a report has printed."""

from itertools import combinations, islice, permutations

import pytest

import telling
from pdu_shared.contracts.resources.survey import Option, Ranked

RESPONDENTS, NINE = 44, 9
CHALLENGE = {"political": 280, "financial": 242, "leadership": 170, "relations": 167}
OTHERS = {"other-1": 225, "other-2": 224, "other-3": 224, "other-4": 224, "other-5": 224}
"""Sums of scores with nine items and 44 who ranked all of them."""
EIGHT = 8
IMPACT = {"services": (38, 250), "culture": (37, 143), "none": (37, 65)}
"""How many ranked an item of eight, and the sum of its scores."""


def complete_rankings(totals):
    """Orders of all items, one for each respondent, whose scores add up to these totals."""
    orders = [list(one) for one in islice(permutations(totals), 0, None, 8_247)][:RESPONDENTS]
    left = dict(totals)
    for order in orders:
        for place, item in enumerate(order):
            left[item] -= NINE - place
    while any(left.values()):
        assert any(_mend(order, left) for order in orders), left
    return orders


def _mend(order, left):
    """Let two items change places where one has to score more and the other less."""
    for ahead, behind in combinations(range(NINE), 2):
        rich, poor, far = order[ahead], order[behind], behind - ahead
        if left[poor] >= far and left[rich] <= -far:
            order[ahead], order[behind] = poor, rich
            left[poor] -= far
            left[rich] += far
            return True
    return False


def scores(count, total):
    """So many scores that add up to a total."""
    low, more = divmod(total, count)
    return [low + (place < more) for place in range(count)]


@pytest.fixture(scope="module")
async def challenge(take):
    key = telling.word("survey").code
    orders = complete_rankings({**CHALLENGE, **OTHERS})
    await take(
        *(
            telling.submitted(telling.answered("t.challenge", ranks=o), survey_key=key)
            for o in orders
        )
    )
    return {"survey_key": key, "question_code": "t.challenge", "items_offered": NINE}


@pytest.fixture(scope="module")
async def impact(take):
    key = telling.word("survey").code
    ranked = [
        telling.answered("t.impact").model_copy(
            update={"ranks": (Ranked(option=item, rank=EIGHT - score + 1),)}
        )
        for item, (count, total) in IMPACT.items()
        for score in scores(count, total)
    ]
    await take(*(telling.submitted(one, survey_key=key) for one in ranked))
    return {"survey_key": key, "question_code": "t.impact", "items_offered": EIGHT}


@pytest.mark.parametrize(
    ("item", "score", "place"),
    [("political", 6.36, 1), ("financial", 5.5, 2), ("leadership", 3.86, 8), ("relations", 3.8, 9)],
)
async def test_complete_rankings_give_the_scores_that_were_printed(
    share, challenge, item, score, place
):
    parts = (CHALLENGE[item], RESPONDENTS)
    assert await share("rank_score", **challenge, option_code=item) == (score, *parts)
    assert await share("rank_position", **challenge, option_code=item) == (place, *parts)


async def test_complete_rankings_score_on_average_in_the_middle(answer, challenge):
    rows = (await answer("rank_score", **challenge))["rows"]
    total = sum(row["numerator"] for row in rows)
    assert total / sum(row["denominator"] for row in rows) == (NINE + 1) / 2


async def test_items_with_the_same_score_share_a_place(figure, challenge):
    rows = await figure("rank_position", **challenge)
    places = {row["option_code"]: row["value"] for row in rows}
    assert places["other-1"] == 3
    assert [places[f"other-{place}"] for place in (2, 3, 4, 5)] == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("item", "score", "place"), [("services", 6.58, 1), ("culture", 3.86, 2), ("none", 1.76, 3)]
)
async def test_each_item_is_scored_among_those_who_ranked_it(share, impact, item, score, place):
    count, total = IMPACT[item]
    assert await share("rank_score", **impact, option_code=item) == (score, total, count)
    assert await share("rank_position", **impact, option_code=item) == (place, total, count)


async def test_the_place_is_among_all_items_whichever_are_asked_for(figure, impact):
    assert await figure("rank_position", **impact, option_code="none,culture") == [
        {"option_code": "culture", "value": 2},
        {"option_code": "none", "value": 3},
    ]


async def test_how_many_items_were_offered_is_known_from_the_question(take, answer):
    key, question = telling.word("survey").code, telling.word("question").code
    options = tuple(Option(code=f"item-{place}", label=f"Item {place}") for place in range(1, 6))
    ranked = telling.answered(question, ranks=("item-1", "item-2"))
    await take(
        telling.question(code=question, type="ranking", options=options),
        telling.submitted(ranked, survey_key=key),
    )
    told = await answer("rank_score", survey_key=key, question_code=question)
    assert told["filters"]["items_offered"] == 5
    assert [(row["option_code"], row["value"]) for row in told["rows"]] == [
        ("item-1", 5.0),
        ("item-2", 4.0),
    ]
