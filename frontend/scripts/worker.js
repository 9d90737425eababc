// Answers from the kept copy when the network does not. It exists only on phones whose owner chose to keep a copy.
//
// Pages come from the network first, so that numbers are fresh; the kept shell stands in after three seconds or when the
// phone is offline. The way out is never touched, and nothing that passes is stored: only the pages renew the copy.

const CACHE = "kept";
const NOTE = "/kept";
const PATIENCE = 3000;
const PASSED = ["/out/", "/remove/", "/worker.js"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreVary: true });
}

async function shellFor(request) {
  const own = await kept(request);
  if (own) return own;
  const note = await (await kept(NOTE))?.json();
  const { pathname } = new URL(request.url);
  const name = note && (pathname === "/" ? `/${note.code}/` : `/${note.code}/find/`);
  return (name && (await kept(name))) || Response.error();
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("slow")), PATIENCE);
    promise.then(resolve, reject);
  });
}

async function page(request) {
  try {
    return await inTime(fetch(request));
  } catch {
    return shellFor(request);
  }
}

async function file(request) {
  return (await kept(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || PASSED.includes(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
