// What the phone keeps while there is no network: pages and submissions, each sealed with a key of the session.
// Read by the pages and by the service worker; needs idb (`self.idb`).
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

  // The key itself cannot be read out again, not even by us: only used.
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

  async function owner() {
    return withDatabase(async (db) => (await newestKey(db))?.owner ?? null);
  }

  // --- Pages of today --------------------------------------------------------------------------------

  // IndexedDB closes a transaction that waits for something else, so each row is sealed first and put then.
  async function keepPage(address, day, html, tag) {
    await withDatabase(async (db) => {
      const row = await seal(db, html);
      await db.put("pages", { address, day, tag, ...row });
    });
  }

  // By which the server knows the page that is kept; none if it is sealed with the key of an earlier session.
  async function tag(address, day) {
    return withDatabase(async (db) => {
      const row = await db.get("pages", address);
      return row?.day === day && row.keyName === (await newestKey(db))?.name ? row.tag : null;
    });
  }

  async function page(address, day) {
    return withDatabase(async (db) => {
      const row = await db.get("pages", address);
      return row && row.day === day ? unseal(db, row) : null;
    });
  }

  // Whatever is not of today's list goes.
  async function keepOnly(addresses) {
    await withDatabase(async (db) => {
      const wanted = new Set(addresses);
      for (const address of await db.getAllKeys("pages")) {
        if (!wanted.has(address)) await db.delete("pages", address);
      }
    });
  }

  // --- Submissions that wait -----------------------------------------------------------------------

  // Under the key of the submission: who answers a question about it sends the same one again, in the same place.
  // A draft has not been submitted yet.
  async function put(key, { address, title, fields }, state = "waiting") {
    await withDatabase(async (db) => {
      const before = await db.get("queue", key);
      if (state === "draft" && before && before.state !== "draft") return;
      const row = await seal(db, { address, title, fields, at: Date.now() });
      const turn = before?.turn ?? Date.now();
      await db.put("queue", { key, turn, state, why: "", ...row });
    });
  }

  async function queue() {
    return withDatabase(async (db) => {
      const rows = (await db.getAll("queue")).sort((one, other) => one.turn - other.turn);
      const current = (await newestKey(db))?.owner;
      const found = [];
      for (const row of rows) {
        const what = await unseal(db, row);
        found.push({ key: row.key, turn: row.turn, state: row.state, why: row.why, mine: row.owner === current, ...what });
      }
      return found;
    });
  }

  async function mark(key, state, why = "") {
    await withDatabase(async (db) => {
      const row = await db.get("queue", key);
      if (row) await db.put("queue", { ...row, state, why });
    });
  }

  async function drop(key) {
    await withDatabase((db) => db.delete("queue", key));
  }

  // Signed out: nothing of anybody stays. Who still has something unsent was asked before.
  async function wipe() {
    await withDatabase(async (db) => {
      for (const name of ["pages", "queue", "keys"]) await db.clear(name);
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

  return { useKey, owner, keepPage, tag, page, keepOnly, put, queue, mark, drop, wipe, forgetOldKeys };
})();
