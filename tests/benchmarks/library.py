"""The library: a page of items, a search among 50,000, and a recording of a gigabyte both ways."""

import asyncio
import hashlib
import itertools
import random
import time
import tomllib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import asyncpg

from benchmarks.load import closed, opened
from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Running, Stage, peak
from pdu_resources.finding.index import index_items
from pdu_shared.access import Role

SEARCH = Path(__file__).parents[1] / "data" / "search"
ITEMS = 50_000
AT_ONCE = 2_000
CLIENTS = 8
SEARCHES_A_SECOND = 20
COMMON_WORDS = 8_000
MIB = 1024 * 1024
LARGE = 1024 * MIB
PAGE_OF_ITEMS = b"GET /items?limit=20 HTTP/1.1\r\nHost: bench\r\n\r\n"
PLAIN_PAGE = """
    SELECT json_agg(page)
      FROM (SELECT item_key, type, title, summary, workstreams, tags, scope, level, minutes,
                   members_only, learning_event_id, speaker, published_at, review_due_on
              FROM library_item WHERE state = 'published'
             ORDER BY published_at DESC, item_id DESC LIMIT 20) AS page
    """


async def fill(conn: asyncpg.Connection) -> None:
    """Fifty thousand items of words as frequent as words are, those of the field among them."""
    if await conn.fetchval("SELECT count(*) FROM library_item") >= ITEMS:
        return
    chance = random.Random(7)  # noqa: S311 - the same library each time
    judged = tomllib.loads((SEARCH / "items.toml").read_text("utf-8"))["item"]
    field = " ".join(f"{one['title']} {one['summary']}" for one in judged).split()
    made = [
        "".join(chance.choices("aeioubcdfghklmnprstvw", k=chance.randint(4, 10)))
        for _ in range(COMMON_WORDS)
    ]
    words = [*field, *made]
    weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(words))))

    def text(length: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=length))

    for start in range(0, ITEMS, AT_ONCE):
        ids = [uuid4() for _ in range(AT_ONCE)]
        await conn.execute(
            """
            INSERT INTO library_item (item_id, item_key, type, state, title, sort_title, letter,
                                      summary, body, workstreams, tags, scope, minutes, added_at,
                                      changed_at, published_at, reviewed_on, review_due_on)
            SELECT item_id, 'bench-' || item_id, 'report', 'published', title, lower(title), 'a',
                   summary, body, ARRAY['housing'], ARRAY['bench'], 'local', 5, now(), now(),
                   now() - n * interval '1 second', now(), now()
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[])
                   AS one (item_id, title, summary, body, n)
            """,
            ids,
            [text(7) for _ in ids],
            [text(25) for _ in ids],
            [text(80) for _ in ids],
            list(range(start, start + AT_ONCE)),
        )
        await index_items(conn, ids)
    await conn.execute("VACUUM ANALYZE")


@asynccontextmanager
async def _hub(stage: Stage) -> AsyncIterator[Running]:
    async with stage.connected("pdu_resources") as conn:
        await fill(conn)
    async with stage.running("resources") as service:
        yield service


async def _list(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    async with _hub(stage) as service:
        asked = itertools.repeat(PAGE_OF_ITEMS)
        await closed(service.port, asked, clients=CLIENTS, seconds=0.5)
        while True:
            used = stage.cpu_seconds(service)
            heard = await closed(service.port, asked, clients=CLIENTS, seconds=seconds)
            used = stage.cpu_seconds(service) - used
            began = stage.cpu_seconds() + time.process_time()
            plain = await _ask_plainly(stage, seconds)
            plainly = stage.cpu_seconds() + time.process_time() - began
            ours = used / len(heard.seconds) * 1000
            yield Sample(
                value=heard.expect(200).rate,
                yardstick=plain,
                cpu_ms_of={"ours": ours, "yardstick": plainly / (plain * seconds) * 1000},
                p50_ms=heard.percentile_ms(0.5),
                p99_ms=heard.percentile_ms(0.99),
                cpu_ms=ours,
                rss_mb=service.rss_mb,
            )


async def _ask_plainly(stage: Stage, seconds: float) -> float:
    url = stage.house.settings("resources").database_dsn()
    async with asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS) as pool:
        until = (began := time.perf_counter()) + seconds

        async def ask() -> int:
            asked = 0
            while time.perf_counter() < until:
                await pool.fetchval(PLAIN_PAGE)
                asked += 1
            return asked

        asked = await asyncio.gather(*(ask() for _ in range(CLIENTS)))
        return sum(asked) / (time.perf_counter() - began)


