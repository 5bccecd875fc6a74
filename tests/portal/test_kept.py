"""Pages that are the same for everybody are made once a second, however many people look."""

import asyncio

import httpx
import pytest

from pdu_portal.app import SAME_FOR_ALL
from pdu_portal.kept import Kept
from portal.stand_in import open_portal


class Maker:
    """Makes pages, and counts them."""

    def __init__(self):
        self.made, self.status, self.cookie = 0, 200, False
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self, _scope, _receive, send):
        self.made += 1
        number = self.made
        await self.go_on.wait()
        headers = [(b"set-cookie", b"mine=1")] if self.cookie else []
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"%d" % number, "more_body": False})


async def asked(app, path="/events", query=b"", method="GET", **headers):
    told = []

    async def send(message):
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
    }
    await app(scope, None, send)
    return int(told[-1]["body"])


@pytest.fixture
def maker():
    return Maker()


@pytest.fixture
def app(maker):
    return Kept(maker, ["/", "/events"], seconds=60)


async def test_the_same_page_is_made_once(app, maker):
    assert {await asked(app) for _ in range(5)} == {1}
    assert await asked(app, "/") == 2
    assert await asked(app, query=b"topic=housing") == 3
    assert await asked(app, accept_encoding="gzip, br") == 4
    assert maker.made == 4


async def test_who_comes_while_it_is_made_waits_for_it(app, maker):
    maker.go_on.clear()
    many = [asyncio.create_task(asked(app)) for _ in range(20)]
    await asyncio.sleep(0)
    maker.go_on.set()
    assert set(await asyncio.gather(*many)) == {1}


async def test_who_hangs_up_takes_the_page_from_nobody(app, maker):
    maker.go_on.clear()
    first = asyncio.create_task(asked(app))
    await asyncio.sleep(0)
    second, third = (asyncio.create_task(asked(app)) for _ in range(2))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    maker.go_on.set()
    assert await third == 2, "made anew, as the first was never finished"


async def test_what_is_somebodys_own_is_made_for_them_alone(app, maker):
    assert [await asked(app, cookie="pdu=1") for _ in range(2)] == [1, 2]
    assert [await asked(app, "/me") for _ in range(2)] == [3, 4]
    assert [await asked(app, method="POST") for _ in range(2)] == [5, 6]
    maker.cookie = True
    assert [await asked(app) for _ in range(2)] == [7, 8]


async def test_a_page_for_when_something_is_wrong_is_not_kept(app, maker):
    maker.status = 503
    assert await asked(app) == 1
    maker.status = 200
    assert await asked(app) == 2
    assert await asked(app) == 2


async def test_it_gets_old_and_few_are_held(maker):
    short = Kept(maker, ["/events"], seconds=0.001)
    assert await asked(short) == 1
    await asyncio.sleep(0.002)
    assert await asked(short) == 2
    app = Kept(maker, ["/events"], seconds=60)
    for number in range(300):
        await asked(app, query=b"q=%d" % number)
    assert len(app._pages) == 256  # noqa: SLF001 - it has no other door
    never = Kept(maker, ["/events"], seconds=0)
    assert await asked(never) < await asked(never)


def test_every_page_that_is_kept_is_there_and_holds_nobodys_key(town):
    with open_portal(town, kept_seconds=60) as address, httpx.Client(base_url=address) as site:
        for path in SAME_FOR_ALL:
            first, second = site.get(path), site.get(path)
            assert first.status_code == 200, path
            assert first.text == second.text, path
            assert 'name="key"' not in first.text, path
            assert "set-cookie" not in first.headers, path
            assert second.headers["content-security-policy"], "also from what is kept"
        asked = len(town.resources.asked)
        site.get("/library")
        assert len(town.resources.asked) == asked
