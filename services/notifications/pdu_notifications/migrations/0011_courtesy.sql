-- Letters that nobody waits for belong to a list, which says whether and when they may go.
ALTER TABLE letter ADD COLUMN list text;
CREATE INDEX letter_sent_lately ON letter (person_id, changed_at)
    WHERE list IS NOT NULL AND state = 'sent';

ALTER TABLE subscription DROP CONSTRAINT subscription_list_check;
ALTER TABLE subscription ADD CHECK (list IN (
    'bulletin', 'opportunities', 'alerts', 'after_events', 'surveys'));

-- How letters to an address came back. What comes back for good stops everything to that address.
CREATE TABLE bounce (
    bounce_id uuid        PRIMARY KEY,
    person_id uuid        NOT NULL,
    address   text        NOT NULL,
    status    text        NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX bounces_of_address ON bounce (address);

CREATE TABLE suppression (
    address   text        PRIMARY KEY,
    person_id uuid        NOT NULL,
    reason    text        NOT NULL,
    since     timestamptz NOT NULL
);
CREATE INDEX suppression_of_person ON suppression (person_id);
