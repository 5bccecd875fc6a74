-- What a learning event costs those who pay; without a row it costs nobody anything. Nobody pays
-- here: the PDU writes invoices.
CREATE TABLE price (
    learning_event_id uuid    PRIMARY KEY REFERENCES learning_event,
    pence             integer NOT NULL CHECK (pence > 0),
    who_pays          text    NOT NULL CHECK (who_pays IN ('everybody', 'outside_area')),
    note              text
);

-- Whom a coordinator spares the charge, and why.
CREATE TABLE charge_waiver (
    booking_id  uuid        PRIMARY KEY REFERENCES booking,
    reason_code text        NOT NULL,
    by_role     text        NOT NULL,
    waived_at   timestamptz NOT NULL
);
