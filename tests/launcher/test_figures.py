"""`./pdu figures`: a table for people, and clear words when something is not possible."""

import asyncio
import json

import httpx
import pytest

from pdu_local.failure import Failure
from pdu_local.figures import NOT_POSSIBLE, query_of, show
from pdu_shared.access import Role


@pytest.fixture(scope="module")
async def shown(house):
    """`await shown("attendances", "sector=voluntary", by="area")`, against a running service."""
    async with house.process("reporting") as reporting:
        headers = house.authorised(Role.COORDINATOR)
        with httpx.Client(base_url=reporting.url, headers=headers, trust_env=False) as http:

            async def show_it(name, *asked, by=None, form="table"):
                await asyncio.to_thread(show, http, name, query_of(asked, by), form=form)

            yield show_it


async def test_without_a_name_all_figures_are_listed(shown, capsys):
    await shown(None)
    said = capsys.readouterr().out
    assert "attendances" in said
    assert "rank_position" in said


async def test_a_figure_is_a_table_with_what_was_asked(shown, capsys):
    await shown("attendance_share", "kind=cop_session", "period_to=9990-07-31", by="month")
    said = " ".join(capsys.readouterr().out.split())
    assert "attendance_share, percent: Per cent of the attendances" in said
    assert "kind: cop_session" in said
    assert "period_to: 9990-07-31" in said
    assert "position" in said


async def test_json_and_csv_are_what_the_service_says(shown, capsys):
    await shown("individuals", form="json")
    assert json.loads(capsys.readouterr().out)["name"] == "individuals"
    await shown("individuals", by="month", form="csv")
    assert capsys.readouterr().out.startswith("month,value,numerator,denominator,withheld")


async def test_what_is_not_possible_is_said_with_what_is(shown):
    with pytest.raises(Failure) as failure:
        await shown("attendances", "kind=workshop", "colour=red")
    assert failure.value.code == NOT_POSSIBLE
    assert "kind: Possible: learning_event, cop_session." in failure.value.way_out
    assert "colour: Possible: by, format" in failure.value.way_out


async def test_an_unknown_figure_is_said_with_those_there_are(shown):
    with pytest.raises(Failure, match="Possible: events_held, cops_active"):
        await shown("reservations")


async def test_filters_without_a_figure_are_refused(shown):
    with pytest.raises(Failure, match="Say which figure"):
        await shown(None, "sector=voluntary")


def test_a_name_said_twice_means_either():
    asked = ("sector=voluntary", "sector=private", "kind=cop_session")
    assert query_of(asked, "area") == {
        "by": "area",
        "sector": "voluntary,private",
        "kind": "cop_session",
    }


def test_a_word_that_is_no_filter_is_refused():
    with pytest.raises(Failure, match="sector is no filter"):
        query_of(["sector"], None)
