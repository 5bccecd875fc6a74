-- That somebody has lived through what the PDU is about is nobody's business but theirs. All of it
-- stands in a schema of its own, which the role that operators read with cannot enter.
CREATE SCHEMA lived_experience;

-- What a learning event offers to experts by experience.
CREATE TABLE lived_experience.opportunity (
    opportunity_id    uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL UNIQUE REFERENCES learning_event,
    roles             text[]      NOT NULL CHECK (cardinality(roles) > 0),
    opened_at         timestamptz NOT NULL
);

-- An expert, and the only place that says which person that is.
CREATE TABLE lived_experience.expert (
    expert_id      uuid        PRIMARY KEY,
    person_id      uuid,
    preferred_name text,
    contact_way    text        NOT NULL
                               CHECK (contact_way IN ('email', 'via_ambassador', 'phone', 'post')),
    reach          text,
    ambassador_id  uuid        NOT NULL,
    registered_at  timestamptz NOT NULL,
    withdrawn_at   timestamptz,
    CONSTRAINT an_active_expert_can_be_reached CHECK (
        withdrawn_at IS NOT NULL
        OR (person_id IS NOT NULL AND preferred_name IS NOT NULL
            AND (contact_way = 'via_ambassador' OR reach IS NOT NULL)))
);
CREATE UNIQUE INDEX one_active_expert ON lived_experience.expert (person_id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX expert_of_ambassador ON lived_experience.expert (ambassador_id);

CREATE TABLE lived_experience.training (
    expert_id uuid NOT NULL REFERENCES lived_experience.expert,
    kind      text NOT NULL,
    taken_on  date NOT NULL,
    PRIMARY KEY (expert_id, kind, taken_on)
);

-- An expert's involvement in a learning event, as facts: its state follows from them and the time.
CREATE TABLE lived_experience.engagement (
    engagement_id     uuid        PRIMARY KEY,
    opportunity_id    uuid        NOT NULL REFERENCES lived_experience.opportunity,
    expert_id         uuid        NOT NULL REFERENCES lived_experience.expert,
    role              text        NOT NULL,
    involvement       text        NOT NULL CHECK (involvement IN ('little', 'some', 'much')),
    opted_in_on       date        NOT NULL,
    briefed_on        date,
    briefed_by        uuid,
    acknowledged      boolean     NOT NULL DEFAULT false,
    pre_meeting_at    timestamptz,
    pre_meeting_place text,
    supporter_during  uuid,
    supporter_after   uuid,
    plan_agreed       boolean     NOT NULL DEFAULT false,
    contributed_on    date,
    arnstein_level    text,
    debrief_way       text,
    debriefed_on      date,
    distress_open     boolean     NOT NULL DEFAULT false,
    thanked_on        date,
    expenses_pence    integer     CHECK (expenses_pence >= 0),
    minutes_given     integer     CHECK (minutes_given >= 0),
    reflected         boolean     NOT NULL DEFAULT false,
    feedback_id       uuid        NOT NULL UNIQUE,
    feedback_given_on date,
    item_id           uuid,
    closed_at         timestamptz,
    withdrawn_at      timestamptz,
    CHECK ((briefed_on IS NULL) = (briefed_by IS NULL)),
    CHECK ((supporter_during IS NULL) = (supporter_after IS NULL)),
    CHECK ((contributed_on IS NULL) = (arnstein_level IS NULL)),
    CHECK (contributed_on IS NOT NULL OR (debriefed_on IS NULL AND feedback_given_on IS NULL))
);
CREATE UNIQUE INDEX one_engagement ON lived_experience.engagement (opportunity_id, expert_id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX engagement_of_expert ON lived_experience.engagement (expert_id);

-- An involvement with what decides about it elsewhere: when the event is, and whose expert it is.
CREATE VIEW lived_experience.involvement AS
SELECT engagement.*, opportunity.learning_event_id, learning_event.state AS event_state,
       session.starts_at, session.ends_at, expert.person_id, expert.preferred_name,
       expert.contact_way, expert.reach, expert.ambassador_id
  FROM lived_experience.engagement
  JOIN lived_experience.opportunity USING (opportunity_id)
  JOIN lived_experience.expert USING (expert_id)
  JOIN learning_event USING (learning_event_id)
  JOIN (SELECT learning_event_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
          FROM session
         GROUP BY learning_event_id) AS session USING (learning_event_id)
 WHERE expert.withdrawn_at IS NULL;

-- What is private between an expert and whoever supports them.
CREATE TABLE lived_experience.private_text (
    engagement_id uuid        NOT NULL REFERENCES lived_experience.engagement,
    kind          text        NOT NULL CHECK (kind IN ('sharing_plan', 'distress', 'feedback')),
    text          text        NOT NULL,
    written_at    timestamptz NOT NULL,
    PRIMARY KEY (engagement_id, kind)
);

-- Who else looked at something private. Entries are only ever added.
CREATE TABLE lived_experience.private_read (
    read_id uuid        PRIMARY KEY,
    reader  uuid,
    kind    text        NOT NULL,
    of_id   uuid        NOT NULL,
    read_at timestamptz NOT NULL
);

-- What an ambassador is to tell an expert who is not reached by e-mail.
CREATE TABLE lived_experience.notice (
    notice_id     uuid        PRIMARY KEY,
    engagement_id uuid        NOT NULL REFERENCES lived_experience.engagement,
    template      text        NOT NULL,
    issued_on     date        NOT NULL,
    told_at       timestamptz
);
CREATE INDEX notice_to_tell ON lived_experience.notice (engagement_id) WHERE told_at IS NULL;

-- How experts felt. Which of them said so is not kept, nor the day, by which one could tell.
CREATE TABLE lived_experience.reflection (
    reflection_id uuid    PRIMARY KEY,
    year          integer NOT NULL,
    listened_to   integer NOT NULL CHECK (listened_to BETWEEN 1 AND 5),
    valued        integer NOT NULL CHECK (valued BETWEEN 1 AND 5)
);

-- The regular meetings of experts, and what came out of them.
CREATE TABLE lived_experience.meeting (
    meeting_id  uuid        PRIMARY KEY,
    composition text        NOT NULL CHECK (composition IN ('mixed', 'women_only')),
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
    place       text        NOT NULL,
    outputs     text
);

-- Two people who are not to sit at one table; nobody says why.
CREATE TABLE lived_experience.keep_apart (
    session_id uuid NOT NULL REFERENCES session,
    one_id     uuid NOT NULL,
    other_id   uuid NOT NULL CHECK (one_id < other_id),
    PRIMARY KEY (session_id, one_id, other_id)
);

GRANT USAGE ON SCHEMA lived_experience TO bookings_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA lived_experience TO bookings_app;
REVOKE UPDATE, DELETE ON lived_experience.private_read FROM bookings_app;
