-- The messages behind a figure are found by what they are about.
CREATE INDEX journal_of_subject ON journal (subject, sequence);
