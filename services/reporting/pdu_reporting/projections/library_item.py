"""What the library offers, and what it offers no more."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.library import ResourceArchived, ResourcePublished

LIBRARY_ITEM = Projection(
    name="library_item",
    hears=(ResourcePublished, ResourceArchived),
    table="""
        CREATE TABLE library_item (
            item_id      uuid    PRIMARY KEY,
            item_key     text    NOT NULL,
            type         text,
            workstreams  text[],
            scope        text,
            level        text,
            members_only boolean,
            published_on date,
            archived     boolean NOT NULL,
            sequence     bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO library_item AS kept (
               item_id, item_key, type, workstreams, scope, level, members_only, published_on,
               archived, sequence)
        SELECT DISTINCT ON (item_id)
               item_id, item_key, type, workstreams, scope, level, members_only, published_on,
               routing_key = 'resources.ResourceArchived' AS archived, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (item_id uuid, item_key text, type text, workstreams text[], scope text,
                        level text, members_only boolean, published_on date)
         ORDER BY item_id, sequence DESC
            ON CONFLICT (item_id) DO UPDATE
           SET item_key     = excluded.item_key,
               type         = excluded.type,
               workstreams  = excluded.workstreams,
               scope        = excluded.scope,
               level        = excluded.level,
               members_only = excluded.members_only,
               published_on = excluded.published_on,
               archived     = excluded.archived,
               sequence     = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
