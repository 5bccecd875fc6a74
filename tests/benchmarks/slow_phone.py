"""How soon somebody with an old phone and a poor line sees what a page is about."""

from collections.abc import AsyncGenerator
from functools import partial

from playwright.async_api import Browser, async_playwright

from benchmarks.measure import Benchmark, Sample
from benchmarks.portal import opened
from benchmarks.stage import Stage
from browser.chromium import CHROMIUM, FLAGS, WAYS
from pdu_local.failure import UNAVAILABLE, Failure

SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
"""How many times slower its processor is than this one."""
LARGEST = """() => new Promise((tell) => new PerformanceObserver(
    (list) => tell(list.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


async def _until_seen(browser: Browser, address: str) -> float:
    """Milliseconds to the largest paint (LCP), with nothing kept from before."""
    context = await browser.new_context(**WAYS["phone"])
    page = await context.new_page()
    phone = await context.new_cdp_session(page)
    await phone.send("Network.enable")
    await phone.send("Network.emulateNetworkConditions", SLOW_4G)
    await phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(address, wait_until="load")
    seen = float(await page.evaluate(LARGEST))
    await context.close()
    return seen


async def _page(stage: Stage, _: float, *, path: str) -> AsyncGenerator[Sample, None]:
    if not CHROMIUM:
        raise Failure("There is no Chromium here.", "apt-get install chromium", code=UNAVAILABLE)
    async with opened(stage) as (_bookings, portal), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        async with stage.connected("pdu_bookings") as conn:
            event = await conn.fetchval("SELECT learning_event_id FROM learning_event LIMIT 1")
        while True:
            address = f"http://127.0.0.1:{portal.port}{path.format(event=event)}"
            yield Sample(value=await _until_seen(browser, address))


PAGES = {"home": "/", "events": "/events", "event": "/events/{event}"}
BENCHMARKS = tuple(
    Benchmark(
        name=f"slow-phone-{name}",
        unit="ms",
        yardstick="none",
        rounds=partial(_page, path=path),
        floor=1500,
        aim=1000,
        less_is_better=True,
        absolute=True,
    )
    for name, path in PAGES.items()
)
