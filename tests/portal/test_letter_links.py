"""The links of letters lead to pages of the portal."""

import inspect
import re

from pdu_notifications import address_book
from pdu_portal.app import ROUTERS


def shape(address: str) -> str:
    return re.sub(r"{[^}]*}", "…", address)


def test_every_link_of_a_letter_leads_to_a_page_of_the_portal():
    source = inspect.getsource(address_book)
    kept = re.findall(r"await _keep_link\(conn, message\.\w+, f\"(.+?)\"\)", source)
    assert len(kept) == source.count("await _keep_link(")
    routes = [route for router in ROUTERS for route in router.routes]
    pages = {shape(route.path) for route in routes if "GET" in route.methods}
    assert {f"/{shape(path)}" for path in kept} - pages == set()
