// The register on a phone: each tap is saved by itself. What cannot be sent waits on this phone, also
// when the page is closed: ids and marks, and what was typed of somebody who was added.

const form = document.getElementById("register");
const status = document.getElementById("saved");
const here = document.getElementById("here");
const place = `pdu-register:${form.dataset.session}`;
const kept = () => JSON.parse(localStorage.getItem(place) ?? '{"marks":{},"forms":[]}');
const keep = (what) => {
  if (Object.keys(what.marks).length || what.forms.length) localStorage.setItem(place, JSON.stringify(what));
  else localStorage.removeItem(place);
};
const was = (id) => form.elements[`was:${id}`];
const taps = (id) => form.elements[`mark:${id}`];
let key = form.elements.key.value;
let sending = false;

const are = (rest) => form.querySelectorAll(`[value=present]${rest}, [value=partial]${rest}`).length;
const others = parseInt(here.textContent, 10) - are("[name^='was:']");
const count = () => { here.textContent = `${others + are(":checked")} here`; };
const tell = (words = "") => {
  const { marks, forms } = kept();
  const many = Object.keys(marks).length + forms.length;
  const time = new Date().toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit" });
  status.textContent = words || (many ? `${many} ${many === 1 ? "entry waits" : "entries wait"} on this phone` : `Saved ${time}`);
};
const post = (action, body) => fetch(action, { method: "POST", body: new URLSearchParams(body), redirect: "manual" });

// One mark; true when it need not be sent again.
const sendMark = async (id, mark) => {
  for (let tries = 0; tries < 2; tries += 1) {
    const answer = await post(`${form.action}/mark`, { key, [`mark:${id}`]: mark, [`was:${id}`]: was(id)?.value ?? "" });
    if (answer.status === 204) { if (was(id)) was(id).value = mark; return true; }
    if (answer.status === 428) { key = (await answer.json()).key; continue; }
    if (answer.status === 409 && was(id)) {
      const { theirs } = await answer.json();
      was(id).value = theirs;
      const name = was(id).closest("fieldset").querySelector("legend").firstChild.data;
      const say = (value) => form.querySelector(`[name="mark:${id}"][value="${value}"]`)?.parentElement.textContent ?? "nothing";
      tell(`${name}: somebody else said ${say(theirs)}, you say ${say(mark)}. Tap again what is right.`);
      for (const one of taps(id)) one.checked = false;
      return "told";
    }
    if (answer.status === 422) { tell((await answer.json()).trouble); return "told"; }
    break;
  }
  return false;
};
// What was not taken stands in its form again.
const putBack = ({ action, body }) => {
  const back = [...document.querySelectorAll("form[data-later]")].find((one) => one.action === action);
  if (!back) return;
  for (const [name, value] of Object.entries(body)) if (name !== "key" && back.elements[name]) back.elements[name].value = value;
  back.closest("details").open = true;
};
// A form that was pressed without a line.
const sendForm = async ({ action, body }) => {
  const answer = await post(action, body);
  return answer.type === "opaqueredirect" ? true : answer.status === 422 ? "told" : false;
};

const flush = async () => {
  if (sending) return;
  sending = true;
  let told = "";
  try {
    for (const [id, mark] of Object.entries(kept().marks)) {
      const done = await sendMark(id, mark);
      if (!done) break;
      const now = kept();
      if (now.marks[id] === mark) delete now.marks[id];
      keep(now);
      if (done === "told") told = status.textContent;
    }
    while (kept().forms.length) {
      const one = kept().forms[0];
      const done = await sendForm(one);
      if (!done) break;
      const now = kept();
      now.forms.shift();
      keep(now);
      if (done === "told") { putBack(one); told = "Something that was added was not taken. Please look at it below."; }
    }
  } catch { /* no line: it waits */ }
  sending = false;
  tell(told);
};

form.addEventListener("change", ({ target }) => {
  if (!target.name.startsWith("mark:")) return;
  const now = kept();
  now.marks[target.name.slice(5)] = target.value;
  keep(now);
  count();
  tell("Saving …");
  flush();
});
form.addEventListener("submit", (event) => { event.preventDefault(); flush(); });
for (const later of document.querySelectorAll("form[data-later]")) {
  later.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const now = kept();
    now.forms.push({ action: later.action, body: Object.fromEntries(new FormData(later)) });
    keep(now);
    later.reset();
    tell();
  });
}
for (const [id, mark] of Object.entries(kept().marks)) {
  for (const one of taps(id) ?? []) one.checked = one.value === mark;
}
addEventListener("online", flush);
setInterval(() => { if (localStorage.getItem(place)) flush(); }, 4000);
count();
if (localStorage.getItem(place)) flush(); else tell("Every tap is saved.");
