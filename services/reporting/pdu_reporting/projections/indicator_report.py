"""What organisations count themselves: a number for each series and period."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.outcome import IndicatorReported

INDICATOR_REPORT = Projection(
    name="indicator_report",
    hears=(IndicatorReported,),
    table="""
        CREATE TABLE indicator_report (
            report_id       uuid    PRIMARY KEY,
            organisation_id uuid    NOT NULL,
            indicator       text    NOT NULL,
            series          text    NOT NULL,
            period_from     date    NOT NULL,
            period_to       date    NOT NULL,
            numerator       integer NOT NULL,
            denominator     integer,
            sequence        bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO indicator_report AS kept (
               report_id, organisation_id, indicator, series, period_from, period_to, numerator,
               denominator, sequence)
        SELECT DISTINCT ON (report_id)
               report_id, organisation_id, indicator, series, period_from, period_to, numerator,
               denominator, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (report_id uuid, organisation_id uuid, indicator text, series text,
                        period_from date, period_to date, numerator integer, denominator integer)
         ORDER BY report_id, sequence DESC
            ON CONFLICT (report_id) DO UPDATE
           SET organisation_id = excluded.organisation_id,
               indicator       = excluded.indicator,
               series          = excluded.series,
               period_from     = excluded.period_from,
               period_to       = excluded.period_to,
               numerator       = excluded.numerator,
               denominator     = excluded.denominator,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
