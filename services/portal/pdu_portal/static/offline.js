// Keeps the registers that this page leads to on this device, for a door without a line.
const links = [...document.querySelectorAll("a[href*='/register/']")].map((one) => new URL(one.href).pathname);
if (links.length && navigator.serviceWorker) {
  navigator.serviceWorker.register("/coordinate/register-worker.js").then(({ installing, waiting, active }) => {
    (installing ?? waiting ?? active).postMessage([...new Set(links)]);
  }).catch(() => { /* without it the page works as before */ });
}
