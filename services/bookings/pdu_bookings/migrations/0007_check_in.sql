-- The code with which people check themselves in is made from this turn; the next turn, another code.
CREATE TABLE check_in_turn (
    session_id uuid    PRIMARY KEY REFERENCES session,
    turn       integer NOT NULL CHECK (turn > 0)
);

-- Wrong codes that came with the link of a booking: after five of them, the door.
CREATE TABLE check_in_miss (
    booking_id uuid    PRIMARY KEY REFERENCES booking,
    misses     integer NOT NULL CHECK (misses BETWEEN 0 AND 5)
);
