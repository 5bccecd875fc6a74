"""A town of stand-ins and a portal before it, both on real sockets."""

from collections.abc import Iterator

import httpx
import pytest

from portal.stand_in import Town, open_portal, town


@pytest.fixture(name="town")
def _town() -> Town:
    return town()


@pytest.fixture
def site(town: Town) -> Iterator[httpx.Client]:
    with open_portal(town) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


@pytest.fixture
def answers() -> dict[str, str]:
    """What somebody types who books."""
    return {
        "name": "Marian Leaford",
        "email": "marian@greenwood.example.org",
        "organisation": "Greenwood Housing",
        "sector": "voluntary",
        "work_field": "mental_health",
        "role_level": "other",
        "area": "nottingham_city",
        "heard_about": "bulletin",
        "key": "0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11",
    }
