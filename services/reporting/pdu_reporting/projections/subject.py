"""Which messages of each subject have come in: a hole in their sequence is a missing message."""

from pdu_reporting.projection import Projection

SUBJECT = Projection(
    name="subject",
    hears=(),
    table="""
        CREATE TABLE subject (
            source  text           NOT NULL,
            subject text           NOT NULL,
            told    int8multirange NOT NULL,
            PRIMARY KEY (source, subject)
        )
        """,
    fold="""
        INSERT INTO subject AS kept (source, subject, told)
        SELECT source, subject, range_agg(int8range(sequence, sequence + 1))
          FROM heard
         GROUP BY source, subject
            ON CONFLICT (source, subject) DO UPDATE
           SET told = kept.told + excluded.told
         WHERE NOT kept.told @> excluded.told
        """,
    indexes="""
        CREATE INDEX subject_with_holes ON subject (source)
         WHERE told <> int8multirange(int8range(1, upper(told)))
        """,
)
