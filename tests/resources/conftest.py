"""What tests of resources ask for by name."""

import pytest

import signing_in


@pytest.fixture(scope="module")
async def kiosk(resources_http, resources_database, token):
    """A front end that is known, and what it does."""
    return await signing_in.front_end(resources_http, resources_database, token)


@pytest.fixture
async def email(resources_http):
    """The address of somebody with an account."""
    return await signing_in.member(resources_http)
