// Things are put in order by buttons. The lists stay in the form, hidden, and are what is sent.

for (const group of document.querySelectorAll(".ranks")) {
  // Where something is wrong, the lists show where; so they stay.
  if (group.querySelector(".govuk-error-message")) continue;
  const rows = [...group.querySelectorAll(".govuk-form-group")].filter((row) => row.querySelector("select"));
  const parent = rows[0].parentNode, after = rows.at(-1).nextSibling;
  const named = new Map(rows.map((row) => [row, row.querySelector("label").textContent.trim()]));
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "meta";
  group.append(status);
  let placed = [];

  const press = (row, words, about, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "move";
    button.textContent = words;
    button.setAttribute("aria-label", `${about}: ${named.get(row)}`);
    button.addEventListener("click", () => { act(); show(); tell(row, about); });
    return button;
  };
  const move = (row, to) => {
    placed = placed.filter((one) => one !== row);
    if (to !== null) placed.splice(to, 0, row);
  };
  const tell = (row, about) => {
    const at = placed.indexOf(row);
    status.textContent = `${named.get(row)}, ${at < 0 ? "not placed now" : `now number ${at + 1} of ${rows.length}`}`;
    // The row went elsewhere, and whoever pressed goes with it.
    const moves = [...row.querySelectorAll(".move")];
    (moves.find((one) => one.getAttribute("aria-label").startsWith(about)) ?? moves[0]).focus();
  };
  const show = () => {
    for (const row of rows) row.querySelector("select").value = placed.includes(row) ? placed.indexOf(row) + 1 : "";
    for (const row of [...placed, ...rows.filter((one) => !placed.includes(one))]) {
      parent.insertBefore(row, after);
      const at = placed.indexOf(row), moves = row.querySelector(".moves");
      moves.replaceChildren();
      const place = document.createElement("span");
      place.textContent = at < 0 ? "Not placed" : `Number ${at + 1}`;
      moves.append(place);
      if (at < 0) moves.append(press(row, "Place next", "Place next", () => move(row, placed.length)));
      if (at > 0) moves.append(press(row, "↑", "Move up", () => move(row, at - 1)));
      if (at >= 0 && at < placed.length - 1) moves.append(press(row, "↓", "Move down", () => move(row, at + 1)));
      if (at >= 0) moves.append(press(row, "✕", "Take out", () => move(row, null)));
    }
  };
  const begin = () => {
    const number = (row) => Number(row.querySelector("select").value);
    placed = rows.filter(number).sort((one, other) => number(one) - number(other));
    show();
  };
  for (const row of rows) {
    row.querySelector("select").hidden = true;
    const moves = document.createElement("div");
    moves.className = "moves";
    row.append(moves);
  }
  group.querySelector(".govuk-hint").textContent = "Place what comes first, then what comes next. What you cannot judge stays “Not placed”.";
  begin();
  // Who comes back to the page finds what they had placed.
  addEventListener("pageshow", begin);
}
