"""What counts as an answer: rules without a database."""

import math

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from pdu_resources.rules.question import faults_of
from pdu_resources.rules.survey import Answer, Given, Question, Wrong, read_answers
from pdu_shared.contracts.vocabulary import AnswerState, QuestionType

ONE = Question(code="one", version=2, type=QuestionType.SINGLE, options=("yes", "no"))
MANY = Question(
    code="many",
    version=1,
    type=QuestionType.MULTIPLE,
    options=("tea", "coffee", "water"),
    offers_not_applicable=True,
)
RANKED = Question(code="ranked", version=1, type=QuestionType.RANKING, options=("a", "b", "c", "d"))
NUMBER = Question(code="number", version=1, type=QuestionType.NUMBER, minimum=0, maximum=10)
ANY_NUMBER = Question(code="any", version=1, type=QuestionType.NUMBER)
TEXT = Question(code="text", version=1, type=QuestionType.TEXT)
ALL = (ONE, MANY, RANKED, NUMBER, TEXT)


def read(*given, questions=ALL):
    reading = read_answers(questions, [Given(**one) for one in given])
    return {one.question_code: one for one in reading.answers}, reading.wrong


def wrong(*given, questions=ALL):
    return [(one.pointer, one.code) for one in read(*given, questions=questions)[1]]


def test_each_type_of_question_takes_its_own_answer():
    answers, faults = read(
        {"question": "one", "options": ("yes",)},
        {"question": "many", "options": ("water", "tea")},
        {"question": "ranked", "ranks": (("d", 2), ("a", 1))},
        {"question": "number", "number": 7.5},
        {"question": "text", "text": "  More time, please.\n"},
    )
    assert faults == []
    assert {one.state for one in answers.values()} == {AnswerState.ANSWERED}
    assert answers["one"].version == 2
    assert answers["many"].options == ("water", "tea")
    assert answers["ranked"].ranks == (("a", 1), ("d", 2))
    assert answers["number"].number == 7.5
    assert answers["text"].text == "More time, please."


def test_every_question_may_be_left_out():
    answers, faults = read({"question": "one"}, {"question": "text", "text": "   "})
    assert faults == []
    assert answers == {one.code: Answer(question_code=one.code, version=one.version) for one in ALL}


def test_a_question_does_not_apply_only_where_that_is_offered():
    answers, faults = read({"question": "many", "not_applicable": True})
    assert (answers["many"].state, faults) == (AnswerState.NOT_APPLICABLE, [])
    assert wrong({"question": "one", "not_applicable": True}) == [
        ("/answers/0/not_applicable", "not-offered")
    ]
    assert wrong({"question": "many", "not_applicable": True, "options": ("tea",)}) == [
        ("/answers/0/not_applicable", "contradiction")
    ]


def test_zero_is_an_answer():
    answers, faults = read({"question": "number", "number": 0.0})
    assert (answers["number"].state, answers["number"].number, faults) == ("answered", 0.0, [])


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"question": "none"}, ("/question", "unknown-question")),
        ({"question": "one", "options": ("perhaps",)}, ("/options/0", "unknown-option")),
        ({"question": "one", "options": ("yes", "no")}, ("/options", "one-option")),
        ({"question": "one", "text": "yes"}, ("/text", "wrong-type")),
        ({"question": "one", "ranks": (("yes", 1),)}, ("/ranks", "wrong-type")),
        ({"question": "text", "options": ("yes",)}, ("/options", "wrong-type")),
        ({"question": "text", "number": 1.0}, ("/number", "wrong-type")),
        ({"question": "many", "options": ("tea", "tea")}, ("/options", "repeated")),
        (
            {"question": "ranked", "ranks": (("a", 1), ("z", 2))},
            ("/ranks/1/option", "unknown-option"),
        ),
        ({"question": "ranked", "ranks": (("a", 1), ("a", 2))}, ("/ranks", "repeated")),
        ({"question": "ranked", "ranks": (("a", 1), ("b", 1))}, ("/ranks", "ranks")),
        ({"question": "ranked", "ranks": (("a", 1), ("b", 3))}, ("/ranks", "ranks")),
        ({"question": "ranked", "ranks": (("a", 0), ("b", 1))}, ("/ranks", "ranks")),
        ({"question": "number", "number": 10.5}, ("/number", "out-of-bounds")),
        ({"question": "number", "number": -1.0}, ("/number", "out-of-bounds")),
        ({"question": "any", "number": math.inf}, ("/number", "out-of-bounds")),
        ({"question": "any", "number": math.nan}, ("/number", "out-of-bounds")),
        ({"question": "text", "text": "x" * 4001}, ("/text", "too-long")),
        ({"question": "text", "text": "bell \x07"}, ("/text", "control-character")),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(given, fault):
    pointer, code = fault
    assert wrong(given, questions=(*ALL, ANY_NUMBER)) == [(f"/answers/0{pointer}", code)]


def test_everything_that_is_wrong_is_named_at_once():
    assert wrong(
        {"question": "one", "options": ("perhaps", "no")},
        {"question": "one", "options": ("yes",)},
        {"question": "nowhere"},
        {"question": "text", "text": "x" * 4001},
    ) == [
        ("/answers/0/question", "repeated"),
        ("/answers/0/options", "one-option"),
        ("/answers/0/options/0", "unknown-option"),
        ("/answers/1/question", "repeated"),
        ("/answers/2/question", "unknown-question"),
        ("/answers/3/text", "too-long"),
    ]


def test_four_thousand_characters_in_lines_are_a_text():
    answers, faults = read({"question": "text", "text": "a\tline\r\n" * 500})
    assert (len(answers["text"].text), faults) == (3998, [])


@examples(st.permutations("abcd"), st.integers(min_value=1, max_value=4))
def test_any_order_of_the_first_few_is_a_ranking(items, how_many):
    ranks = tuple((item, rank) for rank, item in enumerate(items[:how_many], start=1))
    answers, faults = read({"question": "ranked", "ranks": ranks})
    assert (answers["ranked"].ranks, faults) == (ranks, [])


@examples(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-2, 6)), max_size=5))
def test_whatever_is_ranked_is_right_only_without_gaps_and_ties(ranks):
    faults = wrong({"question": "ranked", "ranks": tuple(ranks)})
    items, places = [item for item, _ in ranks], sorted(rank for _, rank in ranks)
    fine = len(set(items)) == len(items) and places == list(range(1, len(items) + 1))
    assert (not faults) == fine


def test_a_fault_says_what_is_possible():
    [fault] = read({"question": "one", "options": ("perhaps",)})[1]
    assert fault == Wrong("/answers/0/options/0", "unknown-option", "Possible are: yes, no.")


def faults(kind, options=(), *, minimum=None, maximum=None):
    found = faults_of(QuestionType(kind), options, minimum=minimum, maximum=maximum)
    return [(pointer, code) for pointer, code, _ in found]


def test_a_question_can_be_asked_when_it_can_be_answered():
    assert faults("single", ["yes", "no"]) == []
    assert faults("number", minimum=0, maximum=0) == []
    assert faults("text") == []


def test_a_question_that_nobody_could_answer_is_noticed():
    assert faults("ranking", ["a"]) == [("/options", "too-few")]
    assert faults("text", ["a"]) == [("/options", "wrong-type")]
    assert faults("multiple", ["a", "b", "a"]) == [("/options", "repeated")]
    assert faults("text", minimum=1) == [("/minimum", "wrong-type")]
    assert faults("number", minimum=2, maximum=1) == [("/maximum", "out-of-bounds")]
