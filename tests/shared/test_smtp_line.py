"""Many letters over one connection: each has an outcome, whatever the server does meanwhile."""

import pytest

from pdu_shared.handover import Accepted, Bounced, Deferred, InDoubt
from pdu_shared.smtp import Patience, Smtp
from pdu_shared.smtp_line import Line, Parcel
from raw_box import RawBox

SENDER = "pdu@example.org"
PATIENCE = Patience(connect=5, command=5, data=5, quit=1)


def parcels(count):
    return [
        Parcel(f"reader-{number}@example.org", b"Subject: x\r\n\r\n.dot\r\n..\r\n")
        for number in range(count)
    ]


async def line_to(box):
    return await Line.open(Smtp(f"smtp+plain://127.0.0.1:{box.port}"), SENDER, patience=PATIENCE)


@pytest.mark.parametrize("pipelining", [True, False])
async def test_every_letter_arrives_whole_and_a_refused_one_stops_no_other(pipelining):
    refused = {
        "reader-1@example.org": b"550 5.1.1 No such reader-1@example.org\r\n",
        "reader-3@example.org": b"450 4.2.1 Later\r\n",
    }
    async with RawBox(pipelining=pipelining, refused=refused).open() as box:
        line, sent = await line_to(box), parcels(6)
        await line.hand_over(sent[:3])
        await line.hand_over(sent[3:])
        await line.leave()
    assert [one.outcome for one in sent] == [
        Accepted(),
        Bounced(550, "5.1.1"),
        Accepted(),
        Deferred(450, "4.2.1"),
        Accepted(),
        Accepted(),
    ]
    assert not any(one.begun for one in sent if one.outcome != Accepted())
    assert box.copies == [(sent[n].recipient, sent[n].content) for n in (0, 2, 4, 5)]
    assert box.connections == 1


async def test_where_commands_are_taken_in_groups_a_letter_costs_one_turn():
    async with RawBox().open() as box:
        line, sent = await line_to(box), parcels(50)
        before = box.turns
        await line.hand_over(sent)
        assert box.turns - before < 100
        await line.leave()
    assert [one.outcome for one in sent] == [Accepted()] * 50


@pytest.mark.parametrize("pipelining", [True, False])
async def test_where_the_line_breaks_one_letter_is_in_doubt_and_the_rest_are_not(pipelining):
    async with RawBox(pipelining=pipelining, breaks_after=3).open() as box:
        line, sent = await line_to(box), parcels(5)
        await line.hand_over(sent)
    assert [one.outcome for one in sent] == [
        Accepted(),
        Accepted(),
        InDoubt(),
        Deferred(),
        Deferred(),
    ]
    assert [one.begun for one in sent] == [True, True, True, False, False]
    assert not line.usable


async def test_a_server_that_is_away_is_no_line():
    assert await Line.open(Smtp("smtp+plain://127.0.0.1:1"), SENDER) == Deferred()
