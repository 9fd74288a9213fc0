// The service worker: our own files from the phone, today's pages when there is no network, and nothing of anybody else.
// The portal's view puts the addresses of what it needs in front of it (`SHELL`).
"use strict";

const { routing, strategies } = self.workbox;
const PHONE_PAGES = /^\/(today|homes\/\d+)\/$/;
const PATIENCE = 8_000; // milliseconds; a network that is slower than this is none

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open("shell").then((cache) => cache.addAll(self.SHELL)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const files = new strategies.StaleWhileRevalidate({ cacheName: "shell" });
routing.registerRoute(({ url }) => url.origin === self.location.origin && url.pathname.startsWith("/static/"), files);

const noNetwork = async () => (await caches.match("/offline/")) || Response.error();

async function kept(address) {
  const html = await self.store.page(address);
  return html ? new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }) : noNetwork();
}

const phonePage = async ({ request, url }) => {
  try { return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }); } catch { return kept(url.pathname); }
};
const isOurs = ({ request, url }) => request.mode === "navigate" && url.origin === self.location.origin;
routing.registerRoute((asked) => isOurs(asked) && PHONE_PAGES.test(asked.url.pathname), phonePage);
// Any other page is not kept, and as slow as it is.
routing.registerRoute(isOurs, ({ request }) => fetch(request).catch(noNetwork));

// Signing out wipes the phone, whichever page it is done on.
async function leave(request) {
  const form = await request.clone().formData().catch(() => null);
  await self.store.wipe(Number(form?.get("leaving")) || undefined).catch(() => null);
  return fetch(request);
}
self.addEventListener("fetch", (event) => {
  const leaving = event.request.method === "POST" && new URL(event.request.url).pathname === "/account/logout/";
  if (leaving) event.respondWith(leave(event.request));
});

// What any page of the portal may ask, by `leaving.js`.
const ASKED = {
  tidy: (user) => self.store.tidy(user),
  unsent: async (user) => (await self.store.queue(user)).filter((entry) => entry.mine).map((entry) => entry.title),
};
self.addEventListener("message", (event) => {
  const { ask, user } = event.data ?? {};
  if (ask in ASKED) event.waitUntil(ASKED[ask](user).catch(() => null).then((answer) => event.ports[0]?.postMessage(answer)));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(self.sending.all());
});
