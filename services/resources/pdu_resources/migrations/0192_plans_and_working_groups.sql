-- People from outside the unit who take a theme into their hands.
CREATE TABLE working_group (
    group_id   uuid        PRIMARY KEY,
    title      text        NOT NULL CHECK (title <> ''),
    purpose    text        NOT NULL CHECK (purpose <> ''),
    workstream text,
    starts_on  date        NOT NULL,
    ends_on    date        CHECK (ends_on >= starts_on),
    version    integer     NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL
);

-- The name goes a year after they left.
CREATE TABLE working_group_member (
    membership_id   uuid    PRIMARY KEY,
    group_id        uuid    NOT NULL REFERENCES working_group,
    person_id       uuid,
    name            text    CHECK (name <> ''),
    organisation_id uuid,
    organisation    text,
    leads           boolean NOT NULL,
    joined_on       date    NOT NULL,
    left_on         date    CHECK (left_on >= joined_on),
    CHECK ((organisation IS NULL) = (organisation_id IS NULL))
);
CREATE UNIQUE INDEX working_group_member_once
    ON working_group_member (group_id, person_id) WHERE left_on IS NULL;

CREATE TABLE working_group_output (
    output_id uuid PRIMARY KEY,
    group_id  uuid NOT NULL REFERENCES working_group,
    title     text NOT NULL CHECK (title <> ''),
    url       text,
    made_on   date NOT NULL
);
CREATE INDEX working_group_output_of ON working_group_output (group_id, made_on);

-- The plan of a work stream, or a programme of change over several.
CREATE TABLE plan (
    plan_id         uuid        PRIMARY KEY,
    kind            text        NOT NULL CHECK (kind IN ('workstream_plan', 'programme_of_change')),
    workstream      text,
    title           text        NOT NULL CHECK (title <> ''),
    aims            text        NOT NULL CHECK (aims <> ''),
    organisation_id uuid,                            -- who owns it, if not the unit
    organisation    text,
    group_id        uuid        REFERENCES working_group,
    starts_on       date        NOT NULL,
    ends_on         date        CHECK (ends_on >= starts_on),
    state           text        NOT NULL CHECK (state IN ('draft', 'agreed', 'closed')),
    version         integer     NOT NULL CHECK (version > 0),
    changed_at      timestamptz NOT NULL,
    CHECK ((organisation IS NULL) = (organisation_id IS NULL)),
    CHECK (kind <> 'workstream_plan' OR workstream IS NOT NULL)
);

-- Objectives are never taken away: what was wanted and not done is told as such.
CREATE TABLE objective (
    objective_id uuid     PRIMARY KEY,
    plan_id      uuid     NOT NULL REFERENCES plan,
    place        smallint NOT NULL,
    wording      text     NOT NULL CHECK (wording <> ''),
    measure      text,
    partner_plan code,
    due_on       date,
    state        text     NOT NULL CHECK (state IN (
        'intended', 'reminded', 'done', 'partly', 'not_done', 'no_answer')),
    set_on       date     NOT NULL
);
CREATE INDEX objective_of ON objective (plan_id, place);

CREATE TABLE milestone (
    plan_id    uuid     NOT NULL REFERENCES plan,
    place      smallint NOT NULL,
    wording    text     NOT NULL CHECK (wording <> ''),
    due_on     date     NOT NULL,
    reached_on date,
    PRIMARY KEY (plan_id, place)
);

-- What is done for a plan: learning events and communities of bookings, items of the hub.
CREATE TABLE plan_activity (
    plan_id     uuid NOT NULL REFERENCES plan,
    kind        text NOT NULL CHECK (kind IN ('learning_event', 'community', 'item')),
    activity_id uuid NOT NULL,
    PRIMARY KEY (plan_id, kind, activity_id)
);

-- What somebody is to do: set at a meeting, for an objective, or in a working group. Who it is, is
-- a seat, a membership, an organisation or a role.
CREATE TABLE action (
    action_id       uuid        PRIMARY KEY,
    meeting_id      uuid        REFERENCES steering_meeting,
    objective_id    uuid        REFERENCES objective,
    group_id        uuid        REFERENCES working_group,
    what            text        NOT NULL CHECK (what <> ''),
    seat_id         uuid        REFERENCES seat,
    membership_id   uuid        REFERENCES working_group_member,
    organisation_id uuid,
    organisation    text,
    role            text,
    set_on          date        NOT NULL,
    due_on          date        NOT NULL CHECK (due_on >= set_on),
    state           text        NOT NULL CHECK (state IN (
        'intended', 'reminded', 'done', 'partly', 'not_done', 'no_answer')),
    percent         smallint    NOT NULL CHECK (percent BETWEEN 0 AND 100),
    note            text,
    version         integer     NOT NULL CHECK (version > 0),
    changed_at      timestamptz NOT NULL,
    CHECK (num_nonnulls(meeting_id, objective_id, group_id) = 1),
    CHECK (num_nonnulls(seat_id, membership_id, organisation_id, role) = 1),
    CHECK ((organisation IS NULL) = (organisation_id IS NULL))
);
CREATE INDEX action_of_meeting ON action (meeting_id) WHERE meeting_id IS NOT NULL;
CREATE INDEX action_of_objective ON action (objective_id) WHERE objective_id IS NOT NULL;
CREATE INDEX action_of_group ON action (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX action_due ON action (due_on, action_id);
