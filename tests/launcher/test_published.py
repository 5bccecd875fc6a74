"""A printed figure holds, was rounded, has another base, or is wrong."""

import json

import pytest

from pdu_local.failure import Failure
from pdu_local.published import Published, Recomputed, Verdict, published, verdict

SHARE = {"base": "answered", "option_code": ["managers"]}


def printed(**details):
    told = {"id": "F1", "statement": "As printed", "metric": "attendances", "filter": {}}
    return Published(**{**told, "value": 1, **details})


def share(numerator, denominator):
    value = round(100 * numerator / denominator, 2)
    return Recomputed(value, numerator, denominator, "percent")


def test_a_count_is_the_same_or_it_is_not():
    assert verdict(printed(value=468), Recomputed(468), None) is Verdict.SAME
    assert verdict(printed(value=468), Recomputed(467), None) is Verdict.GAP


def test_a_percentage_within_half_of_its_last_digit_was_rounded():
    said = printed(value=74, tolerance=0.5)
    assert verdict(said, share(346, 468), None) is Verdict.ROUNDING
    assert verdict(said, share(349, 468), None) is Verdict.GAP


def test_half_of_the_last_digit_itself_still_counts_as_rounding():
    assert verdict(printed(value=26, tolerance=0.5), share(53, 200), None) is Verdict.ROUNDING
    assert verdict(printed(value=27, tolerance=0.5), share(53, 200), None) is Verdict.ROUNDING


def test_the_same_percentage_of_other_people_is_a_gap():
    said = printed(value=50, tolerance=0.5, numerator=10, denominator=20)
    assert verdict(said, share(10, 20), None) is Verdict.SAME
    assert verdict(said, share(11, 22), None) is Verdict.GAP


def test_a_share_that_fits_the_other_base_is_explained_by_it():
    said = printed(filter=SHARE, value=20.69, tolerance=0.005)
    assert verdict(said, share(6, 27), share(6, 29)) is Verdict.BASE
    assert verdict(said, share(6, 27), share(6, 28)) is Verdict.GAP


def test_a_range_is_compared_as_it_is_printed():
    assert verdict(printed(value="6-9"), Recomputed("6-9"), None) is Verdict.SAME
    assert verdict(printed(value="6-9"), Recomputed("6-10"), None) is Verdict.GAP


def test_a_place_in_a_ranking_is_not_the_score_it_follows_from():
    assert verdict(printed(value=1), Recomputed(1, 280, 44, "position"), None) is Verdict.SAME
    assert verdict(printed(value=6.36), Recomputed(1, 280, 44, "position"), None) is Verdict.GAP


def test_a_figure_of_nothing_is_no_figure():
    assert verdict(printed(value=0), Recomputed(None, 0, 0, "percent"), None) is Verdict.GAP


def test_a_figure_that_was_named_and_not_printed_is_shown_as_such():
    assert verdict(printed(value=None), Recomputed(12), None) is Verdict.UNPUBLISHED


def test_filters_are_said_as_a_request_says_them():
    said = printed(filter={"project_year": 1, "wave": ["2018-06", "2019-01"], **SHARE})
    assert said.asked == {
        "project_year": "1",
        "wave": "2018-06,2019-01",
        "base": "answered",
        "option_code": "managers",
    }
    assert said.on_the_other_base == {**said.asked, "base": "respondents"}
    assert printed().on_the_other_base is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "Invalid JSON"),
        ("{}", "valid array"),
        ('[{"id": "F1"}]', "figure 1, statement"),
        (json.dumps([printed().model_dump() | {"valeu": 1}]), "figure 1, valeu"),
        (json.dumps([printed().model_dump() | {"metric": "../journal"}]), "figure 1, metric"),
        (json.dumps([printed().model_dump() | {"tolerance": -1}]), "figure 1, tolerance"),
    ],
)
def test_a_file_that_holds_something_else_is_refused_with_the_place(tmp_path, text, complaint):
    path = tmp_path / "expected.json"
    path.write_text(text)
    with pytest.raises(Failure) as refused:
        published(path)
    assert complaint in str(refused.value)


def test_all_that_is_wrong_with_a_file_is_named_at_once(tmp_path):
    path = tmp_path / "expected.json"
    path.write_text(json.dumps([printed().model_dump(), {"id": "F2"}, {"statement": "How many"}]))
    with pytest.raises(Failure) as refused:
        published(path)
    for place in ("figure 2, statement: ", "figure 2, metric: ", "figure 3, id: "):
        assert place in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Failure, match=r"nothing\.json"):
        published(tmp_path / "nothing.json")
