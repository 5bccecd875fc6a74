"""What topics, speaking and concerns keep about people: their copy, and how it is forgotten."""

from pdu_shared.holding import Holding

PSEUDONYM = "Under an id that no longer leads to anybody, so that figures stay as they were."

HOLDINGS = (
    Holding(
        table="topic",
        words="Topics you suggested and wanted an answer to",
        copy="""
            SELECT topic_id, text, state, suggested_at, name, address
              FROM topic JOIN topic_contact USING (topic_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            UPDATE topic SET text = '-' FROM topic_contact
             WHERE topic_contact.topic_id = topic.topic_id AND person_id = ANY ($1::uuid[])
            """,
        stays="The topic as a coordinator worded it for everybody.",
    ),
    Holding(
        table="topic_contact",
        words="How to reach you about a topic",
        forget="DELETE FROM topic_contact WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="topic_backer",
        words="Topics you stand behind",
        copy="""
            SELECT wording AS topic, backed_at
              FROM topic_backer JOIN topic USING (topic_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=PSEUDONYM,
    ),
    Holding(
        table="speaker_offer_contact",
        words="What you offered to speak about",
        copy="""
            SELECT offer_id, role, state, name, address, organisation, offer, offered_at
              FROM speaker_offer JOIN speaker_offer_contact USING (offer_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM speaker_offer_contact WHERE person_id = ANY ($1::uuid[])",
        stays="That there was an offer, in which role.",
        also=("speaker_offer",),
    ),
    Holding(
        table="assignment_contact",
        words="How to reach you about speaking",
        copy="""
            SELECT assignment_id, name, address
              FROM assignment_contact JOIN assignment USING (assignment_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM assignment_contact USING assignment
             WHERE assignment.assignment_id = assignment_contact.assignment_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="assignment",
        words="Sessions at which you speak, or spoke",
        copy="""
            SELECT assignment_id, starts_at, role, organisation, state, published_name,
                   recording_consent, invited_at
              FROM assignment JOIN session USING (session_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            UPDATE assignment SET organisation = NULL, published_name = NULL
             WHERE person_id = ANY ($1::uuid[])
               AND (organisation IS NOT NULL OR published_name IS NOT NULL)
            """,
        stays=PSEUDONYM,
    ),
    Holding(
        table="concern",
        words="What troubled you at a session, and what was done about it",
        copy="""
            SELECT concern_id, kind, text, raised_at, closed_at, outcome
              FROM concern
             WHERE person_id = ANY ($1::uuid[])
            """,
        # What is still open is a duty to others, too: its kind and what was done stay until then.
        forget="""
            WITH closed AS (DELETE FROM concern
                             WHERE person_id = ANY ($1::uuid[]) AND closed_at IS NOT NULL)
            UPDATE concern SET person_id = NULL, text = '-'
             WHERE person_id = ANY ($1::uuid[]) AND closed_at IS NULL
            """,
        stays="Of a concern that is still open: its kind and what was done, without your words.",
        also=("concern_action", "concern_reading"),
    ),
)
