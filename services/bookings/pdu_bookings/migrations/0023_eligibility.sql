-- Whom a learning event is meant for, where that is more than a label; `after` are templates of
-- which people should have attended one before.
CREATE TABLE eligibility (
    learning_event_id uuid    PRIMARY KEY REFERENCES learning_event,
    by_audience       boolean NOT NULL,
    sectors           text[]  NOT NULL,
    work_fields       text[]  NOT NULL,
    after             uuid[]  NOT NULL,
    CHECK (by_audience OR cardinality(sectors || work_fields) > 0 OR cardinality(after) > 0)
);

-- Who is outside of that asks for a yes, and waits behind the others (priority 2), until somebody
-- lets them in.
ALTER TABLE booking ADD COLUMN outside text CHECK (outside IN ('audience', 'prerequisite'));

-- Who was let in although the event is meant for others, by whom and why.
CREATE TABLE admission (
    booking_id  uuid        PRIMARY KEY REFERENCES booking,
    reason_code text,
    role        text        NOT NULL,
    person_id   uuid,
    admitted_at timestamptz NOT NULL
);

-- Whether a person is in the community that an audience names: that of the event, or any.
CREATE FUNCTION belongs(event learning_event, who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT event.audience && '{cop_members,cop_convenors}' AND EXISTS (
        SELECT
          FROM membership
         WHERE coalesce(membership.kept_as, membership.person_id) = who
           AND membership.state = 'active'
           AND (event.community_id IS NULL OR membership.community_id = event.community_id)
           AND ('cop_members' = ANY (event.audience)
                OR EXISTS (SELECT FROM convenor
                            WHERE convenor.membership_id = membership.membership_id)))
$$;

-- Whether a person, under whichever id, attended a learning event made from one of these templates.
CREATE FUNCTION attended_one(templates uuid[], who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT cardinality(templates) = 0 OR EXISTS (
        SELECT
          FROM learning_event AS event
          JOIN session USING (learning_event_id)
          JOIN attendance USING (session_id)
          JOIN attendance_entry AS entry USING (attendance_id)
         WHERE coalesce(event.template_id, event.learning_event_id) = ANY (templates)
           AND (attendance.person_id = who
                OR attendance.person_id IN (SELECT merged_id FROM person_alias WHERE kept_id = who))
           AND entry.state IN ('present', 'partial')
           AND NOT EXISTS (SELECT FROM attendance_entry AS later
                            WHERE later.supersedes = entry.entry_id))
$$;
