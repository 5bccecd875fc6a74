"""`python -m pdu_reporting rebuild`: what an operator reads, and the exit codes."""

import asyncio
import os
import sys

import pytest

import telling
from pdu_reporting.projections import PROJECTIONS

NAMES = [projection.name for projection in PROJECTIONS]


@pytest.fixture(scope="session")
def command(house):
    """`await command("rebuild", role="owner")`: exit code, what it said, and what went wrong."""

    async def run(*words, role="owner"):
        url = house.settings("reporting", role=role).database_dsn()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PDU_")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "pdu_reporting", *words),
            env=kept | {"PDU_DATABASE_URL": url, "PDU_AMQP_URL": "amqp://nobody@127.0.0.1:1/pdu"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, trouble = await process.communicate()
        return process.returncode, said.decode(), trouble.decode()

    return run


async def test_a_rebuild_says_how_far_it_is_how_many_rows_and_how_long(command, take):
    await take(telling.member())
    code, said, _ = await command("rebuild", "member", "subject")
    *steps, summary = said.splitlines()
    assert code == 0
    assert [line.split()[0] for line in steps] == ["[1/2]", "[2/2]"]
    assert all(line.endswith("positions folded") for line in steps)
    assert summary.startswith("2 projections made anew up to position ")


async def test_without_a_name_everything_is_compared(command, take):
    await take(telling.member())
    code, said, trouble = await command("rebuild", "--check")
    assert code == 0, said + trouble
    equal = [line.split()[1].rstrip(":") for line in said.splitlines() if line[:5] == "equal"]
    assert equal == [*NAMES, "tally_cell", "tally_part"]
    assert said.rstrip().endswith("recomputed equals kept.")


async def test_a_difference_is_named_and_exits_with_1(command, owner, take, counted):
    member = telling.member()
    await take(member)
    await counted()
    change = "UPDATE member SET sector = $2 WHERE person_id = $1"
    await owner.pool.execute(change, member.person_id, "private")
    code, said, _ = await command("rebuild", "--check", "member", "session")
    await owner.pool.execute(change, member.person_id, member.sector)
    assert code == 1
    assert "\nDIFFERENT  member: kept " in said
    assert "\nequal      session: " in said
    assert said.rstrip().endswith(": member differ.")


async def test_an_unknown_name_is_answered_with_those_there_are(command):
    code, said, trouble = await command("rebuild", "reservation")
    assert (code, said) == (2, "")
    assert "no projection called 'reservation'" in trouble
    assert all(name in trouble for name in NAMES)


async def test_without_the_owners_rights_it_says_so(command):
    code, _, trouble = await command("rebuild", "member", role="app")
    assert code == 77
    assert "owner" in trouble


async def test_help_tells_what_it_does(command):
    code, said, _ = await command("rebuild", "--help")
    assert code == 0
    assert "--check" in said
    assert "survey_answer" in said
