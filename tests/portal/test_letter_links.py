"""The links of letters lead to pages of the portal."""

import inspect
import re
from uuid import UUID

import pytest

from pdu_bookings.app import service as bookings
from pdu_notifications import address_book, pages
from pdu_notifications.app import service as notifications
from pdu_portal.app import ROUTERS
from pdu_resources.app import service as resources
from portal.letters_stand_in import reading

ANY = UUID("018f0000-0000-7000-8000-0000000000e1")
CALLED = {name: value for name, value in vars(pages).items() if inspect.isfunction(value)}
OF_A_THING = sorted(
    called(ANY if UUID in inspect.get_annotations(called).values() else "cuckooing")
    for called in CALLED.values()
)
EVERYBODYS = sorted(
    value
    for name, value in vars(pages).items()
    if name.isupper() and isinstance(value, str) and name != "VIA"  # begins longer addresses
)


def shape(address: str) -> str:
    return re.sub(r"{[^}]*}", "…", address)


def test_every_link_of_a_letter_leads_to_a_page_of_the_portal():
    source = inspect.getsource(address_book)
    kept = re.findall(r"await _keep_link\(conn, message\.\w+, f\"(.+?)\"\)", source)
    assert len(kept) == source.count("await _keep_link(")
    routes = [route for router in ROUTERS for route in router.routes]
    found = {shape(route.path) for route in routes if "GET" in route.methods}
    assert {f"/{shape(path)}" for path in kept} - found == set()


@pytest.mark.parametrize("path", EVERYBODYS)
def test_every_page_that_letters_name_is_there(town, site, path):
    reading(town)
    assert site.get(f"/{path}").status_code in {200, 303}  # 303: to sign in first


@pytest.mark.parametrize("path", OF_A_THING)
def test_every_page_of_a_thing_asks_for_that_thing(town, site, path):
    """It is there, or its service said that this very thing is not."""
    answer = site.get(f"/{path}", follow_redirects=True)
    assert answer.status_code in {200, 404, 503}
    assert [asked for one in town.services.values() for asked in one.asked]


BY_LINK = re.compile(r"^GET (/[a-z]/\{token\})$", re.MULTILINE)


def test_whatever_a_service_opens_by_a_link_has_a_page():
    """What begins with one letter and a token is in somebody's letter, or on a wall."""
    for service in (bookings, resources, notifications):
        opened = {name.removeprefix("GET ") for name in service.access if BY_LINK.match(name)}
        routes = [route for router in ROUTERS for route in router.routes]
        shown = {shape(route.path) for route in routes if "GET" in route.methods}
        assert {shape(path) for path in opened} - shown == set(), service.name
