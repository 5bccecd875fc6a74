"""What learning events are about, for facts that come from them."""

ABOUT = """
    about AS (
        SELECT learning_event_id, kind, series, workstreams, stream
          FROM learning_event
         CROSS JOIN unnest(CASE WHEN $1::jsonb ? 'workstream' AND workstreams <> '{}'
                                THEN workstreams ELSE '{NULL}' END) AS stream
         WHERE $2::jsonb -> 'workstream' IS NULL
            OR $2 -> 'workstream' ? stream
            OR stream IS NULL AND $2 -> 'workstream' ?| workstreams
    )
    """
"""One row for each learning event; cut by work stream, one for each of its work streams."""
