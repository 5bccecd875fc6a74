"""What tests of resources ask for by name."""

from uuid import uuid4

import pytest

import signing_in
from resources.surveys import a_survey, attendance, came, invite, links


@pytest.fixture(scope="module")
async def kiosk(resources_http, resources_database, token):
    """A front end that is known, and what it does."""
    return await signing_in.front_end(resources_http, resources_database, token)


@pytest.fixture
async def email(resources_http):
    """The address of somebody with an account."""
    return await signing_in.member(resources_http)


@pytest.fixture
def coordinator(token):
    """The header of a coordinator."""
    return token("coordinator")


@pytest.fixture
async def survey(resources_http, coordinator):
    """A survey of one question that is asked now."""
    return await a_survey(resources_http, coordinator)


@pytest.fixture
async def invited(house, resources_http, resources_database, coordinator, survey):
    """One person who was invited: their link."""
    event = uuid4()
    await came(resources_database, attendance(event))
    await invite(resources_http, coordinator, survey, event)
    [link] = (await links(house, resources_database, survey)).values()
    return link
