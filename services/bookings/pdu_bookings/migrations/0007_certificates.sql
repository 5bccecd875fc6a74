-- What it takes to have completed a learning event: this share of its sessions, unless told all.
CREATE TABLE completion (
    learning_event_id uuid    PRIMARY KEY REFERENCES learning_event,
    share_percent     integer NOT NULL CHECK (share_percent BETWEEN 1 AND 100)
);

-- Certificates keep the name that is printed on them, also when the booking has lost it.
CREATE TABLE certificate (
    certificate_id    uuid         PRIMARY KEY,
    code              text         NOT NULL UNIQUE,
    learning_event_id uuid         NOT NULL REFERENCES learning_event,
    person_id         uuid         NOT NULL,
    booking_id        uuid         NOT NULL REFERENCES booking,
    name              text         NOT NULL,
    show_name         boolean      NOT NULL,
    hours             numeric(6,2) NOT NULL CHECK (hours >= 0),
    issued_at         timestamptz  NOT NULL,
    withdrawn_at      timestamptz,
    UNIQUE (learning_event_id, person_id)
);
