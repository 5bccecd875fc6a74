"""What a chart's title may say: a finding where its figures carry one, and else nothing."""

from hypothesis import given
from hypothesis import strategies as st

from pdu_reporting.rules.finding import Reading, between_groups, over_time


def year(label, value, **details):
    return Reading(**{"label": label, "value": value, "months": 12, **details})


def share(label, numerator, denominator):
    value = round(100 * numerator / denominator, 2)
    return Reading(label, value, numerator, denominator)


HALF = {"months": 6, "whole": False}


def test_years_of_unequal_length_are_compared_by_the_month():
    readings = [year("Year 1", 164, **HALF), year("Year 2", 385)]
    told = over_time("Attendances", readings, adds_up=True)
    assert told == "Attendances rose from 27 to 32 a month, Year 1 to Year 2"


def test_a_rate_can_fall_though_the_number_rises():
    readings = [year("Year 1", 240, **HALF), year("Year 2", 360)]
    told = over_time("Attendances", readings, adds_up=True)
    assert told == "Attendances fell from 40 to 30 a month, Year 1 to Year 2"


def test_whole_years_are_compared_as_they_are():
    readings = [year("Year 2", 1385), year("Year 3", 1412), year("Year 4", 1200)]
    told = over_time("Attendances", readings, adds_up=True)
    assert told == "Attendances fell from 1,385 to 1,200, Year 2 to Year 4"


def test_people_of_part_years_are_not_compared():
    readings = [year("Year 1", 164, **HALF), year("Year 2", 385)]
    assert over_time("Individuals", readings, adds_up=False) is None


def test_a_year_in_progress_is_left_out():
    readings = [year("Year 2", 385), year("Year 3", 900, over=False)]
    assert over_time("Attendances", readings, adds_up=True) is None


def test_few_carry_no_finding():
    readings = [year("Year 2", 29), year("Year 3", 90)]
    assert over_time("Attendances", readings, adds_up=True) is None


def test_years_that_print_alike_carry_no_finding():
    readings = [year("Year 1", 160, **HALF), year("Year 2", 321)]
    assert over_time("Attendances", readings, adds_up=True) is None


def test_shares_whose_intervals_overlap_carry_no_finding():
    close = [share("Year 2", 55, 250), share("Year 3", 122, 468)]
    assert over_time("Statutory share", close, adds_up=True) is None
    apart = [share("Year 2", 55, 250), share("Year 3", 200, 468)]
    assert over_time("Statutory share", apart, adds_up=True) == (
        "Statutory share rose from 22% to 42.74%, Year 2 to Year 3"
    )


def test_the_largest_group_is_named():
    groups = [Reading("Statutory", 122), Reading("Voluntary", 346)]
    assert between_groups("Attendances", groups) == "Attendances: Voluntary has most, 346"


def test_no_group_is_named_where_two_are_alike():
    groups = [Reading("Statutory", 122), Reading("Voluntary", 122)]
    assert between_groups("Attendances", groups) is None


def test_no_group_is_named_where_one_is_withheld():
    groups = [Reading("Statutory", 122), Reading("Voluntary", 346)]
    hidden = Reading("Private", None, withheld=True)
    assert between_groups("Attendances", [*groups, hidden]) is None


def test_those_of_whom_nothing_is_known_are_no_group():
    groups = [Reading("Statutory", 122), Reading("Not known", 346, known=False)]
    assert between_groups("Attendances", groups) is None


def test_the_highest_share_is_named_where_it_is_certain():
    groups = [share("Yes", 60, 100), share("No", 10, 100)]
    assert between_groups("Survey share", groups) == "Survey share: Yes is highest, at 60%"
    assert between_groups("Survey share", [share("Yes", 6, 10), share("No", 1, 10)]) is None


readings = st.builds(
    Reading,
    label=st.sampled_from(["a", "b"]),
    value=st.none() | st.integers(0, 10_000),
    months=st.none() | st.integers(1, 12),
    over=st.booleans(),
    whole=st.booleans(),
    withheld=st.booleans(),
    known=st.booleans(),
)


@given(st.lists(readings, max_size=8), st.booleans())
def test_whatever_is_read_there_is_a_finding_or_none(found, adds_up):
    for told in (over_time("It", found, adds_up=adds_up), between_groups("It", found)):
        assert told is None or told.startswith("It")
    if all((one.value or 0) < 30 for one in found):
        assert over_time("It", found, adds_up=adds_up) is None
