import assert from "node:assert/strict";
import { test } from "node:test";

import { Autosave } from "../../pendamping/static/js/field/autosave.js";
import { copyOf } from "../../pendamping/static/js/field/copy.js";
import { ChangedElsewhere, draftOf, draftsOf, drop, isAhead, keep, keepFile, noteAtOffice } from "../../pendamping/static/js/field/drafts.js";
import { answered, entriesOf, freeze, isStillHere, leave, post, reopen, takeBack } from "../../pendamping/static/js/field/outbox.js";
import { memoryStore } from "./memory.mjs";
import { sha256 } from "./office.mjs";

const NOW = Date.parse("2026-04-14T00:10:00Z");
const draft = (more = {}) => ({ user: "ani", id: "v1", kind: "visit", page: "/k", fields: [["notes", "a"]], office_revision: 0, is_at_office: false, ...more });

test("a draft that another tab has written since is not overwritten", async () => {
  const store = memoryStore();
  const first = await keep(store, draft(), 0, NOW);
  await keep(store, draft({ fields: [["notes", "tab dua"]] }), first.change, NOW);

  await assert.rejects(keep(store, draft({ fields: [["notes", "tab satu"]] }), first.change, NOW), ChangedElsewhere);

  assert.deepEqual((await draftOf(store, "ani", "v1")).fields, [["notes", "tab dua"]]);
});

test("the tablet is ahead until the office has the very change that was written last", async () => {
  const store = memoryStore();
  const { change } = await keep(store, draft(), 0, NOW);
  await noteAtOffice(store, "ani", "v1", { change, revision: 4 });
  const known = await draftOf(store, "ani", "v1");
  await keep(store, draft({ office_revision: 4 }), change, NOW);

  assert.equal(isAhead(known, 4), false);
  assert.equal(isAhead(known, 0), true);
  assert.equal(isAhead(await draftOf(store, "ani", "v1"), 4), true);
  assert.equal(isAhead(undefined, 0), false);
});

test("nobody sees another person's drafts", async () => {
  const store = memoryStore();
  await keep(store, draft(), 0, NOW);

  assert.deepEqual(await draftsOf(store, "budi"), []);
  assert.equal(await draftOf(store, "budi", "v1"), undefined);
});

test("a finished visit leaves the drafts and enters the outbox in one step, and comes back to be put right", async () => {
  const store = memoryStore();
  const kept = await keep(store, draft(), 0, NOW);
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v1", body: { notes: "a" }, draft: draft() }, { sha256, now: NOW }), kept.key);
  const [entry] = await entriesOf(store, "ani");

  assert.deepEqual(await draftsOf(store, "ani"), []);
  assert.equal(entry.body, '{"notes":"a"}');
  assert.equal(await reopen(store, entry, NOW), false);
  await store.update("outbox", entry.number, (row) => ({ ...row, state: "needs_attention", problem: { code: "rejected", errors: [] } }));
  assert.deepEqual([await reopen(store, entry, NOW), await reopen(store, entry, NOW)], [true, false]);
  const [again] = await draftsOf(store, "ani");
  assert.equal(again.id, "v1");
  assert.equal(again.problem.code, "rejected");
  assert.deepEqual(await entriesOf(store, "ani"), []);
});

const waiting = async (store, more = {}) => {
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v1", body: { notes: "a" }, draft: draft(), ...more }, { sha256, now: NOW }));
  return (await entriesOf(store, "ani")).pop();
};

test("a visit that waits is opened again, and what is made of it is another record under its id, with a hash of its own", async () => {
  const store = memoryStore();
  const entry = await waiting(store);

  assert.equal(isStillHere(entry, await entriesOf(store, "ani")), true);
  assert.equal(await takeBack(store, entry, NOW), true);
  assert.deepEqual((await draftsOf(store, "ani")).map(({ id, problem }) => [id, problem]), [["v1", null]]);
  const again = await waiting(store, { body: { notes: "b" } });

  assert.deepEqual((await entriesOf(store, "ani")).map(({ id, body }) => [id, body]), [["v1", '{"notes":"b"}']]);
  assert.notEqual(again.sha256, entry.sha256);
});

