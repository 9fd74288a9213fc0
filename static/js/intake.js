// The call form with a keyboard. Without this file it saves, checks and proposes all the same, only slower.
"use strict";

const call = document.getElementById("call");
const save = document.getElementById("save");
let sending = false;

// Ctrl+Enter saves from anywhere; Enter in a line goes on to the next field; 1, 2, 3 … choose among radio buttons.
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // Enter ends the choice of a Chinese word, nothing else
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    call.requestSubmit(save);
    return;
  }
  if (!call.contains(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" && event.target.matches("input:not([type=file])")) {
    event.preventDefault();
    goOn(event.target);
  }
  const keys = event.target.closest("[data-keys]");
  if (keys && /^[1-9]$/.test(event.key)) {
    const option = keys.querySelectorAll("input")[Number(event.key) - 1];
    if (!option) return;
    event.preventDefault();
    option.focus();
    option.click();
  }
});

function goOn(from) {
  const stops = [...call.querySelectorAll("input, textarea, select, button")].filter(
    (stop) => stop.tabIndex >= 0 && stop.type !== "hidden" && stop.offsetParent && !stop.matches(".proposal"));
  const here = stops.indexOf(from);
  // Radio buttons of one name are one stop.
  const next = stops.slice(here + 1).find((stop) => stop.type !== "radio" || stop.name !== from.name);
  if (next) (next.type === "radio" ? call.querySelector(`[name="${next.name}"]:checked`) || next : next).focus();
}

// A proposal is pressed: it goes into its field, and may be overruled there.
call.addEventListener("click", (event) => {
  const proposal = event.target.closest(".proposal");
  if (!proposal) return;
  event.preventDefault();
  fill(proposal);
  document.getElementById(proposal.dataset.fill).focus();
});

function fill(proposal) {
  const field = document.getElementById(proposal.dataset.fill);
  if (field.value === proposal.dataset.value) return;
  field.value = proposal.dataset.value;
  field.dataset.filled = field.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// What the portal is sure of is filled in where nobody has written anything else.
document.addEventListener("htmx:afterSettle", () => {
  for (const proposal of call.querySelectorAll(".proposal[data-sure]")) {
    const field = document.getElementById(proposal.dataset.fill);
    const untouched = field.value === "" ? !("overruled" in field.dataset) : field.value === field.dataset.filled;
    if (!untouched) continue;
    fill(proposal);
    if (document.activeElement === field) field.select(); // the next key overrules it
  }
});
call.addEventListener("input", (event) => {
  if ("filled" in event.target.dataset) event.target.dataset.overruled = "yes";
});

// Leaving the page keeps what stands in it; after a save there is nothing left to keep.
call.addEventListener("submit", () => { sending = true; });
window.addEventListener("pageshow", () => { sending = false; });
let changed = false;
call.addEventListener("input", () => { changed = true; });
window.addEventListener("pagehide", () => {
  if (sending || !changed) return;
  const words = new FormData(call);
  words.delete("files");
  navigator.sendBeacon(call.dataset.draft, words);
});
