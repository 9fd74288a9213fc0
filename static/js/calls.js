// Who is calling is asked while somebody looks at the page, and at once when she comes back to it.
"use strict";

const isLine = (event) => event.target.id === "calls";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isLine(event) && document.hidden) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  const line = document.getElementById("calls");
  if (line && !document.hidden) line.dispatchEvent(new CustomEvent("wake"));
});
// The session is over: the answer says so in the place of the line, and asks no more.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isLine(event) || event.detail.xhr.status !== 401) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