const left = {
  "was sent, whatever came of it": (store, entry) => leave(store, entry, NOW),
  "lies in a copy that somebody may carry to the office": (store) => copyOf(store, "ani", NOW),
  "is of a build that did not say whether it left": (store, entry) => store.update("outbox", entry.number, ({ left_at: _left, ...row }) => row),
  "is held by the office": async (store, entry) => store.update("outbox", entry.number, (row) => answered({ ...row, left_at: "now" }, { outcome: "later" }, NOW)),
};
for (const [what, happens] of Object.entries(left)) {
  test(`a visit that ${what} is not taken back`, async () => {
    const store = memoryStore();
    const entry = await waiting(store);
    await happens(store, entry);
    const [now] = await entriesOf(store, "ani");

    assert.equal(isStillHere(now, [now]), false);
    assert.equal(await takeBack(store, entry, NOW), false);
    assert.deepEqual(await draftsOf(store, "ani"), []);
    assert.equal((await entriesOf(store, "ani")).length, 1);
  });
}

test("a visit that a correction here is written over is not taken back, and neither is another kind", async () => {
  const store = memoryStore();
  const entry = await waiting(store);
  await waiting(store, { id: "c1", kind: "correction", about: "v1", base_sha256: entry.sha256 });
  const entries = await entriesOf(store, "ani");

  assert.deepEqual(entries.map((each) => isStillHere(each, entries)), [false, false]);
});

test("a record that was taken back while a round began is not sent by it", async () => {
  const store = memoryStore();
  const entry = await waiting(store);
  await takeBack(store, entry, NOW);

  assert.equal(await leave(store, entry, NOW), undefined);
});

test("a draft that is thrown away leaves the photos that a record names", async () => {
  const store = memoryStore();
  await keep(store, draft(), 0, NOW);
  for (const id of ["own", "shared"]) await keepFile(store, { id, user: "ani", record: "v1", blob: new Blob([id]) });
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v2", body: {}, attachments: ["shared"] }, { sha256, now: NOW }));

  await drop(store, "ani", "v1");

  assert.deepEqual((await store.all("blobs")).map(({ id }) => id), ["shared"]);
});

test("a copy of the queue holds records word for word and the files they name, and nobody else's", async () => {
  const store = memoryStore();
  await keepFile(store, { id: "p1", user: "ani", record: "v1", blob: new Blob(["foto"], { type: "image/jpeg" }) });
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v1", body: { a: 1 }, attachments: ["p1"] }, { sha256, now: NOW }));
  await post(store, await freeze({ user: "budi", kind: "visit", id: "v2", body: {} }, { sha256, now: NOW }));

  const copy = await copyOf(store, "ani", NOW);
  const queue = JSON.parse(copy.queue);

  assert.deepEqual(queue.records.map(({ id, body }) => [id, body]), [["v1", '{"a":1}']]);
  assert.deepEqual(queue.files, [{ id: "p1", record: "v1", type: "image/jpeg", base64: btoa("foto") }]);
});

class Typed extends Autosave {
  said = [];

  constructor(store, id) {
    super();
    Object.assign(this, { store, id, typed: "" });
  }

  asDraft() {
    return draft({ id: this.id, fields: [["notes", this.typed]] });
  }

  kept({ change }) {
    this.said.push(change);
  }

  fork() {
    this.id = `${this.id}-lain`;
  }

  refused() {
    this.said.push("refused");
  }

  type(text) {
    this.typed = text;
    this.note();
  }
}

const notesOf = async (store) => Object.fromEntries((await store.all("drafts")).map(({ id, fields }) => [id, fields[0][1]]));

test("what is typed is kept once it rests, and at once when the form is asked to settle", async () => {
  const store = memoryStore();
  const form = new Typed(store, "v1");

  form.type("a");
  form.type("ab");
  await form.settle();
  form.type("abc");
  await form.rest();

  assert.deepEqual([form.said, await notesOf(store)], [[1], { v1: "ab" }]);
});

test("a form whose draft another tab has written on goes on under an id of its own", async () => {
  const store = memoryStore();
  const [one, other] = [new Typed(store, "v1"), new Typed(store, "v1")];

  for (const [form, text] of [[one, "tab satu"], [other, "tab dua"], [other, "tab dua, lagi"]]) {
    form.type(text);
    await form.settle();
  }

  assert.deepEqual([one.said, other.said], [[1], [1, 2]]);
  assert.deepEqual(await notesOf(store), { v1: "tab satu", "v1-lain": "tab dua, lagi" });
});

test("a tablet that cannot keep says so and tries again; a form that became a record writes no more", async () => {
  const store = memoryStore();
  const form = new Typed(store, "v1");
  const update = store.update.bind(store);

  store.update = () => Promise.reject(new Error("full"));
  form.type("a");
  await form.settle();
  store.update = update;
  form.type("ab");
  await form.settle();
  form.isStopped = true;
  form.type("abc");
  await form.settle();

  assert.deepEqual([form.said, await notesOf(store)], [["refused", 1], { v1: "ab" }]);
});
