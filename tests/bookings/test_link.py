"""A link opens one thing for one purpose."""

from uuid import uuid4

import pytest

from pdu_bookings.link import Purpose
from pdu_shared.links import opened_by, token_of


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_opens_what_it_was_made_for_and_nothing_else(purpose):
    about = uuid4()
    token = token_of(b"key", purpose, about)
    assert {one for one in Purpose if opened_by(b"key", one, token)} == {purpose}
    assert opened_by(b"key", purpose, token) == about
    assert opened_by(b"another key", purpose, token) is None
