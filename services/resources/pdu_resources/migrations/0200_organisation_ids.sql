-- The organisation that an id stands for: of another name of it, of a record that was merged into it,
-- or of what somebody typed. An id that the registry does not know stands for itself.
CREATE FUNCTION organisation_of(asked uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up (organisation_id, merged_into) AS (
        SELECT organisation_id, merged_into
          FROM organisation
         WHERE organisation_id = coalesce(
                   (SELECT organisation_id FROM organisation_name WHERE name_id = asked), asked)
         UNION
        SELECT organisation.organisation_id, organisation.merged_into
          FROM up JOIN organisation ON organisation.organisation_id = up.merged_into)
    SELECT coalesce((SELECT organisation_id FROM up WHERE merged_into IS NULL), asked)
    $$;

-- Every id that stands for the same organisation as this one.
CREATE FUNCTION organisation_ids(asked uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE down (organisation_id) AS (
        SELECT organisation_of(asked)
         UNION
        SELECT organisation.organisation_id
          FROM down JOIN organisation ON organisation.merged_into = down.organisation_id)
    SELECT organisation_id FROM down
     UNION
    SELECT name_id FROM organisation_name JOIN down USING (organisation_id)
    $$;
