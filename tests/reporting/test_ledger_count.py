"""How much services say that they told: of two counts of one span the same is always kept."""

from uuid import uuid4

import telling
from bus import arrived
from pdu_reporting.checking import check

KEPT = "SELECT counts FROM ledger_count WHERE starts_at = $1"


async def test_of_two_counts_as_new_as_each_other_the_same_is_kept_whichever_came_first(
    owner, take
):
    kept = []
    for first, second in ((0, 1), (1, 0)):
        whole = telling.ledger_counted("bookings")
        half = whole.model_copy(update={"ledger_id": uuid4(), "counts": whole.counts[:1]})
        both = [arrived(one, sequence=1) for one in (whole, half)]
        await take(both[first])
        await take(both[second])
        kept.append(await owner.pool.fetchval(KEPT, whole.starts_at))
    assert kept[0] == kept[1]
    [compared] = await check(owner, ["ledger_count"])
    assert compared.equal
