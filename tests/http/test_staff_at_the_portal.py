"""Pages of staff, ambassadors and experts before the real services: nothing of them is missing."""

import httpx

from pdu_shared.access import Role
from portal.serving import served
from portal.signing_in import a_viewer, cookie_of
from portal.stand_in import COOKIE_KEY

PAGES = {
    "operator": (
        "/operate",
        "/operate/queues",
        "/operate/set-aside",
        "/operate/replay",
        "/operate/letters",
    ),
    "beneficiary_ambassador": ("/support", "/support/briefings", "/support/opportunities"),
    "expert_by_experience": ("/my-part", "/support/opportunities"),
    "data_protection_lead": ("/requests", "/requests/holds", "/retention", "/audit"),
    "steering_group": ("/figures", "/meetings", "/figures/report"),
    "evaluator": (
        "/figures",
        "/figures/attendances?by=sector",
        "/figures/snapshots",
        "/figures/claims",
    ),
}
AWAY = ("does not answer", "cannot be shown just now")


async def test_every_page_of_staff_is_answered_by_the_services_themselves(house, processes):
    urls = {f"{one.name}_url": one.url for one in processes.values()}
    with served(cookie_key=COOKIE_KEY, **urls) as address:
        async with httpx.AsyncClient(base_url=address, timeout=60) as site:
            for role, pages in PAGES.items():
                header = house.authorised(Role(role))["Authorization"]
                token = header.removeprefix("Bearer ")
                name, value = cookie_of(a_viewer(role, token=token))
                for page in pages:
                    answer = await site.get(page, headers={"Cookie": f"{name}={value}"})
                    assert answer.status_code == 200, (role, page, answer.text)
                    away = [words for words in AWAY if words in answer.text]
                    assert away == [], (role, page)
