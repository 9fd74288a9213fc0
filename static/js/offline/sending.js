// Submissions leave in their order, once each; what the server asks about stays and waits for a person.
"use strict";

self.sending = (() => {
  const SESSION = "/today/session/";
  const QUIETLY = { "X-Queued": "1" };
  const SOON = 8_000, LATER = 30_000; // milliseconds; who does not answer by then is not there
  const AT_ONCE = 120_000; // milliseconds; what waited longer says when it was filled in
  const TRIES = 3; // of what the server fails at, before a person is asked
  const AWAY = new Set([429, 502, 503, 504]); // busy, or starting anew: nothing is wrong with what was sent

  // The answers that are nobody's fault, and what to tell where the page itself says nothing: the submission stays.
  const ASKED = {
    400: "有内容需要改正",
    403: "您现在不能修改这一户，可把填写的内容告诉现在负责的人",
    404: "这一户已不在您负责的网格，或已注销，可把填写的内容告诉现在负责的人",
    409: "有内容刚被别人改过",
    413: "内容太大",
    422: "有内容需要改正",
    500: "服务器出错，没有记下，请稍后处理",
  };
  const SENTENCE = /class="(?:alert flash-error|field-error)"[^>]*>(?:<p>)?([^<]+)</;

  // Who is signed in on the server now; null when nobody is, undefined without a network.
  async function session() {
    let answer;
    try {
      answer = await fetch(SESSION, { headers: QUIETLY, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(SOON) });
    } catch { return undefined; }
    if (answer.status === 401) return null;
    return answer.ok ? answer.json() : undefined;
  }

  // What is sent: with the time at which it was filled in, when that is not now.
  function body(entry) {
    const fields = new URLSearchParams(entry.fields);
    fields.delete("csrfmiddlewaretoken");
    if (fields.get("at") === "" && Date.now() - entry.at > AT_ONCE) fields.set("at", new Date(entry.at).toISOString());
    return fields;
  }

  async function send(entry, token) {
    let answer;
    try {
      answer = await fetch(entry.address, {
        method: "POST", body: body(entry), headers: { ...QUIETLY, "X-CSRFToken": token }, credentials: "same-origin", signal: AbortSignal.timeout(LATER),
      });
    } catch { return { how: "offline" }; }
    const { status } = answer;
    if (answer.ok && answer.headers.get("X-Done")) return { how: "done", to: answer.headers.get("X-Done") };
    if (status === 401) return { how: "signed-out" };
    if (AWAY.has(status)) return { how: "away" };
    if (status >= 500 && entry.tries + 1 < TRIES) return { how: "failed" };
    const page = status < 500 ? await answer.text().catch(() => "") : "";
    return { how: "asked", status, why: page.match(SENTENCE)?.[1].trim() || ASKED[Math.min(status, 500)] || "需要您看一看" };
  }

  const done = new Map(); // by key: where what this page has sent leads to
  const homeOf = (entry) => entry.address.split("/").slice(0, 3).join("/");

  // One sender at a time, whichever page or worker it is. Says how it went.
  function all() {
    return navigator.locks.request("sending", async () => {
      const now = await session();
      if (!now) return now === null ? "signed-out" : "offline";
      await self.store.useKey(now.key_name, now.user, now.key);
      let went = "sent";
      const stuck = new Set(); // homes: what was filled in later there does not overtake
      for (const entry of await self.store.queue()) {
        if (entry.state !== "waiting" || !entry.mine || !entry.address || stuck.has(homeOf(entry))) continue;
        const result = await send(entry, now.csrf);
        if (result.how === "done") { done.set(entry.key, result.to); await self.store.drop(entry.key); }
        else if (result.how === "asked") await self.store.mark(entry.key, { state: "asked", why: result.why, status: result.status, tries: 0 });
        else if (result.how === "failed") { went = "away"; stuck.add(homeOf(entry)); await self.store.mark(entry.key, { tries: entry.tries + 1 }); }
        else return result.how;
      }
      await self.store.forgetOldKeys();
      return went;
    });
  }

  return { session, body, all, done };
})();
