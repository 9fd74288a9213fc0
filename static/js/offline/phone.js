// The pages of a grid worker's phone: kept for a day without network, what is filled in is sent when there is one.
// Without this file everything works as long as there is a network.
"use strict";

(() => {
  if (!("serviceWorker" in navigator) || !window.crypto?.subtle || !navigator.locks) return;
  const { store, sending } = self;

  function today() {
    const now = new Date();
    return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
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
    const sentence = place.querySelector("[data-how]");
    sentence.textContent = { offline: "现在没有网络，联网后自动发送。", "signed-out": "登录已过期，重新登录后自动发送。" }[how] || "";
    place.querySelector("[data-sign-in]").hidden = how !== "signed-out";
  }

  function row(entry, pattern) {
    const made = pattern.content.firstElementChild.cloneNode(true);
    const mine = entry.mine && entry.address;
    made.dataset.key = entry.key;
    made.querySelector("[data-title]").textContent = mine ? entry.title : "另一位同事填写的内容";
    made.querySelector("[data-state]").textContent = mine ? STATES[entry.state] : "由本人登录后发送";
    made.querySelector("[data-why]").textContent = entry.why;
    const [answer, discard] = [made.querySelector("[data-answer]"), made.querySelector("[data-discard]")];
    answer.hidden = !mine || entry.state !== "asked";
    discard.hidden = !mine || entry.state === "waiting";
    const open = made.querySelector("[data-open]");
    open.hidden = !mine || entry.state !== "draft";
    if (mine) open.href = entry.address;
    answer.addEventListener("click", () => ask(entry));
    discard.addEventListener("click", async () => {
      if (!window.confirm(`放弃“${entry.title}”？填写的内容不再保留。`)) return;
      await store.drop(entry.key);
      show();
    });
    return made;
  }

  // The server's own page puts the question, with everything that was filled in.
  async function ask(entry) {
    const now = await sending.session();
    if (!now) { show(now === null ? "signed-out" : "offline"); return; }
    const form = document.createElement("form");
    form.method = "post";
    form.action = entry.address;
    for (const [name, value] of [...entry.fields.filter(([name]) => name !== "csrfmiddlewaretoken"), ["csrfmiddlewaretoken", now.csrf]]) {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit(); // not a submission of the person's: it does not come by the queue again
  }

  // --- Sending -----------------------------------------------------------------------------------------

  async function send() {
    const how = await sending.all();
    await show(how);
    if (how === "offline") navigator.serviceWorker.ready.then((worker) => worker.sync?.register("send")).catch(() => null);
    return how;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-queued]");
    if (!form || event.defaultPrevented || event.submitter?.formNoValidate) return; // it only opens something
    event.preventDefault();
    submit(form, event.submitter);
  });

  function filledIn(form, button) {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    const fields = [...data.entries()].filter(([, value]) => typeof value === "string");
    return { address: new URL(form.action, location.href).pathname, title: form.dataset.queued, fields };
  }

  async function submit(form, button) {
    const key = form.elements.key.value;
    clearTimeout(form.draftTimer);
    try { await store.put(key, filledIn(form, button)); } catch { form.submit(); return; }
    const how = await send();
    delete form.dataset.sent;
    const entry = (await store.queue()).find((one) => one.key === key);
    if (!entry) location.assign(sending.done.get(key) ?? form.action); // by whomever it was sent: another page was quicker
    else if (entry.state === "asked") ask(entry);
    else kept(form, how);
  }

  function kept(form, how) {
    const place = document.getElementById("flashes") || form;
    const words = document.createElement("div");
    words.className = "alert flash-success";
    words.setAttribute("role", "status");
    words.textContent = how === "signed-out"
      ? "已存在手机上。登录已过期，重新登录后自动发送。"
      : "已存在手机上，联网后自动发送。";
    place.replaceChildren(words);
    words.scrollIntoView({ block: "center" });
  }

  // --- What was filled in before ----------------------------------------------------------------------

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-queued]");
    if (!form) return;
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(() => store.put(form.elements.key.value, filledIn(form), "draft").catch(() => null), 500);
  });

  // A page that is opened again goes on where its form was left, sent or not.
  async function goOn() {
    const entries = await store.queue();
    for (const form of document.querySelectorAll("form[data-queued]")) {
      const entry = entries.find((one) => one.key === form.elements.key.value && one.mine && one.fields);
      if (entry) fill(form, entry.fields);
    }
  }

  function fill(form, fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") continue;
      const given = values.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
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
    for (const address of addresses) {
      // With its fields open: without network nobody could fetch them.
      const opened = address === location.pathname ? address : `${address}?edit=1&back=today`;
      const tag = await store.tag(address, today());
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(opened, { headers, credentials: "same-origin" }).catch(() => null);
      if (!answer) return;
      if (answer.ok && !answer.redirected) await store.keepPage(address, today(), await answer.text(), answer.headers.get("ETag"));
    }
    list.dataset.kept = addresses.length;
  }

  // Who signs out with something unsent is asked once, and told what it is.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "sign-out" || form.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // not sent yet
    store.queue().then((entries) => {
      const titles = entries.map((entry) => entry.title || "另一位同事填写的内容").join("、");
      if (entries.length && !window.confirm(`还有 ${entries.length} 项没有发送：${titles}。退出会放弃它们，仍要退出吗？`)) return;
      form.dataset.asked = "yes";
      form.requestSubmit();
    }).catch(() => form.submit());
  }, true);

  navigator.serviceWorker.register("/service-worker.js").catch(() => null);
  window.addEventListener("online", send);
  goOn().catch(() => null);
  send().then(keepToday).catch(() => null);
})();
