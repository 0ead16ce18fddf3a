/** What becomes of a draft on the tablet once its visit is stored, and where the form leads that was finished meanwhile. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { memoryDatabase } from "./database.mjs";
import { memoryStore } from "./memory.mjs";

const page = { template: null, shown: [], went: [] };
globalThis.indexedDB = memoryDatabase();
globalThis.isSecureContext = true;
Object.defineProperty(globalThis, "navigator", { value: { onLine: false, serviceWorker: { controller: null } }, configurable: true });
globalThis.location = { pathname: "/kunjungan/v1", search: "", href: "http://x/kunjungan/v1", assign: (address) => page.went.push(address) };
globalThis.history = { replaceState() {} };
globalThis.document = {
  documentElement: { dataset: {}, lang: "id" },
  body: { dataset: { fieldUser: "ani" } },
  querySelector: (selector) => (selector === "template[data-visit]" ? page.template : { prepend: (note) => page.shown.push(note) }),
};

const { lookAfterDraft } = await import("../../pendamping/static/js/field/left_over.js");
const { finish } = await import("../../pendamping/static/js/visit/finish.js");

class Part {
  dataset = {};
  listeners = {};
  addEventListener = (type, listener) => (this.listeners[type] = listener);
  click = () => this.listeners.click();
}

class Note extends Part {
  parts = { "[data-words]": new Part(), "[data-compare]": new Part(), "[data-discard]": new Part() };
  querySelector = (selector) => this.parts[selector];
  remove = () => (this.isGone = true);
}

const templateOf = (visit) => ({ dataset: { visit, text: "tersisa dari {when}", textSure: "yakin?" }, content: { firstElementChild: { cloneNode: () => new Note() } } });
const FIELDS = [["id", "v1"], ["visited_on", "2026-04-14"], ["notes", "hanya di tablet"], ["photos", "p1"]];
const draft = (more = {}) => ({ key: "ani v1", user: "ani", id: "v1", kind: "visit", page: "/koperasi/1/kunjungan/baru", title: "KKMP", cooperative: "1", fields: FIELDS, change: 3, is_at_office: false, saved_at: "2026-04-14T00:00:00Z", ...more });

async function tabletWith(row) {
  const store = memoryStore();
  await store.write([{ in: "drafts", put: row }]);
  return store;
}

async function until(isSo) {
  for (let turns = 0; turns < 2000 && !isSo(); turns += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

const draftsIn = async (store) => (await store.all("drafts")).map(({ id }) => id);

beforeEach(() => Object.assign(page, { template: templateOf("v1"), shown: [], went: [] }));

for (const [what, row] of Object.entries({ "the office had all of it": draft({ is_at_office: true }), "its page has sent it to be stored": draft({ sent_change: 3 }) })) {
  test(`a draft goes once its visit is shown, where ${what}`, async () => {
    const store = await tabletWith(row);

    await lookAfterDraft(store);

    assert.deepEqual([await draftsIn(store), page.shown], [[], []]);
  });
}

test("a page that shows no visit takes no draft, and neither does another visit's", async () => {
  for (const template of [null, templateOf("v2")]) {
    const store = await tabletWith(draft({ is_at_office: true }));
    page.template = template;

    await lookAfterDraft(store);

    assert.deepEqual(await draftsIn(store), ["v1"]);
  }
});

for (const [what, row] of Object.entries({ "only this tablet knows": draft(), "was typed after the page had sent it": draft({ sent_change: 2 }) })) {
  test(`what ${what} stays, and is said on the visit's page`, async () => {
    const store = await tabletWith(row);

    await lookAfterDraft(store);

    assert.deepEqual(await draftsIn(store), ["v1"]);
    assert.match(page.shown[0].parts["[data-words]"].textContent, /tersisa dari 14 April/);
  });
}

test("it is handed in to be compared, once, whole and with its photos", async () => {
  const store = await tabletWith(draft());
  await lookAfterDraft(store);
  await lookAfterDraft(store); // in another tab

  for (const note of page.shown) note.parts["[data-compare]"].click();
  await until(() => page.went.length === 2);

  const entries = await store.all("outbox");
  assert.deepEqual(entries.map(({ id, kind, attachments, state }) => [id, kind, attachments, state]), [["v1", "visit", ["p1"], "waiting"]]);
  assert.equal(JSON.parse(entries[0].body).notes, "hanya di tablet");
  assert.deepEqual([await draftsIn(store), page.went], [[], ["/pengiriman", "/pengiriman"]]);
});

test("it is thrown away by the second press", async () => {
  const store = await tabletWith(draft());
  await lookAfterDraft(store);
  const { "[data-discard]": button } = page.shown[0].parts;

  await button.click();
  const asked = [await draftsIn(store), button.textContent];
  await button.click();

  assert.deepEqual(asked, [["v1"], "yakin?"]);
  assert.deepEqual([await draftsIn(store), page.shown[0].isGone], [[], true]);
});

test("a finished visit that was taken back in another tab leads to where its draft is, and not to a visit that nobody has", async () => {
  await finish({}, { post: async () => ({ id: "v1" }) }, () => assert.fail("there is nothing to send"));

  assert.deepEqual(page.went, ["/pengiriman"]);
});
