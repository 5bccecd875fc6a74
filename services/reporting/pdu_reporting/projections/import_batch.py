"""Which messages of each import have come in: a batch is the thread that they belong to.

The message that closes a file says how many there were before it, so it is not among them.
"""

from pdu_reporting.projection import Projection

IMPORT_BATCH = Projection(
    name="import_batch",
    hears=(),
    table="""
        CREATE TABLE import_batch (
            batch_id uuid           PRIMARY KEY,
            told     int8multirange NOT NULL  -- positions in the journal
        )
        """,
    fold="""
        INSERT INTO import_batch AS kept (batch_id, told)
        SELECT (body::json ->> 'correlationid')::uuid, range_agg(int8range(position, position + 1))
          FROM journal
         WHERE position BETWEEN $1 AND $2 AND coalesce(routing_key = ANY ($3::text[]), true)
           AND origin = 'import' AND routing_key NOT LIKE '%.HistoryImported'
         GROUP BY 1
            ON CONFLICT (batch_id) DO UPDATE
           SET told = kept.told + excluded.told
         WHERE NOT kept.told @> excluded.told
        """,
)
