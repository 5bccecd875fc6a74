// Small helps for people whose browser runs scripts. Every page works without this file.

// Bring the error summary to people who cannot see it appear.
document.querySelector(".govuk-error-summary")?.focus();

// A link that looks like a button answers to the space bar too, as its role promises.
addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[role=button]")) { event.preventDefault(); event.target.click(); }
});

// One press, one booking: ignore a second press for two seconds.
for (const form of document.querySelectorAll("form[method=post]")) {
  let last = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - last < 2000) event.preventDefault();
    else last = event.timeStamp;
  });
}

// Registers that were kept for a door without a line go when somebody signs out.
if (location.pathname === "/signed-out") self.caches?.delete("pdu-register");
