/** A press on a button, as the listeners of shell.js and forms.js hear it: on the document, then on the window. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { memoryStore } from "./memory.mjs";

const heard = { document: [], window: [] };
const page = { listened: {}, went: [], reloads: 0, records: [] };

const later = globalThis.setTimeout;
globalThis.setTimeout = (work, ms, ...rest) => (ms < 10_000 ? later(work, ms, ...rest) : null); // nobody waits here for a worker
globalThis.document = {
  documentElement: { dataset: { keptAt: "2026-04-14T00:00:00Z" }, lang: "id" },
  body: { dataset: { fieldUser: "ani" } },
  forms: [],
  referrer: "",
  querySelector: () => null,
  querySelectorAll: (selector) => (selector.includes("data-record-kind") ? page.records : []),
  getElementById: (id) => (id === "not-kept" ? { content: { cloneNode: () => "not kept" } } : null),
  addEventListener: (type, listener) => type === "submit" && heard.document.push(listener),
};
globalThis.window = {
  addEventListener: (type, listener) => (type === "submit" ? heard.window.push(listener) : ((page.listened[type] ??= []).push(listener))),
};
globalThis.location = { hash: "", pathname: "/koperasi/1/rencana", search: "", assign: (address) => page.went.push(address), reload: () => (page.reloads += 1) };
globalThis.isSecureContext = true;
globalThis.indexedDB = {};
Object.defineProperty(globalThis, "navigator", { value: { onLine: true, serviceWorker: { controller: null } }, configurable: true });
globalThis.performance.getEntriesByType = () => [];
globalThis.FormData = class {
  constructor({ elements }) {
    this.pairs = elements.map(({ name, value }) => [name, value]);
  }

  [Symbol.iterator]() {
    return this.pairs[Symbol.iterator]();
  }
};

class Form {
  method = "post";
  action = "http://x/koperasi/1/x";
  sent = 0;
  said = [];
  isValid = () => true;

  constructor(fields, dataset = {}) {
    this.dataset = dataset;
    this.elements = Object.entries(fields).map(([name, value]) => ({ name, value }));
    for (const each of this.elements) this.elements[each.name] = each;
  }

  addEventListener() {}
  querySelector = () => null;
  querySelectorAll = () => [];
  closest = () => null;
  prepend = (words) => this.said.push(words);
  reportValidity = () => this.isValid();

  requestSubmit() {
    const event = { target: this, defaultPrevented: false, submitter: null, preventDefault: () => (event.defaultPrevented = true) };
    for (const listener of [...heard.document, ...heard.window]) listener(event);
    if (!event.defaultPrevented) this.sent += 1;
  }
}

await import("../../pendamping/static/js/shell.js");
const { startForms } = await import("../../pendamping/static/js/field/forms.js");

const ofShell = [...heard.document];
const line = { send: async () => {} };
let store;
let begun = null;

async function opened(...records) {
  store = memoryStore();
  if (begun) await store.write([{ in: "drafts", put: begun }]);
  heard.document = [...ofShell];
  Object.assign(page, { went: [], reloads: 0, records });
  await startForms(store, line);
}

/** What a press sets going has come to its end, or nothing came of it. */
async function settled(isSo = () => page.went.length > 0) {
  for (let turns = 0; turns < 5_000 && !isSo(); turns += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  await new Promise((resolve) => setTimeout(resolve, 2));
}

const outbox = async () => (await store.all("outbox")).map(({ body }) => JSON.parse(body));
const news = () => new Form({ csrf_token: "", id: "", action: "a1", status: "berjalan", note: "" }, { recordKind: "action_update", recordAction: "a1", recordThen: "/then" });

beforeEach(() => {
  globalThis.fetch = async () => Response.json({ user: "ani", csrf_token: "t" });
});

test("a form of a kept page fetches its token and is sent, once, however often it is pressed", async () => {
  const plain = new Form({ csrf_token: "", x: "1" });
  await opened();

  plain.requestSubmit();
  plain.requestSubmit();
  await settled(() => plain.sent > 0);
  plain.requestSubmit();

  assert.equal(plain.elements.csrf_token.value, "t");
  assert.equal(plain.sent, 1);
});

test("a form whose token could not be fetched may be pressed again", async () => {
  const plain = new Form({ csrf_token: "", x: "1" });
  await opened();
  let isAsked = false;
  globalThis.fetch = async () => {
    isAsked = true;
    throw new TypeError("no network");
  };
  plain.requestSubmit();
  await settled(() => isAsked);
  globalThis.fetch = async () => Response.json({ user: "ani", csrf_token: "t" });

  plain.requestSubmit();
  await settled(() => plain.sent > 0);

  assert.equal(plain.sent, 1);
});

test("what was incomplete at the first press is kept at the second", async () => {
  const form = news();
  form.isValid = () => form.elements.note.value !== "";
  await opened(form);

  form.requestSubmit();
  await settled(() => true);
  form.elements.note.value = "sudah mulai";
  form.requestSubmit();
  await settled();

  assert.deepEqual(await outbox(), [{ action: "a1", status: "berjalan", note: "sudah mulai" }]);
  assert.deepEqual([form.sent, page.went], [0, ["/pengiriman"]]);
});

test("a double tap makes one record, and so does a third press while the page is being left", async () => {
  const form = news();
  form.elements.note.value = "sekali";
  await opened(form);

  form.requestSubmit();
  form.requestSubmit();
  await settled();
  form.requestSubmit();
  await settled();

  assert.equal((await outbox()).length, 1);
});

test("a full tablet is said at the form, and the next press keeps it", async () => {
  const form = news();
  form.elements.note.value = "penuh";
  await opened(form);
  const { write } = store;
  store.write = async () => Promise.reject(new DOMException("full", "QuotaExceededError"));

  form.requestSubmit();
  await settled(() => form.said.length > 0);
  const before = await outbox();
  store.write = write;
  form.requestSubmit();
  await settled();

  assert.deepEqual([before, form.said], [[], ["not kept"]]);
  assert.equal((await outbox()).length, 1);
});

test("a page that comes back after its form was kept is opened anew", async () => {
  const form = news();
  await opened(form);
  const comeBack = () => page.listened.pageshow.at(-1)({ persisted: true });
  comeBack();
  const before = page.reloads;

  form.requestSubmit();
  await settled();
  comeBack();

  assert.deepEqual([before, page.reloads], [0, 1]);
});

test("a plan kept beside another one still names it once it was put right", async () => {
  begun = { key: "ani d1", user: "ani", id: "d1", record_id: "p2", kind: "schedule", part: "", page: "/koperasi/1/rencana", beside: "p1", change: 1, fields: [["agenda", "B"]], saved_at: "2026-04-14T00:00:00Z" };
  const form = new Form({ csrf_token: "", id: "", cooperative: "64", planned_on: "2026-04-20", agenda: "" }, { recordKind: "schedule", recordThen: "/then" });
  await opened(form);
  begun = null;

  form.requestSubmit();
  await settled();

  const [{ id, draft }] = await store.all("outbox");
  assert.deepEqual([id, draft.beside, (await outbox())[0].beside], ["p2", "p1", "p1"]);
});
