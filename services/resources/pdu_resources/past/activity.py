"""What members did in the hub, as records of the past have it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pdu_resources.rules.activity import Action, Kind, kind_by
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import Activity, item_id_of
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, LocalMoment
from pdu_shared.outbox import Promise
from pdu_shared.persons import persons_of
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime


class ActivityRow(Row):
    """One thing that somebody did, with an account or without one by now."""

    person_email: EmailAddress
    item_key: Code
    action: Action
    at: LocalMoment


async def take_activity(conn: Conn, rows: Sequence[ActivityRow], here: Runtime) -> int:
    """Write down what people did, and tell what is new. Items nobody described become known."""
    people = await persons_of(conn, here.person_key, [row.person_email for row in rows])
    done = {
        one.activity_id: one
        for one in (
            Activity(person_id, row.item_key, row.action, row.at)
            for person_id, row in zip(people, rows, strict=True)
        )
    }
    await _insert_items(conn, done.values())
    new = await _insert(conn, done)
    told = [done[activity_id] for activity_id in new]
    await outbox.add(conn, *(Promise(one.told(), happened_at=one.at) for one in told))
    return len(new)


async def _insert_items(conn: Conn, done: Iterable[Activity]) -> None:
    modules = {one.item_key for one in done if kind_by(one.action) is Kind.MODULE}
    keys = sorted({one.item_key for one in done})
    await conn.execute(
        """
        INSERT INTO item AS kept (item_id, item_key, kind, state)
        SELECT item_id, item_key, kind, 'imported'
          FROM unnest($1::uuid[], $2::text[], $3::text[]) AS told (item_id, item_key, kind)
            ON CONFLICT (item_key) DO UPDATE SET kind = excluded.kind
         WHERE kept.state = 'imported' AND kept.kind = 'resource' AND excluded.kind = 'module'
        """,
        [item_id_of(key) for key in keys],
        keys,
        [Kind.MODULE if key in modules else Kind.RESOURCE for key in keys],
    )


async def _insert(conn: Conn, done: dict[UUID, Activity]) -> list[UUID]:
    """Those that were new."""
    rows = await conn.fetch(
        """
        INSERT INTO activity (activity_id, person_id, item_id, action, happened_at, happened_on,
                              imported)
        SELECT *, true
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[],
                      $6::date[])
            ON CONFLICT (activity_id) DO NOTHING
        RETURNING activity_id
        """,
        list(done),
        [one.person_id for one in done.values()],
        [item_id_of(one.item_key) for one in done.values()],
        [one.action for one in done.values()],
        [one.at for one in done.values()],
        [local_date(one.at) for one in done.values()],
    )
    return [row["activity_id"] for row in rows]
