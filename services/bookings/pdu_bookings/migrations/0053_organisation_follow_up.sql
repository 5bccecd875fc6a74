-- What came of talking with an organisation after its staff attended.
CREATE TABLE organisation_follow_up (
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    organisation_id   uuid        NOT NULL,
    outcome           text        NOT NULL CHECK (outcome IN (
                                      'talked', 'agreed_action', 'no_answer', 'not_needed')),
    next_on           date,                     -- when to ask again
    noted_at          timestamptz NOT NULL,
    PRIMARY KEY (learning_event_id, organisation_id)
);
