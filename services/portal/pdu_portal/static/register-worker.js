// Registers on this device, so that they open at a door without a line. They go within a day, when
// somebody signs out, and when they are not for this person any more.
const DAY = 20 * 3600 * 1000;
const REGISTER = /^\/coordinate\/events\/[\da-f-]{36}\/register\/[\da-f-]{36}$/;

const shelf = async () => {
  const cache = await caches.open("pdu-register");
  for (const one of await cache.keys()) {
    const kept = await cache.match(one);
    if (!(Date.now() - Date.parse(kept.headers.get("date")) < DAY)) await cache.delete(one);
  }
  return cache;
};
// First the files that it needs, so that a page that is kept is whole.
const keep = async (path, page) => {
  const cache = await shelf();
  if (page.ok) {
    const files = new Set((await page.clone().text()).match(/\/static\/[\w.-]+/g));
    await Promise.all([...files].map(async (file) => (await cache.match(file)) ?? cache.add(file)));
    await cache.put(path, page);
  } else if (page.status < 500) await cache.delete(path);
};
const shown = async (event, path) => {
  const kept = async () => (await shelf()).match(path);
  try {
    const page = await fetch(event.request);
    if (page.status >= 500) return (await kept()) ?? page;
    event.waitUntil(keep(path, page.clone()));
    return page;
  } catch { return (await kept()) ?? Response.error(); }
};

addEventListener("install", () => skipWaiting());
addEventListener("message", (event) => event.waitUntil(Promise.all(event.data.filter((path) => REGISTER.test(path)).map(
  async (path) => keep(path, await fetch(path, { redirect: "manual" })),
)).catch(() => { /* no line: the next page tries again */ })));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (REGISTER.test(pathname)) event.respondWith(shown(event, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});
