-- Where people meet, described once.
CREATE TABLE venue (
    venue_id           uuid        PRIMARY KEY,
    name               text        NOT NULL,
    address            text        NOT NULL,
    travel             text,
    access_information text,
    city_centre        boolean     NOT NULL,
    described_at       timestamptz NOT NULL
);

-- What learning events can belong to: a series builds on itself, a programme only gathers.
CREATE TABLE series (
    key        text        PRIMARY KEY,
    series_id  uuid        NOT NULL UNIQUE,
    kind       text        NOT NULL CHECK (kind IN ('series', 'programme')),
    title      text        NOT NULL,
    about      text,
    defined_at timestamptz NOT NULL
);

-- A learning event without its dates, kept under a name to be used again.
CREATE TABLE template (
    template_id uuid        PRIMARY KEY,
    name        text        NOT NULL UNIQUE,
    description jsonb       NOT NULL,
    kept_at     timestamptz NOT NULL
);

-- A draft may be incomplete. Giving a reason is the only way to plan without lived experience.
-- Learning events that were copied from one another share a template: the id of the first.
ALTER TABLE learning_event
    ALTER COLUMN purpose DROP NOT NULL,
    ALTER COLUMN level DROP NOT NULL,
    ADD COLUMN outcomes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN composition text NOT NULL DEFAULT 'mixed' CHECK (composition IN (
        'mixed', 'workers_only', 'women_only', 'lived_experience_only')),
    ADD COLUMN aims text[] NOT NULL DEFAULT '{}',
    ADD COLUMN topics text[] NOT NULL DEFAULT '{}',
    ADD COLUMN topic_source text,
    ADD COLUMN programme text,
    ADD COLUMN series_order integer,
    ADD COLUMN co_delivery text[] NOT NULL DEFAULT '{}',
    ADD COLUMN ask text,
    ADD COLUMN content_note text,
    ADD COLUMN support_name text,
    ADD COLUMN support_reach text,
    ADD COLUMN access_tier text NOT NULL DEFAULT 'open' CHECK (access_tier IN (
        'local_only', 'local_first', 'open')),
    ADD COLUMN opens_wider_at timestamptz,
    ADD COLUMN without_lived_experience_because text,
    ADD COLUMN lived_experience_planned boolean NOT NULL
        GENERATED ALWAYS AS (without_lived_experience_because IS NULL) STORED,
    ADD COLUMN cpd_hours double precision CHECK (cpd_hours > 0),
    ADD COLUMN refresher_after_months integer CHECK (refresher_after_months > 0),
    ADD COLUMN template_id uuid,
    ADD COLUMN follow_up_of uuid REFERENCES learning_event,
    ADD COLUMN follow_up_first_until timestamptz,
    ADD COLUMN booking_closed_at timestamptz,
    ADD COLUMN reason_code text,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    DROP CONSTRAINT learning_event_state_check,
    DROP CONSTRAINT learning_event_check,
    ADD CONSTRAINT learning_event_state CHECK (state IN (
        'draft', 'published', 'postponed', 'cancelled', 'archived')),
    ADD CONSTRAINT a_draft_is_not_public CHECK (
        CASE state WHEN 'draft' THEN published_at IS NULL
                   WHEN 'archived' THEN true
                   ELSE published_at IS NOT NULL END),
    ADD CONSTRAINT what_is_public_is_complete CHECK (
        published_at IS NULL OR (purpose IS NOT NULL AND level IS NOT NULL)),
    ADD CONSTRAINT support_is_somebody_to_reach CHECK (
        (support_name IS NULL) = (support_reach IS NULL)),
    ADD CONSTRAINT only_local_first_opens_wider CHECK (
        (access_tier = 'local_first') = (opens_wider_at IS NOT NULL)),
    ADD CONSTRAINT only_a_follow_up_invites_first CHECK (
        follow_up_first_until IS NULL OR follow_up_of IS NOT NULL);
CREATE INDEX learning_event_of_series ON learning_event (series) WHERE series IS NOT NULL;
CREATE INDEX follow_up_of_event ON learning_event (follow_up_of) WHERE follow_up_of IS NOT NULL;

-- The joining link is for those who hold a place. Whether a session is out of hours stays as it
-- was decided, with the version of the rule; nothing is known of sessions older than the rule.
ALTER TABLE session
    ADD COLUMN title text,
    ADD COLUMN venue_id uuid REFERENCES venue,
    ADD COLUMN online_capacity integer CHECK (online_capacity > 0),
    ADD COLUMN joining_link text,
    ADD COLUMN recording boolean NOT NULL DEFAULT false,
    ADD COLUMN ical_sequence integer NOT NULL DEFAULT 0,
    ADD COLUMN out_of_hours boolean,
    ADD COLUMN out_of_hours_rule smallint,
    ADD CONSTRAINT only_hybrid_has_online_places CHECK (
        online_capacity IS NULL OR mode = 'hybrid'),
    ADD CONSTRAINT nobody_joins_a_room_by_link CHECK (
        joining_link IS NULL OR mode <> 'in_person'),
    ADD CONSTRAINT out_of_hours_by_a_rule CHECK (
        (out_of_hours IS NULL) = (out_of_hours_rule IS NULL));

-- Who is invited first to a follow-up.
CREATE TABLE follow_up_invitation (
    learning_event_id uuid NOT NULL REFERENCES learning_event,
    person_id         uuid NOT NULL,
    PRIMARY KEY (learning_event_id, person_id)
);

-- What learning events and their sessions were before each change.
CREATE TABLE learning_event_change (
    change_id         uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    session_id        uuid        REFERENCES session,
    change            text        NOT NULL,
    reason_code       text,
    was               jsonb       NOT NULL,
    changed_at        timestamptz NOT NULL,
    by_role           text        NOT NULL
);
CREATE INDEX change_of_learning_event ON learning_event_change (learning_event_id, change_id);
