"""How much every service says that it has told, span after span."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings import ledger as bookings
from pdu_shared.contracts.notifications import LedgerCounted as LettersCounted
from pdu_shared.contracts.reporting import LedgerCounted as FiguresCounted
from pdu_shared.contracts.resources import ledger as resources

# A service that was restored from a backup may count a span anew, and begin anew to number it: of
# two counts that are as new as each other one is kept, whichever comes first.
LEDGER_COUNT = Projection(
    name="ledger_count",
    hears=(bookings.LedgerCounted, resources.LedgerCounted, LettersCounted, FiguresCounted),
    table="""
        CREATE TABLE ledger_count (
            publisher text        NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at   timestamptz NOT NULL,
            counts    jsonb       NOT NULL,
            sequence  bigint      NOT NULL,
            PRIMARY KEY (publisher, starts_at, ends_at)
        )
        """,
    fold="""
        INSERT INTO ledger_count AS kept (publisher, starts_at, ends_at, counts, sequence)
        SELECT DISTINCT ON (publisher, starts_at, ends_at)
               ltrim(source, '/') AS publisher, starts_at, ends_at, counts, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (starts_at timestamptz, ends_at timestamptz, counts jsonb)
         ORDER BY publisher, starts_at, ends_at, sequence DESC, counts DESC
            ON CONFLICT (publisher, starts_at, ends_at) DO UPDATE
           SET counts   = excluded.counts,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
            OR kept.sequence = excluded.sequence AND kept.counts < excluded.counts
        """,
)
