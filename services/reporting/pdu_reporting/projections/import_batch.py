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
        SELECT imported_in, range_agg(int8range(position, position + 1))
          FROM heard
         WHERE imported_in IS NOT NULL AND routing_key NOT LIKE '%.HistoryImported'
         GROUP BY imported_in
            ON CONFLICT (batch_id) DO UPDATE
           SET told = kept.told + excluded.told
         WHERE NOT kept.told @> excluded.told
        """,
)
