-- The token with which an invited person answers a survey: in the letter, and nowhere else.
CREATE TABLE survey_link (
    invitation_id uuid PRIMARY KEY,
    token         text NOT NULL CHECK (token <> '')
);
