-- What members told the hub of themselves, so that nobody is asked twice. No name, no address.
CREATE TABLE member_profile (
    person_id       uuid PRIMARY KEY,
    sector          text NOT NULL,
    work_field      text NOT NULL,
    role_level      text NOT NULL,
    area            text NOT NULL,
    organisation_id uuid
);
