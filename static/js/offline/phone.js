// The pages of a grid worker's phone: kept for a day without network, what is filled in is sent when there is one.
// Without this file everything works as long as there is a network.
"use strict";

(() => {
  if (!("serviceWorker" in navigator) || !window.crypto?.subtle || !navigator.locks) return;
  const { store, sending } = self;
  const AGAIN = 30_000; // milliseconds until what could not be sent is tried again, on a page that stays open
  const NOT_SENT = {
    offline: "现在没有网络，联网后自动发送。",
    "signed-out": "登录已过期，重新登录后自动发送。",
    away: "服务器暂时没有回应，稍后自动重发。",
  };

  function tell(...words) {
    const place = document.getElementById("flashes"), said = document.createElement("div");
    said.className = "alert flash-success";
    said.setAttribute("role", "status");
    said.append(...words);
    place.replaceChildren(said);
    said.scrollIntoView({ block: "center" });
  }

  // --- What waits ------------------------------------------------------------------------------------

  const STATES = { draft: "还没有提交", waiting: "等待发送", asked: "需要您处理" };

  async function show(how) {
    const place = document.getElementById("queue");
    if (!place) return;
    const entries = await store.queue();
    place.hidden = entries.length === 0;
    const rows = place.querySelector("[data-rows]"), pattern = place.querySelector("template");
    rows.replaceChildren(...entries.map((entry) => row(entry, pattern)));
    place.querySelector("[data-how]").textContent = NOT_SENT[how] ?? "";
    place.querySelector("[data-sign-in]").hidden = how !== "signed-out";
  }

  function row(entry, pattern) {
    const made = pattern.content.firstElementChild.cloneNode(true);
    const mine = entry.mine && entry.address;
    made.dataset.key = entry.key;
    made.querySelector("[data-title]").textContent = mine ? entry.title : "另一位同事填写的内容";
    made.querySelector("[data-state]").textContent = mine ? STATES[entry.state] : "由本人登录后发送";
    made.querySelector("[data-why]").textContent = entry.why;
    const part = (name, shown) => { const found = made.querySelector(`[data-${name}]`); found.hidden = !mine || !shown; return found; };
    const nobodyAsks = entry.status === 403 || entry.status === 404; // the page is not hers any more
    part("open", entry.state === "draft").href = entry.address ?? "";
    part("answer", entry.state === "asked" && !nobodyAsks).addEventListener("click", () => ask(entry));
    part("discard", entry.state !== "waiting").addEventListener("click", () => discard(entry));
    part("words", entry.words?.length).append(list(entry.words ?? []));
    return made;
  }

  function list(words) {
    const made = document.createElement("dl");
    for (const pair of words) {
      for (const [n, text] of pair.entries()) made.append(Object.assign(document.createElement(n ? "dd" : "dt"), { textContent: text }));
    }
    return made;
  }

  async function discard(entry) {
    if (!window.confirm(`放弃“${entry.title}”？填写的内容不再保留。`)) return;
    await store.drop(entry.key);
    show();
  }

  // The server's own page puts the question, with everything that was filled in.
  async function ask(entry) {
    const now = await sending.session();
    if (!now) { show(now === null ? "signed-out" : "offline"); return; }
    post(entry.address, [...sending.body(entry), ["csrfmiddlewaretoken", now.csrf]]);
  }

  // Not a submission of the person's: it does not come by the queue again.
  function post(address, fields) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    for (const [name, value] of fields) {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }

  // --- Sending -----------------------------------------------------------------------------------------

  let again;

  async function send() {
    clearTimeout(again);
    const how = await sending.all();
    await show(how);
    await settle(how);
    if (how === "offline") navigator.serviceWorker.ready.then((worker) => worker.sync?.register("send")).catch(() => null);
    if (how === "offline" || how === "away") again = setTimeout(send, AGAIN);
    return how;
  }

  // What becomes of the forms of this page that wait, whoever has sent them: another page or the service worker, too.
  async function settle(how) {
    for (const form of document.querySelectorAll("form[data-waits]")) {
      const key = form.elements.key.value;
      const entry = (await store.queue()).find((one) => one.key === key);
      if (!entry) location.assign(sending.done.get(key) ?? form.action);
      else if (entry.state === "asked") { delete form.dataset.waits; await ask(entry); }
      else wait(form, NOT_SENT[how] ?? NOT_SENT.away);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-queued]");
    if (!form || event.defaultPrevented || event.submitter?.formNoValidate) return; // it only opens something
    event.preventDefault();
    submit(form, event.submitter);
  });

  async function submit(form, button) {
    clearTimeout(form.draftTimer);
    const filled = filledIn(form, button);
    try { await store.put(form.elements.key.value, filled); } catch { return withoutStore(filled); } finally { delete form.dataset.sent; }
    wait(form, "正在发送。");
    await send();
  }

  // The phone is full: sent at once, or it stays on the page.
  async function withoutStore({ address, fields }) {
    if (await sending.session()) post(address, fields);
    else tell("手机上没有存下，存储可能已满。内容还在这一页上，请不要离开，联网后再提交。");
  }

  // Closed until it is sent: what would be added now would not go along.
  function wait(form, how) {
    form.dataset.waits = "yes";
    form.inert = true;
    const change = document.createElement("button");
    change.type = "button";
    change.className = "btn";
    change.textContent = "再改一改";
    change.addEventListener("click", () => reopen(form));
    tell(`已存在手机上。${how}`, change);
  }

  // Not while it is on its way: then it may be done already.
  async function reopen(form) {
    const key = form.elements.key.value;
    const open = await navigator.locks.request("sending", async () => {
      const entry = (await store.queue()).find((one) => one.key === key);
      if (entry?.state !== "waiting") return false;
      await store.mark(key, { state: "draft" });
      return true;
    });
    if (!open) return settle();
    delete form.dataset.waits;
    form.inert = false;
    document.getElementById("flashes").replaceChildren();
    form.scrollIntoView();
  }

  // --- What was filled in ----------------------------------------------------------------------------

  function filledIn(form, button) {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    const fields = [...data.entries()].filter(([, value]) => typeof value === "string");
    return { address: pathOf(form), title: form.dataset.queued, fields, words: [...words(form)] };
  }

  const pathOf = (form) => new URL(form.action, location.href).pathname;
  const isHidden = (field) => !field.name || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON";
  const nameOf = (field) => field.labels?.[0]?.textContent.trim() ?? "";

  // As a person reads it, in case no page can show it any more: what was chosen, and what was typed.
  function* words(form) {
    for (const field of form.elements) {
      if (isHidden(field)) continue;
      if (field.type === "radio" || field.type === "checkbox") {
        const group = field.closest("fieldset")?.querySelector("legend")?.textContent.trim();
        if (field.checked) yield [group ?? nameOf(field), group ? nameOf(field) : "是"];
      } else if (field.tagName === "SELECT") {
        const chosen = field.selectedOptions[0];
        if (chosen?.value && !chosen.defaultSelected) yield [nameOf(field), chosen.textContent.trim()];
      } else if (field.value && field.value !== field.defaultValue) yield [nameOf(field), field.value];
    }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-queued]");
    if (!form) return;
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(() => store.put(form.elements.key.value, filledIn(form), "draft").catch(() => null), 500);
  });

  // A page that is opened again goes on where its form was left, sent or not. Otherwise it is a new submission: the page
  // may be one that was kept, and the name it carries already used.
  async function goOn() {
    const entries = (await store.queue()).filter((entry) => entry.mine && entry.fields);
    for (const form of document.querySelectorAll("form[data-queued]")) {
      const entry = entries.filter((one) => one.address === pathOf(form)).at(-1);
      if (entry && form.elements.key.value === entry.key) continue; // the server's answer to it, with everything in it
      form.elements.key.value = entry?.key ?? crypto.randomUUID();
      if (!entry) continue;
      if (opens(form, entry)) return;
      fill(form, entry.fields);
      if (entry.state === "waiting") wait(form, "联网后自动发送。");
    }
  }

  // Fields of the home were filled in, and are not on this page: with them open, it is.
  function opens(form, entry) {
    const closed = entry.fields.some(([name]) => isVersion(name) && !form.elements[name]);
    if (!closed || new URLSearchParams(location.search).has("edit")) return false;
    location.replace(`${entry.address}?edit=1${form.elements.back?.value ? "&back=today" : ""}`);
    return true;
  }

  const isVersion = (name) => name.endsWith("-base") || name.endsWith("-seen");

  function fill(form, fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      const given = values.get(field.name) ?? [];
      // What was changed was changed in the version that was read then.
      if (isVersion(field.name ?? "") && given.length) field.value = given[0];
      if (isHidden(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = given.includes(field.value);
        if (field.checked) field.dispatchEvent(new Event("change", { bubbles: true })); // it may open something
      }
      else if (given.length) field.value = given[0];
      const fold = field.closest("details");
      if (fold && given.length && "defaultValue" in field && given[0] !== field.defaultValue) fold.open = true;
    }
  }

  // --- Today's pages -----------------------------------------------------------------------------------

  async function keepToday() {
    const list = document.querySelector("[data-keep-today]");
    const now = await sending.session();
    if (!now) return;
    await store.useKey(now.key_name, now.user, now.key);
    if (!list) return;
    const addresses = [location.pathname, ...new Set([...list.querySelectorAll("a[data-keep]")].map((link) => link.pathname))];
    await store.keepOnly(addresses);
    for (const [n, address] of addresses.entries()) {
      // With its fields open: without network nobody could fetch them.
      const opened = address === location.pathname ? address : `${address}?edit=1&back=today`;
      const tag = await store.tag(address);
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(opened, { headers, credentials: "same-origin" }).catch(() => null);
      if (!answer) return;
      if (!answer.ok || answer.redirected) continue;
      const html = await answer.text();
      try { await store.keepPage(address, html, answer.headers.get("ETag")); }
      catch { tell(`手机存储已满，只存下 ${n} 页，其余的没有网络时打不开。`); return; }
    }
    list.dataset.kept = addresses.length;
  }

  navigator.serviceWorker.register("/service-worker.js").catch(() => null);
  window.addEventListener("online", send);
  window.addEventListener("pageshow", (event) => { if (event.persisted) goOn().catch(() => null); });
  goOn().catch(() => null).then(send).then(keepToday).catch(() => null);
})();
