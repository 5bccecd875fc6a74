-- Whoever has signed in asks which surveys wait for them.
CREATE INDEX invitation_of_person ON invitation (person_id) WHERE NOT imported;