async def _search(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    queries = tomllib.loads((SEARCH / "queries.toml").read_text("utf-8"))["query"]
    asked = itertools.cycle(
        f"GET /search?q={quote(one['words'])} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
        for one in queries
    )
    async with _hub(stage) as service:
        await closed(service.port, asked, clients=1, seconds=2)
        while True:
            used = stage.cpu_seconds(service)
            # Each query comes up several times, or the slowest of thirty would be the p99.
            heard = await opened(
                service.port, asked, rate=SEARCHES_A_SECOND, seconds=max(seconds, 15)
            )
            used = stage.cpu_seconds(service) - used
            yield Sample(
                value=heard.expect(200).percentile_ms(0.99),
                p50_ms=heard.percentile_ms(0.5),
                p99_ms=heard.percentile_ms(0.99),
                cpu_ms=used / len(heard.seconds) * 1000,
                rss_mb=service.rss_mb,
            )


async def _bring(stage: Stage, _seconds: float) -> AsyncGenerator[Sample, None]:
    async with stage.running("resources") as service:
        path = await _shelf(stage)
        while True:
            plain = await asyncio.to_thread(_write_plainly, stage.home / "plain")
            async with peak(service) as seen:
                took = await _up(service, stage, path)
            yield Sample(value=LARGE / MIB / took, yardstick=plain, rss_mb=max(seen))


async def _give(stage: Stage, _seconds: float) -> AsyncGenerator[Sample, None]:
    async with stage.running("resources") as service:
        path = await _shelf(stage)
        await _up(service, stage, path)
        while True:
            plain = await asyncio.to_thread(_read_plainly, stage.home / "plain")
            async with peak(service) as seen:
                took = await _down(service, path)
            yield Sample(value=LARGE / MIB / took, yardstick=plain, rss_mb=max(seen))


def _pieces() -> list[bytes]:
    """A recording in pieces: it looks like one, and is not easy to compress."""
    head = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41"
    body = random.Random(7).randbytes(MIB)  # noqa: S311 - the same each time
    return [head + body[len(head) :], *[body] * (LARGE // MIB - 1)]


def _write_plainly(path: Path) -> float:
    began, digest = time.perf_counter(), hashlib.sha256()
    with path.open("wb") as file:
        for piece in _pieces():
            digest.update(piece)
            file.write(piece)
    return LARGE / MIB / (time.perf_counter() - began)


def _read_plainly(path: Path) -> float:
    if not path.exists():
        _write_plainly(path)
    began = time.perf_counter()
    with path.open("rb") as file:
        while file.read(256 * 1024):
            pass
    return LARGE / MIB / (time.perf_counter() - began)


async def _shelf(stage: Stage) -> str:
    """An item of its own, to which a recording can be brought."""
    key = f"bench-{uuid4()}"
    async with stage.connected("pdu_resources") as conn:
        await conn.execute(
            """
            INSERT INTO library_item (item_id, item_key, type, state, title, sort_title, letter,
                                      added_at, changed_at, published_at)
            VALUES ($1, $2, 'multimedia', 'published', 'Bench', 'bench', 'b', now(), now(), now())
            """,
            uuid4(),
            key,
        )
    return f"/items/{key}/files/large.mp4"


async def _up(service: Running, stage: Stage, path: str) -> float:
    token = stage.house.authorised(Role.COORDINATOR)["Authorization"]
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    began = time.perf_counter()
    writer.write(
        f"PUT {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {token}\r\n"
        f"Content-Type: video/mp4\r\nContent-Length: {LARGE}\r\nConnection: close\r\n\r\n".encode()
    )
    for piece in _pieces():
        writer.write(piece)
        await writer.drain()
    status = await reader.readline()
    await reader.read()
    writer.close()
    if b" 200 " not in status:
        raise RuntimeError(f"a recording was not taken: {status!r}")
    return time.perf_counter() - began


async def _down(service: Running, path: str) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    began = time.perf_counter()
    writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
    came = 0
    while piece := await reader.read(MIB):
        came += len(piece)
    writer.close()
    if came < LARGE:
        raise RuntimeError(f"only {came} bytes of a recording came")
    return time.perf_counter() - began


BENCHMARKS = (
    Benchmark(
        name="items-list",
        unit="pages/s",
        yardstick="json_agg of the same rows by asyncpg",
        rounds=_list,
        floor=0.5,
        aim=1.0,
    ),
    Benchmark(
        name="search",
        unit="ms, p99 of 50,000 items",
        yardstick="",
        rounds=_search,
        floor=50,
        aim=10,
        less_is_better=True,
        absolute=True,
    ),
    Benchmark(
        name="recording-up",
        unit="MiB/s",
        yardstick="hashing and writing a file",
        rounds=_bring,
        floor=0.1,
        aim=0.5,
    ),
    Benchmark(
        name="recording-down",
        unit="MiB/s",
        yardstick="reading a file",
        rounds=_give,
        floor=0.05,
        aim=0.2,
    ),
)
