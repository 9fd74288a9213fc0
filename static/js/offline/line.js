// On every page: a form that is sent without network would take its page away, and with it what was typed. So a phone asks
// first whether the server is there. What `phone.js` keeps or htmx sends never leaves its page, and does not come here.
"use strict";

(() => {
  const SOON = 8_000; // milliseconds; a server that does not answer by then is not there
  const said = Object.assign(document.createElement("p"), {
    className: "alert flash-error",
    textContent: "现在没有网络，没有提交。填写的内容还在这一页上，请不要离开，联网后再按一次。",
  });
  said.setAttribute("role", "alert");

  // A desk is not made to wait for the question: it has a network.
  const PHONE = matchMedia("(pointer: coarse)"); // a finger
  const mayBeAlone = () => !navigator.onLine || (PHONE.matches && navigator.serviceWorker?.controller);
  const isThere = () => fetch("/offline/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(SOON) }).then(() => true, () => false);

  // Of the window, so that everything else on the page has had its say before.
  window.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || form.method !== "post" || form.id === "sign-out" || form.dataset.line || !mayBeAlone()) return;
    event.preventDefault();
    said.remove();
    const there = await isThere();
    delete form.dataset.sent; // not sent yet
    if (there) {
      form.dataset.line = "there";
      form.requestSubmit(button);
      delete form.dataset.line;
    } else {
      (button ?? form.lastElementChild).after(said);
      said.scrollIntoView({ block: "nearest" });
    }
  });
})();
