/**
 * The service worker: the app's files by their hash, and nothing else.
 *
 * The home that serves this file puts a line before it:
 * `self.GI_SHELL = {version, files: {name: sha256}}`. A change of any file changes
 * that line, so the browser sees a new worker. It takes over when a page says
 * that a person agreed, never by itself. Records never come through here.
 */
"use strict";

const PREFIX = "gi-field-";
const SHELL = self.GI_SHELL;
const CACHE = PREFIX + SHELL.version;
const INDEX = "index.html";
const LANES = 4;
const TELL_EVERY = 10;

/** The address of one of the app's files. */
function addressOf(name) {
  return new URL(name, self.registration.scope).href;
}

/** The name of the file at an address below our scope, null for any other address. */
function nameOf(address) {
  const scope = self.registration.scope;
  if (!address.startsWith(scope)) return null;
  return decodeURI(new URL(address).pathname.slice(new URL(scope).pathname.length)) || INDEX;
}

async function sha256Of(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep one file, from an older cache if it has these very bytes, else from the home. */
async function keepFile(cache, name, sha256) {
  const address = addressOf(name);
  if (await cache.match(address)) return;
  const held = await caches.match(address);
  if (held && (await keepBytes(cache, address, held, sha256))) return;
  const fetched = await fetch(address, { cache: "no-cache", credentials: "omit" });
  if (!fetched.ok || !(await keepBytes(cache, address, fetched, sha256))) {
    throw new Error(`${name} is not the file that this version names`);
  }
}

async function keepBytes(cache, address, response, sha256) {
  const bytes = await response.arrayBuffer();
  if ((await sha256Of(bytes)) !== sha256) return false;
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  await cache.put(address, new Response(bytes, { headers }));
  return true;
}

async function tellPages(told) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(told);
}

/** Every file is held and verified, or this rejects; what came stays for the next try. */
async function install() {
  const cache = await caches.open(CACHE);
  const files = Object.entries(SHELL.files);
  const total = files.length;
  let done = 0;
  async function lane() {
    for (let next = files.shift(); next; next = files.shift()) {
      await keepFile(cache, ...next);
      done += 1;
      if (done % TELL_EVERY === 0) await tellPages({ type: "keeping", done, total });
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Older versions' files are gone; other caches are left alone. */
async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromShell(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(addressOf(name))) || fetch(request);
}

/** Which of our files answers a request; null: none, the network does. */
function shellName(request) {
  if (request.method !== "GET") return null;
  const name = nameOf(request.url.split(/[?#]/)[0]);
  if (name === null) return null;
  if (name in SHELL.files) return name;
  const isPage = request.mode === "navigate" && !name.split("/").pop().includes(".");
  return isPage ? INDEX : null;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const name = shellName(event.request);
  if (name !== null) event.respondWith(fromShell(name, event.request));
});
self.addEventListener("message", (event) => {
  if (event.data && event.data.type === "activate") self.skipWaiting();
});
