// Everything works without this file; it only makes some things quicker.
"use strict";

// A fold (person menu, confirmation) closes when one clicks elsewhere or presses Escape.
function closeFolds(except) {
  for (const fold of document.querySelectorAll("details.fold[open]")) {
    if (fold !== except) fold.open = false;
  }
}
document.addEventListener("click", (event) => closeFolds(event.target.closest("details.fold")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.fold[open]");
    closeFolds(null);
    if (open) open.querySelector("summary").focus();
  }
  // "/" goes to the search box, as long as nothing is being typed.
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.getElementById("search");
    if (search) { event.preventDefault(); search.focus(); }
  }
});

// The same form is not sent twice by an impatient hand; the server would notice anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A choice that asks for words opens where they are written.
document.addEventListener("change", ({ target }) => {
  const asked = target.form?.querySelector(`[data-asked-by="${CSS.escape(`${target.name}-${target.value}`)}"]`);
  if (asked) asked.open = true;
});

// When a fragment cannot be had, say so instead of doing nothing.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const place = document.getElementById("flashes");
    if (!place || event.target.closest("[data-quiet]")) return;
    const words = document.createElement("div");
    words.className = "alert flash-error";
    words.textContent = "刚才的操作没有得到服务器回应，请稍后重试；已填写的内容仍在页面上。";
    place.replaceChildren(words);
  });
}
