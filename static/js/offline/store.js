// What the phone keeps while there is no network: pages and submissions, each sealed with a key of the session.
// Read by the phone's pages and by the service worker; needs idb (`self.idb`).
//
// The browser keeps the key beside what it seals: no script can read it out, but who copies the whole profile of an
// unlocked phone has both. Against that stand the lock of the phone, how little is kept, and that it goes at sign-out.
"use strict";

self.store = (() => {
  const DATABASE = "shouyang", VERSION = 1;
  const text = new TextEncoder(), words = new TextDecoder();

  const database = () => self.idb.openDB(DATABASE, VERSION, {
    upgrade(db) {
      db.createObjectStore("keys", { keyPath: "name" });
      db.createObjectStore("pages", { keyPath: "address" });
      db.createObjectStore("queue", { keyPath: "key" });
    },
  });

  async function withDatabase(ask) {
    const db = await database();
    try { return await ask(db); } finally { db.close(); }
  }

  async function useKey(name, owner, raw) {
    const bytes = Uint8Array.from(atob(raw), (one) => one.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    await withDatabase((db) => db.put("keys", { name, owner, key, since: Date.now() }));
  }

  async function newestKey(db) {
    const keys = await db.getAll("keys");
    return keys.sort((one, other) => other.since - one.since)[0];
  }

  async function seal(db, value) {
    const kept = await newestKey(db);
    if (!kept) throw new Error("no key");
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, kept.key, text.encode(JSON.stringify(value)));
    return { keyName: kept.name, owner: kept.owner, nonce, sealed };
  }

  async function unseal(db, row) {
    const kept = row && await db.get("keys", row.keyName);
    if (!kept) return null;
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.nonce }, kept.key, row.sealed);
      return JSON.parse(words.decode(plain));
    } catch { return null; }
  }

  // --- Pages of today --------------------------------------------------------------------------------

  function today() {
    const now = new Date();
    return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  }

  // IndexedDB closes a transaction that waits for something else, so each row is sealed first and put then.
  async function keepPage(address, html, tag) {
    await withDatabase(async (db) => {
      const row = await seal(db, html);
      await db.put("pages", { address, day: today(), tag, ...row });
    });
  }

  // By which the server knows the page that is kept; none if it is sealed with the key of an earlier session.
  async function tag(address) {
    return withDatabase(async (db) => {
      const row = await db.get("pages", address);
      return row?.day === today() && row.keyName === (await newestKey(db))?.name ? row.tag : null;
    });
  }

  async function page(address) {
    return withDatabase(async (db) => {
      const row = await db.get("pages", address);
      return row?.day === today() && row.owner === (await newestKey(db))?.owner ? unseal(db, row) : null;
    });
  }

  // Whatever is not of today's list goes.
  async function keepOnly(addresses) {
    const wanted = new Set(addresses);
    await dropPages((row) => !wanted.has(row.address));
  }

  // Somebody is signed in: what is of an earlier day, or of somebody else, goes.
  async function tidy(user) {
    await dropPages((row) => row.owner !== user || row.day !== today());
  }

  async function dropPages(unwanted) {
    await withDatabase(async (db) => {
      for (const row of await db.getAll("pages")) if (unwanted(row)) await db.delete("pages", row.address);
    });
  }

  // --- Submissions that wait -----------------------------------------------------------------------

  // Under the key of the submission: who answers a question about it sends the same one again, in the same place, and
  // it is as old as it was. A draft has not been submitted yet.
  async function put(key, value, state = "waiting") {
    await withDatabase(async (db) => {
      const before = await db.get("queue", key);
      if (state === "draft" && before && before.state !== "draft") return;
      const row = await seal(db, value);
      const at = before && before.state !== "draft" ? before.at : Date.now();
      await db.put("queue", { key, turn: before?.turn ?? Date.now(), at, state, why: "", tries: 0, ...row });
    });
  }

  // In their order; `mine` are those of whoever is signed in.
  async function queue(user) {
    return withDatabase(async (db) => {
      const rows = (await db.getAll("queue")).sort((one, other) => one.turn - other.turn);
      const current = user ?? (await newestKey(db))?.owner;
      return Promise.all(rows.map(async ({ nonce, sealed, keyName, owner, ...row }) => {
        const value = owner === current ? await unseal(db, { nonce, sealed, keyName }) : null;
        return { ...row, ...value, mine: owner === current };
      }));
    });
  }

  async function mark(key, changes) {
    await withDatabase(async (db) => {
      const row = await db.get("queue", key);
      if (row) await db.put("queue", { ...row, ...changes });
    });
  }

  async function drop(key) {
    await withDatabase((db) => db.delete("queue", key));
  }

  // Signed out: no page stays, and nothing of this person, who was asked before. What a colleague has not sent yet is
  // not hers to throw away: it waits, sealed.
  async function wipe(user) {
    await withDatabase(async (db) => {
      const leaving = user ?? (await newestKey(db))?.owner;
      for (const row of await db.getAll("queue")) if (row.owner === leaving) await db.delete("queue", row.key);
      await db.clear("pages");
      const used = new Set((await db.getAll("queue")).map((row) => row.keyName));
      for (const name of await db.getAllKeys("keys")) if (!used.has(name)) await db.delete("keys", name);
    });
  }

  // Keys that nothing is sealed with any longer, except the newest.
  async function forgetOldKeys() {
    await withDatabase(async (db) => {
      const used = new Set([(await newestKey(db))?.name]);
      for (const name of ["pages", "queue"]) for (const row of await db.getAll(name)) used.add(row.keyName);
      for (const name of await db.getAllKeys("keys")) if (!used.has(name)) await db.delete("keys", name);
    });
  }

  return { useKey, keepPage, tag, page, keepOnly, tidy, put, queue, mark, drop, wipe, forgetOldKeys };
})();
