"""People at real browsers, before the real portal and the real services."""

import pytest

from browser.axe import violations_of
from browser.chromium import CHROMIUM, FLAGS, WAYS
from browser.whole.person import Person
from house import a_house
from pdu_shared.access import Role
from signing_in import give, member
from whole import a_whole_town


@pytest.fixture(scope="package", name="house")
async def _house(tmp_path_factory):
    """Servers of its own: what the town says is heard by nobody else's tests."""
    async with a_house(tmp_path_factory.mktemp("town")) as built:
        yield built


@pytest.fixture(scope="package", name="token")
def _token(house):
    return lambda *roles, **who: house.authorised(*(Role(role) for role in roles), **who)


@pytest.fixture(scope="package", name="town")
async def _town(house):
    async with a_whole_town(house) as opened:
        yield opened


@pytest.fixture(scope="package")
def surveys():
    """The real services have their own."""


@pytest.fixture(scope="package", name="chromium")
async def _chromium():
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def somebody(town, chromium):
    """`await somebody("phone")`: a browser of theirs.

    Its console must not complain, and axe finds nothing on the page at which they end.
    """
    people = []

    async def comes(way="light", **more):
        context = await chromium.new_context(base_url=town.address, **WAYS[way], **more)
        context.set_default_timeout(15_000)
        person = Person(town, context, await context.new_page())
        person.scripts = more.get("java_script_enabled", True)
        people.append(person)
        return person

    yield comes
    found = []
    for one in people:
        if one.scripts:
            found += [(one.page.url, *wrong) for wrong in await violations_of(one.page)]
        print(one.page.url, await one.said(), sep="\n")  # noqa: T201 - shown where a test fails
        await one.context.close()
    assert [line for one in people for line in one.complaints] == []
    assert found == []


@pytest.fixture
def signed_in(town, token, somebody):
    """`await signed_in("coordinator")`: signed in by a letter, staff by their app too."""

    async def comes(*roles, way="light", name="Marian Leaford", **given):
        email = await member(town.http["resources"], name=name)
        for role in roles:
            answer = await give(town.http["resources"], token, email, role, **given)
            assert answer.status_code < 300, answer.text
        person = await somebody(way)
        person.email = email
        await person.sign_in()
        return person

    return comes
