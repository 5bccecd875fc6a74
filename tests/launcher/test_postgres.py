"""The PostgreSQL that we start ourselves."""

import asyncpg
import pytest


async def test_nobody_waits_long_for_a_new_file_of_the_write_ahead_log(house):
    """Whoever commits fills it first; the log as a whole is as large as with larger files."""
    if house.servers.postgres is None:
        pytest.skip("this PostgreSQL was given to us, and is as its owner made it")
    conn = await asyncpg.connect(house.servers.database_url)
    try:
        told = {
            name: await conn.fetchval("SELECT current_setting($1)", name)
            for name in ("wal_segment_size", "max_wal_size", "min_wal_size")
        }
    finally:
        await conn.close()
    assert told == {"wal_segment_size": "1MB", "max_wal_size": "1GB", "min_wal_size": "80MB"}
