// Submissions leave in their order, once each; what the server asks about stays and waits for a person.
"use strict";

self.sending = (() => {
  const SESSION = "/today/session/";
  const QUIETLY = { "X-Queued": "1" };

  // The answers that are nobody's fault, and what to tell: the submission stays in the queue.
  const ASKED = {
    400: "有内容需要改正",
    403: "您现在不能修改这一户",
    404: "这一户已不在您负责的网格，或已注销",
    409: "有内容刚被别人改过，或现在不能提交",
    413: "内容太大",
    422: "有内容需要改正",
  };

  // Who is signed in on the server now; null when nobody is, undefined without a network.
  async function session() {
    let answer;
    try { answer = await fetch(SESSION, { headers: QUIETLY, cache: "no-store", credentials: "same-origin" }); } catch { return undefined; }
    if (answer.status === 401) return null;
    return answer.ok ? answer.json() : undefined;
  }

  const AT_ONCE = 120_000; // milliseconds; what waited longer says when it was filled in

  async function send(entry, token) {
    const body = new URLSearchParams(entry.fields);
    body.delete("csrfmiddlewaretoken");
    if (body.get("at") === "" && Date.now() - entry.at > AT_ONCE) body.set("at", new Date(entry.at).toISOString());
    let answer;
    try {
      answer = await fetch(entry.address, { method: "POST", body, headers: { ...QUIETLY, "X-CSRFToken": token }, credentials: "same-origin" });
    } catch { return { state: "waiting" }; }
    if (answer.ok && answer.headers.get("X-Done")) return { state: "done", to: answer.headers.get("X-Done") };
    if (answer.status === 401) return { state: "signed-out" };
    if (answer.status >= 500 || answer.status === 429) return { state: "waiting" };
    return { state: "asked", why: ASKED[answer.status] || "需要您看一看" };
  }

  const done = new Map(); // by key: where what this page has sent leads to

  // One sender at a time, whichever page or worker it is. Says how it went.
  function all() {
    return navigator.locks.request("sending", async () => {
      const now = await session();
      if (!now) return now === null ? "signed-out" : "offline";
      await self.store.useKey(now.key_name, now.user, now.key);
      for (const entry of await self.store.queue()) {
        if (entry.state !== "waiting" || !entry.mine || !entry.address) continue;
        const result = await send(entry, now.csrf);
        if (result.state === "done") { done.set(entry.key, result.to); await self.store.drop(entry.key); }
        else if (result.state === "asked") await self.store.mark(entry.key, "asked", result.why);
        else return result.state === "signed-out" ? "signed-out" : "offline";
      }
      await self.store.forgetOldKeys();
      return "sent";
    });
  }

  return { session, all, done };
})();
