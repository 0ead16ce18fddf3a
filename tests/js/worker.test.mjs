/** The worker itself, over a scope of maps: who is shown whose pages. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { memoryDatabase } from "./database.mjs";

const ORIGIN = "http://x";
const database = memoryDatabase();
const { meta } = database.rows;
globalThis.indexedDB = database;
const later = globalThis.setTimeout;
globalThis.setTimeout = (work, ms, ...rest) => later(work, ms >= 1000 ? 20 : ms, ...rest); // nobody waits here for a silent line

class Cache {
  rows = new Map();
  url = (request) => new URL(request.url ?? request, ORIGIN).href;
  put = async (request, answer) => void this.rows.set(this.url(request), answer);
  match = async (request) => this.rows.get(this.url(request))?.clone();
  delete = async (request) => this.rows.delete(this.url(request));
  keys = async () => [...this.rows.keys()].map((url) => ({ url }));
}

const kept = new Map();
const caches = {
  open: async (name) => kept.get(name) ?? kept.set(name, new Cache()).get(name),
  has: async (name) => kept.has(name),
  keys: async () => [...kept.keys()],
  delete: async (name) => kept.delete(name),
  match: async () => undefined,
};
const listeners = {};
const scope = { caches, location: { origin: ORIGIN }, addEventListener: (type, listener) => (listeners[type] = listener), clients: {}, registration: {} };
const { startWorker } = await import("../../pendamping/static/js/worker/worker.js");
startWorker(scope, { build: "b", assets: [], fallback: "/luring" });

const pageOf = (user, status = 200) => new Response(`<html lang="id">Beranda ${user}`, { status, headers: { "X-Pendamping-User": user } });
const redirect = () => ({ type: "opaqueredirect", status: 0, headers: new Headers() });
const signInRefused = () => new Response("salah", { status: 400 });
const silent = () => Promise.reject(new TypeError("no network"));

function navigate(path, method = "GET") {
  let answer = null;
  listeners.fetch({ request: { url: ORIGIN + path, method, mode: "navigate" }, respondWith: (promise) => (answer = promise), waitUntil() {} });
  return answer;
}

const shown = async (path) => (await navigate(path)).text();

async function told(words) {
  let done;
  listeners.message({ data: words, ports: [{ postMessage() {} }], waitUntil: (promise) => (done = promise) });
  await done;
}

const active = () => meta.get("active");

beforeEach(async () => {
  kept.clear();
  meta.set("active", { name: "active", user: "ani" });
  await (await caches.open("pages-ani")).put("/", pageOf("ani"));
});

for (const [what, office] of Object.entries({ "is out of order": async () => pageOf("budi", 503), "is slow": () => new Promise((resolve) => later(resolve, 80, pageOf("budi"))) })) {
  test(`whoever has just signed in is not shown the page of the one before, where the office ${what}`, async () => {
    globalThis.fetch = async () => redirect();
    await navigate("/masuk", "POST");
    globalThis.fetch = office;

    assert.match(await shown("/"), /Beranda budi/);
    assert.equal(active().user, "budi");
    assert.deepEqual([...kept.keys()], []);
  });
}

test("nor by a personal link, nor when the line breaks at once", async () => {
  globalThis.fetch = async () => redirect();
  await navigate("/tautan", "POST");
  globalThis.fetch = silent;

  assert.equal((await navigate("/")).type, "error");
});

for (const [what, office] of Object.entries({ "was refused": async () => signInRefused(), "did not arrive": silent })) {
  test(`a sign-in that ${what} leaves the pages to whom they were shown before`, async () => {
    globalThis.fetch = office;
    await navigate("/masuk", "POST");
    globalThis.fetch = silent;

    assert.match(await shown("/"), /Beranda ani/);
  });
}

test("a page of the one before that is still open, or still on its way, does not make the pages theirs again", async () => {
  let arrive;
  globalThis.fetch = () => new Promise((resolve) => (arrive = resolve));
  const late = navigate("/jadwal");
  await new Promise((resolve) => later(resolve, 10));
  globalThis.fetch = async () => redirect();
  await navigate("/masuk", "POST");
  arrive(pageOf("ani"));
  await late;
  globalThis.fetch = silent;

  await told({ type: "refresh", user: "ani" });

  assert.equal(active().user, null);
  assert.equal((await navigate("/")).type, "error");
});

test("the one who signs in again has their pages as before once the office has answered", async () => {
  globalThis.fetch = async () => redirect();
  await navigate("/masuk", "POST");
  globalThis.fetch = async () => pageOf("ani");
  await navigate("/");
  globalThis.fetch = silent;

  assert.match(await shown("/"), /data-kept-at=.*Beranda ani/);
});
