import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { memoryDatabase } from "./database.mjs";

const FORM = "/koperasi/1/kunjungan/baru";
const SAID = { textSaving: "saving", textOnTablet: "on tablet", textWaiting: "waiting", textForked: "forked", textSaved: "saved", textRefused: "refused", textStored: "stored", textKept: "kept" };
const database = memoryDatabase();
const { drafts } = database.rows;
let online;

globalThis.indexedDB = database;
globalThis.document = { documentElement: { dataset: {} }, body: { dataset: { fieldUser: "ani" } } };
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
globalThis.window = { addEventListener: (_, listener) => (online = listener) };
globalThis.location = { href: `http://x${FORM}?draf=A`, search: "?draf=A", pathname: FORM };
globalThis.history = { state: null, replaceState() {} };
globalThis.FormData = class {
  constructor({ elements }) {
    this.pairs = elements.map(({ name, value }) => [name, value]);
  }

  [Symbol.iterator]() {
    return this.pairs[Symbol.iterator]();
  }
};

const { openKept } = await import("../../pendamping/static/js/visit/kept.js");
const { startDrafts } = await import("../../pendamping/static/js/visit/drafts.js");

class Form {
  dataset = { draftRevision: "3", title: "KKMP", cooperative: "1" };
  said = { dataset: { ...SAID } };

  constructor(fields) {
    this.elements = Object.entries(fields).map(([name, value]) => ({ name, value }));
    for (const each of this.elements) this.elements[each.name] = each;
  }

  querySelector(selector) {
    return selector === "[data-draft-said]" ? this.said : { hidden: false };
  }

  querySelectorAll() {
    return [];
  }
}

const answer = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const changedElsewhere = () => answer(409, { code: "draft_changed" });
const saved = (revision) => answer(200, { revision, saved_at: "2026-04-14T00:00:00Z" });
const textsKept = () => [...drafts.values()].map(({ id, fields }) => [id, Object.fromEntries(fields).notes]);

/** A visit that was begun here, and of which the office answers what it likes. */
async function opened(office) {
  const form = new Form({ csrf_token: "t", id: "A", draft_revision: "3", planned_visit: "", visited_on: "2026-04-14", written_at: "", notes: "satu jam kerja" });
  drafts.set("ani A", { key: "ani A", user: "ani", id: "A", kind: "visit", page: FORM, change: 4, fields: [["notes", "satu jam kerja"]], office_revision: 3, is_at_office: true, saved_at: "2026-04-14T00:00:00Z" });
  globalThis.fetch = office;
  const kept = await openKept(form);
  return { form, kept, page: startDrafts(form, kept) };
}

async function until(isSo) {
  for (let turns = 0; turns < 2000 && !isSo(); turns += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Something was typed, is on the tablet, and goes to the office without the pause that a person makes. */
async function written({ form, page }, isDone = () => ["on tablet", "forked", "saved"].includes(form.said.textContent)) {
  page.note();
  await until(() => drafts.get("ani A").change === 5);
  form.said.dataset.state = "waiting";
  online();
  await until(isDone);
  page.stop();
}

beforeEach(() => drafts.clear());

test("while a draft goes apart from another device's, and when the line breaks in it, the tablet holds it all the same", async () => {
  const held = [];
  const visit = await opened(async (address) => {
    held.push([address, textsKept()]);
    if (held.length === 1) return changedElsewhere();
    throw new TypeError("no network");
  });

  await written(visit);

  const { id } = visit.kept;
  assert.notEqual(id, "A");
  assert.deepEqual(held[1], [`/koperasi/1/kunjungan/draf/${id}`, [[id, "satu jam kerja"]]]);
  assert.deepEqual(textsKept(), [[id, "satu jam kerja"]]);
  assert.equal(visit.page.isKept(), true);
  assert.equal(visit.form.said.textContent, "on tablet");
});

test("what another tab has written under the old id since stays there", async () => {
  const visit = await opened(async () => {
    drafts.set("ani A", { ...drafts.get("ani A"), change: 9, fields: [["notes", "tab dua"]] });
    globalThis.fetch = async () => saved(1);
    return changedElsewhere();
  });

  await written(visit);

  assert.deepEqual(textsKept(), [["A", "tab dua"], [visit.kept.id, "satu jam kerja"]]);
  assert.equal(drafts.get(`ani ${visit.kept.id}`).is_at_office, true);
  assert.equal(visit.form.said.textContent, "forked");
});

test("a full tablet loses nothing by it: the draft stays where it was, and leaving the page warns", async () => {
  const visit = await opened(async () => {
    visit.kept.store = { ...visit.kept.store, update: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
    globalThis.fetch = async () => Promise.reject(new TypeError("no network"));
    return changedElsewhere();
  });

  await written(visit);

  assert.notEqual(visit.kept.id, "A");
  assert.deepEqual(textsKept(), [["A", "satu jam kerja"]]);
  assert.equal(visit.page.isKept(), false);
});

test("a visit that is finished while the office says so keeps the id under which it goes", async () => {
  let isAnswered = false;
  const visit = await opened(async () => {
    visit.page.stop();
    isAnswered = true;
    return changedElsewhere();
  });

  await written(visit, () => isAnswered);
  await new Promise((resolve) => setTimeout(resolve, 10));

  assert.equal(visit.kept.id, "A");
  assert.deepEqual(textsKept(), [["A", "satu jam kerja"]]);
});

test("an answer about the id before says nothing of the draft that it has become", async () => {
  const asked = [];
  const visit = await opened(async (address) => {
    asked.push(address);
    if (asked.length === 1) visit.kept.forked(); // another tab has written here meanwhile
    return saved(asked.length);
  });

  await written(visit);

  assert.deepEqual(asked, ["/koperasi/1/kunjungan/draf/A", `/koperasi/1/kunjungan/draf/${visit.kept.id}`]);
  assert.equal(visit.form.elements.draft_revision.value, 2);
});

test("what the page sends by itself is kept to the last letter and known by its change, until its form is shown once more", async () => {
  const visit = await opened(async () => saved(4));
  visit.form.elements.notes.value = "dua jam kerja";
  visit.page.note();

  await visit.kept.leaveByPage();

  const sent = drafts.get("ani A");
  assert.deepEqual([textsKept(), sent.sent_change], [[["A", "dua jam kerja"]], sent.change]);
  visit.page.stop();
  drafts.set("ani A", { ...sent, is_at_office: true, office_revision: 3 });
  await openKept(visit.form);
  assert.equal(drafts.get("ani A").sent_change, null);
});

test("a visit kept beside another one still names it once it was put right", async () => {
  const visit = await opened(async () => saved(4));
  drafts.set("ani A", { ...drafts.get("ani A"), beside: "v1" });
  const again = await openKept(visit.form);

  const entry = await again.post();

  assert.deepEqual([JSON.parse(entry.body).beside, entry.draft.beside], ["v1", "v1"]);
  visit.page.stop();
});

test("a photo that this tablet does not hold is not said to be sent", async () => {
  for (const rows of Object.values(database.rows)) rows.clear();
  const { kept } = await opened(() => saved(4));
  kept.draft = {};
  kept.draft.fields = [["photos", "here"], ["photos", "there"], ["answers-KL-01-photo", "sent"]];
  kept.store.all = async () => [{ id: "sent", state: "sent" }];
  kept.store.get = async (_, id) => (id === "here" ? { blob: "file" } : undefined);

  const states = (await kept.photos()).map(({ id, state }) => [id, state]);

  assert.deepEqual(states, [["here", "waiting"], ["there", "elsewhere"], ["sent", "sent"]]);
});
