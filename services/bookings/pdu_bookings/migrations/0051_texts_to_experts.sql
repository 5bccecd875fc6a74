-- Experts by experience may choose text messages.
ALTER TABLE lived_experience.expert DROP CONSTRAINT expert_contact_way_check;
ALTER TABLE lived_experience.expert ADD CONSTRAINT expert_contact_way_check
    CHECK (contact_way IN ('email', 'sms', 'via_ambassador', 'phone', 'post'));
