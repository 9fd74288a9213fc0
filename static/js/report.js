// 随手拍 on a phone: the position is asked for by a tap, kinds are offered from the words, and what was typed survives a
// reload. Without this file everything is sent as it is.
"use strict";

const POCKET = "report";
const KEPT = ["content", "address", "item"]; // in this tab alone, and nothing that says who it is

const the = (name) => document.getElementById("report").elements[name];

// --- Where ---------------------------------------------------------------------------------------------------

function offerPosition() {
  const here = document.getElementById("here");
  if (!here || !navigator.geolocation || !window.isSecureContext) return;
  const button = document.createElement("button");
  const words = document.createElement("p");
  button.type = "button";
  button.className = "btn w-100";
  words.className = "form-hint";
  words.setAttribute("role", "status");
  here.replaceChildren(button, words);
  const say = (sentence) => { words.textContent = sentence; };
  const put = (at) => {
    document.getElementById(here.dataset.longitude).value = at ? at.longitude.toFixed(6) : "";
    document.getElementById(here.dataset.latitude).value = at ? at.latitude.toFixed(6) : "";
    button.textContent = at ? "不用这个位置" : "用我现在的位置";
  };
  const known = document.getElementById(here.dataset.longitude).value !== "";
  button.textContent = known ? "不用这个位置" : "用我现在的位置";
  if (known) say("已记下您的位置。");
  button.addEventListener("click", () => {
    if (document.getElementById(here.dataset.longitude).value) {
      put(null);
      say("");
      return;
    }
    say("正在取位置……");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { put(coords); say(`已记下您现在的位置（误差约 ${Math.ceil(coords.accuracy)} 米），只用来找到所在的网格。`); },
      () => say("没有取到位置，请在上面写明地方。"),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  });
}

// --- What kind: by the names of the list, here on the phone; nothing is asked of the server ---------------------------

const pairs = (words) => new Set([...words.matchAll(/(?=([\u3400-\u9fff]{2}))/g)].map((found) => found[1]));

function offerKinds() {
  const kinds = document.getElementById("kinds");
  const list = kinds && document.getElementById(kinds.dataset.for);
  if (!list) return;
  const options = [...list.options].filter((option) => option.value).map((option) => [option, pairs(option.text)]);
  const often = new Map();
  for (const [, names] of options) for (const pair of names) often.set(pair, (often.get(pair) || 0) + 1);
  const said = pairs(the("content").value);
  const weigh = (names) => [...names].reduce((sum, pair) => sum + (said.has(pair) ? 1 / often.get(pair) : 0), 0);
  const best = options.map(([option, names]) => [weigh(names), option]).filter(([weight]) => weight >= 0.5)
    .sort((one, other) => other[0] - one[0]).slice(0, 3);
  // Leaving the text to press a button is a change as well: the button must still be there when the finger is lifted.
  const codes = best.map(([, option]) => option.value).join();
  if (kinds.dataset.shown !== codes) {
    kinds.dataset.shown = codes;
    kinds.replaceChildren(...best.map(([, option]) => kindButton(option, list)));
    if (best.length) kinds.prepend("是不是：");
  }
  for (const button of kinds.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.code === list.value));
  }
}

function kindButton(option, list) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = option.text;
  button.dataset.code = option.value;
  button.addEventListener("click", () => {
    list.value = list.value === option.value ? "" : option.value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return button;
}

// --- What was typed ---------------------------------------------------------------------------------------------

function remember() {
  sessionStorage.setItem(POCKET, JSON.stringify(KEPT.map((name) => the(name).value)));
}

function putBack() {
  const kept = JSON.parse(sessionStorage.getItem(POCKET) || "null");
  if (!kept) return;
  KEPT.forEach((name, n) => { the(name).value ||= kept[n]; });
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (event.target.form?.id !== "report" || event.target.name === "files") return;
    remember();
    offerKinds();
  });
}

// htmx follows the server to the next page; the words have arrived, and the pocket is emptied.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) sessionStorage.removeItem(POCKET);
});
function begin() {
  offerPosition();
  offerKinds();
}
document.addEventListener("htmx:afterSwap", begin);
putBack();
begin();
