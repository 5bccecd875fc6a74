// Messages as they happen. Never starts by itself, can be paused at any time.
for (const board of document.querySelectorAll("[data-live]")) {
  const button = document.getElementById("live-switch");
  const status = document.getElementById("live-status");
  const body = board.querySelector("tbody");
  const start = button.textContent;
  let source;

  // Rows and figures are made by our own server from the same templates as the page.
  const made = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content.firstElementChild;
  const row = (event) => {
    const fresh = made(event.data);
    const known = document.getElementById(fresh.id);
    if (known) { known.replaceWith(fresh); return; }
    fresh.classList.add("new");
    board.hidden = false;
    document.getElementById("live-empty")?.remove();
    body.prepend(fresh);
    while (body.rows.length > 50) body.lastElementChild.remove();
  };
  const now = (event) => document.getElementById("now")?.replaceWith(made(event.data));

  const pause = () => {
    source.close();
    source = undefined;
    button.textContent = start;
    status.textContent = "Paused.";
  };
  const watch = () => {
    source = new EventSource(board.dataset.live);
    source.addEventListener("row", row);
    source.addEventListener("now", now);
    source.addEventListener("open", () => { status.textContent = "Watching. New messages appear on top."; });
    source.addEventListener("error", () => { status.textContent = "The line dropped; trying again."; });
    button.textContent = "Pause";
    status.textContent = "One moment.";
  };
  button.hidden = false;
  button.addEventListener("click", () => (source ? pause() : watch()));
}
