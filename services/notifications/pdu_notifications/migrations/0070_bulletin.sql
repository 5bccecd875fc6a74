-- What a bulletin can tell of, as others told it: what comes, and what is new.
CREATE TABLE bulletin_event (
    learning_event_id uuid    PRIMARY KEY,
    title             text    NOT NULL,
    kind              text    NOT NULL,
    access_tier       text,
    workstreams       text[]  NOT NULL,
    called_off        boolean NOT NULL DEFAULT false
);

CREATE TABLE bulletin_session (
    session_id        uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL,
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz NOT NULL,
    tz                text        NOT NULL,
    mode              text        NOT NULL,
    place             text        NOT NULL,
    out_of_hours      boolean     NOT NULL
);
CREATE INDEX bulletin_session_coming ON bulletin_session (starts_at);

CREATE TABLE bulletin_news (
    news_id           uuid        PRIMARY KEY,   -- the item, module, community, … that it is about
    section           text        NOT NULL,
    kind              text        NOT NULL,
    title             text        NOT NULL,
    path              text,                      -- below the portal's address
    workstreams       text[]      NOT NULL,
    learning_event_id uuid,
    told_at           timestamptz                -- none while there is nothing to tell yet
);
CREATE INDEX bulletin_news_lately ON bulletin_news (told_at);

CREATE TABLE bulletin_issue (
    issue_id      uuid        PRIMARY KEY,
    issue_key     text        NOT NULL UNIQUE,   -- in addresses, and the source code of its links
    list          text        NOT NULL CHECK (list IN ('bulletin', 'opportunities', 'alerts')),
    title         text        NOT NULL,
    topics        text[]      NOT NULL,
    texts         text        NOT NULL,          -- what editors wrote, as JSON of Markdown
    left_out      uuid[]      NOT NULL,
    entries       text        NOT NULL DEFAULT '[]',  -- what the streams had, once collecting ended
    state         text        NOT NULL CHECK (state IN (
        'collecting', 'draft', 'in_review', 'approved', 'scheduled', 'sending', 'paused', 'sent',
        'archived', 'withdrawn')),
    note          text,
    version       integer     NOT NULL,
    news_since    timestamptz NOT NULL,
    written_by    uuid[]      NOT NULL,
    approved_by   uuid,
    scheduled_for timestamptz,
    began_at      timestamptz,
    sent_at       timestamptz,
    counts        text,                          -- how many copies came into which state
    changed_at    timestamptz NOT NULL,
    CHECK (state <> 'scheduled' OR scheduled_for IS NOT NULL),
    CHECK (state NOT IN ('sending', 'paused', 'sent', 'archived') OR began_at IS NOT NULL)
);
CREATE INDEX bulletin_issue_at_work ON bulletin_issue (state)
    WHERE state IN ('scheduled', 'sending', 'paused');

-- Who gets an issue: made by one statement when sending begins, never more than one for an address.
CREATE TABLE bulletin_copy (
    copy_id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id        uuid        NOT NULL REFERENCES bulletin_issue,
    person_id       uuid        NOT NULL,
    subscriber_id   uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    address         text        NOT NULL CHECK (address <> ''),
    state           text        NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued', 'in_doubt', 'deferred', 'sent', 'bounced', 'failed', 'suppressed', 'held',
        'cancelled')),
    reason          text,
    attempt         integer     NOT NULL DEFAULT 0,
    next_at         timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX bulletin_copy_once ON bulletin_copy (issue_id, lower(address));
CREATE INDEX bulletin_copy_to_send ON bulletin_copy (issue_id, next_at, copy_id)
    WHERE state IN ('queued', 'deferred');
CREATE INDEX bulletin_copy_in_doubt ON bulletin_copy (next_at) WHERE state = 'in_doubt';
CREATE INDEX bulletin_copy_sent_lately ON bulletin_copy (person_id, changed_at)
    WHERE state = 'sent';

-- Where each person is reached, also under another id of theirs.
CREATE VIEW bulletin_address AS
    SELECT person_id, address FROM contact_point
     UNION ALL
    SELECT merged_id, address
      FROM person_alias JOIN contact_point ON person_id = kept_id
     WHERE NOT EXISTS (SELECT FROM contact_point AS own WHERE own.person_id = merged_id)
     UNION ALL
    SELECT kept_id, min(address)
      FROM person_alias JOIN contact_point ON person_id = merged_id
     WHERE NOT EXISTS (SELECT FROM contact_point AS own WHERE own.person_id = kept_id)
     GROUP BY kept_id;

-- What people got of late that they did not wait for: letters of lists, and issues of the bulletin.
CREATE VIEW sent_lately AS
    SELECT person_id, list, changed_at FROM letter WHERE list IS NOT NULL AND state = 'sent'
     UNION ALL
    SELECT person_id, list, bulletin_copy.changed_at
      FROM bulletin_copy JOIN bulletin_issue USING (issue_id)
     WHERE bulletin_copy.state = 'sent';
