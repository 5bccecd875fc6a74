-- How to reach people who have no e-mail address, or wish to hear from us another way.
CREATE TABLE contact_way (
    person_id      uuid        PRIMARY KEY,
    name           text        NOT NULL,
    wishes         text        NOT NULL CHECK (wishes IN ('email', 'sms', 'post', 'phone')),
    phone          text,
    through        text,                        -- through whom, in words for a person
    postal_address text,
    arranged_by    uuid,                        -- who booked for them, and may tell them
    kept_at        timestamptz NOT NULL,
    told_by        uuid        NOT NULL
);
CREATE INDEX contact_way_arranged ON contact_way (arranged_by) WHERE arranged_by IS NOT NULL;

-- A letter may be a text message, paper, or something that a person tells.
ALTER TABLE letter
    ADD COLUMN channel   text    NOT NULL DEFAULT 'email'
                                 CHECK (channel IN ('email', 'sms', 'post', 'phone')),
    ADD COLUMN mail_only boolean NOT NULL DEFAULT false,
    ADD COLUMN tries     integer NOT NULL DEFAULT 0,   -- how often somebody was not reached
    ADD COLUMN tried_at  timestamptz;
ALTER TABLE letter DROP CONSTRAINT letter_state_check;
ALTER TABLE letter ADD CONSTRAINT letter_state_check CHECK (state IN (
    'queued', 'sending', 'in_doubt', 'sent', 'deferred', 'bounced', 'failed', 'suppressed',
    'held', 'by_hand', 'expired', 'cancelled')) NOT VALID;
ALTER TABLE letter VALIDATE CONSTRAINT letter_state_check;
DROP INDEX letter_to_look_at;
CREATE INDEX letter_to_look_at ON letter (next_at)
    WHERE state IN ('queued', 'sending', 'in_doubt', 'deferred', 'by_hand');
