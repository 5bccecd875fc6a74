-- Where the link in letters about something leads, with its token: in the letter, and nowhere else.
CREATE TABLE link (
    related_id uuid PRIMARY KEY,
    path       text NOT NULL CHECK (path <> '')
);
INSERT INTO link SELECT booking_id, 'b/' || token FROM booking_link
       UNION ALL SELECT invitation_id, 's/' || token FROM survey_link;
DROP TABLE booking_link;
DROP TABLE survey_link;
