"""What members do in the hub: one row for each thing that one of them did."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.usage import (
    ModuleCompleted,
    ModuleStarted,
    ResourceDownloaded,
    ResourceViewed,
)

ACTIVITY = Projection(
    name="activity",
    hears=(ResourceViewed, ResourceDownloaded, ModuleStarted, ModuleCompleted),
    table="""
        CREATE TABLE activity (
            activity_id uuid   PRIMARY KEY,
            person_id   uuid   NOT NULL,
            item_id     uuid   NOT NULL,
            item_key    text   NOT NULL,
            action      text   NOT NULL,
            happened_on date   NOT NULL,
            sequence    bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO activity AS kept (
               activity_id, person_id, item_id, item_key, action, happened_on, sequence)
        SELECT DISTINCT ON (activity_id)
               (data ->> 'activity_id')::uuid AS activity_id,
               (data ->> 'person_id')::uuid AS person_id,
               (data ->> 'item_id')::uuid AS item_id,
               data ->> 'item_key' AS item_key,
               CASE routing_key WHEN 'resources.ResourceViewed'     THEN 'viewed'
                                WHEN 'resources.ResourceDownloaded' THEN 'downloaded'
                                WHEN 'resources.ModuleStarted'      THEN 'module_started'
                                WHEN 'resources.ModuleCompleted'    THEN 'module_completed' END,
               (data ->> 'happened_on')::date AS happened_on,
               sequence
          FROM heard
         ORDER BY activity_id, sequence DESC
            ON CONFLICT (activity_id) DO UPDATE
           SET person_id   = excluded.person_id,
               item_id     = excluded.item_id,
               item_key    = excluded.item_key,
               action      = excluded.action,
               happened_on = excluded.happened_on,
               sequence    = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
