-- How somebody asked; nobody knows it of records of the past.
ALTER TABLE booking ADD COLUMN channel text CHECK (channel IN (
    'online', 'team', 'nomination', 'telephone', 'email', 'in_person'));

-- Somebody without an address is reached by telephone, or through somebody else.
ALTER TABLE contact
    ALTER COLUMN address DROP NOT NULL,
    ADD COLUMN reach text,
    ADD CONSTRAINT contact_can_be_reached CHECK (num_nonnulls(address, reach) > 0);

-- Who asked for somebody else.
CREATE TABLE asked_for (
    booking_id uuid PRIMARY KEY REFERENCES booking,
    asked_by   uuid NOT NULL
);

-- What would make the day work for somebody. It goes when their contact point goes.
CREATE TABLE need (
    booking_id uuid PRIMARY KEY REFERENCES contact ON DELETE CASCADE,
    access     text,
    dietary    text,
    support    text,
    CHECK (num_nonnulls(access, dietary, support) > 0)
);

-- Who read what somebody needs; not what it was.
CREATE TABLE need_reading (
    reading_id uuid        PRIMARY KEY,
    booking_id uuid        NOT NULL REFERENCES booking,
    read_by    uuid,
    client_id  text,
    read_at    timestamptz NOT NULL
);

-- Who lets the others who do so see their name, role level and organisation.
CREATE TABLE sharing (
    booking_id uuid PRIMARY KEY REFERENCES contact ON DELETE CASCADE
);

-- The group agreement: each text stays as it was accepted.
CREATE TABLE agreement (
    version      integer     PRIMARY KEY CHECK (version > 0),
    wording      text        NOT NULL,
    applies_from timestamptz NOT NULL
);

-- What learning events ask that do not ask for the agreement of the time.
CREATE TABLE event_agreement (
    learning_event_id uuid    PRIMARY KEY REFERENCES learning_event,
    required          boolean NOT NULL,
    version           integer REFERENCES agreement
);

CREATE TABLE agreement_accepted (
    booking_id  uuid        PRIMARY KEY REFERENCES booking,
    version     integer     NOT NULL REFERENCES agreement,
    accepted_at timestamptz NOT NULL
);

-- Questions of one learning event. What was answered stays as it was, asked or not.
CREATE TABLE booking_question (
    learning_event_id uuid    NOT NULL REFERENCES learning_event,
    code              text    NOT NULL,
    place             integer NOT NULL,
    wording           text    NOT NULL,
    kind              text    NOT NULL CHECK (kind IN ('choice', 'text')),
    required          boolean NOT NULL,
    option_codes      text[]  NOT NULL,
    option_labels     text[]  NOT NULL,
    asked             boolean NOT NULL,
    PRIMARY KEY (learning_event_id, code),
    CHECK (cardinality(option_codes) = cardinality(option_labels)),
    CHECK ((kind = 'choice') = (cardinality(option_codes) > 1))
);

-- What was chosen in answer to the questions asked at booking.
CREATE TABLE booking_choice (
    booking_id uuid NOT NULL REFERENCES booking,
    code       text NOT NULL,
    choice     text NOT NULL,
    PRIMARY KEY (booking_id, code)
);

-- What was written in answer to them. It goes when the contact point goes.
CREATE TABLE booking_text (
    booking_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    code       text NOT NULL,
    words      text NOT NULL,
    PRIMARY KEY (booking_id, code)
);

-- The words of whoever answered 'other', so that it can be recoded later.
CREATE TABLE other_word (
    booking_id uuid NOT NULL REFERENCES booking,
    field      text NOT NULL CHECK (field IN ('sector', 'work_field', 'heard_about')),
    words      text NOT NULL,
    PRIMARY KEY (booking_id, field)
);

-- Who was proposed for a learning event, by whom, and what they said. It holds no place, and
-- neither name nor address: these went into the letter.
CREATE TABLE nomination (
    nomination_id     uuid        PRIMARY KEY,
    learning_event_id uuid        NOT NULL REFERENCES learning_event,
    nominated_by      uuid        NOT NULL,
    person_id         uuid        NOT NULL,
    state             text        NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
    nominated_at      timestamptz NOT NULL,
    answered_at       timestamptz CHECK ((state = 'open') = (answered_at IS NULL)),
    UNIQUE (learning_event_id, nominated_by, person_id)
);
