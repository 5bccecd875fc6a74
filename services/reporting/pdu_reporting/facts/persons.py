"""Who is the same person under several ids."""

SAME_PERSON = """
    leads_to (person_id, other_id) AS (
        SELECT merged_id, kept_id
          FROM person_alias
         WHERE merged
         UNION
        SELECT person_id, kept_id
          FROM leads_to
          JOIN person_alias ON merged_id = other_id
         WHERE merged
    ),
    same_person AS (
        SELECT DISTINCT ON (person_id)
               person_id, other_id AS kept_id
          FROM (SELECT person_id, other_id FROM leads_to
                 UNION
                SELECT other_id, other_id FROM leads_to) AS every_id
         ORDER BY person_id,
                  other_id IN (SELECT merged_id FROM person_alias WHERE merged),
                  other_id
    )
    """
"""One row for each id of a person with several: the one at the end of the chain stands for them.

Ids that were merged into one another have no end; the smallest stands for them.
"""
