"""Settings as a service heard of them: the last word counts, and nonsense changes nothing."""

from datetime import time
from uuid import uuid4

from pdu_shared.contracts.resources.vocabulary import SettingChanged
from pdu_shared.database import transaction
from pdu_shared.instance import instance, keep_setting

MORNING = time(8)


async def test_the_last_word_counts_and_nonsense_changes_nothing(notifications_database):
    key = f"test.{uuid4().hex}"

    async def heard(**told):
        await keep_setting(conn, SettingChanged(setting_id=uuid4(), key=key, **told))
        found = await instance(conn)
        return found.number(key, 7), found.clock(key, MORNING)

    async with transaction(notifications_database) as conn:
        usual = await instance(conn)
        assert (usual.number(key, 7), usual.clock(key, MORNING)) == (7, MORNING)
        assert await heard(wording="09:30") == (7, time(9, 30))
        assert await heard(wording="half past nine") == (7, MORNING)
        assert await heard(number=0) == (0, MORNING)
        await conn.execute("DELETE FROM instance_setting WHERE key = $1", key)
