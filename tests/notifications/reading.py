"""People who asked for a list, many at a time."""

from uuid import uuid4


async def subscribers(database, count, one="bulletin", *, topics=(), state="active"):
    """So many people on a list; their addresses."""
    mark = uuid4().hex[:12]
    rows = await database.pool.fetch(
        """
        WITH person AS (
            SELECT gen_random_uuid() AS person_id, gen_random_uuid() AS subscriber_id,
                   gen_random_uuid() AS subscription_id,
                   'reader-' || $1 || '-' || n || '@example.org' AS address
              FROM generate_series(1, $2) AS n),
        reached AS (
            INSERT INTO contact_point (person_id, address, name, verified, told_by)
            SELECT person_id, address, '', true, person_id FROM person),
        known AS (
            INSERT INTO subscriber (subscriber_id, person_id, topics, asked_at)
            SELECT subscriber_id, person_id, $4, now() FROM person),
        asked AS (
            INSERT INTO subscription (subscription_id, subscriber_id, list, state, basis, wording,
                                      changed_at)
            SELECT subscription_id, subscriber_id, $3, $5, 'consent', 1, now() FROM person)
        SELECT address FROM person
        """,
        mark,
        count,
        one,
        list(topics),
        state,
    )
    return [row["address"] for row in rows]
