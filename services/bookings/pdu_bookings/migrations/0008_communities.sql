-- Communities of Practice: groups that go on, where learning events are single.
CREATE TABLE community (
    community_id uuid        PRIMARY KEY,
    key          text        NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
    name         text        NOT NULL,
    purpose      text        NOT NULL,
    workstream   text        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('proposed', 'forming', 'active', 'paused',
                                                       'working_group', 'closed')),
    proposed_by  uuid        NOT NULL,
    proposed_at  timestamptz NOT NULL
);

-- How a community came to where it stands. Entries are only ever added.
CREATE TABLE community_change (
    change_id       uuid        PRIMARY KEY,
    community_id    uuid        NOT NULL REFERENCES community,
    state           text        NOT NULL,
    reason_code     text        NOT NULL,
    changed_by_role text        NOT NULL,
    changed_at      timestamptz NOT NULL
);
CREATE INDEX change_of_community ON community_change (community_id);

CREATE TABLE community_second (
    community_id uuid        NOT NULL REFERENCES community,
    person_id    uuid        NOT NULL,
    seconded_at  timestamptz NOT NULL,
    PRIMARY KEY (community_id, person_id)
);

-- Somebody in a community, from an invitation or joining until they leave. Whoever comes back has
-- another one. Who they are is known once they are members: each session's booking needs it.
CREATE TABLE membership (
    membership_id uuid        PRIMARY KEY,
    community_id  uuid        NOT NULL REFERENCES community,
    person_id     uuid        NOT NULL,
    state         text        NOT NULL CHECK (state IN ('invited', 'active', 'on_break', 'left')),
    shares_name   boolean     NOT NULL,
    organisation  text,
    sector        text,
    work_field    text,
    role_level    text,
    area          text,
    began_at      timestamptz NOT NULL,
    ended_at      timestamptz,
    CONSTRAINT membership_ends_once CHECK ((state = 'left') = (ended_at IS NOT NULL)),
    CONSTRAINT members_are_described CHECK (
        state NOT IN ('active', 'on_break')
        OR num_nulls(sector, work_field, role_level, area) = 0)
);
CREATE UNIQUE INDEX one_membership ON membership (community_id, person_id) WHERE state <> 'left';

-- How to reach a member. It has a day on which it goes unless they are, or become, a member.
CREATE TABLE member_contact (
    membership_id uuid PRIMARY KEY REFERENCES membership,
    name          text NOT NULL,
    address       text NOT NULL,
    purge_on      date
);
CREATE INDEX member_contact_to_purge ON member_contact (purge_on);

-- Who has promised to convene how many sessions, in the order in which they take turns.
CREATE TABLE convenor (
    community_id  uuid    NOT NULL REFERENCES community,
    turn          integer NOT NULL,
    membership_id uuid    NOT NULL REFERENCES membership,
    sessions      integer NOT NULL CHECK (sessions > 0),
    starts_on     date    NOT NULL,
    ends_on       date    NOT NULL,
    PRIMARY KEY (community_id, turn),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX convenor_of_membership ON convenor (membership_id);

ALTER TABLE learning_event
    ADD COLUMN community_id uuid REFERENCES community,
    ADD COLUMN members_only boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT members_of_some_community CHECK (NOT members_only OR community_id IS NOT NULL);
CREATE INDEX learning_event_of_community ON learning_event (community_id)
    WHERE community_id IS NOT NULL;

-- What people at an event meant to do next: with an owner and a day, so that somebody asks.
CREATE TABLE follow_up_action (
    action_id         uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    what              text        NOT NULL,
    owner_role        text        NOT NULL,
    owner_person_id   uuid,
    due_on            date        NOT NULL,
    state             text        NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    recorded_at       timestamptz NOT NULL,
    settled_at        timestamptz,
    CHECK ((state = 'open') = (settled_at IS NULL))
);
CREATE INDEX action_of_event ON follow_up_action (learning_event_id);
CREATE INDEX open_action ON follow_up_action (due_on, action_id) WHERE state = 'open';
