import assert from "node:assert/strict";
import { test } from "node:test";

import { changesOf, copiesOf, mayKeep } from "../../pendamping/static/js/field/pack.js";
import { keptPages } from "../../pendamping/static/js/worker/pages.js";

const ORIGIN = "http://127.0.0.1:8000";
const FORM = "/koperasi/1/kunjungan/baru";

class Cache {
  rows = new Map();
  url = (request) => new URL(request.url ?? request, ORIGIN).href;
  put = async (request, answer) => void this.rows.set(this.url(request), answer);
  match = async (request) => this.rows.get(this.url(request))?.clone();
  delete = async (request) => this.rows.delete(this.url(request));
  keys = async () => [...this.rows.keys()].map((url) => ({ url }));
  add = async (request) => this.put(request, new Response("file"));
}

class Caches {
  all = new Map();
  open = async (name) => this.all.get(name) ?? this.all.set(name, new Cache()).get(name);
  has = async (name) => this.all.has(name);
  keys = async () => [...this.all.keys()];
  delete = async (name) => this.all.delete(name);
}

function office(pages, { user = "ani", owner = user } = {}) {
  const asked = [];
  const pack = () => ({ build: "b1", user, pages: Object.keys(pages).map((url) => ({ url, revision: pages[url] })), instruments: { KL: "abc" }, assets: [{ url: "/static/b1/a.css" }] });
  const fetch = async (url) => {
    if (url === "/api/v1/field-pack") return Response.json(pack());
    asked.push(url);
    return new Response(`<html lang="id">${url} ${pages[url]}`, { headers: { "X-Pendamping-User": owner } });
  };
  return { fetch, asked };
}

const at = (path) => new URL(path, ORIGIN);

test("only pages that changed are fetched, and those that are no longer one's own go", () => {
  const pack = { pages: [{ url: "/", revision: "2" }, { url: "/jadwal", revision: "1" }] };

  const { fetch, drop } = changesOf(pack, new Map([["/", "1"], ["/jadwal", "1"], ["/koperasi/9", "1"]]));

  assert.deepEqual(fetch.map(({ url }) => url), ["/"]);
  assert.deepEqual(drop, ["/koperasi/9"]);
});

test("a form may be opened with wishes in its address, another page may not", () => {
  assert.deepEqual(copiesOf(at(`${FORM}?rencana=1`)), [`${FORM}?rencana=1`, FORM]);
  assert.deepEqual(copiesOf(at("/jadwal?bulan=2026-05")), ["/jadwal?bulan=2026-05"]);
});

test("only a whole answer for this very person is kept", () => {
  const answer = (status, user, redirected = false) => ({ status, redirected, headers: new Headers(user ? { "X-Pendamping-User": user } : {}) });

  assert.equal(mayKeep(answer(200, "ani"), "ani"), true);
  for (const other of [answer(200, "budi"), answer(200, null), answer(404, "ani"), answer(200, "ani", true)]) assert.equal(mayKeep(other, "ani"), false);
});

test("pages are kept, fetched again only when they change, and shown to nobody else", async () => {
  const pages = { "/": "1", [FORM]: "1" };
  const { fetch, asked } = office(pages);
  const kept = keptPages({ caches: new Caches(), fetch, origin: ORIGIN, now: () => 0 });

  assert.equal((await kept.refresh("ani")).isFresh, true);
  pages["/"] = "2";
  await kept.refresh("ani");

  assert.deepEqual(asked, ["/", FORM, "/"]);
  assert.match(await (await kept.find("ani", at("/"))).page.text(), / 2$/);
  assert.equal(await kept.find("budi", at("/")), null);
  assert.equal((await kept.refresh("budi")).isFresh, false);
});

test("a page that somebody else is shown is not kept", async () => {
  const { fetch } = office({ "/": "1" }, { owner: "budi" });
  const kept = keptPages({ caches: new Caches(), fetch, origin: ORIGIN, now: () => 0 });

  assert.deepEqual(await kept.refresh("ani"), { isFresh: false, failed: 1, changed: 1, instruments: { KL: "abc" } });
  assert.equal(await kept.find("ani", at("/")), null);
});

test("the page of a draft stays as it was when everything else is new, until its receipt", async () => {
  const pages = { [FORM]: "lama" };
  const { fetch } = office(pages);
  const kept = keptPages({ caches: new Caches(), fetch, origin: ORIGIN, now: () => 0 });
  await kept.refresh("ani");
  await kept.pin("ani", FORM, "d1", ["lama"]);
  pages[FORM] = "baru";
  await kept.refresh("ani");

  assert.match(await (await kept.find("ani", at(`${FORM}?draf=d1`))).page.text(), /lama$/);
  assert.match(await (await kept.find("ani", at(FORM))).page.text(), /baru$/);
  await kept.unpin("ani", ["d1"]);
  assert.match(await (await kept.find("ani", at(`${FORM}?draf=d1`))).page.text(), /baru$/);
});

test("a page that could not be fetched for a draft is to be asked for again, one that has other versions is not", async () => {
  const pages = { [FORM]: "lama" };
  const { fetch } = office(pages);
  let isOut = true;
  const impatient = async (url) => (isOut ? new Response("", { status: 503 }) : fetch(url));
  const kept = keptPages({ caches: new Caches(), fetch: impatient, origin: ORIGIN, now: () => 0 });

  const first = await kept.pin("ani", FORM, "d1", ["lama"]);
  isOut = false;

  assert.deepEqual([first, await kept.pin("ani", FORM, "d1", ["lama"]), await kept.pin("ani", FORM, "d2", ["hilang"])], [null, true, false]);
});

test("signing out takes the pages and leaves what drafts were begun on", async () => {
  const { fetch } = office({ [FORM]: "1" });
  const kept = keptPages({ caches: new Caches(), fetch, origin: ORIGIN, now: () => 0 });
  await kept.refresh("ani");
  await kept.pin("ani", FORM, "d1", ["1"]);

  await kept.keepOnlyFor(null);

  assert.equal(await kept.find("ani", at(FORM)), null);
  assert.ok(await kept.find("ani", at(`${FORM}?draf=d1`)));
});

test("files go when no kept page was made with them any more", async () => {
  const pages = { "/": "1", [FORM]: "/static/aa/x.css" };
  const { fetch } = office(pages);
  const caches = new Caches();
  const kept = keptPages({ caches, fetch, origin: ORIGIN, now: () => 0 });
  await kept.refresh("ani");
  for (const build of ["aa", "bb", "cc"]) await kept.keepFiles(`static-${build}`, [`/static/${build}/x.css`]);

  await kept.sweep("cc");

  assert.deepEqual((await caches.keys()).filter((name) => name.startsWith("static-")), ["static-aa", "static-cc"]);
});
