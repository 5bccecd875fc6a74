"""What this city has otherwise than another: settings that are numbers."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.vocabulary import SettingChanged

SETTING = Projection(
    name="setting",
    hears=(SettingChanged,),
    table="""
        CREATE TABLE setting (
            setting_id uuid   PRIMARY KEY,
            key        text   NOT NULL,
            number     int,
            sequence   bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO setting AS kept (setting_id, key, number, sequence)
        SELECT DISTINCT ON (setting_id) setting_id, key, number, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (setting_id uuid, key text, number int)
         ORDER BY setting_id, sequence DESC
            ON CONFLICT (setting_id) DO UPDATE
           SET key = excluded.key, number = excluded.number, sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
