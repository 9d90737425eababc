// What is kept on the phone: one cache with the shell's pages, their files, the signed list and a note with the key that
// signed it. Nothing that was looked at, nothing that was typed.

import { fetchCopy } from "../search/copy.js";

const CACHE = "kept";
const NOTE = "/kept";

export const canKeep = () => "serviceWorker" in navigator && "caches" in globalThis && Boolean(globalThis.crypto?.subtle);

export async function keptNote() {
  if (!("caches" in globalThis) || !(await caches.has(CACHE))) return null;
  const note = await (await caches.open(CACHE)).match(NOTE);
  return note ? note.json() : null;
}

async function get(address) {
  const answer = await fetch(address, { credentials: "omit", cache: "reload" });
  if (!answer.ok) throw new Error(`${address} ${answer.status}`);
  return answer;
}

const filesOf = (html) => [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]);

// Gets everything first and puts it in place last: a cut in the middle leaves the old copy whole.
async function putShell(cache, pages) {
  const got = await Promise.all(pages.map(async (address) => [address, await get(address)]));
  const texts = await Promise.all(got.map(([, answer]) => answer.clone().text()));
  const files = [...new Set(texts.flatMap(filesOf))];
  const gotFiles = await Promise.all(files.map(async (address) => [address, await get(address)]));
  await Promise.all([...got, ...gotFiles].map(([address, answer]) => cache.put(address, answer)));
  const wanted = new Set([...pages, ...files]);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/static/") && !wanted.has(pathname)) await cache.delete(request);
  }
}

const putList = (cache, address, bytes) =>
  cache.put(address, new Response(bytes, { headers: { "Content-Type": "text/plain; charset=utf-8" } }));

export async function keep({ list, key, shell, code, worker }) {
  const bytes = await fetchCopy(list, key);
  const cache = await caches.open(CACHE);
  try {
    await putShell(cache, shell);
    await putList(cache, list, bytes);
    await cache.put(NOTE, Response.json({ key, list, shell, code, on: new Date().toISOString() }));
    await navigator.serviceWorker.register(worker, { scope: "/", updateViaCache: "none" });
    await navigator.serviceWorker.ready;
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// Replaces a kept copy with a newer one whose signature the kept key has confirmed.
export async function renew(note, bytes) {
  const cache = await caches.open(CACHE);
  await putList(cache, note.list, bytes);
  await putShell(cache, note.shell);
  await cache.put(NOTE, Response.json({ ...note, on: new Date().toISOString() }));
}

export async function keptList(note) {
  const answer = await (await caches.open(CACHE)).match(note.list);
  return new Uint8Array(await answer.arrayBuffer());
}

// Clears all that this site could have stored, also what an earlier version may have left. A browser heeds Clear-Site-Data
// only from a request that could carry cookies; there are none to carry.
export async function removeAll(address) {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const { name } of (await globalThis.indexedDB?.databases?.()) ?? []) indexedDB.deleteDatabase(name);
  await fetch(address, { method: "POST", credentials: "same-origin", cache: "no-store" }).catch(() => null);
}
