// The service worker: our own files from the phone, today's pages when there is no network, and nothing of anybody else.
// The portal's view puts the addresses of what it needs in front of it (`SHELL`).
"use strict";

const { routing, strategies } = self.workbox;
const PHONE_PAGES = /^\/(today|homes\/\d+)\/$/;
const PATIENCE = 8; // seconds; a network that is slower than this is none

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open("shell").then((cache) => cache.addAll(self.SHELL)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const files = new strategies.StaleWhileRevalidate({ cacheName: "shell" });
routing.registerRoute(({ url }) => url.origin === self.location.origin && url.pathname.startsWith("/static/"), files);

function today() {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

async function kept(address) {
  const html = await self.store.page(address, today());
  if (html) return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  return (await caches.match("/offline/")) || Response.error();
}

function fromTheNetwork(request) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE * 1000);
  return fetch(request, { signal: limit.signal }).finally(() => clearTimeout(timer));
}

const phonePage = async ({ request, url }) => {
  try { return await fromTheNetwork(request); } catch { return kept(url.pathname); }
};
routing.registerRoute(
  ({ request, url }) => request.mode === "navigate" && url.origin === self.location.origin && PHONE_PAGES.test(url.pathname),
  phonePage,
);

// Signing out wipes the phone, whichever page it is done on.
self.addEventListener("fetch", (event) => {
  const leaving = event.request.method === "POST" && new URL(event.request.url).pathname === "/account/logout/";
  if (leaving) event.respondWith(self.store.wipe().catch(() => null).then(() => fetch(event.request)));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(self.sending.all());
});
