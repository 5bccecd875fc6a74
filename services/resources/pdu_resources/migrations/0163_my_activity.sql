-- What bookings tells of somebody's places and certificates, for their own view of them.
CREATE TABLE my_booking (
    booking_id        uuid PRIMARY KEY,
    person_id         uuid NOT NULL,
    learning_event_id uuid NOT NULL,
    state             text NOT NULL CHECK (state IN (
        'requested', 'waitlisted', 'offered', 'confirmed', 'declined', 'cancelled')),
    booked_on         date
);
CREATE INDEX my_booking_person ON my_booking (person_id);

CREATE TABLE my_event_certificate (
    certificate_id    uuid    PRIMARY KEY,
    person_id         uuid    NOT NULL,
    learning_event_id uuid    NOT NULL,
    hours             numeric NOT NULL,
    holds             boolean NOT NULL
);
CREATE INDEX my_event_certificate_person ON my_event_certificate (person_id);

CREATE INDEX attendance_person ON attendance (person_id) WHERE came;
