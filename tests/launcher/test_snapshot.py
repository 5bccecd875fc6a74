"""`./pdu snapshot`: figures frozen and held against today, or clear words why not."""

import json
from contextlib import contextmanager

import httpx
import pytest

import telling
from bus import deliver
from house import service
from pdu_local import snapshots
from pdu_local.failure import Failure
from pdu_local.snapshots import Freezing, snapshot
from pdu_shared.access import Role
from pdu_shared.database import open_database
from spare import a_spare

NOTHING = Freezing("report", [], None)


@pytest.fixture
async def asked(house, monkeypatch):
    """Reporting as a process with a database of its own; gives that database."""
    async with (
        a_spare(house, "reporting") as url,
        open_database(url, application="tests") as database,
        house.process("reporting", broker=False, PDU_DATABASE_URL=url) as running,
    ):

        @contextmanager
        def as_coordinator():
            headers = house.authorised(Role.COORDINATOR)
            with httpx.Client(base_url=running.url, headers=headers, timeout=30) as http:
                yield http

        monkeypatch.setattr(snapshots, "reporting", as_coordinator)
        yield database


async def test_what_is_frozen_is_listed_and_held_against_today(asked, capsys):
    year = telling.project_year()
    came = telling.attendance(held_on=year.starts_on)
    await deliver(service("reporting"), asked, year, came)
    figure = f"attendances by=sector project_year={year.code}"
    assert snapshot("freeze", ["Before"], Freezing("baseline", [figure], None), as_json=True) == 0
    snapshot_id = json.loads(capsys.readouterr().out)["snapshot_id"]
    assert snapshot("list", [], NOTHING, as_json=True) == 0
    [listed] = json.loads(capsys.readouterr().out)["items"]
    assert (listed["snapshot_id"], listed["kind"]) == (snapshot_id, "baseline")
    assert snapshot("list", [], NOTHING, as_json=False) == 0
    assert snapshot_id in capsys.readouterr().out
    assert snapshot("compare", [snapshot_id], NOTHING, as_json=False) == 0
    assert "1 tables compared, none different" in capsys.readouterr().out
    await deliver(service("reporting"), asked, telling.attendance(held_on=year.starts_on))
    assert snapshot("compare", [snapshot_id], NOTHING, as_json=False) == 1
    said = capsys.readouterr().out
    assert "attendances.sector" in said
    assert "1 tables compared, 1 different" in said
    assert snapshot("show", [snapshot_id], NOTHING, as_json=False) == 0
    assert "Before" in capsys.readouterr().out


@pytest.mark.usefixtures("asked")
async def test_what_cannot_be_frozen_is_said_in_words():
    with pytest.raises(Failure) as failure:
        snapshot("freeze", ["Wrong"], Freezing("report", ["attendance"], None), as_json=False)
    assert "attendances" in failure.value.way_out


@pytest.mark.parametrize(
    ("action", "words"), [("thaw", []), ("freeze", []), ("compare", []), ("show", ["a", "b"])]
)
def test_words_that_make_no_sense_are_refused_before_anything_is_asked(action, words):
    with pytest.raises(Failure):
        snapshot(action, words, NOTHING, as_json=False)
