"""Who may book at this moment: local people, those who were there, everybody."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pdu_bookings.category import learn_setting, local_areas
from pdu_bookings.rules.access import LOCAL_AREAS, Access, Asker, may_book
from pdu_shared.contracts.resources.vocabulary import SettingChanged
from pdu_shared.contracts.vocabulary import AccessTier
from pdu_shared.database import transaction

NOW = datetime(2027, 1, 14, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
CITY = Asker(uuid4(), "nottingham_city")
COUNTY = Asker(uuid4(), "nottinghamshire")
AWAY = Asker(uuid4(), "neighbouring")
LOCAL = Access(tier=AccessTier.LOCAL_ONLY)
LOCAL_FIRST = Access(tier=AccessTier.LOCAL_FIRST, opens_wider_at=SOON)
FOLLOW_UP = Access(invited=frozenset({AWAY.person_id}), invited_until=SOON)


@pytest.mark.parametrize(
    ("event", "person", "now", "may"),
    [
        (Access(), AWAY, NOW, True),
        (LOCAL, CITY, NOW, True),
        (LOCAL, COUNTY, NOW, True),
        (LOCAL, AWAY, NOW, False),
        (LOCAL, Asker(uuid4(), "unknown"), NOW, False),
        (LOCAL_FIRST, CITY, NOW, True),
        (LOCAL_FIRST, AWAY, NOW, False),
        (LOCAL_FIRST, AWAY, SOON, True),
        (FOLLOW_UP, AWAY, NOW, True),
        (FOLLOW_UP, CITY, NOW, False),
        (FOLLOW_UP, CITY, SOON, True),
        (Access(booking_closed_at=NOW), CITY, NOW, False),
        (Access(booking_closed_at=SOON), CITY, NOW, True),
    ],
)
def test_who_may_book(event, person, now, may):
    assert (may_book(event, person, now) is None) is may


def test_whoever_may_not_is_told_why_in_kind_words():
    assert "opens to everybody later" in may_book(LOCAL_FIRST, AWAY, NOW)
    assert "our area" in may_book(LOCAL, AWAY, NOW)


def test_another_city_has_other_areas():
    leeds = Access(tier=AccessTier.LOCAL_ONLY, local_areas=frozenset({"leeds"}))
    assert may_book(leeds, Asker(uuid4(), "leeds"), NOW) is None
    assert may_book(leeds, CITY, NOW) is not None


async def test_bookings_learns_which_areas_are_local(bookings_database):
    async def local(codes):
        told = SettingChanged(setting_id=uuid4(), key="area.local", codes=codes)
        async with transaction(bookings_database) as conn:
            await learn_setting(conn, told)
            found = await local_areas(conn)
            await learn_setting(conn, told.model_copy(update={"codes": ()}))
        return found

    assert await local(("leeds", "york")) == {"leeds", "york"}
    assert await local(()) == LOCAL_AREAS
