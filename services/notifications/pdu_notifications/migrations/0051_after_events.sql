-- Who was at what: for the letters that follow a learning event.
CREATE TABLE presence (
    session_id        uuid    NOT NULL,
    person_id         uuid    NOT NULL,
    learning_event_id uuid    NOT NULL,
    came              boolean NOT NULL,
    held_on           date    NOT NULL,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX presence_of_event ON presence (learning_event_id, person_id);
CREATE INDEX presence_of_person ON presence (person_id);

-- Who has an account of the hub: nobody invites them to it.
CREATE TABLE hub_member (
    person_id uuid PRIMARY KEY
);

-- What can be found in the hub, as far as letters speak of it.
CREATE TABLE hub_item (
    item_id           uuid    PRIMARY KEY,
    item_key          text    NOT NULL,
    title             text    NOT NULL,
    members_only      boolean NOT NULL,
    workstreams       text[]  NOT NULL DEFAULT '{}',
    learning_event_id uuid,
    published_on      date    NOT NULL
);

-- What was shown at a learning event, or handed out.
CREATE TABLE material (
    material_id       uuid PRIMARY KEY,
    learning_event_id uuid NOT NULL,
    title             text NOT NULL,
    url               text,
    item_id           uuid
);
CREATE INDEX material_of_event ON material (learning_event_id);

ALTER TABLE learning_event ADD COLUMN workstreams text[] NOT NULL DEFAULT '{}';

CREATE INDEX letter_of_person ON letter (person_id);

-- Communities of Practice, and who belongs to them.
CREATE TABLE community (
    community_id uuid PRIMARY KEY,
    title        text NOT NULL
);

CREATE TABLE community_member (
    membership_id uuid PRIMARY KEY,
    community_id  uuid NOT NULL,
    person_id     uuid NOT NULL
);
CREATE INDEX members_of_community ON community_member (community_id);
CREATE INDEX communities_of_member ON community_member (person_id);

-- Whom an ambassador supports at which learning event; not who that is.
CREATE TABLE support (
    engagement_id     uuid PRIMARY KEY,
    learning_event_id uuid NOT NULL,
    ambassador_id     uuid NOT NULL
);
CREATE INDEX support_at_event ON support (learning_event_id);
CREATE INDEX support_by_ambassador ON support (ambassador_id);

-- Letters that are called back before they go: about something that is not so any more.
CREATE INDEX letter_to_call_back ON letter (related_id) WHERE state IN ('queued', 'deferred');
