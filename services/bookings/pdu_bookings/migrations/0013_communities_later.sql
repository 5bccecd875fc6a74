-- Two ids may turn out to be one person: they belong once. `kept_as` is who ours turned out to be.
ALTER TABLE membership ADD COLUMN kept_as uuid;
DROP INDEX one_membership;
CREATE UNIQUE INDEX one_membership
    ON membership (community_id, (coalesce(kept_as, person_id))) WHERE state <> 'left';

-- The words of an action are forgotten some time after it was settled.
ALTER TABLE follow_up_action ALTER COLUMN what DROP NOT NULL;
CREATE INDEX action_to_forget ON follow_up_action (settled_at) WHERE what IS NOT NULL;
