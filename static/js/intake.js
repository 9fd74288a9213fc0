// The call form with a keyboard. Without this file it saves, checks and proposes all the same, only slower.
"use strict";

const call = document.getElementById("call");
const save = document.getElementById("save");
document.getElementById("check").remove(); // with script, everything is checked while one types

// Ctrl+Enter saves from anywhere; Enter in a line goes on to the next field; 1, 2, 3 … choose among radio buttons.
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // Enter ends the choice of a Chinese word, nothing else
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    call.requestSubmit(save);
    return;
  }
  if (event.altKey && /^[1-9]$/.test(event.key)) {
    const proposal = call.querySelectorAll(`.proposal[data-fill="${event.target.id}"]`)[Number(event.key) - 1];
    if (proposal) { event.preventDefault(); choose(proposal); }
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
    (stop) => stop.tabIndex >= 0 && stop.type !== "hidden" && stop.offsetParent);
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
  choose(proposal);
  document.getElementById(proposal.dataset.fill).focus();
});

function choose(proposal) {
  const field = document.getElementById(proposal.dataset.fill);
  delete field.dataset.filled; // from now on it is a person's word
  field.dataset.overruled = "yes";
  write(field, proposal.dataset.value);
}

function write(field, value) {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// Tab goes from field to field; a proposal is chosen from its field with Alt+1, Alt+2 …
function stepOver() {
  for (const proposal of call.querySelectorAll(".proposal")) proposal.tabIndex = -1;
}
stepOver();
for (const name of ["htmx:oobAfterSwap", "htmx:afterSwap"]) document.addEventListener(name, stepOver);

// What the portal is sure of is filled in where nobody has written anything else, and taken back when the next words
// speak for something else.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "calls") return;
  for (const field of call.querySelectorAll("[data-filled]")) {
    const best = call.querySelector(`.proposal[data-fill="${field.id}"]`)?.dataset.value;
    if (field.value === field.dataset.filled && best !== field.value) write(field, "");
  }
  for (const proposal of call.querySelectorAll(".proposal[data-sure]")) {
    const field = document.getElementById(proposal.dataset.fill);
    const untouched = field.value === "" ? !("overruled" in field.dataset) : field.value === field.dataset.filled;
    if (!untouched) continue;
    field.dataset.filled = proposal.dataset.value;
    write(field, proposal.dataset.value);
    if (document.activeElement === field) field.select(); // the next key overrules it
  }
});
call.addEventListener("input", (event) => {
  if ("filled" in event.target.dataset) event.target.dataset.overruled = "yes";
});

// The server keeps the draft half a second after the last key. What was typed since then waits in this tab, so that a
// reload or a crash loses nothing; it is gone from here as soon as the server has it, or the form is sent.
const pocket = `call-${call.dataset.by}`;
let typed = 0;
let asked = 0;

function words() {
  const all = new FormData(call);
  for (const name of ["files", "csrfmiddlewaretoken", "desk"]) all.delete(name);
  return [...all];
}
function remember() {
  typed += 1;
  sessionStorage.setItem(pocket, JSON.stringify(words()));
}
call.addEventListener("input", remember);
call.addEventListener("change", remember);
document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "known") asked = typed; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "known" && event.detail.successful && asked === typed) sessionStorage.removeItem(pocket);
});
call.addEventListener("submit", () => sessionStorage.removeItem(pocket));

const waiting = JSON.parse(sessionStorage.getItem(pocket) || "null");
if (waiting) {
  sessionStorage.removeItem(pocket);
  const mine = new Map(waiting).get("submission") === call.elements.submission.value;
  if (mine || !(call.elements.content.value || call.elements.caller_phone.value)) putBack(waiting);
  else keepApart(waiting);
}

function putBack(pairs) {
  for (const box of call.querySelectorAll("[type=checkbox]")) box.checked = false;
  for (const [name, value] of pairs) {
    const found = call.querySelectorAll(`[name="${name}"]`);
    for (const field of found) {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = field.checked || field.value === value;
      else if (field.type !== "file") field.value = value;
    }
  }
  window.addEventListener("load", () => call.dispatchEvent(new Event("input", { bubbles: true })));
}

// Another call is on the screen already: the words become a draft of their own.
function keepApart(pairs) {
  const parcel = new FormData();
  for (const [name, value] of pairs) parcel.append(name, value);
  for (const name of ["csrfmiddlewaretoken", "desk"]) parcel.append(name, call.elements[name].value);
  navigator.sendBeacon(call.dataset.draft, parcel);
}

// A closed tab forgets its pocket, so the last words are sent after it.
window.addEventListener("pagehide", () => {
  const left = JSON.parse(sessionStorage.getItem(pocket) || "null");
  if (left) keepApart(left);
});
